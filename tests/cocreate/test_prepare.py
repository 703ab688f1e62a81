"""Prepare: a list of tasks to be left and taken up again, seen by nobody else, until the partnership is opened."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from cocreate import preparing
from notices.models import Notice
from partnerships import actions
from partnerships.models import Letter, Mandate, Meeting, Partnership
from partnerships.stages import Stage
from tests.cast import make_cast, who_may
from tests.partnerships.inviting import draft

pytestmark = pytest.mark.django_db


def page_of(name, *more):
    return reverse(name, args=["seaweed", *more])


@pytest.fixture
def cast():
    """A partnership in preparation: only its convener is in it."""
    made = make_cast(stage=Stage.INITIATE, begun_at=None)
    made.partnership.members.exclude(person=made.convener).delete()
    Mandate.objects.update(names_no_solution=False)
    return made


def ready(cast):
    """What no partnership begins without."""
    Mandate.objects.update(names_no_solution=True, promise_state="asked", promise_kind="adopt_or_explain")
    cast.partnership.refresh_from_db()


def states(client):
    """{task: (done, needed)} of the list."""
    tasks = client.get(page_of("prepare")).context["tasks"]
    return {task.name: (task.done, task.needed) for _heading, some in tasks for task in some}


def test_nobody_else_sees_what_is_being_prepared(client, cast):
    soon = timezone.now() + datetime.timedelta(days=2)
    Meeting.objects.create(
        partnership=cast.partnership,
        title="Secret start",
        starts_at=soon,
        ends_at=soon + datetime.timedelta(hours=1),
        place="Hall",
        called_by=cast.convener,
    )
    for who in (None, cast.citizen, cast.outsider, cast.politician):
        if who:
            client.force_login(who)
        for name in ("partnership", "people", "groups", "mandate", "prepare", "record", "stages"):
            assert client.get(page_of(name)).status_code in (
                (302, 404) if name == "prepare" and not who else (404,)
            )
        for path in (
            "/",
            "/partnerships/",
            "/partnerships/?q=seaweed",
            "/platforms/solrod/",
            "/api/v1/partnerships/",
        ):
            told = client.get(path).content.decode()
            assert "Seaweed on the beach" not in told
            assert "Secret start" not in told
    client.force_login(cast.case_officer)
    assert (
        client.get(page_of("mandate")).status_code == 200
    )  # who keeps the cases sees them from the first day
    assert client.get(page_of("prepare")).status_code == 403


def test_its_convener_is_led_to_the_list_and_can_take_it_up_again(client, cast):
    client.force_login(cast.convener)
    answer = client.get(page_of("partnership"))
    assert (answer.status_code, answer.url) == (302, page_of("prepare"))
    html = client.get(reverse("convene", args=["solrod"])).content.decode()
    assert "Go on where you stopped" in html
    assert page_of("partnership") in html


def test_each_task_is_done_on_its_own_page_and_leads_back(client, cast):
    client.force_login(cast.convener)
    assert states(client) == {
        "The question": (False, True),
        "Who stands behind it, and who can say yes": (True, True),
        "The promise": (False, True),
        "What each sector gains, and whether you are ready": (False, False),
        "Later interests": (False, False),
        "Groups and seats": (False, False),
        "What the invitation says": (False, False),
        "People to invite": (False, False),
        "The time": (False, False),
        "Who may read it, and who may join": (True, False),
    }
    assert (
        "Something is missing before it can begin: The question."
        in client.get(page_of("prepare")).content.decode()
    )
    change = page_of("change_mandate")
    typed = {"question": "Whose bay is it?", "solution_named": "no", "interdependence": "All own a part."}
    assert client.post(f"{change}?part=question", typed).url == page_of("partnership")
    typed = {"gain_citizens": "Clean air", "gain_private": "Gas", "ready_open": "yes", "ready_time": "unsure"}
    assert client.post(f"{change}?part=gains", typed).status_code == 302
    typed = {
        "later_interests": ["bid"],
        "safeguard": "All is published first.",
        "legal_seen_by": "Legal office",
    }
    assert client.post(f"{change}?part=interests", typed).status_code == 302
    typed = {"sponsor_name": "Solrød Municipality", "recipient_name": "Solrød Council"}
    assert client.post(f"{change}?part=backing", typed).status_code == 302
    assert client.post(page_of("ask_promise"), {"kind": "adopt_or_explain"}).status_code == 302
    plan = dict.fromkeys(list(Stage)[:-1], "20") | {"ends_on": "2027-12-01"}
    assert client.post(page_of("plan_stages"), plan).status_code == 302
    typed = {"opening": "Come and help.", "asks": "Four evenings.", "support": ["childcare"]}
    assert client.post(page_of("write_letter"), typed).status_code == 302
    actions.groups.add_group(
        partnership=cast.partnership, name="Families", affectedness=3, relevance=1, seats=1,
        by=cast.convener, at=timezone.now(),
    )  # fmt: skip
    draft(cast, "maja@example.net")
    mandate = Mandate.objects.get()
    assert (mandate.question, mandate.interdependence) == ("Whose bay is it?", "All own a part.")
    assert (mandate.incentives, mandate.readiness) == (
        {"citizens": "Clean air", "private": "Gas"},
        {"open": "yes", "time": "unsure"},
    )
    assert (mandate.later_interests, mandate.safeguard) == (["bid"], "All is published first.")
    arena = Partnership.objects.get()
    assert arena.lengths == {stage.value: 20 for stage in list(Stage)[:-1]}
    assert {done for done, _needed in states(client).values()} == {True}


def test_who_may_begin():
    made = make_cast(stage=Stage.INITIATE, begun_at=None)
    ready(made)

    def begins(who):
        preparing.begin(partnership=made.partnership, by=who, at=timezone.now())

    assert who_may(made, begins) == {"convener"}


def test_it_begins_when_nothing_needed_is_missing_and_goes_on_to_convening(client, cast):
    client.force_login(cast.convener)
    refused = client.post(page_of("begin"))
    assert refused.status_code == 403
    ready(cast)
    draft(cast, "maja@example.net")
    assert client.post(page_of("send_invitations")).status_code == 403  # not before it has begun
    assert not Notice.objects.filter(kind="invitation").exists()
    answer = client.post(page_of("begin"))
    assert (answer.status_code, answer.url) == (302, page_of("send_invitations"))
    arena = Partnership.objects.get()
    assert arena.begun_at is not None
    assert arena.stage == "initiate"  # its gate has soft criteria left: they are met or set aside in public
    client.logout()
    assert client.get(page_of("partnership")).status_code == 200
    client.force_login(cast.convener)
    assert client.post(page_of("send_invitations")).status_code == 302
    assert Notice.objects.filter(kind="invitation").count() == 1
    with pytest.raises(Refused, match="has begun already"):
        preparing.begin(partnership=arena, by=cast.convener, at=timezone.now())


def test_with_its_gate_open_it_begins_in_the_stage_of_convening(cast):
    ready(cast)
    Mandate.objects.update(
        interdependence="Each holds a part.",
        incentives={"citizens": "Air", "private": "Gas"},
        readiness=dict.fromkeys(("open", "heard", "time", "support", "end"), "yes"),
    )
    cast.partnership.refresh_from_db()
    preparing.begin(partnership=cast.partnership, by=cast.convener, at=timezone.now())
    assert Partnership.objects.get().stage == "convene"


@pytest.mark.parametrize(
    ("name", "query", "wrong", "sentence"),
    [
        (
            "change_mandate",
            "?part=question",
            {"question": "", "solution_named": "yes"},
            "leaves the answer open",
        ),
        ("change_mandate", "?part=backing", {"sponsor_name": ""}, "This field is required."),
        (
            "change_mandate",
            "?part=interests",
            {"later_interests": ["bribe"]},
            "bribe is not one of the available",
        ),
        ("change_mandate", "?part=gains", {"gain_citizens": "x" * 301}, "at most 300 characters"),
        ("plan_stages", "", {"initiate": "0"}, "greater than or equal to 1"),
        ("write_letter", "", {"support": ["money"], "opening": "Kept words"}, "Kept words"),
        ("write_letter", "?group=nothing&language=xx", {"asks": "y" * 1001}, "at most 1000 characters"),
    ],
)
def test_bad_input_is_said_and_kept(client, cast, name, query, wrong, sentence):
    client.force_login(cast.convener)
    before = Mandate.objects.values().get()
    answer = client.post(page_of(name) + query, wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Mandate.objects.values().get() == before
    assert not Letter.objects.exists()


def test_the_list_costs_few_queries_however_much_is_there(client, cast, django_assert_max_num_queries):
    client.force_login(cast.convener)
    draft(cast, *(f"p{n}@example.net" for n in range(30)))
    client.get(page_of("prepare"))
    with django_assert_max_num_queries(12):
        client.get(page_of("prepare"))
