"""The plan: steps, owners from both sides, reports, and what is measured."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from partnerships.actions.commitments import accept_commitment, decline_commitment
from partnerships.models import Commitment, Partnership
from partnerships.stages import Stage
from problems.models import Indicator
from solutions import actions
from solutions.models import Measurement, Ownership, Step, StepReport
from tests.cast import enter, make_cast
from tests.solutions.story import answer, asked, in_days

pytestmark = pytest.mark.django_db
EVERYONE = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")
State = Commitment.State


def page(cast, name="implementation", *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def plan(cast, what="Buy a machine", *, by=None, days=30):
    return actions.plan_step(
        partnership=cast.partnership,
        what=what,
        due_on=in_days(days).date(),
        by=by or cast.convener,
        at=timezone.now(),
    )


def own(cast, step, who):
    """A member takes the step on and the convener takes the offer; or is asked and accepts."""
    if who == cast.convener:
        return accept_commitment(commitment=_ask(cast, step, who), by=who, at=timezone.now())
    ownership = actions.own_step(step=step, by=who, at=timezone.now())
    return accept_commitment(commitment=ownership.commitment, by=cast.convener, at=timezone.now())


def _ask(cast, step, who):
    asked_for = actions.ask_owner(step=step, member=cast.member(who), by=cast.convener, at=timezone.now())
    return asked_for.commitment


def report(step, by, status="under_way", body="It goes well."):
    return actions.report_step(step=step, status=status, body=body, by=by, at=timezone.now())


def found(cast, deed, error=Refused):
    """Who may do the deed."""
    may = set()
    for name in EVERYONE:
        try:
            deed(getattr(cast, name))
            may.add(name)
        except error:
            pass
    return may


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_plan_and_own_and_ask_when(stage):
    cast = make_cast(stage=Stage.DESIGN)
    step = plan(cast)
    enter(cast.partnership, stage)
    opens = stage in (Stage.DESIGN, Stage.AUTHORIZE, Stage.IMPLEMENT)
    assert found(cast, lambda by: plan(cast, by=by)) == ({"convener"} if opens else set())
    owners = found(cast, lambda by: actions.own_step(step=step, by=by, at=timezone.now()))
    assert owners == ({"convener", "citizen", "official"} if opens else set())
    Ownership.objects.all().delete()
    askers = found(
        cast,
        lambda by: actions.ask_owner(step=step, member=cast.member(cast.citizen), by=by, at=timezone.now()),
    )
    assert askers == ({"convener"} if opens else set())


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_report_and_measure_when(stage):
    cast = make_cast(stage=Stage.DESIGN)
    step = plan(cast)
    own(cast, step, cast.citizen)
    indicator = Indicator.objects.create(partnership=cast.partnership, name="Smell", unit="days")
    enter(cast.partnership, stage)
    reporters = found(cast, lambda by: report(step, by))
    assert reporters == ({"convener", "citizen"} if stage in (Stage.IMPLEMENT, Stage.EVALUATE) else set())
    measurers = found(
        cast,
        lambda by: actions.measure(
            indicator=indicator,
            measured_on=timezone.localdate(),
            value=Decimal("3"),
            source="Log",
            by=by,
            at=timezone.now(),
        ),
    )
    opens = stage in (Stage.IMPLEMENT, Stage.EVALUATE, Stage.CLOSED)
    assert measurers == ({"convener", "citizen", "official"} if opens else set())


def test_each_ownership_is_a_commitment_accepted_in_person():
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast)
    commitment = _ask(cast, step, cast.citizen)
    assert (commitment.kind, commitment.state) == ("task", State.ASKED)
    assert commitment.what == "Step 1: Buy a machine"
    assert not step.is_owned_by(cast.member(cast.citizen))
    with pytest.raises(Refused):
        accept_commitment(commitment=commitment, by=cast.convener, at=timezone.now())
    accept_commitment(commitment=commitment, by=cast.citizen, at=timezone.now())
    assert step.is_owned_by(cast.member(cast.citizen))


def test_nobody_has_two_parts_in_a_step_and_a_no_makes_room():
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast)
    commitment = _ask(cast, step, cast.citizen)
    with pytest.raises(Conflict):
        _ask(cast, step, cast.citizen)
    with pytest.raises(Refused):
        actions.own_step(step=step, by=cast.citizen, at=timezone.now())
    decline_commitment(commitment=commitment, by=cast.citizen, at=timezone.now())
    assert actions.own_step(step=step, by=cast.citizen, at=timezone.now())


def test_done_keeps_the_promises_that_the_reporter_may_settle():
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast)
    for who in (cast.citizen, cast.official):
        own(cast, step, who)
    report(step, cast.citizen, "done")
    states = dict(Commitment.objects.values_list("member__person__name", "state"))
    assert states == {"Bo Citizen": State.KEPT, "Inge Official": State.ACCEPTED}
    report(step, cast.convener, "done")
    assert set(Commitment.objects.values_list("state", flat=True)) == {State.KEPT}


def test_planning_owning_and_reporting_through_the_pages(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    client.force_login(cast.convener)
    assert "The plan is empty" in client.get(page(cast)).content.decode()
    due = in_days(30).date().isoformat()
    answered = client.post(page(cast, "plan_step"), {"what": "Buy a machine", "due_on": due})
    step = Step.objects.get()
    assert answered.url == page(cast, "step", step.pk)
    client.post(page(cast, "ask_owner", step.pk), {"member": cast.member(cast.official).pk})
    client.force_login(cast.official)
    html = client.get(page(cast, "step", step.pk)).content.decode()
    assert "Yes, I take it on" in html
    commitment = Commitment.objects.get()
    client.post(reverse("accept_commitment", args=[cast.partnership.slug, commitment.pk]))
    client.force_login(cast.citizen)
    client.post(page(cast, "own_step", step.pk))
    assert "Only the public side owns steps so far." in client.get(page(cast)).content.decode()
    client.force_login(cast.convener)
    offer = Commitment.objects.get(member=cast.member(cast.citizen))
    assert "Take the offer" in client.get(page(cast, "step", step.pk)).content.decode()
    client.post(reverse("accept_commitment", args=[cast.partnership.slug, offer.pk]))
    html = client.get(page(cast)).content.decode()
    assert "Both sides own steps. Owners: 1 from the public side, 1 from the others." in html
    client.force_login(cast.citizen)
    answered = client.post(
        page(cast, "report_step", step.pk), {"status": "delayed", "body": "The **dealer** is late."}
    )
    assert answered.status_code == 302
    html = client.get(page(cast, "step", step.pk)).content.decode()
    assert "The <strong>dealer</strong> is late." in html
    assert "Delayed" in client.get(page(cast)).content.decode()


def test_who_leads_alone_takes_their_own_offer_on_the_page_of_the_step(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast)
    client.force_login(cast.convener)
    client.post(page(cast, "own_step", step.pk))
    accept = reverse("accept_commitment", args=[cast.partnership.slug, Commitment.objects.get().pk])
    assert accept in client.get(page(cast, "step", step.pk)).content.decode()
    cast.partnership.members.filter(person=cast.official).update(role="facilitator")
    assert accept not in client.get(page(cast, "step", step.pk)).content.decode()


def test_overdue_is_marked_until_it_is_done(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast, days=-3)
    assert "Overdue" in client.get(page(cast)).content.decode()
    report(step, cast.convener, "done")
    assert "Overdue" not in client.get(page(cast)).content.decode()


def test_moving_a_day_keeps_the_old_one_in_the_record(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast)
    client.force_login(cast.convener)
    later = in_days(60).date()
    answered = client.post(
        page(cast, "change_step", step.pk), {"what": "Buy two machines", "due_on": later.isoformat()}
    )
    assert answered.status_code == 302
    entry = Entry.objects.get(verb="step.changed")
    assert (entry.ids["due_before"], entry.ids["due_after"]) == (step.due_on.isoformat(), later.isoformat())
    step.refresh_from_db()
    assert (step.what, step.due_on) == ("Buy two machines", later)


def test_the_words_of_a_condition_stay_the_bodys(client):
    cast = asked()
    answer(cast, "conditional", conditions="A budget by June")
    step = Step.objects.get()
    client.force_login(cast.convener)
    assert "Condition of Solrød Council" in client.get(page(cast)).content.decode()
    later = (step.due_on + datetime.timedelta(days=9)).isoformat()
    client.post(page(cast, "change_step", step.pk), {"what": "Nothing at all", "due_on": later})
    step.refresh_from_db()
    assert step.what == "A budget by June"
    assert step.due_on.isoformat() == later


def test_two_sources_may_disagree_and_both_stay(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    indicator = Indicator.objects.create(
        partnership=cast.partnership, name="Smelly days", unit="days", baseline=60, target=Decimal("10.5")
    )
    client.force_login(cast.citizen)
    today = timezone.localdate().isoformat()
    for value, source in (("12.5", "Harbour log"), ("40", "Residents' diary")):
        typed = {"measured_on": today, "value": value, "source": source, "note": ""}
        assert client.post(page(cast, "measure", indicator.pk), typed).status_code == 302
    html = client.get(page(cast)).content.decode()
    for words in ("60", "10.5", "12.5", "Harbour log", "40", "Residents&#x27; diary"):
        assert words in html


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("plan_step", {"what": "x" * 301, "due_on": "2030-01-01"}, "x" * 301),
        ("plan_step", {"what": "Typed words", "due_on": "someday"}, "Typed words"),
        ("report_step", {"status": "fine", "body": "Typed words"}, "Typed words"),
        ("ask_owner", {"member": "4f6a8bd6-0000-4000-8000-000000000000"}, "Select a valid choice"),
        ("measure", {"measured_on": "2999-01-01", "value": "1", "source": "Typed"}, "Typed"),
        ("measure", {"measured_on": "2026-01-01", "value": "many", "source": "Typed"}, "Typed"),
    ],
)
def test_bad_input_keeps_what_was_typed(client, name, typed, kept):
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast)
    indicator = Indicator.objects.create(partnership=cast.partnership, name="Smell", unit="days")
    about = {"plan_step": [], "measure": [indicator.pk]}.get(name, [step.pk])
    client.force_login(cast.convener)
    answered = client.post(page(cast, name, *about), typed)
    assert answered.status_code == 422
    assert kept in answered.content.decode()
    assert (Step.objects.count(), StepReport.objects.count()) == (1, 0)
    assert (Ownership.objects.count(), Measurement.objects.count()) == (0, 0)


def test_html_is_text(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    evil = "<script>alert(1)</script><img src=x onerror=y>"
    step = plan(cast, evil)
    own(cast, step, cast.citizen)
    report(step, cast.citizen, body=evil)
    Indicator.objects.create(partnership=cast.partnership, name=evil, unit=evil)
    for path in (page(cast), page(cast, "step", step.pk)):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_a_hidden_partnership_does_not_exist_for_outsiders(client):
    cast = make_cast(stage=Stage.IMPLEMENT, visibility=Partnership.Visibility.HIDDEN)
    step = plan(cast)
    for who, status in ((None, 404), (cast.outsider, 404), (cast.citizen, 200), (cast.case_officer, 200)):
        client.logout()
        if who:
            client.force_login(who)
        assert client.get(page(cast)).status_code == status
        assert client.get(page(cast, "step", step.pk)).status_code == status


def test_a_step_of_another_partnership_is_not_found(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast)
    other = Partnership.objects.create(
        slug="other", platform=cast.platform, title="Other", summary="Other", stage=Stage.IMPLEMENT
    )
    Step.objects.filter(pk=step.pk).update(partnership=other)
    client.force_login(cast.convener)
    assert client.get(page(cast, "step", step.pk)).status_code == 404
    assert client.post(page(cast, "own_step", step.pk)).status_code == 404


def test_the_pages_cost_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast(stage=Stage.IMPLEMENT)
    step = plan(cast)
    own(cast, step, cast.citizen)
    report(step, cast.citizen)
    indicator = Indicator.objects.create(partnership=cast.partnership, name="Smell", unit="days")
    client.force_login(cast.convener)
    paths = [page(cast), page(cast, "step", step.pk)]

    def measured(value):
        actions.measure(
            indicator=indicator,
            measured_on=timezone.localdate(),
            value=Decimal(value),
            source="Log",
            by=cast.citizen,
            at=timezone.now(),
        )

    def cost(path):
        with django_assert_max_num_queries(12) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    measured("1")
    few = [cost(path) for path in paths]
    for number in range(10):
        own(cast, plan(cast, f"Step {number}"), cast.official)
        report(step, cast.citizen, body=f"Report {number}")
        measured(number)
    own(cast, step, cast.official)
    assert [cost(path) for path in paths] == few
