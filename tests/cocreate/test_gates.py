"""Gates: each criterion is judged from records, and from nothing else."""

import datetime

import pytest
from django.utils import timezone

from actors.models import Sector, Side
from cocreate.stages import gate
from partnerships.models import (
    Citation,
    Commitment,
    Contribution,
    Mandate,
    Member,
    Response,
    Revision,
    Text,
    Waiver,
)
from partnerships.stages import Stage
from problems.models import Definition, Indicator
from solutions.models import (
    Authorization,
    AuthorizationRequest,
    Measurement,
    Ownership,
    Proposal,
    Step,
    StepReport,
    ValueProposition,
)
from tests.cast import enter, make_cast

pytestmark = pytest.mark.django_db


def judged(cast):
    """{key: met} of the gate as it is now."""
    cast.partnership.refresh_from_db()
    return {one.key: one.met for one in gate(cast.partnership).criteria}


def hard(cast):
    return {one.key for one in gate(cast.partnership).criteria if one.hard}


def text(cast, kind, title="A text", *, adopted=False, body=None):
    """A text with one revision, adopted or not."""
    made = Text.objects.create(partnership=cast.partnership, kind=kind, title=title)
    revision = revise(made, body or {"what": "Words"})
    if adopted:
        Text.objects.filter(pk=made.pk).update(adopted_revision=revision)
    return made


def revise(made, body):
    number = made.revisions.count() + 1
    return Revision.objects.create(text=made, number=number, body=body, digest=f"{number:064d}")


def say(cast, kind="experience", **fields):
    return Contribution.objects.create(
        partnership=cast.partnership, member=cast.member(cast.citizen), kind=kind, body="Words", **fields
    )


def test_the_table_of_criteria():
    """Which criteria each stage has, and which of them nobody can waive."""
    table, cast = {}, make_cast()
    for stage in Stage:
        enter(cast.partnership, stage)
        table[stage.value] = (set(judged(cast)), hard(cast))
    assert table == {
        "initiate": (
            {
                *("sponsor", "promise_asked", "interdependence", "names_no_solution"),
                *("incentives", "readiness"),
            },
            {"sponsor", "promise_asked"},
        ),
        "convene": (
            {"both_sides", "groups_seated", "tasks_held", "leaderships_held", "charter"},
            {"both_sides"},
        ),
        "define": (
            {
                *("promise", "problem_adopted", "cites_evidence", "cites_experience", "disputes_heard"),
                "indicator",
            },
            {"promise", "problem_adopted"},
        ),
        "design": (
            {"answers", "options_weighed", "proposal_adopted", "value_corners"},
            {"proposal_adopted", "value_corners"},
        ),
        "authorize": ({"authorized"}, {"authorized"}),
        "implement": ({"both_delivered", "steps_done", "handovers_supported"}, {"handovers_supported"}),
        "evaluate": ({"indicators_measured"}, set()),
        "closed": (set(), set()),
    }


def test_initiate():
    cast = make_cast(stage=Stage.INITIATE)
    assert judged(cast) == {
        "sponsor": True,
        "promise_asked": False,
        "interdependence": False,
        "names_no_solution": False,
        "incentives": False,
        "readiness": False,
    }
    Mandate.objects.update(
        promise_state="asked",
        promise_kind="consider_and_reply",
        interdependence="The town has the beach, the farmers the plant.",
        names_no_solution=True,
        sponsor=None,
        incentives={"citizens": "Clean air", "private": "Gas", "public": " "},
        readiness={"open": "yes", "heard": "no", "time": "yes", "support": "unsure", "end": "yes"},
    )
    assert judged(cast) == {
        "sponsor": False,
        "promise_asked": True,
        "interdependence": True,
        "names_no_solution": True,
        "incentives": True,
        "readiness": True,
    }
    Mandate.objects.update(incentives={"citizens": "Clean air", "public": " "}, readiness={"open": "yes"})
    assert (judged(cast)["incentives"], judged(cast)["readiness"]) == (False, False)


REST = {"groups_seated": False, "tasks_held": False, "leaderships_held": False}


def test_convene_counts_those_with_a_say_on_each_side():
    cast = make_cast(stage=Stage.CONVENE)
    assert judged(cast) == {"both_sides": True, "charter": False} | REST
    text(cast, Text.Kind.CHARTER, adopted=True)
    assert judged(cast) == {"both_sides": True, "charter": True} | REST
    # The observer is left on the non-public side: observing is not taking part.
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    assert judged(cast) == {"both_sides": False, "charter": True} | REST
    Member.objects.filter(person=cast.citizen).update(left_at=None, side=Side.PUBLIC, sector=Sector.PUBLIC)
    assert judged(cast) == {"both_sides": False, "charter": True} | REST


