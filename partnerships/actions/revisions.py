"""Write: what a revision is made of. Called by the actions that publish one, under the partnership's lock."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from boundary.digest import digest

from ..models import (
    LONGEST_SECTION,
    Citation,
    Contribution,
    Decision,
    Partnership,
    Revision,
    RevisionAuthor,
    SectionAuthor,
    SectionCitation,
    Text,
)
from ..places import place_of
from ..rules import texts as may
from .memory import remember

MOST_CITATIONS = 200  # more than anyone reads; keeps one revision's page and digest of a bounded size
WHOLE = ""  # in place of a section's key: the whole text


def locked_text(text, by):
    """(text, place, whether `by` is an author, the open decision), the partnership locked first."""
    partnership = Partnership.objects.locked(text.partnership_id)
    text = Text.objects.select_for_update().get(pk=text.pk)
    text.partnership = partnership
    place = place_of(partnership, by)
    is_author = bool(place.member) and text.authors.filter(member=place.member).exists()
    return text, place, is_author, Decision.objects.open().filter(text=text).first()


def lines_of(text, body):
    """{section key: words} without stray line ends, of all sections given. Raises ValidationError."""
    if unknown := set(body) - set(text.sections):
        raise ValidationError(
            _("There is no section “%(name)s” in this text.") % {"name": sorted(unknown)[0]}
        )
    lines = {key: str(words).replace("\r\n", "\n").replace("\x00", "").strip() for key, words in body.items()}
    if longest := [words for words in lines.values() if len(words) > LONGEST_SECTION]:
        raise ValidationError([may.too_long(words) for words in longest])
    return lines


def tidy(text, body):
    """The body as it is kept: known sections that have words, without stray line ends. Raises ValidationError."""
    lines = lines_of(text, body)
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


def placed(text, cites, cited_in):
    """{section: sorted ids} of what is cited for sections that have a place in the text. Raises ValidationError."""
    known = {str(contribution.pk) for contribution in cites}
    if unknown := set(cited_in or {}) - set(text.sections):
        raise ValidationError(
            _("There is no section “%(name)s” in this text.") % {"name": sorted(unknown)[0]}
        )
    found = {key: sorted({str(one.pk) for one in cited} & known) for key, cited in (cited_in or {}).items()}
    return {key: ids for key, ids in found.items() if ids}


def digest_of(body, cites, cited_in=None, headings=None):
    """The fingerprint of exact words and of what they rest on; equal words have equal fingerprints anywhere.

    cited_in: {section: sorted ids}; headings: {section: [place, heading]}. Without these two it is what it always was.
    """
    content = {"body": body, "cites": sorted(str(contribution.pk) for contribution in cites)}
    if cited_in:
        content["cited_in"] = cited_in
    if headings:
        content["headings"] = headings
    return digest(content)


def add_revision(text, latest, *, body, cites, cited_in, note, writers, member, by, at):
    """Write the rows of a revision. Returns the Revision. Raises ValidationError on empty, too long or unchanged words.

    cites: contributions; cited_in: {section: contributions}; writers: {section: ids of the members whose words are new
    in it}; of a changed section that is not in it, `member` is the author.
    """
    body, cites = tidy(text, body), checked_citations(text, cites)
    cited_in = {key: ids for key, ids in placed(text, cites, cited_in).items() if key in body}
    fingerprint = digest_of(body, cites, cited_in, text.headings)
    if latest and latest.digest == fingerprint:
        raise ValidationError(_("Nothing has changed since revision %(n)s.") % {"n": latest.number})
    revision = Revision.objects.create(
        text=text,
        number=latest.number + 1 if latest else 1,
        based_on=latest,
        body=body,
        headings=text.headings,
        note=note,
        digest=fingerprint,
        created_at=at,
    )
    before = latest.body if latest else {}
    changed = [key for key in {**before, **body} if before.get(key) != body.get(key)]
    _write_authors(revision, {key: writers.get(key) or {member.pk} for key in changed}, member)
    _write_citations(revision, cites, cited_in)
    ids = {"text": text.pk, "revision": revision.pk, "digest": fingerprint}
    remember(text.partnership, "text.revised", by=by, at=at, **ids)
    return revision


def _write_authors(revision, writers, member):
    """One row for who published it and for each whose words are in it, and one per section for those."""
    ids = {member.pk}.union(*writers.values())
    rows = [RevisionAuthor(revision=revision, member_id=pk) for pk in sorted(ids, key=str)]
    by_member = {row.member_id: row for row in RevisionAuthor.objects.bulk_create(rows)}
    SectionAuthor.objects.bulk_create(
        SectionAuthor(author=by_member[pk], section=key)
        for key, found in writers.items()
        for pk in sorted(found, key=str)
    )


def _write_citations(revision, cites, cited_in):
    rows = Citation.objects.bulk_create(Citation(revision=revision, contribution=cited) for cited in cites)
    by_contribution = {str(row.contribution_id): row for row in rows}
    SectionCitation.objects.bulk_create(
        SectionCitation(citation=by_contribution[pk], section=key)
        for key, ids in cited_in.items()
        for pk in ids
    )
