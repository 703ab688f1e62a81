"""Write: suggest other words, or remark on a passage; the authors take it up or say why not. Nothing is lost."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from boundary.markdown import to_plain
from notices.actions import tell

from ..diff import join
from ..models import Member, Suggestion, TextAuthor
from ..rules import suggestions as may
from ..rules.texts import too_long
from .drafts import standing_of, write_suggested
from .memory import remember
from .revisions import LONGEST_SECTION, locked_text

State = Suggestion.State


class Moved(Conflict):
    """The section has changed since, where the suggestion changes it too. Carries (words joined, passages)."""

    def __init__(self, words, passages):
        super().__init__(_("The section was rewritten where the suggestion changes it. Make one of both."))
        self.words, self.passages = words, passages


@transaction.atomic
def suggest(*, revision, section, reason, by, at, words="", quote=""):
    """Suggest other words for a section of a revision, or remark on a passage of it; the authors are told.

    Raises ValidationError on an unknown section, the words as they stand, or a passage that is not there.
    """
    text, place, _is_author, _open_decision = locked_text(revision.text, by)
    may.can_suggest(place, text).enforce()
    suggestion = Suggestion(
        text=text, revision=revision, section=section, member=place.member, reason=reason.strip(), made_at=at
    )
    _say(suggestion, words, quote)
    suggestion.save()
    ids = {"suggestion": suggestion.pk, "text": text.pk}
    remember(text.partnership, "suggestion.made", by=by, at=at, **ids)
    _tell(suggestion, "suggestion_made", [pk for pk in answering(text) if pk != by.pk], at)
    return suggestion


def _say(suggestion, words, quote):
    """Give a suggestion its words or its passage, checked against the revision that it is about."""
    words = words.replace("\r\n", "\n").replace("\x00", "").strip()
    quote = " ".join(quote.replace("\x00", "").split())
    if suggestion.section not in suggestion.revision.body:
        raise ValidationError(
            _("This section has no words in revision %(n)s.") % {"n": suggestion.revision.number}
        )
    if len(words) > LONGEST_SECTION:
        raise ValidationError(too_long(words))
    if not words and not quote:
        raise ValidationError(_("Write other words, or quote the passage that you mean."))
    if words and words == suggestion.base:
        raise ValidationError(_("These are the words as they stand. Change them, or remark on a passage."))
    if quote and quote not in " ".join(suggestion.base.split()) and quote not in to_plain(suggestion.base):
        raise ValidationError(
            _("This passage is not in the section. Copy it exactly, without the quotation marks.")
        )
    suggestion.words, suggestion.quote = ("", quote) if quote else (words, "")


def answering(text):
    """Ids of the persons who answer what is suggested: its authors; where there are none, who leads."""
    authors = TextAuthor.objects.filter(text=text, member__left_at=None).exclude(
        member__role=Member.Role.OBSERVER
    )
    found = list(authors.values_list("member__person", flat=True))
    leading = Member.objects.leading().filter(partnership=text.partnership_id)
    return found or list(leading.values_list("person", flat=True))


def _tell(suggestion, kind, recipients, at):
    tell(
        kind=kind,
        recipients=recipients,
        scope=suggestion.text.partnership_id,
        occurrence=f"{suggestion.pk} {at.isoformat()}",
        ids={"suggestion": str(suggestion.pk)},
        at=at,
    )


def _locked(suggestion, by):
    """(the suggestion as it stands, place, is_author, open decision), its partnership and text locked first."""
    text, place, is_author, open_decision = locked_text(suggestion.text, by)
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related("revision", "member__person")
    found = rows.get(pk=suggestion.pk)
    found.text = text
    return found, place, is_author, open_decision


def _still_waits(suggestion):
    if not suggestion.is_open:
        raise Conflict(str(may.waits(suggestion).why_not))


@transaction.atomic
def change_suggestion(*, suggestion, reason, by, at, words="", quote=""):
    """Say a suggestion of one's own in another way while it waits. It stays about the same revision."""
    suggestion, place, *_rest = _locked(suggestion, by)
    may.can_reword_suggestion(place, suggestion).enforce()
    _say(suggestion, words, quote)
    suggestion.reason, suggestion.changed_at = reason.strip(), at
    suggestion.save(update_fields=["words", "quote", "reason", "changed_at"])
    remember(suggestion.text.partnership, "suggestion.changed", by=by, at=at, suggestion=suggestion.pk)
    return suggestion