def test_define_takes_an_adopted_text_that_cites_evidence_and_experience():
    cast = make_cast()
    nothing = dict.fromkeys(
        ("promise", "problem_adopted", "cites_evidence", "cites_experience", "disputes_heard", "indicator"),
        False,
    )
    assert judged(cast) == nothing
    made = text(cast, Text.Kind.PROBLEM, body={"dispute": "Whether it smells."})
    Definition.objects.create(text=made, partnership=cast.partnership)
    first = made.revisions.get()
    for kind in ("evidence", "experience"):
        Citation.objects.create(revision=first, contribution=say(cast, kind))
    Indicator.objects.create(partnership=cast.partnership, name="Smell", unit="days")
    assert judged(cast) == nothing
    Text.objects.update(adopted_revision=first)
    Indicator.objects.update(baseline=40)
    Mandate.objects.update(
        promise_state="declined", promise_kind="advice_only", promise_by="Council", promise_minute="3"
    )
    assert judged(cast) == dict.fromkeys(nothing, True)
    Contribution.objects.filter(kind="evidence").update(hidden_at=timezone.now(), hidden_reason="x")
    assert judged(cast)["cites_evidence"] is False
    Text.objects.update(adopted_revision=revise(made, {"what": "Other words"}))
    assert judged(cast)["cites_experience"] is False


def test_design_takes_options_a_choice_answers_and_three_corners():
    cast = make_cast(stage=Stage.DESIGN)
    # Nobody waits for an answer yet.
    assert judged(cast) == {
        "answers": True,
        "options_weighed": False,
        "proposal_adopted": False,
        "value_corners": False,
    }
    waiting = [say(cast, wants_answer=True) for _number in range(10)]
    proposals = [text(cast, Text.Kind.PROPOSAL, f"Option {number}") for number in range(2)]
    rows = [
        Proposal.objects.create(text=one, partnership=cast.partnership, novelty="new_here")
        for one in proposals
    ]
    assert judged(cast)["answers"] is False
    for one in waiting[:8]:
        Response.objects.create(
            contribution=one, outcome="adopted", reason="x", by=cast.convener, at=timezone.now()
        )
    assert judged(cast)["answers"] is False
    Response.objects.create(
        contribution=waiting[8], outcome="partly", reason="x", by=cast.convener, at=timezone.now()
    )
    assert judged(cast) == {
        "answers": True,
        "options_weighed": True,
        "proposal_adopted": False,
        "value_corners": False,
    }
    Text.objects.filter(pk=proposals[0].pk).update(adopted_revision=proposals[0].revisions.get())
    corners = {"value": "A", "legitimacy": "B", "capacity": "  "}
    value = text(cast, Text.Kind.VALUE, body=corners)
    ValueProposition.objects.create(text=value, partnership=cast.partnership, proposal=rows[0])
    assert judged(cast)["value_corners"] is False
    revise(value, corners | {"capacity": "C"})
    assert set(judged(cast).values()) == {True}
    # What counts is the latest revision.
    revise(value, {"value": "A"})
    assert judged(cast)["value_corners"] is False


def asked(cast, revision):
    """The council is asked about a revision."""
    return AuthorizationRequest.objects.create(
        partnership=cast.partnership,
        revision=revision,
        digest=revision.digest,
        body=cast.council,
        meeting_on=timezone.localdate(),
        asked_by=cast.convener,
    )


def authorization(cast, revision, outcome="granted", **fields):
    return Authorization.objects.create(
        request=asked(cast, revision),
        outcome=outcome,
        decided_on=timezone.localdate(),
        item="7",
        vote_detail="none",
        entered_by=cast.secretary,
        **fields,
    )


def value_proposition(cast):
    """A value proposition with one revision."""
    proposal = text(cast, Text.Kind.PROPOSAL, adopted=True)
    row = Proposal.objects.create(text=proposal, partnership=cast.partnership, novelty="adapted")
    value = text(cast, Text.Kind.VALUE, body={"value": "A"})
    ValueProposition.objects.create(text=value, partnership=cast.partnership, proposal=row)
    return value


