"""The page of one decision: what this reader may see and do on it, and what came of it."""

import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce, JSONObject
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions.decisions import seats_at_closing, tallies
from ..forms.positions import PositionForm
from ..models import (
    Decision,
    EarlierPosition,
    Lengthening,
    Member,
    ObjectionAnswer,
    Position,
    Revision,
    Substitution,
    TextAuthor,
)
from ..models.decisions import SETTLED
from ..rules import decisions as may
from ..rules import rounds as may_round
from .arena import PageRows, open_arena, page_of, part_asked
from .texts import carrying, sides_of

OBJECT = Position.Choice.OBJECT
BY_OTHERS = ("member__person", "member__organization", "substitute__substitute__person")
MOST = 20  # objections to answer or of the round before, and changes of one position, that one page shows


def open_one(request, slug, pk):
    """(place, decision) for a page about one decision; what this reader may not see is 404."""
    place = open_arena(request, slug)
    latest = Revision.objects.filter(text=OuterRef("text")).order_by("-number").values("number")[:1]
    authors = TextAuthor.objects.filter(text=OuterRef("text"), member=place.member)
    longer = Lengthening.objects.filter(decision=OuterRef("pk")).order_by("at")
    times = {name: F(name) for name in ("was", "closes_at", "reason")}
    rows = Decision.objects.select_related("revision", "text", "reopening").annotate(
        latest_number=Subquery(latest),
        reader_writes=Exists(authors),
        longer=ArraySubquery(longer.values(fact=JSONObject(**times))),
        after=Subquery(_after().values(fact=JSONObject(pk="pk", round="round", closed_at="closed_at"))[:1]),
    )
    found = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    found.revision.text = found.text
    found.partnership = place.partnership
    return place, found


def _after():
    """The round that followed a decision about the same text."""
    rows = Decision.objects.binding().filter(text=OuterRef("text")).exclude(pk=OuterRef("pk"))
    rows = rows.exclude(outcome=Decision.Outcome.WITHDRAWN).annotate(begins=Coalesce("opened_at", "opens_at"))
    return rows.filter(begins__gte=OuterRef("closed_at")).order_by("begins")


def shown_names(place, people):
    """{person id: what the arena calls them} for those who are or were members here; one query."""
    members = Member.objects.filter(partnership=place.partnership, person__in=people)
    return {row.person_id: row.shown_name for row in members.select_related("person").order_by("joined_at")}


def decision_page(request, place, shown, *, form=None, seat_form=None, refusal=None, status=200):
    """The exact words, the question, the rule in plain words; your position, or what came of it."""
    at = timezone.now()
    may_answer = may_round.can_answer_objections(place, shown, is_author=shown.reader_writes)
    context = {"page": None, "objections": []}
    if shown.closed_at:
        context |= _result(request, place, shown)
    elif shown.is_open and place.member:
        context |= _mine(place, shown, at, may_answer, form, seat_form)
    before = _objections_before(shown) if shown.round > 1 and not shown.is_advisory else []
    names = _named(place, shown, [*(context["page"] or []), *context["objections"], *before])
    sides = sides_of(place, shown)[0] if shown.is_open and not shown.is_advisory else []
    waiting = sum(side.waiting for side in sides)
    cited, taken_up = carrying(shown)
    context |= {
        "place": place,
        "decision": shown,
        "text": shown.text,
        "cited": cited,
        "sides": sides,
        "waiting": waiting,
        "asked_by": names.get(shown.opened_by_id, ""),
        "taken_up": taken_up,
        "refusal": refusal,
        "typed": (form or seat_form)["reason"].value() if form or seat_form else "",
        "lengthenings": [_times(one) for one in shown.longer],
        "objections_before": before,
        "may_answer_objections": may_answer,
        "may_take_position": may.can_take_position(place, shown, at=at, latest_number=shown.latest_number),
        "may_close": may.can_close_decision(place, shown, at=at, waiting_for=waiting),
        "may_withdraw": may.can_withdraw_decision(place, shown),
        "may_lengthen": may_round.can_lengthen_decision(place, shown, at=at),
    }
    return render(request, "partnerships/decision.html", context, status=status)


def _times(one):
    moments = {name: datetime.datetime.fromisoformat(one[name]) for name in ("was", "closes_at")}
    return moments | {"reason": one["reason"]}


