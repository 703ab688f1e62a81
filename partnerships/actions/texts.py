"""Write: start a text, add a revision, join its authors. A revision is only ever added, never changed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict

from ..models import (
    LONGEST_HEADING,
    MOST_SECTIONS,
    Draft,
    Partnership,
    Text,
    TextAuthor,
)
from ..places import place_of
from ..rules import texts as may
from .drafts import rebase_draft
from .memory import remember
from .revisions import add_revision, locked_text


class Overtaken(Conflict):
    """Somebody else has written in the meantime. Carries their revision, so that nothing typed is lost."""

    def __init__(self, latest):
        super().__init__(
            _("Somebody else has saved revision %(number)s in the meantime.") % {"number": latest.number}
        )
        self.latest = latest


@transaction.atomic
def start_text(*, partnership, kind, title, by, at, headings=()):
    """Open a text for writing. Who starts what is not everyone's is its first author. Returns the Text.

    headings: of an other text ("note"), in order; without any it has one section.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    kind = Text.Kind(kind)
    may.can_start_text(place, kind).enforce()
    if kind in may.WRITTEN_BY_ALL and Text.objects.filter(partnership=partnership, kind=kind).exists():
        raise Conflict(_("Somebody else has started this text in the meantime."))
    own = {}
    if headings:
        own = numbered([("", heading) for heading in headings], {})
    text = Text.objects.create(partnership=partnership, kind=kind, title=title, headings=own, created_at=at)
    if kind not in may.WRITTEN_BY_ALL:
        TextAuthor.objects.create(text=text, member=place.member, joined_at=at)
    remember(partnership, "text.started", by=by, at=at, text=text.pk, kind=kind.value)
    return text


def numbered(pairs, known):
    """{key: [place, heading]} of (key or "", heading) in order; a new one gets a key that none had before.

    known: the keys that are in use. Raises ValidationError on too many, too long, equal or no headings.
    """
    pairs = [(key, " ".join(heading.split())) for key, heading in pairs if heading.strip()]
    names = [heading for _key, heading in pairs]
    if not names:
        raise ValidationError(_("Write at least one heading."))
    if len(names) > MOST_SECTIONS:
        raise ValidationError(_("A text has at most %(most)s sections.") % {"most": MOST_SECTIONS})
    if longest := [heading for heading in names if len(heading) > LONGEST_HEADING]:
        raise ValidationError(
            _("The heading “%(heading)s…” is too long: at most %(most)s characters fit.")
            % {"heading": longest[0][:40], "most": LONGEST_HEADING}
        )
    if len({heading.casefold() for heading in names}) != len(names):
        raise ValidationError(_("Two sections have the same heading. Give each its own."))
    last = max([int(key[1:]) for key in known if key[1:].isdecimal()], default=0)
    found = {}
    for place, (key, heading) in enumerate(pairs):
        if key not in known or key in found:
            last += 1
            key = f"s{last}"
        found[key] = [place, heading]
    return found


@transaction.atomic
def change_headings(*, text, headings, by, at):
    """Name, order, add and take out the sections of an other text; the next revision has them. Returns the Text.

    headings: (key or "", heading) in order. A section that has words is emptied before it is taken out.
    """
    text, place, is_author, open_decision = locked_text(text, by)
    may.can_change_headings(place, text, is_author=is_author, open_decision=open_decision).enforce()
    latest, draft = text.revisions.first(), Draft.objects.filter(text=text).first()
    used = set(text.sections) | {key for row in text.revisions.values_list("body", flat=True) for key in row}
    found = numbered(headings, used)
    words = {**(latest.body if latest else {})}
    words |= dict(draft.sections.values_list("section", "words")) if draft else {}
    if left := [key for key in text.sections if words.get(key) and key not in found]:
        raise ValidationError(
            _("“%(heading)s” has words. Move them to another section first, or keep it.")
            % {"heading": text.sections[left[0]]}
        )
    text.headings = found
    text.save(update_fields=["headings"])
    remember(text.partnership, "text.sections_changed", by=by, at=at, text=text.pk)
    return text


@transaction.atomic
def write_revision(*, text, body, cites, note, based_on, by, at, cited_in=None):
    """Add a revision to a text. Raises Overtaken, with their revision, when it is not based on the latest.

    body: {section key: Markdown}; cites: contributions of the same partnership; cited_in: {section key: those of them
    that carry it}; based_on: the Revision that was open in the writer's window, None for the first. Raises
    ValidationError on empty, too long or unchanged words, Conflict where the authors' draft has other words.
    """
    text, place, is_author, open_decision = locked_text(text, by)
    may.can_write(place, text, is_author=is_author, open_decision=open_decision).enforce()
    latest = text.revisions.first()
    if (latest and latest.pk) != (based_on and based_on.pk):
        raise Overtaken(latest) if latest else Conflict(_("That text was never written."))
    revision = add_revision(
        text,
        latest,
        body=body,
        cites=cites,
        cited_in=cited_in,
        note=note,
        writers={},
        member=place.member,
        by=by,
        at=at,
    )
    rebase_draft(text, latest, revision)
    if not is_author:
        TextAuthor.objects.create(text=text, member=place.member, joined_at=at)
    return revision


@transaction.atomic
def join_authors(*, text, by, at):
    """Join in writing a text. Returns the TextAuthor."""
    text, place, is_author, _open_decision = locked_text(text, by)
    may.can_join_authors(place, text, is_author=is_author).enforce()
    author = TextAuthor.objects.create(text=text, member=place.member, joined_at=at)
    remember(text.partnership, "text.author_joined", by=by, at=at, text=text.pk)
    return author