@transaction.atomic
def withdraw_suggestion(*, suggestion, by, at):
    """Take back a suggestion of one's own while it waits; it stays to be read, marked so."""
    suggestion, place, *_rest = _locked(suggestion, by)
    may.can_change_suggestion(place, suggestion).enforce()
    suggestion.state, suggestion.changed_at = State.WITHDRAWN, at
    suggestion.save(update_fields=["state", "changed_at"])
    remember(suggestion.text.partnership, "suggestion.withdrawn", by=by, at=at, suggestion=suggestion.pk)
    return suggestion


@transaction.atomic
def take_up_suggestion(*, suggestion, by, at, answer="", words=None, shown=None):
    """Put suggested words into the draft of the text; who suggested them is an author of the section.

    words: as an author changed them, typed where `shown` stood; without, as they were suggested, joined with what was
    written in the section since. Raises Moved, with both, where that does not join, and Conflict when it is settled.
    """
    suggestion, place, is_author, open_decision = _locked(suggestion, by)
    _still_waits(suggestion)
    may.can_answer_suggestion(place, suggestion, is_author=is_author, open_decision=open_decision).enforce()
    changed = False
    if not suggestion.is_remark:
        changed = _take_up(suggestion, words, shown, place.member, at)
    _answer(suggestion, State.CHANGED if changed else State.TAKEN_UP, answer, place.member, by, at)
    return suggestion


def _take_up(suggestion, words, shown, member, at):
    """Write the words into the draft. Returns whether an author changed them."""
    text, key = suggestion.text, suggestion.section
    if key not in text.sections:
        raise ValidationError(_("The section has gone from the text. Say in your answer what became of it."))
    now = standing_of(text).words.get(key, "")
    base = suggestion.base if words is None else (shown or "").replace("\r\n", "\n").strip()
    typed = suggestion.words if words is None else words.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(typed) > LONGEST_SECTION:
        raise ValidationError(too_long(typed))
    joined, passages = join(base, now, typed)
    if passages:
        raise Moved(joined, passages)
    untouched = join(suggestion.base, now, suggestion.words) if words is not None else (joined, [])
    changed = untouched != (joined, [])
    write_suggested(text, key, joined, suggester=suggestion.member, member=member, changed=changed, at=at)
    return changed


@transaction.atomic
def turn_down_suggestion(*, suggestion, answer, by, at):
    """Say why a suggestion is not taken up. Returns the Suggestion."""
    suggestion, place, is_author, open_decision = _locked(suggestion, by)
    _still_waits(suggestion)
    may.can_answer_suggestion(place, suggestion, is_author=is_author, open_decision=open_decision).enforce()
    if not answer.strip():
        raise ValidationError(_("Say why it is not taken up."))
    _answer(suggestion, State.NOT_TAKEN, answer, place.member, by, at)
    return suggestion


def _answer(suggestion, state, answer, member, by, at):
    suggestion.state, suggestion.answer = state, answer.strip()
    suggestion.answered_by, suggestion.answered_at = member, at
    suggestion.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    ids = {"suggestion": suggestion.pk, "text": suggestion.text_id, "outcome": state.value}
    remember(suggestion.text.partnership, "suggestion.answered", by=by, at=at, **ids)
    if suggestion.member.person_id != by.pk:
        _tell(suggestion, "suggestion_answered", [suggestion.member.person_id], at)


@transaction.atomic
def hide_suggestion(*, suggestion, reason, by, at):
    """Hide a suggestion by the ground rules. Its place and the reason stay, its words do not."""
    suggestion, place, *_rest = _locked(suggestion, by)
    may.can_hide_suggestion(place, suggestion).enforce()
    suggestion.hidden_at, suggestion.hidden_by, suggestion.hidden_reason = at, by, reason
    suggestion.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    remember(suggestion.text.partnership, "suggestion.hidden", by=by, at=at, suggestion=suggestion.pk)
    return suggestion
