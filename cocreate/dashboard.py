"""What those who lead need to see at once: what waits for them, the gate, and how the arena has moved."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from boundary.kept import kept, together
from partnerships.models import Invitation, Pause, StageVisit, Waiver
from partnerships.settings import SETTINGS
from partnerships.signers import signers, with_signers
from partnerships.stages import Stage, next_stage
from solutions.handovers import SUPPORTED

from .arena import url_of_arena
from .desk.urgency import Kind

SHOWN_UNANSWERED = 5
HARD_NAMES = {SUPPORTED: gettext_lazy("No task was handed over without enough support")}


def first_url(names, slug):
    """The first of these pages that there is, or ""."""
    return next((url for name in names if (url := url_of_arena(name, slug))), "")


def waiting_longest(partnership):
    """The invitations that have waited longest for an answer, a few of them: one query."""
    rows = Invitation.objects.answerable().filter(partnership=partnership).select_related("organization")
    return rows.order_by("sent_at", "number")[:SHOWN_UNANSWERED]


def health_in_words(facts, needs, gate):
    """How the stage is doing, in a sentence or three: what is late, what is missing, who waits."""
    if facts.stage == Stage.CLOSED:
        return ""
    said = [f"{need.sentence}." for need in needs if need.kind in (Kind.OVERDUE, Kind.DUE)]
    missing = len(gate.open_criteria)
    if not missing:
        said.append(_("Everything it takes to go on is there."))
    else:
        said.append(
            ngettext(
                "%(missing)s of %(all)s criteria is missing before the next stage.",
                "%(missing)s of %(all)s criteria are missing before the next stage.",
                missing,
            )
            % {"missing": missing, "all": len(gate.criteria)}
        )
    if not any(need.pressing for need in needs):
        said.append(_("Nobody waits for an answer."))
    return " ".join(said)


ACTS = {  # page of a criterion -> what its link says
    "people": gettext_lazy("See who has joined"),
    "groups": gettext_lazy("See who should be at the table"),
    "leadership": gettext_lazy("See who carries what"),
    "answers_owed": gettext_lazy("See what is owed"),
    "say": gettext_lazy("Go to the conversation"),
    "charter": gettext_lazy("Go to the ground rules"),
    "decisions": gettext_lazy("Go to the decisions"),
    "problem": gettext_lazy("Go to the problem"),
    "solutions": gettext_lazy("Go to the solutions"),
    "authorization": gettext_lazy("Go to the authorization"),
    "implementation": gettext_lazy("Go to the plan"),
    "commitments": gettext_lazy("Go to the commitments"),
}
DEEDS = {  # the same for pages that only conveners may open
    "change_mandate": gettext_lazy("Change the mandate"),
    "prepare": gettext_lazy("See what to prepare"),
    "ask_promise": gettext_lazy("Ask for the promise"),
    "record_promise": gettext_lazy("Write down the answer"),
    "return_lesson": gettext_lazy("Give it back"),
}


def way_to(criterion, slug, convenes):
    """Address and words of the link to where a reader can do something about a criterion of the partnership `slug`."""
    offered = ACTS | DEEDS if convenes else ACTS
    if criterion.url_name not in offered:
        return {"url": "", "act": ""}
    return {"url": url_of_arena(criterion.url_name, slug), "act": offered[criterion.url_name]}


def _way(criterion, place):
    return way_to(criterion, place.partnership.slug, place.convenes)


def _shown_at(criterion, place):
    """Address of the page that shows that a criterion is met, or "" where that is a page to act on."""
    slug = place.partnership.slug
    if criterion.shown_at:
        name, *rest = criterion.shown_at
        return url_of_arena(name, slug, *rest)
    return url_of_arena(criterion.url_name, slug) if criterion.url_name in ACTS else ""


def checklist(gate, place):
    """The criteria as the checklist shows them: met, waived or missing; who can fix it and where."""
    return [_checked(one, gate.waived.get(one.key), place) for one in gate.criteria]


def _checked(criterion, waiver, place):
    row = {
        "key": criterion.key,
        "label": criterion.label,
        "hard": criterion.hard,
        "why": "",
        "help": "",
        "url": "",
        "act": "",
    }
    if criterion.met:
        return row | {"state": "met", "why": criterion.detail, "url": _shown_at(criterion, place)}
    if waiver and (criterion.together or not criterion.hard):
        return row | {"state": "waived", "why": set_aside_in_words(waiver)}
    who = _("Who can do it: %(who)s.") % {"who": criterion.who[:1].lower() + criterion.who[1:]}
    todo = f"{criterion.detail} {who}" if criterion.who else criterion.detail
    return row | {"state": "missing", "help": todo} | _way(criterion, place)


def set_aside_in_words(waiver):
    """Who set a criterion aside, as the arena calls them, and why."""
    name, other = signers(waiver)
    facts = {"name": name, "other": other, "reason": waiver.reason}
    if waiver.seconded_by_id:
        return _("Set aside by %(name)s and %(other)s together: %(reason)s") % facts
    return _("Set aside by %(name)s: %(reason)s") % facts


def _set_aside(waivers):
    """The same for several criteria, those with one reason in one sentence."""
    alike = {}
    for waiver in waivers:
        alike.setdefault((waiver.by_id, waiver.seconded_by_id, waiver.reason), []).append(waiver)
    for some in alike.values():
        names = ", ".join(f"“{_name_of(waiver.criterion)}”" for waiver in some)
        yield f"{names}. {set_aside_in_words(some[0])}"


def _name_of(criterion):
    """What a criterion that can be set aside is called, whatever the facts are."""
    setting = SETTINGS.get(f"gate_{criterion}")
    return setting.label if setting else HARD_NAMES.get(criterion, criterion)


def next_step(place, gate):
    """The next best step: a sentence, and the way to where it can be done."""
    nowhere = {"url": "", "act": ""}
    if place.partnership.stage == Stage.CLOSED:
        return nowhere | {"sentence": _("The partnership is closed. Nothing is left to do here.")}
    if place.partnership.paused_at:
        return nowhere | {"sentence": _("The partnership rests. Nothing falls due until it goes on.")}
    if not gate.passable:
        first = gate.open_criteria[0]
        return _way(first, place) | {"sentence": first.detail or first.label}
    after = next_stage(place.partnership.stage).label
    return nowhere | {"sentence": _("Everything is in place: go on to “%(stage)s”.") % {"stage": after}}


def met_in_words(gate):
    """How far the gate is, in words."""
    settled = len(gate.criteria) - len(gate.open_criteria)
    return ngettext(
        "%(settled)s of %(all)s criterion met or set aside",
        "%(settled)s of %(all)s criteria met or set aside",
        len(gate.criteria),
    ) % {"settled": settled, "all": len(gate.criteria)}


def _within(pause, visit):
    """Whether the partnership rested in this visit: no stage is left in a pause."""
    return visit.entered_at <= pause.since and (visit.left_at is None or pause.since < visit.left_at)


@dataclass(frozen=True)
class History:
    """How the arena has moved through its stages."""

    visits: list
    loops: int

    @property
    def sentence(self):
        """Loops in words: they are kept and counted, and not a fault."""
        if not self.loops:
            return _("The partnership has not gone back to an earlier stage so far.")
        return ngettext(
            "The partnership has gone back to an earlier stage once. That is part of the work.",
            "The partnership has gone back to an earlier stage %(count)s times. That is part of the work.",
            self.loops,
        ) % {"count": self.loops}


@kept
def _visits(partnership):
    """The stages that the partnership with this id went through, each with the account it ended with."""
    return StageVisit.objects.filter(partnership=partnership).select_related("account").order_by("number")


@kept
def _waivers(partnership, at):
    """What was set aside in them and counts at the moment `at`."""
    rows = Waiver.objects.in_effect(at).filter(visit__partnership=partnership)
    return with_signers(rows).select_related("visit").order_by("at", "id")


@kept
def _pauses(partnership):
    """When the partnership rested."""
    return Pause.objects.filter(partnership=partnership).order_by("since")


def history_of(partnership, at):
    """The visits of stages with what was set aside and how long each rested, the present one last: one query.

    What two sides have signed stands there from when it takes effect.
    """
    pk = partnership.pk
    visits, waivers, pauses = together(_visits.of(pk), _waivers.of(pk, at), _pauses.of(pk))
    seen, loops = set(), 0
    order = list(Stage)
    for before, visit in zip([None, *visits], visits, strict=False):
        visit.again = visit.stage in seen
        visit.went_back = bool(before) and order.index(visit.stage) < order.index(before.stage)
        loops += visit.went_back
        seen.add(visit.stage)
        visit.waived = [waiver for waiver in waivers if waiver.visit_id == visit.pk]
        visit.set_aside = list(_set_aside(visit.waived))
        visit.pauses = [pause for pause in pauses if _within(pause, visit)]
        visit.late = bool(visit.due_on and visit.left_at and visit.left_at.date() > visit.due_on)
    return History(visits, loops)
