"""Write: start a text, add a revision, join its authors. A revision is only ever added, never changed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from boundary.digest import digest

from ..models import (
    LONGEST_SECTION,
    Citation,
    Contribution,
    Decision,
    Partnership,
    Revision,
    RevisionAuthor,
    Text,
    TextAuthor,
)
from ..places import place_of
from ..rules import texts as may
from .memory import remember

MOST_CITATIONS = 200  # more than anyone reads; keeps one revision's page and digest of a bounded size


class Overtaken(Conflict):
    """Somebody else has written in the meantime. Carries their revision, so that nothing typed is lost."""

    def __init__(self, latest):
        super().__init__(
            _("Somebody else has saved revision %(number)s in the meantime.") % {"number": latest.number}
        )
        self.latest = latest


@transaction.atomic
def start_text(*, partnership, kind, title, by, at):
    """Open a text for writing. Who starts a proposal or a value proposition is its first author. Returns the Text."""
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    kind = Text.Kind(kind)
    may.can_start_text(place, kind).enforce()
    if kind in may.WRITTEN_BY_ALL and Text.objects.filter(partnership=partnership, kind=kind).exists():
        raise Conflict(_("Somebody else has started this text in the meantime."))
    text = Text.objects.create(partnership=partnership, kind=kind, title=title, created_at=at)
    if kind not in may.WRITTEN_BY_ALL:
        TextAuthor.objects.create(text=text, member=place.member, joined_at=at)
    remember(partnership, "text.started", by=by, at=at, text=text.pk, kind=kind.value)
    return text


def tidy(text, body):
    """The body as it is kept: known sections that have words, without stray line ends. Raises ValidationError."""
    if unknown := set(body) - set(text.sections):
        raise ValidationError(
            _("There is no section “%(name)s” in this text.") % {"name": sorted(unknown)[0]}
        )
    lines = {key: str(words).replace("\r\n", "\n").replace("\x00", "").strip() for key, words in body.items()}
    if longest := [words for words in lines.values() if len(words) > LONGEST_SECTION]:
        raise ValidationError([may.too_long(words) for words in longest])
    kept = {key: lines[key] for key in text.sections if lines.get(key)}
    if not kept:
        raise ValidationError(_("Write something in at least one section."))
    return kept


def checked_citations(text, cites):
    """The contributions to cite, in a fixed order: of the same partnership, shown, not too many."""
    wanted = {contribution.pk for contribution in cites}
    if len(wanted) > MOST_CITATIONS:
        raise ValidationError(_("Tick at most %(most)s contributions.") % {"most": MOST_CITATIONS})
    found = Contribution.objects.shown().filter(partnership=text.partnership_id, pk__in=wanted)
    found = sorted(found, key=lambda contribution: str(contribution.pk))
    if len(found) != len(wanted):
        raise ValidationError(
            _("Something you build on is hidden or belongs to another partnership. Tick something else.")
        )
    return found


def digest_of(body, cites):
    """The fingerprint of exact words and of what they rest on; equal words have equal fingerprints anywhere."""
    return digest({"body": body, "cites": sorted(str(contribution.pk) for contribution in cites)})


@transaction.atomic
def write_revision(*, text, body, cites, note, based_on, by, at):
    """Add a revision to a text. Raises Overtaken, with their revision, when it is not based on the latest.

    body: {section key: Markdown}; cites: contributions of the same partnership; based_on: the Revision that was
    open in the writer's window, None for the first. Raises ValidationError on empty, too long or unchanged words.
    """
    partnership = Partnership.objects.locked(text.partnership_id)
    text = Text.objects.select_for_update().get(pk=text.pk)
    place = place_of(partnership, by)
    is_author = bool(place.member) and text.authors.filter(member=place.member).exists()
    open_decision = Decision.objects.open().filter(text=text).first()
    may.can_write(place, text, is_author=is_author, open_decision=open_decision).enforce()
    latest = text.revisions.first()
    if (latest and latest.pk) != (based_on and based_on.pk):
        raise Overtaken(latest) if latest else Conflict(_("That text was never written."))
    body, cites = tidy(text, body), checked_citations(text, cites)
    fingerprint = digest_of(body, cites)
    if latest and latest.digest == fingerprint:
        raise ValidationError(_("Nothing has changed since revision %(n)s.") % {"n": latest.number})
    revision = Revision.objects.create(
        text=text,
        number=latest.number + 1 if latest else 1,
        based_on=latest,
        body=body,
        note=note,
        digest=fingerprint,
        created_at=at,
    )
    RevisionAuthor.objects.create(revision=revision, member=place.member)
    Citation.objects.bulk_create(Citation(revision=revision, contribution=cited) for cited in cites)
    if not is_author:
        TextAuthor.objects.create(text=text, member=place.member, joined_at=at)
    remember(
        partnership, "text.revised", by=by, at=at, text=text.pk, revision=revision.pk, digest=fingerprint
    )
    return revision


@transaction.atomic
def join_authors(*, text, by, at):
    """Join in writing a text. Returns the TextAuthor."""
    partnership = Partnership.objects.locked(text.partnership_id)
    place = place_of(partnership, by)
    is_author = bool(place.member) and text.authors.filter(member=place.member).exists()
    may.can_join_authors(place, text, is_author=is_author).enforce()
    author = TextAuthor.objects.create(text=text, member=place.member, joined_at=at)
    remember(partnership, "text.author_joined", by=by, at=at, text=text.pk)
    return author
