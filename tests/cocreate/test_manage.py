"""The conveners' desk: the next best step, the gate, what waits, and moving on; and the stages for everyone."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    Contribution,
    ContributionReport,
    Invitation,
    JoinRequest,
    Mandate,
    Member,
    Partnership,
    StageVisit,
    Waiver,
)
from partnerships.settings import SETTINGS
from partnerships.stages import Stage
from tests.cast import join, make_cast, person

pytestmark = pytest.mark.django_db


def page(name, cast):
    return reverse(name, args=[cast.partnership.slug])


def text_of(answer):
    return " ".join(answer.content.decode().split())


def post(client, cast, name, **fields):
    return client.post(page(name, cast), fields)


def test_who_sees_the_desk(client):
    cast = make_cast()
    join(cast.partnership, person("Fie Facilitator"), role=Member.Role.FACILITATOR)
    seen = {}
    for name in ("convener", "citizen", "observer", "outsider", "case_officer"):
        client.force_login(getattr(cast, name))
        seen[name] = client.get(page("manage", cast)).status_code
    assert seen == {"convener": 200, "citizen": 403, "observer": 403, "outsider": 403, "case_officer": 200}
    client.logout()
    assert client.get(page("manage", cast)).status_code == 302


def test_hidden_is_404_and_the_stages_are_for_every_reader(client):
    cast = make_cast()
    assert client.get(page("stages", cast)).status_code == 200
    Partnership.objects.update(visibility="hidden")
    for name in ("manage", "stages"):
        client.force_login(cast.outsider)
        assert client.get(page(name, cast)).status_code == 404
        client.force_login(cast.convener)
        assert client.get(page(name, cast)).status_code == 200


def test_the_desk_names_the_next_best_step_and_who_can_do_it(client):
    cast = make_cast(stage=Stage.INITIATE)
    client.force_login(cast.convener)
    html = text_of(client.get(page("manage", cast)))
    links = [page(name, cast) for name in ("ask_promise", "change_mandate")]
    assert [html.count(f'href="{link}"') for link in links] == [2, 2]
    assert '<p class="co-lead">Ask the receiver what it will do with the result.</p>' in html
    assert "Who can do it: a convener." in html
    assert "1 of 6 criteria met or set aside" in html
    assert "Go on to “Convene”" not in html
    client.force_login(cast.citizen)
    everyone = text_of(client.get(page("stages", cast)))
    assert [everyone.count(f'href="{link}"') for link in links] == [0, 0]
    client.force_login(cast.convener)
    Mandate.objects.update(
        promise_state="asked",
        promise_kind="advice_only",
        interdependence="x",
        names_no_solution=True,
        incentives={"citizens": "Air", "private": "Gas"},
        readiness=dict.fromkeys(("open", "heard", "time", "support", "end"), "yes"),
    )
    html = text_of(client.get(page("manage", cast)))
    assert "Everything is in place: go on to “Convene”." in html
    assert "Go on to “Convene”" in html


def test_moving_on_through_the_page(client):
    cast = make_cast(stage=Stage.CONVENE)
    client.force_login(cast.convener)
    waived = ("charter", "groups_seated", "tasks_held", "leaderships_held")
    for key in waived:
        assert post(client, cast, "waive", key=key, expected="0", reason="We talk first.").status_code == 302
    answer = post(client, cast, "advance", to="define", expected="0", due_on="2031-05-01")
    assert (answer.status_code, answer.url) == (302, page("manage", cast))
    visit = StageVisit.objects.get(left_at=None)
    assert (visit.stage, str(visit.due_on)) == ("define", "2031-05-01")
    client.logout()
    html = text_of(client.get(page("stages", cast)))
    names = [str(SETTINGS[f"gate_{key}"].label) for key in waived]
    told = ", ".join(f"“{name}”" for name in names)
    assert f"{told}. Set aside by Karen Convener: We talk first." in html


def test_a_stale_form_is_409_and_says_where_it_is_now(client):
    cast = make_cast(stage=Stage.DESIGN)
    client.force_login(cast.convener)
    assert post(client, cast, "advance", to="define", expected="0", reason="One").status_code == 302
    answer = post(client, cast, "advance", to="convene", expected="0", reason="Two")
    assert answer.status_code == 409
    assert "it is in the stage “Define the problem” now" in answer.content.decode()
    assert Partnership.objects.get().stage == "define"


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("advance", {"to": "convene", "expected": "0", "due_on": "2031-05-01"}, "This field is required."),
        ("advance", {"to": "mars", "expected": "0", "reason": "Typed words"}, "Select a valid choice"),
        ("advance", {"to": "design", "expected": "0", "due_on": "31/12"}, "Enter a valid date."),
        ("advance", {"to": "convene", "expected": "x", "reason": "Typed words"}, "Enter a whole number."),
        ("advance", {"to": "closed", "expected": "0"}, "This field is required."),
        ("waive", {"key": "problem_adopted", "reason": "Typed words"}, "Select a valid choice"),
        ("waive", {"key": "indicator", "reason": ""}, "This field is required."),
        ("change_due", {"due_on": "2001-01-01"}, "This day has passed."),
        ("change_due", {"due_on": "tomorrow"}, "Enter a valid date."),
    ],
)
def test_bad_input_is_kept_and_explained(client, name, fields, sentence):
    cast = make_cast()
    client.force_login(cast.convener)
    answer = post(client, cast, name, **fields)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert fields.get("reason", "") in html
    assert Partnership.objects.get().stage == "define"
    assert not Waiver.objects.exists()


def test_a_closed_gate_is_refused_in_words(client):
    cast = make_cast()
    client.force_login(cast.convener)
    answer = post(client, cast, "advance", to="design", expected="0")
    assert answer.status_code == 403
    assert (
        "The promise is given, or everyone who is invited reads that there is none" in answer.content.decode()
    )
    client.force_login(cast.citizen)
    for name in ("advance", "waive", "change_due"):
        assert post(client, cast, name, to="convene", expected="0", reason="x").status_code == 403


def test_html_in_a_reason_is_text(client):
    cast = make_cast()
    client.force_login(cast.convener)
    post(client, cast, "advance", to="convene", expected="0", reason="<script>alert(1)</script>")
    html = client.get(page("stages", cast)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def fill(cast, number, start=0):
    """Invitations, questions, reports and requests to join, `number` of each."""
    member, now = cast.member(cast.citizen), timezone.now()
    for n in range(start, start + number):
        Invitation.objects.create(
            partnership=cast.partnership,
            number=n + 1,
            address=f"guest{n}@example.org",
            nonce="n",
            state=["sent", "seen", "expired"][n % 3],
            expires_at=now,
            invited_by=cast.convener,
        )
        said = Contribution.objects.create(
            partnership=cast.partnership, member=member, kind="question", body="?", wants_answer=True
        )
        ContributionReport.objects.create(contribution=said, by=cast.outsider, reason="x", at=now)
        JoinRequest.objects.create(partnership=cast.partnership, person=person(f"Guest{n} Extra"))


def test_what_waits_is_counted_for_this_partnership_only(client):
    cast = make_cast()
    other = Partnership.objects.create(slug="other", platform=cast.platform, title="Other", summary="x")
    fill(cast, 3)
    Invitation.objects.create(partnership=other, number=9, state="draft", nonce="n", invited_by=cast.convener)
    client.force_login(cast.convener)
    html = text_of(client.get(page("manage", cast)))
    assert "2 invitations are out and not answered." in html
    needs = [
        "3 people ask to join",
        "3 contributions are reported",
        "3 contributions wait for an answer",
        "2 invitations are not answered",
        "7 functions are carried by nobody",
    ]
    answer = client.get(page("manage", cast))
    assert [sentence for sentence, _url, _pressing in answer.context["needs"]] == needs
    assert [row.address for row in answer.context["unanswered"]] == [
        "guest0@example.org",
        "guest1@example.org",
    ]


def test_how_the_stage_is_doing_in_words(client):
    cast = make_cast(stage=Stage.INITIATE)
    client.force_login(cast.convener)
    lines = []
    for days, waiting in ((-2, True), (3, False), (None, False)):
        due_on = None if days is None else timezone.localdate() + datetime.timedelta(days=days)
        StageVisit.objects.filter(left_at=None).update(due_on=due_on)
        JoinRequest.objects.all().delete()
        if waiting:
            JoinRequest.objects.create(partnership=cast.partnership, person=cast.outsider)
        context = client.get(page("manage", cast)).context
        lines.append((context["health"][1], context["health_in_words"]))
    missing = "5 of 6 criteria are missing before the next stage."
    assert lines == [
        ("danger", f"The stage is overdue by 2 days. {missing}"),
        ("warning", f"The stage is due in 3 days. {missing}"),
        ("success", f"{missing} Nobody waits for an answer."),
    ]


@pytest.mark.parametrize("stage", list(Stage))
def test_the_desk_costs_the_same_with_few_and_with_many(client, stage, django_assert_max_num_queries):
    cast = make_cast(stage=stage)
    fill(cast, 1)
    client.force_login(cast.convener)
    counts = []
    for extra in (0, 15):
        fill(cast, extra, start=1)
        for name in ("manage", "stages"):
            with django_assert_max_num_queries(12) as queries:
                assert client.get(page(name, cast)).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
