"""Which partnerships of a desk a reader has asked for, sorted by what needs doing, and what waits over all of them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerships.stages import Stage

from .facts import NUMBERS, Facts
from .urgency import KINDS, Health, Kind, health_of, needs_of, urgency


@dataclass(frozen=True)
class Case:
    """One partnership on the desk with what needs doing in it. pk and stage: as a gate asks for them."""

    facts: Facts
    needs: tuple
    health: Health

    @property
    def pk(self):
        return self.facts.pk

    @property
    def stage(self):
        return self.facts.stage

    @property
    def needs_me(self):
        """Whether the reader leads it and something in it should be done today."""
        return self.facts.leads and any(need.pressing for need in self.needs)


def cases_of(facts, at):
    """Every one as a Case, the most urgent first."""
    found = []
    for one in facts:
        needs = tuple(needs_of(one, at))
        found.append(Case(one, needs, health_of(one, needs)))
    return sorted(found, key=lambda case: urgency(case.facts, case.needs))


def asked_for(cases, asked):
    """The cases that search and filters ask for (DeskForm.asked), in their order. Closed ones must be asked for."""
    words = asked["q"].casefold()
    closed = Stage.CLOSED in (asked["stage"], asked["health"])
    return [
        case
        for case in cases
        if (case.stage == asked["stage"] if asked["stage"] else closed or case.stage != Stage.CLOSED)
        and (not asked["health"] or case.health == asked["health"])
        and (not asked["mine"] or case.facts.leads)
        and (not asked["needs_me"] or case.needs_me)
        and (not words or words in _said(case.facts))
    ]


def _said(facts):
    return "\n".join((facts.title, facts.summary, facts.case_number)).casefold()


def today(cases):
    """[(case, need)] of what should be done today over all of them, the most urgent first."""
    pressing = [(case, need) for case in cases for need in case.needs if need.pressing]
    return sorted(pressing, key=lambda pair: (KINDS.index(pair[1].kind), _much(pair[1])))


def _much(need):
    return need.number if need.kind == Kind.DUE else -need.number


def totals(cases):
    """{name: number} over all partnerships that are not closed."""
    standing = [case.facts for case in cases if case.stage != Stage.CLOSED]
    found = {name: sum(getattr(one, name) for one in standing) for name in NUMBERS}
    found["partnerships"] = len(standing)
    found["late"] = sum(case.health == Health.LATE for case in cases)
    return found


def totals_in_words(numbers):
    """[(label, value)] of what is worth knowing over all; what there is none of is left out."""
    rows = [
        (_("Partnerships under way"), numbers["partnerships"]),
        (_("Overdue"), numbers["late"]),
        (_("Seats"), _seats(numbers) if numbers["seats_taken"] + numbers["seats_open"] else 0),
        (_("Invitations out"), numbers["invited"]),
        (_("Not answered"), numbers["unanswered"]),
        (_("Did not arrive"), numbers["bounced"]),
        (_("Questions from people invited"), numbers["questions"]),
        (_("Requests to join"), numbers["requests"]),
        (_("Answers owed"), numbers["owed"]),
        (_("Open decisions"), numbers["decisions"]),
    ]
    return [(label, value) for label, value in rows if value]


def _seats(numbers):
    return _("%(taken)s taken, %(open)s open") % {
        "taken": numbers["seats_taken"],
        "open": numbers["seats_open"],
    }
