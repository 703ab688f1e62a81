"""Convene: a new arena with its mandate; the promise; how it is shown and joined."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from boundary.answer import Conflict

from ..models import Mandate, Member, Partnership, Platform, StageVisit
from ..places import desk_of, place_of
from ..rules import arenas as may
from ..rules.platforms import can_convene
from ..settings import copied
from ..settings.together import WITHHOLD_NAMES
from ..stages import Stage
from .following import end_following
from .letters import letters_from
from .memory import remember
from .organizations import organization_named
from .stages import due_date
from .swaps import compare
from .templates import from_template, seat_groups

OWN = frozenset(
    {"visibility", "join_policy", "case_number", "language", "time_zone", "reconstructed_from", "slug"}
)
MANDATE = frozenset(
    {
        *(
            "scope",
            "non_negotiables",
            "interdependence",
            "resources",
            "names_no_solution",
            "sponsor",
            "recipient",
        ),
        *("competent_body", "competence_source", "ends_on", "incentives", "readiness"),
        *("later_interests", "safeguard", "legal_seen_by"),
    }
)
BODIES = ("sponsor", "recipient", "competent_body")
# What two windows may change at once, as swaps.as_it_is takes it.
WRITTEN = tuple(sorted({*MANDATE, "question"} - set(BODIES))) + tuple(f"{body}_id" for body in BODIES)
PROMISED = ("promise_kind", "promise_state", "promise_by", "promise_minute", "promise_on", "promise_due_on")
SHOWN = ("title", "summary", "visibility", "join_policy", "case_number", "may_withhold_names")
DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


@transaction.atomic
def convene(*, platform, title, summary, question, by, at, template=None, prepare=False, **fields):
    """Begin a partnership on a platform: its mandate, its first stage, and `by` as its convener.

    template: brings lengths of stages, gates, groups with their seats, and how one joins. prepare: nobody but its
    conveners sees it until begin_partnership.

    fields: those of Mandate and Partnership by name (sponsor, recipient, competent_body: an Organization or its
    (name, sector), which finds or adds it);
    promise_kind asks the recipient for that promise; due_on ends the first stage (default 30 days);
    organization and function say for whom the convener sits (default the platform's owner).
    Raises TypeError for a field that neither has.
    """
    platform = Platform.objects.select_related("owner").get(pk=platform.pk)
    can_convene(desk_of(platform, by)).enforce()
    fields = {name: value for name, value in _found(fields, by, at).items() if value not in (None, "")}
    organization = fields.pop("organization", platform.owner)
    function, due_on = fields.pop("function", ""), fields.pop("due_on", None)
    promise_kind = fields.pop("promise_kind", "")
    unknown = fields.keys() - OWN - MANDATE
    if unknown:
        raise TypeError(f"a partnership has no {', '.join(sorted(unknown))}")
    own = {name: value for name, value in fields.items() if name in OWN}
    own |= {"begun_at": None if prepare else at} | copied(platform, template)
    own["may_withhold_names"] = WITHHOLD_NAMES.on(platform) == "yes"
    if template:
        own = from_template(template) | own
    partnership = _new(platform, title, summary, by, at, own)
    Mandate.objects.create(
        partnership=partnership,
        question=question,
        promise_kind=promise_kind,
        promise_state=Mandate.PromiseState.ASKED if promise_kind else Mandate.PromiseState.NOT_ASKED,
        **{name: value for name, value in fields.items() if name in MANDATE},
    )
    _open_first_stage(partnership, due_on, at)
    Member.objects.create(
        partnership=partnership,
        person=by,
        role=Member.Role.CONVENER,
        sector=organization.sector,
        side=organization.side,
        organization=organization,
        function=function,
        joined_at=at,
    )
    remember(partnership, "partnership.convened", by=by, at=at, platform=platform.pk)
    if template:
        seat_groups(partnership, template, by, at)
    letters_from(partnership, template)
    if promise_kind:
        remember(partnership, "promise.asked", by=by, at=at, kind=promise_kind)
    return partnership


def _found(fields, by, at):
    """The fields with every (name, sector) replaced by its Organization."""
    found = dict(fields)
    for field in BODIES:
        if isinstance(value := fields.get(field), tuple):
            found[field] = organization_named(name=value[0], sector=value[1], by=by, at=at)
    return found


def _new(platform, title, summary, by, at, own):
    """The Partnership, under an address of its own made from its title."""
    first = own.pop("slug", "") or slugify(title.translate(DANISH))[:70].strip("-") or "partnership"
    own = {"language": platform.language, "time_zone": platform.time_zone} | own
    facts = {"platform": platform, "title": title, "summary": summary, "created_by": by, "created_at": at}
    for number in range(1, 100):
        slug = first if number == 1 else f"{first}-{number}"
        try:
            with transaction.atomic():
                return Partnership.objects.create(slug=slug, **facts, **own)
        except IntegrityError:
            continue
    raise Conflict(_("Many partnerships have this title already. Choose another one."))


def _open_first_stage(partnership, due_on, at):
    StageVisit.objects.create(
        partnership=partnership,
        stage=Stage.INITIATE,
        number=1,
        entered_at=at,
        due_on=due_on or due_date(partnership, Stage.INITIATE, at),
    )


@transaction.atomic
def begin_partnership(*, partnership, missing, by, at):
    """Open a prepared partnership to those it is for. Returns it.

    missing: the labels of what no partnership begins without, and this one lacks (cocreate knows the whole gate).
    """
    partnership = _opened(partnership, by, lambda place: may.can_begin(place, missing))
    partnership.begun_at = at
    partnership.save(update_fields=["begun_at"])
    remember(partnership, "partnership.begun", by=by, at=at)
    return partnership


def _opened(partnership, by, rule):
    """The partnership, locked, after the rule said yes to `by`."""
    partnership = Partnership.objects.locked(partnership.pk)
    rule(place_of(partnership, by)).enforce()
    return partnership


@transaction.atomic
def change_mandate(*, partnership, by, at, expected=None, **fields):
    """Change the mandate while the arena has not begun to work on it. Returns the Mandate.

    expected: as_it_is(mandate, WRITTEN) as it was seen; raises Changed where it is otherwise by now.
    """
    unknown = fields.keys() - MANDATE - {"question"}
    if unknown:
        raise TypeError(f"a mandate has no {', '.join(sorted(unknown))}")
    partnership = _opened(partnership, by, may.can_change_mandate)
    mandate = Mandate.objects.get(partnership=partnership)
    compare(expected, mandate, WRITTEN)
    fields = _found(fields, by, at)
    changed = sorted(name for name, value in fields.items() if getattr(mandate, name) != value)
    if not changed:
        return mandate
    for name in changed:
        setattr(mandate, name, fields[name])
    mandate.save(update_fields=changed)
    remember(partnership, "mandate.changed", by=by, at=at, fields=changed)
    return mandate


@transaction.atomic
def plan_stages(*, partnership, lengths, ends_on, by, at, expected=None):
    """Plan how long each stage takes, in days, and when the work ends; the present stage is due anew.

    expected: as_it_is(partnership, ["lengths"]) and as_it_is(mandate, ["ends_on"]), joined, as they were seen.
    """
    partnership = _opened(partnership, by, may.can_plan_stages)
    if expected is not None:
        compare({"lengths": expected["lengths"]}, partnership, ["lengths"])
        compare({"ends_on": expected["ends_on"]}, partnership.mandate, ["ends_on"])
    partnership.lengths = partnership.lengths | lengths
    partnership.save(update_fields=["lengths"])
    Mandate.objects.filter(partnership=partnership).update(ends_on=ends_on)
    visit = StageVisit.objects.get(partnership=partnership, left_at=None)
    if partnership.stage in lengths:
        visit.due_on = due_date(partnership, partnership.stage, visit.entered_at)
        visit.save(update_fields=["due_on"])
    remember(partnership, "stages.planned", by=by, at=at)
    return partnership


@transaction.atomic
def ask_promise(*, partnership, kind, by, at, expected=None):
    """Ask the recipient what it will do with the result. Returns the Mandate. expected: see record_promise."""
    partnership = _opened(partnership, by, may.can_ask_promise)
    compare(expected, partnership.mandate, PROMISED)
    Mandate.objects.filter(partnership=partnership).update(
        promise_kind=kind,
        promise_state=Mandate.PromiseState.ASKED,
        promise_by="",
        promise_minute="",
        promise_on=None,
        promise_due_on=None,
        promise_answered_on=None,
    )
    remember(partnership, "promise.asked", by=by, at=at, kind=kind)
    return Mandate.objects.get(partnership=partnership)


@transaction.atomic
def record_promise(*, partnership, state, kind, promise_by, minute, on, by, at, due_on=None, expected=None):
    """Write down that the promise was given or declined: by whom, on which day, in which minute, owed until when.

    expected: as_it_is(mandate, PROMISED) as it was seen; raises Changed where it is otherwise by now.
    """
    partnership = _opened(partnership, by, may.can_record_promise)
    compare(expected, partnership.mandate, PROMISED)
    Mandate.objects.filter(partnership=partnership).update(
        promise_kind=kind,
        promise_state=state,
        promise_by=promise_by,
        promise_minute=minute,
        promise_on=on,
        promise_due_on=due_on,
    )
    remember(partnership, f"promise.{Mandate.PromiseState(state).value}", by=by, at=at, kind=kind)
    return Mandate.objects.get(partnership=partnership)


def answer_promise(*, partnership, body, on):
    """The receiver has adopted the result, or said why not: its promise is kept. Part of a deed that is recorded."""
    owed = Mandate.objects.filter(partnership=partnership, promise_answered_on=None)
    owed.filter(Q(recipient=body) | Q(recipient=None)).update(promise_answered_on=on)


@transaction.atomic
def change_settings(
    *,
    partnership,
    by,
    at,
    visibility,
    join_policy,
    case_number,
    title,
    summary,
    may_withhold_names=None,
    expected=None,
):
    """Change how the partnership is shown and who may join. Returns the Partnership.

    expected: as_it_is(partnership, SHOWN) as it was seen; raises Changed where it is otherwise by now.
    """
    partnership = _opened(partnership, by, may.can_change_settings)
    compare(expected, partnership, SHOWN)
    fields = {
        "visibility": visibility,
        "join_policy": join_policy,
        "case_number": case_number,
        "title": title,
        "summary": summary,
        "may_withhold_names": may_withhold_names,
    }
    changed = sorted(
        name for name, value in fields.items() if value is not None and getattr(partnership, name) != value
    )
    for name in changed:
        setattr(partnership, name, fields[name])
    if changed:
        partnership.save(update_fields=changed)
        if not partnership.is_public:
            end_following(partnership=partnership)
        remember(partnership, "partnership.changed", by=by, at=at, fields=changed)
    return partnership