def _named(place, shown, positions):
    """Names of those who asked, wrote positions down and answered objections; each position gets its own."""
    answers = Prefetch("answers", ObjectionAnswer.objects.all(), to_attr="answered")
    prefetch_related_objects(positions, answers)
    people = {shown.opened_by_id, *(one.recorded_by_id for one in positions)}
    people |= {answer.by_id for one in positions for answer in one.answered}
    names = shown_names(place, people)
    for one in positions:
        one.recorder = names.get(one.recorded_by_id, "")
        for answer in one.answered:
            answer.who = names.get(answer.by_id, "")
        one.answer = next((answer for answer in one.answered if answer.objected_at == one.at), None)
    return names


def _objections_before(shown):
    """Objections of the round before this one: beside the new words, with what their members say now."""
    rounds = Decision.objects.binding().filter(
        text=shown.text_id, outcome__in=SETTLED, round=shown.round - 1, closed_at__lte=shown.begins
    )
    stayed = Q(member__left_at=None) | Q(member__left_at__gt=F("decision__closed_at"))
    last = rounds.order_by("-closed_at").values("pk")[:1]
    now = Position.objects.filter(decision=shown.pk, member=OuterRef("member")).values("choice")
    rows = Position.objects.filter(stayed, decision=Subquery(last), choice=OBJECT)
    rows = rows.select_related(*BY_OTHERS, "decision__revision").annotate(choice_now=Subquery(now))
    found = list(rows.order_by("at", "pk")[:MOST])
    for one in found:
        one.now = Position.Choice(one.choice_now).label if shown.closed_at and one.choice_now else ""
    return found


def _mine(place, shown, at, may_answer, form, seat_form):
    """This reader's position and the form for it, the seat for which they can answer, and objections to answer."""
    this_one = Q(decision=None) | Q(decision=shown)
    seat = Substitution.objects.covering(at).filter(this_one, substitute=place.member)
    seat = seat.select_related("member__person", "member__organization").first()
    wanted = Q(member=place.member) | Q(member__in=Member.objects.filter(seat_after__holder=place.member))
    wanted |= Q(member=seat.member) if seat else Q()
    if may_answer:
        waiting = Position.objects.counting(shown).unanswered().order_by("at", "pk")
        wanted |= Q(pk__in=waiting.values("pk")[:MOST])
    rows = Position.objects.filter(wanted, decision=shown).select_related(*BY_OTHERS).order_by("at", "pk")
    found = {one.member_id: one for one in rows}
    own, digest = found.get(place.member.pk), {"digest": shown.revision.digest}
    if own:
        prefetch_related_objects([own], _earlier())
    answer = found.get(seat.member_id) if seat else None
    if seat and (answer is None or answer.substitute_id):
        seat_form = seat_form or PositionForm(instance=answer, initial=digest, auto_id="seat_%s")
    left = [one for one in found.values() if one.member.left_at]
    to_answer = [one for one in found.values() if one.choice == OBJECT and not one.member.left_at]
    return {
        "own": own,
        "form": form or PositionForm(instance=own, initial=digest),
        "seat": seat,
        "seat_answer": answer,
        "seat_form": seat_form if seat else None,
        "predecessor": left[-1] if left and own is None else None,
        "objections": to_answer if may_answer else [],
    }


def _earlier():
    rows = EarlierPosition.objects.select_related("substitute__substitute__person")
    return Prefetch("earlier", rows.order_by("-replaced_at", "-pk")[:MOST], to_attr="before")


def _result(request, place, shown):
    """Who stood where, objections first, so that dissent is seen; what the sides add up to; and what came after."""
    counted, seats = tallies(shown), seats_at_closing(shown)
    start, stop = part_asked(request)
    rows = Position.objects.counting(shown).select_related(*BY_OTHERS).dissent_first()
    positions = list(rows[start:stop])
    if place.member:  # how somebody came to their position is for those who take part
        prefetch_related_objects(positions, _earlier())
    after = shown.after
    latest, under_way = (None if after else shown), (after if after and after["closed_at"] is None else None)
    return {
        "page": page_of(request, PageRows(sum(tally.answered for tally in counted), positions)),
        "tallies": [(tally, seats.get(tally.side, 0)) for tally in counted],
        "after": after,
        "may_reopen": may_round.can_reopen_decision(place, shown, latest=latest, open_decision=under_way),
    }