@pytest.mark.parametrize(
    ("outcome", "fields", "met"),
    [
        ("granted", {}, True),
        ("conditional", {"conditions": "Within the budget"}, True),
        ("returned", {}, False),
        ("refused", {}, False),
        ("postponed", {}, False),
        ("granted", {"expires_on": datetime.date(2001, 1, 1)}, False),
        ("granted", {"expires_on": datetime.date(2099, 1, 1)}, True),
    ],
)
def test_authorize_takes_a_yes_that_has_not_run_out(outcome, fields, met):
    cast = make_cast(stage=Stage.AUTHORIZE)
    value = value_proposition(cast)
    assert judged(cast) == {"authorized": False}
    authorization(cast, value.revisions.get(), outcome, **fields)
    assert judged(cast) == {"authorized": met}
    # A newer revision is never carried by an older yes.
    revise(value, {"value": "B"})
    assert judged(cast) == {"authorized": False}


def test_authorize_says_whether_to_ask_or_to_wait():
    cast = make_cast(stage=Stage.AUTHORIZE)
    value = value_proposition(cast)

    def advice():
        (criterion,) = gate(cast.partnership).criteria
        return criterion.detail

    assert advice().startswith("Ask the body that decides")
    request = asked(cast, value.revisions.get())
    assert advice().startswith(f"{cast.council.name} has been asked and meets on ")
    request.postponed_at = timezone.now()
    request.save()
    assert advice().startswith("Ask the body that decides")
    asked(cast, value.revisions.get())
    revise(value, {"value": "B"})
    assert advice().startswith("Ask the body that decides")


def test_implement_takes_steps_and_something_kept_on_both_sides():
    cast = make_cast(stage=Stage.IMPLEMENT)

    def judged_as(delivered, done):
        return {"both_delivered": delivered, "steps_done": done, "handovers_supported": True}

    assert judged(cast) == judged_as(False, False)

    def owned(number, state, who):
        step = Step.objects.create(
            partnership=cast.partnership,
            number=number,
            what="Build",
            due_on=timezone.localdate(),
            created_by=cast.convener,
        )
        commitment = Commitment.objects.create(
            partnership=cast.partnership,
            member=cast.member(who),
            kind="task",
            what="Build",
            state=state,
            accepted_at=timezone.now(),
            created_by=who,
        )
        Ownership.objects.create(step=step, commitment=commitment)
        return step

    done, moved = owned(1, "kept", cast.citizen), owned(2, "accepted", cast.official)
    for status in ("done", "under_way", "done"):
        StepReport.objects.create(step=done, member=cast.member(cast.citizen), status=status, body="x")
    assert judged(cast) == judged_as(False, False)
    Commitment.objects.filter(ownership__step=moved).update(state="renegotiated")
    assert judged(cast) == judged_as(False, True)
    Commitment.objects.filter(ownership__step=moved).update(state="kept")
    assert judged(cast) == judged_as(True, False)
    StepReport.objects.create(step=moved, member=cast.member(cast.official), status="done", body="x")
    assert judged(cast) == judged_as(True, True)
    StepReport.objects.create(step=done, member=cast.member(cast.citizen), status="delayed", body="x")
    assert judged(cast) == judged_as(True, False)


def test_evaluate_takes_a_measurement_of_every_indicator():
    cast = make_cast(stage=Stage.EVALUATE)
    assert judged(cast) == {"indicators_measured": False}
    rows = [
        Indicator.objects.create(partnership=cast.partnership, name=name, unit="days") for name in ("A", "B")
    ]
    for row, met in zip(rows, (False, True), strict=True):
        for value in (1, 2):
            Measurement.objects.create(
                indicator=row,
                measured_on=timezone.localdate(),
                value=value,
                source="x",
                entered_by=cast.convener,
            )
        assert judged(cast) == {"indicators_measured": met}


def test_a_waiver_opens_a_soft_criterion_of_its_visit_and_no_hard_one():
    cast = make_cast(stage=Stage.CONVENE)
    visit = cast.partnership.visits.get(left_at=None)
    before = cast.partnership.visits.get(number=1)

    def waive(where, key):
        Waiver.objects.create(visit=where, criterion=key, reason="x", by=cast.convener, at=timezone.now())

    for key in REST:
        waive(visit, key)
    waive(before, "charter")
    assert not gate(cast.partnership).passable
    waive(visit, "charter")
    assert gate(cast.partnership).passable
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    waive(visit, "both_sides")
    assert [one.key for one in gate(cast.partnership).open_criteria] == ["both_sides"]


def test_every_missing_criterion_says_what_to_do_and_who_can():
    cast = make_cast()
    Mandate.objects.update(sponsor=None)
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    for stage in Stage:
        enter(cast.partnership, stage)
        missing = [one for one in gate(cast.partnership).criteria if not one.met]
        assert [one.key for one in missing if not (one.detail and one.who and one.url_name)] == []
