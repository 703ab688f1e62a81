"""What needs doing in a partnership, what of it first, and how it is doing: pure, from Facts and a moment."""

import datetime
from dataclasses import dataclass

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.models.leadership import Function
from partnerships.stages import ORDER, Stage

SOON_DAYS = 7  # (default) a stage due within a week is due soon: as its first reminder
CLOSING = datetime.timedelta(days=2)  # (default) a decision that closes within two days
QUIET = datetime.timedelta(days=30)  # (default) ours: a month without a deed; summer holidays are shorter


class Health(models.TextChoices):
    """How a partnership is doing, the worst that is true of it."""

    LATE = "late", gettext_lazy("Overdue")
    WAITING = "waiting", gettext_lazy("Somebody waits")
    SOON = "soon", gettext_lazy("Due soon")
    QUIET = "quiet", gettext_lazy("Quiet")
    WELL = "well", pgettext_lazy("how it is doing", "On its way")
    PAUSED = "paused", gettext_lazy("Paused")
    PREPARING = "preparing", gettext_lazy("In preparation")
    CLOSED = "closed", gettext_lazy("Closed")


class Kind(models.TextChoices):
    """What may need doing, the most urgent first: what is late, whom we keep waiting, what is near, what lies still."""

    OVERDUE = "overdue"
    CLOSING = "closing"
    QUESTIONS = "questions"
    REQUESTS = "requests"
    REPORTS = "reports"
    BOUNCED = "bounced"
    OWED = "owed"
    OFFERS = "offers"
    DUE = "due"
    QUIET = "quiet"
    UNANSWERED = "unanswered"
    FUNCTIONS = "functions"


KINDS = list(Kind)
HEALTH = {  # kind -> how a partnership is doing whose most urgent need it is
    Kind.OVERDUE: Health.LATE,
    Kind.CLOSING: Health.SOON,
    **dict.fromkeys(
        (Kind.QUESTIONS, Kind.REQUESTS, Kind.REPORTS, Kind.BOUNCED, Kind.OWED, Kind.OFFERS), Health.WAITING
    ),
    Kind.DUE: Health.SOON,
    Kind.QUIET: Health.QUIET,
    Kind.UNANSWERED: Health.WELL,
    Kind.FUNCTIONS: Health.WELL,
}
PRESSING = [kind for kind in KINDS if HEALTH[kind] in (Health.LATE, Health.WAITING, Health.SOON)]


@dataclass(frozen=True)
class Need:
    """One thing to do: how many wait, or how many days it is late, ahead or quiet."""

    kind: Kind
    number: int

    @property
    def pressing(self):
        """Whether it belongs on today's list."""
        return self.kind in PRESSING

    @property
    def sentence(self):
        """What needs doing, in words."""
        return SENTENCES[self.kind](self.number) % {"number": self.number}


SENTENCES = {
    Kind.OVERDUE: lambda n: ngettext(
        "The stage is overdue by %(number)s day", "The stage is overdue by %(number)s days", n
    ),
    Kind.CLOSING: lambda n: ngettext(
        "A decision closes within two days", "%(number)s decisions are open, one closes within two days", n
    ),
    Kind.QUESTIONS: lambda n: ngettext(
        "%(number)s question from somebody invited", "%(number)s questions from people invited", n
    ),
    Kind.REQUESTS: lambda n: ngettext("%(number)s person asks to join", "%(number)s people ask to join", n),
    Kind.REPORTS: lambda n: ngettext(
        "%(number)s contribution is reported", "%(number)s contributions are reported", n
    ),
    Kind.BOUNCED: lambda n: ngettext(
        "%(number)s invitation did not arrive: call", "%(number)s invitations did not arrive: call", n
    ),
    Kind.OWED: lambda n: ngettext(
        "%(number)s contribution waits for an answer", "%(number)s contributions wait for an answer", n
    ),
    Kind.OFFERS: lambda n: ngettext(
        "%(number)s offer waits for an answer", "%(number)s offers wait for an answer", n
    ),
    Kind.DUE: lambda n: (
        ngettext("The stage is due in %(number)s day", "The stage is due in %(number)s days", n)
        if n
        else _("The stage is due today")
    ),
    Kind.QUIET: lambda n: ngettext(
        "Nothing has happened for %(number)s day", "Nothing has happened for %(number)s days", n
    ),
    Kind.UNANSWERED: lambda n: ngettext(
        "%(number)s invitation is not answered", "%(number)s invitations are not answered", n
    ),
    Kind.FUNCTIONS: lambda n: ngettext(
        "%(number)s function is carried by nobody", "%(number)s functions are carried by nobody", n
    ),
}


def needs_of(facts, at):
    """The Needs of a partnership, the most urgent first. at: now; what is late is late by the reader's clock.

    What is closed needs nothing; what is in preparation has a list of its own (cocreate/preparing.py). While it is
    paused nothing falls due, but people who asked still wait.
    """
    if facts.stage == Stage.CLOSED or not facts.begun:
        return []
    days = (facts.due_on - localtime(at).date()).days if facts.due_on else None
    quiet = at - facts.last_deed_at if facts.last_deed_at else datetime.timedelta()
    gathers = facts.is_full and ORDER.index(Stage(facts.stage)) >= ORDER.index(Stage.CONVENE)
    found = {
        Kind.OVERDUE: -days if days is not None and days < 0 else 0,
        Kind.CLOSING: facts.decisions if facts.closes_at and facts.closes_at <= at + CLOSING else 0,
        Kind.QUESTIONS: facts.questions,
        Kind.REQUESTS: facts.requests,
        Kind.REPORTS: facts.reports,
        Kind.BOUNCED: facts.bounced,
        Kind.OWED: facts.owed,
        Kind.OFFERS: facts.offers,
        Kind.DUE: days if days is not None and 0 <= days <= SOON_DAYS else None,
        Kind.QUIET: quiet.days if quiet >= QUIET else 0,
        Kind.UNANSWERED: facts.unanswered,
        Kind.FUNCTIONS: len(Function) - facts.functions if gathers else 0,
    }
    if facts.paused:
        found |= dict.fromkeys((Kind.OVERDUE, Kind.CLOSING, Kind.DUE, Kind.QUIET))
    due_today = found[Kind.DUE] == 0
    return [Need(kind, found[kind] or 0) for kind in KINDS if found[kind] or (kind == Kind.DUE and due_today)]


def urgency(facts, needs):
    """What a partnership is sorted by, the smallest first: the kind of its most urgent need, then how much of it.

    Much is many days late or many people waiting; a stage due sooner comes before a later one. Then how many needs
    there are, the day of the stage, the title.
    """
    if not needs:
        settled = len(KINDS) + (facts.stage == Stage.CLOSED)
        return (settled, 0, 0, facts.due_on or datetime.date.max, facts.title)
    first = needs[0]
    much = first.number if first.kind == Kind.DUE else -first.number
    return (KINDS.index(first.kind), much, -len(needs), facts.due_on or datetime.date.max, facts.title)


def health_of(facts, needs):
    """How a partnership is doing: what its most urgent need says."""
    if facts.stage == Stage.CLOSED:
        return Health.CLOSED
    if not facts.begun:
        return Health.PREPARING
    found = HEALTH[needs[0].kind] if needs else Health.WELL
    return Health.PAUSED if facts.paused and found == Health.WELL else found
