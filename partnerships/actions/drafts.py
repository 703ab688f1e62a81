"""Write: the draft that authors share. What does not overlap is joined; it is published or dropped."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict

from ..diff import join, merge, merge_ticks
from ..models import (
    Citation,
    Contribution,
    Draft,
    DraftSection,
    DraftWriter,
    Suggestion,
    Text,
    TextAuthor,
    shown_at,
)
from ..rules import texts as may
from .memory import remember
from .revisions import WHOLE, add_revision, lines_of, locked_text


class Clashed(Conflict):
    """Somebody else wrote on the same passage. Carries what is there by now, so that nothing typed is lost."""

    def __init__(self, now):
        super().__init__(_("Somebody else has written on the same passage in the meantime."))
        self.now = now


@dataclass(frozen=True)
class Standing:
    """How far a text is for its authors: the words of their draft, else those of the newest revision."""

    text: Text
    latest: object  # Revision or None
    draft: Draft | None
    rows: dict  # {section key: DraftSection}
    words: dict  # {section key: words}
    cites: frozenset  # of (contribution id as text, section key or "" for the whole text)


def standing_of(text):
    """The Standing of a text: four queries at most."""
    latest, draft = text.revisions.first(), Draft.objects.filter(text=text).select_related("based_on").first()
    rows = {}
    if draft:
        found = draft.sections.select_related("changed_by__person", "changed_by__organization")
        rows = {row.section: row for row in found}
    words = dict(latest.body) if latest else {}
    words |= {key: row.words for key, row in rows.items()}
    return Standing(text, latest, draft, rows, words, _pairs_of_draft(draft) if draft else pairs_of(latest))


def pairs_of(revision):
    """What a revision (or None) cites, where its contributions are shown: frozenset of (contribution id, section)."""
    if revision is None:
        return frozenset()
    rows = Citation.objects.filter(shown_at("contribution__"), revision=revision)
    found = rows.values_list("contribution", "sections__section")
    return frozenset((str(pk), section or WHOLE) for pk, section in found)


def _pairs_of_draft(draft):
    shown = Contribution.objects.shown().filter(
        partnership=draft.text.partnership_id, pk__in=list(draft.cites)
    )
    shown = {str(pk) for pk in shown.values_list("pk", flat=True)}
    return frozenset(
        (pk, section)
        for pk, sections in draft.cites.items()
        if pk in shown
        for section in sections or [WHOLE]
    )


def _stored(pairs):
    found = {}
    for pk, section in sorted(pairs):
        found.setdefault(pk, []).extend([section] if section else [])
    return found


def _locked(text, by):
    """(text, place, whether an author) of somebody who may write, the partnership locked first."""
    text, place, is_author, open_decision = locked_text(text, by)
    may.can_write(place, text, is_author=is_author, open_decision=open_decision).enforce()
    return text, place, is_author


@transaction.atomic
def save_draft(*, text, body, shown, by, at, cites=None, cites_shown=frozenset(), partly=False):
    """Keep what somebody typed in the draft that all authors of the text see. Returns (Draft, [Merged that clash]).

    body: {section key: words typed}; shown: {section key: words that were in the window before}; cites and
    cites_shown: sets of (contribution id, section key or ""), None to leave them. What others saved meanwhile is
    joined. Where both changed one passage: raises Clashed and keeps nothing; partly: keeps the other sections.
    """
    text, place, _is_author = _locked(text, by)
    now = standing_of(text)
    typed = lines_of(text, body)
    was = {key: words for key, words in lines_of_shown(text, shown).items() if key in typed}
    untouched = {key: words for key, words in now.words.items() if key not in typed}
    merged = merge({**untouched, **was}, now.words, {**untouched, **typed}, text.sections)
    clashing = [one for one in merged if one.clash]
    if clashing and not partly:
        raise Clashed(now)
    draft = now.draft or _started(now, at)
    for one in merged:
        if not one.clash and one.words != one.theirs:
            _write(draft, one.key, one.words, place.member, at)
    if cites is not None:
        draft.cites = _stored(merge_ticks(frozenset(cites_shown), now.cites, frozenset(cites)))
    draft.changed_at = at
    draft.save(update_fields=["cites", "changed_at"])
    return draft, clashing


def lines_of_shown(text, shown):
    """What a window showed, as words are kept; of sections that have gone since, nothing."""
    return {
        key: str(words).replace("\r\n", "\n").strip() for key, words in shown.items() if key in text.sections
    }


def _started(now, at):
    facts = {"based_on": now.latest, "cites": _stored(now.cites), "started_at": at, "changed_at": at}
    return Draft.objects.create(text=now.text, **facts)


def _write(draft, section, words, member, at, *, authors=()):
    """Put words into a section of a draft. authors: whose they are, if not only the member's."""
    DraftSection.objects.update_or_create(
        draft=draft, section=section, defaults={"words": words, "changed_by": member, "changed_at": at}
    )
    for author in authors or [member]:
        DraftWriter.objects.get_or_create(draft=draft, section=section, member=author)


