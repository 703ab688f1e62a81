"""What a page says below each section: when it changed, who wrote in it, what carries it, what is suggested."""

from dataclasses import dataclass, field

from django.db.models import Count, Max

from boundary.kept import kept, together

from ..models import Draft, Line, SectionAuthor, SectionCitation, Suggestion

LONG = 4_000  # characters; a longer text gets a table of contents
MANY = 6  # sections, likewise


@dataclass
class Section:
    """One section of a revision with all that a page says about it."""

    key: str
    heading: str
    words: str
    number: int = 0  # of the revision that changed it last; 0 where nobody knows
    changed_at: object = None
    changed_by: list = field(default_factory=list)  # Lines: whose words are new in that revision
    writers: list = field(default_factory=list)  # Lines: everybody who ever wrote in it
    cited: list = field(default_factory=list)  # Cited
    suggested: int = 0  # suggestions that wait


@kept
def _writers(text, number):
    """A row per section and member who wrote in it, up to the revision of this number: first the newest."""
    rows = SectionAuthor.objects.filter(
        author__revision__text=text, author__revision__number__lte=number
    ).order_by()
    rows = rows.values_list("section", *Line.of("author__member__"))
    last = rows.annotate(
        number=Max("author__revision__number"), changed_at=Max("author__revision__created_at")
    )
    return last.order_by("-number", "author__member__person__name")


@kept
def _places(revision):
    return SectionCitation.objects.filter(citation__revision=revision).values_list(
        "section", "citation__contribution"
    )


@kept
def _suggested(text):
    rows = Suggestion.objects.open().filter(text=text, hidden_at=None).order_by().values("section")
    return rows.annotate(number=Count("pk")).values_list("section", "number")


@kept
def _draft(text):
    return Draft.objects.filter(text=text).values_list("changed_at")


@dataclass
class Sections:
    """The sections of a revision, whether there are enough for a table of contents, and when the draft changed."""

    rows: list
    cited: list  # Cited, for the whole text
    draft_changed_at: object

    @property
    def long(self):
        return len(self.rows) >= MANY or sum(len(row.words) for row in self.rows) > LONG


def sections_of(text, revision, cited):
    """The Sections of a revision of a visible text: one query. `cited`: the Cited that it rests on."""
    writers, places, suggested, drafts = together(
        _writers.of(text.pk, revision.number),
        _places.of(revision.pk),
        _suggested.of(text.pk),
        _draft.of(text.pk),
    )
    rows = {key: Section(key, heading, words) for key, heading, words in revision.parts}
    for key, *line, number, changed_at in writers:
        if row := rows.get(key):
            row.number, row.changed_at = row.number or number, row.changed_at or changed_at
            row.writers.append(Line(*line))
            if number == row.number:
                row.changed_by.append(Line(*line))
    by_pk = {one.pk: one for one in cited}
    placed = set()
    for key, pk in places:
        if key in rows and str(pk) in by_pk:
            rows[key].cited.append(by_pk[str(pk)])
            placed.add(str(pk))
    for key, number in suggested:
        if key in rows:
            rows[key].suggested = number
    whole = [one for one in cited if one.pk not in placed]
    return Sections(list(rows.values()), whole, next((row[0] for row in drafts), None))
