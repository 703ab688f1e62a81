"""The partnerships on one page of a desk, as the page and the file show them."""

from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.stages import Stage

from ..arena import url_of_arena
from ..dashboard import first_url, met_in_words, way_to
from ..stages import gates_of
from .urgency import Health, Kind

COLOURS = {
    Health.LATE: "danger",
    Health.WAITING: "warning",
    Health.SOON: "warning",
    Health.QUIET: "info",
    Health.WELL: "success",
    Health.PAUSED: "neutral",
    Health.PREPARING: "neutral",
    Health.CLOSED: "neutral",
}
WHERE = {  # kind of need -> pages where it can be done, by conveners and by others who lead
    Kind.OVERDUE: (("manage",), ("manage",)),
    Kind.CLOSING: (("decisions",), ("decisions",)),
    Kind.QUESTIONS: (("invitee_questions",), ("manage",)),
    Kind.REQUESTS: (("join_requests",), ("manage",)),
    Kind.REPORTS: (("moderation_queue",), ("moderation_queue",)),
    Kind.BOUNCED: (("invitations",), ("manage",)),
    Kind.OWED: (("answers_owed",), ("answers_owed",)),
    Kind.OFFERS: (("commitments",), ("commitments",)),
    Kind.DUE: (("manage",), ("manage",)),
    Kind.QUIET: (("manage",), ("manage",)),
    Kind.UNANSWERED: (("invitations",), ("manage",)),
    Kind.FUNCTIONS: (("leadership",), ("leadership",)),
}
NEEDS = 3  # in a row; the partnership’s own page has the rest
FILTERS = {Kind.BOUNCED: "?state=bounced"}


def where(facts, need):
    """The page where a need can be met by this reader."""
    if not facts.is_full:
        return url_of_arena("stages", facts.slug)
    conveners, others = WHERE[need.kind]
    url = first_url(conveners if facts.convenes else others, facts.slug)
    return url + (FILTERS.get(need.kind, "") if facts.convenes else "")


@dataclass(frozen=True)
class Row:
    """One partnership as its row shows it. gate: None where there is none, or the reader may not read it."""

    case: object
    gate: object
    at: object

    @property
    def facts(self):
        return self.case.facts

    @property
    def url(self):
        """The conveners' desk of this partnership, or what a reader sees of it."""
        if not self.facts.begun and self.facts.convenes:
            return url_of_arena("prepare", self.facts.slug)
        return url_of_arena("manage" if self.facts.is_full else "partnership", self.facts.slug)

    @property
    def health(self):
        """(word, colour) of how it is doing."""
        return self.case.health.label, COLOURS[self.case.health]

    @property
    def days(self):
        """For how many whole days it has been in its stage; None where that is not known."""
        entered = self.facts.entered_at
        return (localtime(self.at).date() - localtime(entered).date()).days if entered else None

    @property
    def since(self):
        """How long it has been in its stage, in words."""
        days = self.days
        if not days:
            return "" if days is None else _("since today")
        return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days}

    @property
    def overdue(self):
        return self.case.health == Health.LATE

    @property
    def needs(self):
        """[(sentence, address)] of what needs doing, the most urgent first."""
        return [(need.sentence, where(self.facts, need)) for need in self.case.needs]

    @property
    def first_needs(self):
        return self.needs[:NEEDS]

    @property
    def more_needs(self):
        """How many needs the row leaves to the partnership's own page."""
        return max(0, len(self.case.needs) - NEEDS)

    @property
    def met(self):
        """How much of what it takes to go on is there, in words."""
        return met_in_words(self.gate) if self.gate else ""

    @property
    def missing(self):
        """What is missing first: label, who can fix it, and where; None where nothing is."""
        if not self.gate or self.gate.passable:
            return None
        first = self.gate.open_criteria[0]
        way = way_to(first, self.facts.slug, self.facts.convenes)
        return {"label": first.label, "who": first.who, "url": way["url"] if self.facts.is_full else ""}


def rows_of(cases, at):
    """The Rows of these cases: two queries, however many."""
    judged = [case for case in cases if case.facts.readable and case.stage != Stage.CLOSED]
    gates = gates_of(judged, at=at) if judged else {}
    return [Row(case, gates.get(case.pk), at) for case in cases]