def write_suggested(text, section, words, *, suggester, member, changed, at):
    """Put suggested words into the draft, which begins with them if there is none; both are authors where changed."""
    now = standing_of(text)
    draft = now.draft or _started(now, at)
    _write(draft, section, words, member, at, authors=[suggester, member] if changed else [suggester])
    Draft.objects.filter(pk=draft.pk).update(changed_at=at)


@transaction.atomic
def publish_draft(*, text, body, shown, note, by, at, cites, cites_shown):
    """Make a revision of the draft and of what somebody typed on top of it; the draft ends. Returns the Revision.

    As save_draft; but nothing is joined unseen: where anything is not as it was shown, raises Clashed.
    """
    text, place, is_author = _locked(text, by)
    now, was = standing_of(text), lines_of_shown(text, shown)
    if frozenset(cites_shown) != now.cites or any(
        was.get(key, "") != now.words.get(key, "") for key in text.sections
    ):
        raise Clashed(now)
    draft, _none = save_draft(
        text=text, body=body, shown=shown, by=by, at=at, cites=cites, cites_shown=cites_shown
    )
    words = dict(now.latest.body) if now.latest else {}
    words |= dict(draft.sections.values_list("section", "words"))
    contributions, cited_in = _cited(cites)
    revision = add_revision(
        text,
        now.latest,
        body={key: words[key] for key in text.sections if key in words},
        cites=contributions,
        cited_in=cited_in,
        note=note,
        writers=_writers(draft),
        member=place.member,
        by=by,
        at=at,
    )
    Suggestion.objects.taken().filter(text=text, taken_into=None).update(taken_into=revision)
    draft.delete()
    if not is_author:
        TextAuthor.objects.create(text=text, member=place.member, joined_at=at)
    return revision


def _cited(pairs):
    """(contributions, {section: contributions}) of (contribution id, section) pairs; ids that are none are left out."""
    found = {str(one.pk): one for one in Contribution.objects.filter(pk__in={pk for pk, _section in pairs})}
    if missing := {pk for pk, _section in pairs} - found.keys():
        raise ValidationError(_("%(n)s of what you build on is not there any more.") % {"n": len(missing)})
    cited_in = {}
    for pk, section in pairs:
        if section:
            cited_in.setdefault(section, []).append(found[pk])
    return list(found.values()), cited_in


def _writers(draft):
    found = {}
    for section, member in draft.writers.values_list("section", "member"):
        found.setdefault(section, set()).add(member)
    return found


@transaction.atomic
def discard_draft(*, text, by, at):
    """Drop the draft. Suggestions that were taken into it wait for an answer again."""
    text, _place, _is_author = _locked(text, by)
    draft = Draft.objects.filter(text=text).first()
    if draft is None:
        raise Conflict(_("The draft is published or gone already."))
    draft.delete()
    Suggestion.objects.taken().filter(text=text, taken_into=None).update(
        state=Suggestion.State.OPEN, answered_by=None, answered_at=None, answer=""
    )
    remember(text.partnership, "text.draft_discarded", by=by, at=at, audience="members", text=text.pk)


def rebase_draft(text, before, revision):
    """Carry the draft over to a revision that was not made of it. Raises Conflict where both differ."""
    draft = Draft.objects.filter(text=text).first()
    if draft is None:
        return
    was = before.body if before else {}
    for row in draft.sections.all():
        words, clashes = join(was.get(row.section, ""), revision.body.get(row.section, ""), row.words)
        if clashes:
            heading = text.sections.get(row.section, row.section)
            raise Conflict(
                _("The authors have other words for “%(heading)s” in their draft. Publish from the draft.")
                % {"heading": heading}
            )
        DraftSection.objects.filter(pk=row.pk).update(words=words)
    Draft.objects.filter(pk=draft.pk).update(based_on=revision)
