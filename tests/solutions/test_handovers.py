"""A task that was public before: who says so, what it lacks, and what the gate makes of it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cocreate.stages import gate
from journal.models import Entry
from partnerships.models import Commitment, Member
from partnerships.stages import Stage
from solutions import actions
from solutions.handovers import SUPPORT_MARGIN, SUPPORTED, receivers
from solutions.models import Handover, Ownership, Step, StepReport
from tests.cast import join, make_cast, who_may

pytestmark = pytest.mark.django_db


def make(stage=Stage.IMPLEMENT):
    """The cast, a facilitator, and a step that the resident owns."""
    cast = make_cast(stage=stage)
    join(cast.partnership, cast.politician, role=Member.Role.FACILITATOR, side="public", sector="political")
    return cast, step_of(cast, cast.citizen)


def step_of(cast, who, state="accepted"):
    facts = {"partnership": cast.partnership, "created_by": cast.convener}
    number = Step.objects.count() + 1
    step = Step.objects.create(number=number, what="Run the library", due_on=timezone.localdate(), **facts)
    commitment = Commitment.objects.create(
        member=cast.member(who), kind="task", what="Run", state=state, accepted_at=timezone.now(), **facts
    )
    Ownership.objects.create(step=step, commitment=commitment)
    return step


def mark(
    cast, step, by=None, needed="100", supplied="100", accountable=True, unit="hours", why="It was ours."
):
    return actions.mark_handover(
        step=step,
        needed=needed and Decimal(needed),
        supplied=supplied and Decimal(supplied),
        unit=unit,
        accountable=cast.municipality if accountable else None,
        why=why,
        by=by or cast.convener,
        at=timezone.now(),
    )


def criterion(cast):
    return next(one for one in gate(cast.partnership).criteria if one.key == SUPPORTED)


# --- what it lacks -------------------------------------------------------------------------------------------------

MATRIX = [  # needed, supplied, accountable, state of the commitment -> what is missing
    ("100", "100", True, "accepted", []),
    ("100", "80", True, "accepted", []),
    ("100", "79.99", True, "accepted", ["covers 79 %"]),
    ("100", "62", True, "kept", ["covers 62 %"]),
    ("100", "0", True, "renegotiated", ["covers 0 %"]),
    ("100", "150", True, "accepted", []),
    (None, None, True, "accepted", ["it is not said what it needs and what is supplied"]),
    ("100", None, True, "accepted", ["it is not said what it needs and what is supplied"]),
    ("100", "100", True, "asked", ["whoever is to take it over has not said yes"]),
    ("100", "100", False, "accepted", ["no public body answers for it"]),
    (
        "100",
        "10",
        False,
        "asked",
        ["covers 10 %", "whoever is to take it over has not said yes", "no public body answers for it"],
    ),
    ("100", "10", False, "offered", None),  # nobody has it yet
    ("100", "10", False, "declined", None),
    ("100", "10", False, "withdrawn", None),
]


@pytest.mark.parametrize(("needed", "supplied", "accountable", "state", "gaps"), MATRIX)
def test_what_a_handed_over_task_lacks(needed, supplied, accountable, state, gaps):
    cast, step = make()
    mark(cast, step, needed=needed, supplied=supplied, accountable=accountable)
    Commitment.objects.update(state=state)
    found = criterion(cast)
    assert (found.met, found.hard, found.together) == (not gaps, True, True)
    if gaps:
        told = f"Tasks moved without enough support: “Run the library”: {', '.join(gaps)}."
        assert found.detail == told
    else:
        covered = gaps is not None
        assert ("covers at least" in found.detail) == covered
    assert SUPPORT_MARGIN.default == 80


def test_a_task_that_stays_with_the_public_side_or_is_stopped_is_not_handed_over():
    cast = make_cast(stage=Stage.IMPLEMENT)
    ours = step_of(cast, cast.official)
    mark(cast, ours, needed="100", supplied="1", accountable=False)
    assert criterion(cast).met
    theirs = step_of(cast, cast.citizen)
    mark(cast, theirs, needed="100", supplied="1")
    assert not criterion(cast).met
    StepReport.objects.create(step=theirs, member=cast.member(cast.citizen), status="stopped", body="x")
    assert criterion(cast).met
    StepReport.objects.create(step=theirs, member=cast.member(cast.citizen), status="under_way", body="x")
    assert not criterion(cast).met
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    assert criterion(cast).met


def test_a_step_that_nobody_said_was_public_before_raises_nothing():
    cast, _step = make()
    assert criterion(cast).met
    assert receivers(cast.partnership) == set()


# --- who says so ---------------------------------------------------------------------------------------------------


def test_who_keeps_the_plan_says_it_and_outside_the_public_side_one_contests():
    cast, step = make()
    assert who_may(cast, lambda by: mark(cast, step, by)) == {"convener", "politician", "citizen"}
    for who, contested, verb in (
        (cast.convener, False, "handover.marked"),
        (cast.citizen, True, "handover.contested"),
    ):
        made = mark(cast, step, who)
        assert (made.contested, made.marked_by) == (contested, who)
        assert Entry.objects.filter(verb=verb).count() == 1
        made.delete()


def test_what_is_contested_nobody_takes_back_for_them():
    cast, step = make()

    def withdraw(by):
        actions.withdraw_handover(handover=Handover.objects.get(), by=by, at=timezone.now())

    mark(cast, step, cast.citizen, why="We ran it.")
    assert who_may(cast, withdraw) == {"citizen"}
    mark(
        cast, step, cast.convener, supplied="90", why="It was nobody's."
    )  # facts are corrected by both, and it stays contested
    kept = Handover.objects.get()
    assert (kept.contested, kept.marked_by, kept.why, kept.supplied) == (True, cast.citizen, "We ran it.", 90)
    mark(cast, step, cast.citizen, why="We ran it for years.")
    assert Handover.objects.get().why == "We ran it for years."
    withdraw(cast.citizen)
    mark(cast, step, cast.convener)
    assert who_may(cast, withdraw) == {"convener", "politician"}


def test_who_corrects_the_numbers_of_a_contest_reads_why_and_cannot_rewrite_it(client):
    cast, step = make()
    mark(cast, step, cast.citizen, why="We ran it.")
    client.force_login(cast.convener)
    html = words(client.get(page("mark_handover", cast, step)))
    assert "Only the person who said this can change why." in html
    typed = {"why": "It was nobody's.", "needed": "100", "supplied": "90", "unit": "hours", "accountable": ""}
    answer = client.post(page("mark_handover", cast, step), typed, follow=True)
    assert "Only the person who said this can change why." in words(answer)
    kept = Handover.objects.get()
    assert (kept.why, kept.supplied) == ("We ran it.", 90)


def test_another_owner_from_the_public_side_corrects_facts_and_an_outsider_none():
    cast, step = make()
    mark(cast, step)
    assert who_may(cast, lambda by: mark(cast, step, by)) == {"convener", "politician", "citizen"}
    Ownership.objects.filter(step=step).delete()
    other = step_of(cast, cast.official)
    mark(cast, other)
    assert who_may(cast, lambda by: mark(cast, other, by)) == {
        "convener",
        "politician",
        "citizen",
        "official",
    }


def test_only_a_public_body_answers_for_it_and_numbers_make_sense():
    cast, step = make()
    club = type(cast.municipality).objects.create(name="Boat club", sector="civil_society", side="non_public")
    cast.municipality = club
    with pytest.raises(ValidationError):
        mark(cast, step)
    facts = {"step": step, "why": "x", "marked_by": cast.convener, "marked_at": timezone.now()}
    for wrong in ({"needed": 0, "unit": "h"}, {"needed": 1}, {"supplied": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.create(**facts, **wrong)


# --- the pages -----------------------------------------------------------------------------------------------------


def page(name, cast, step):
    return reverse(name, args=[cast.partnership.slug, step.pk])


def words(answer):
    return " ".join(answer.content.decode().split())


def test_the_step_says_in_plain_words_how_much_is_covered(client):
    cast, step = make()
    client.force_login(cast.citizen)
    assert "Yes, it was: say what it needs" in words(client.get(page("step", cast, step)))
    typed = {"why": "The library <i>was</i> staffed.", "needed": "1000", "supplied": "-1"}
    typed |= {"unit": "", "accountable": ""}
    answer = client.post(page("mark_handover", cast, step), typed)
    assert answer.status_code == 422
    html = words(answer)
    for part in ("Type nothing less than 0.", "Type what it is counted in.", "&lt;i&gt;was&lt;/i&gt;"):
        assert part in html
    typed |= {"supplied": "620", "unit": "hours a year", "accountable": cast.municipality.pk}
    assert client.post(page("mark_handover", cast, step), typed).status_code == 302
    client.logout()
    html = words(client.get(page("step", cast, step)))
    for part in ("Moved without enough support", "covers 62 %", "1,000 hours a year", "Yes, says Bo Citizen"):
        assert part in html
    html = words(client.get(reverse("stages", args=[cast.partnership.slug])))
    assert "Tasks moved without enough support: “Run the library”: covers 62 %." in html
    client.force_login(cast.official)
    assert client.get(page("mark_handover", cast, step)).status_code == 403
    assert client.post(page("withdraw_handover", cast, step)).status_code == 403


def test_the_gate_asks_once_however_many_tasks_were_handed_over(django_assert_num_queries):
    cast, step = make()
    mark(cast, step)
    arena = type(cast.partnership).objects.select_related("mandate").get()
    with django_assert_num_queries(2):
        gate(arena)
    for _more in range(5):
        mark(cast, step_of(cast, cast.citizen))
    with django_assert_num_queries(2):
        gate(arena)
