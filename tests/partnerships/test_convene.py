"""Convene: one page begins a partnership; its mandate, the promise, and how it is shown."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Organization
from boundary.answer import Refused
from journal.models import Entry
from partnerships import actions
from partnerships.models import Mandate, Member, Partnership, StageVisit
from partnerships.stages import Stage
from tests.cast import enter, make_cast

pytestmark = pytest.mark.django_db

TYPED = {
    "question": "How can the harbour be for everyone?",
    "names_no_solution": "on",
    "title": "A harbour for everyone",
    "summary": "Who uses the harbour, and how.",
    "scope": "From the bridge to the pier.",
    "non_negotiables": "Ships must be able to turn: it is the law.",
    "interdependence": "The port owns the quay, the clubs know the water.",
    "sponsor_name": "Solrød Municipality",
    "sponsor_sector": "public",
    "recipient_name": "Port Board",
    "recipient_sector": "public",
    "promise_kind": "consider_and_reply",
    "visibility": "public",
    "join_policy": "open",
    "case_number": "27-2026-1",
    "due_on": "2027-01-15",
    "ends_on": "2027-12-01",
    "function": "Head of planning",
}


def convene_page(cast):
    return reverse("convene", args=[cast.platform.slug])


def test_one_page_begins_a_partnership(client):
    cast = make_cast()
    client.force_login(cast.convener)
    assert client.get(convene_page(cast)).status_code == 200
    answer = client.post(convene_page(cast), TYPED)
    arena = Partnership.objects.get(slug="a-harbour-for-everyone")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("mandate", args=[arena.slug])
    assert (arena.stage, arena.join_policy, arena.case_number) == ("initiate", "open", "27-2026-1")
    mandate = arena.mandate
    assert (mandate.sponsor, mandate.recipient.name) == (cast.municipality, "Port Board")
    assert (mandate.promise_kind, mandate.promise_state) == ("consider_and_reply", "asked")
    assert mandate.names_no_solution is True
    assert StageVisit.objects.get(partnership=arena).due_on == datetime.date(2027, 1, 15)
    karen = Member.objects.get(partnership=arena)
    assert (karen.person, karen.role, karen.side, karen.function) == (
        cast.convener, "convener", "public", "Head of planning",
    )  # fmt: skip
    verbs = Entry.objects.filter(scope=arena.pk).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["partnership.convened", "promise.asked"]
    html = client.get(reverse("mandate", args=[arena.slug])).content.decode()
    for words in (
        "How can the harbour be for everyone?",
        "Not yet promised",
        "Port Board",
        "Ships must be able",
    ):
        assert words in html


def test_bad_input_keeps_what_was_typed_and_begins_nothing(client):
    cast = make_cast()
    client.force_login(cast.convener)
    wrong = {**TYPED, "names_no_solution": "", "title": "t" * 141, "due_on": "tomorrow"}
    answer = client.post(convene_page(cast), wrong)
    assert answer.status_code == 422
    html = answer.content.decode()
    for words in (
        "t" * 141,
        "tomorrow",
        "From the bridge to the pier.",
        "Port Board",
        "so that it names no solution",
    ):
        assert words in html
    assert Partnership.objects.count() == 1
    assert not Organization.objects.filter(name="Port Board").exists()


def test_only_people_with_the_office_convene(client):
    cast = make_cast()
    for name in ("case_officer", "citizen", "outsider"):
        client.force_login(getattr(cast, name))
        page = client.get(convene_page(cast))
        assert "Only people on the list of conveners can convene here." in page.content.decode()
        assert client.post(convene_page(cast), TYPED).status_code == 403
    client.logout()
    assert client.post(convene_page(cast), TYPED).status_code == 302
    assert Partnership.objects.count() == 1


def test_two_partnerships_of_one_title_have_two_addresses():
    cast = make_cast()
    for _number in range(2):
        actions.arenas.convene(
            platform=cast.platform,
            title="Åben & rå!",
            summary="s",
            question="q?",
            by=cast.convener,
            at=timezone.now(),
        )
    assert set(Partnership.objects.filter(title="Åben & rå!").values_list("slug", flat=True)) == {
        "aaben-raa",
        "aaben-raa-2",
    }


def test_html_is_text_everywhere(client):
    cast = make_cast()
    client.force_login(cast.convener)
    bad = "<script>alert(1)</script><img src=x onerror=y>"
    texts = (
        "question",
        "title",
        "summary",
        "scope",
        "non_negotiables",
        "interdependence",
        "resources",
        "case_number",
    )
    answer = client.post(convene_page(cast), {**TYPED, **dict.fromkeys(texts, bad), "recipient_name": bad})
    html = client.get(answer["Location"]).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_change_the_mandate_when(stage):
    cast = make_cast(stage=stage)
    allowed = set()
    for name in ("convener", "citizen", "official", "observer", "outsider", "case_officer"):
        try:
            actions.arenas.change_mandate(
                partnership=cast.partnership,
                by=getattr(cast, name),
                at=timezone.now(),
                question=f"By {name}?",
            )
            allowed.add(name)
        except Refused:
            pass
    assert allowed == ({"convener"} if stage in (Stage.INITIATE, Stage.CONVENE) else set())


def test_the_mandate_is_changed_on_its_page(client):
    cast = make_cast(stage=Stage.INITIATE)
    client.force_login(cast.convener)
    page = reverse("change_mandate", args=["seaweed"])
    shown = client.get(page).content.decode()
    assert "How can the beach be clean and the bay healthy?" in shown
    typed = {
        "question": "Whose beach is it?",
        "names_no_solution": "on",
        "sponsor_name": "Solrød Municipality",
    }
    assert client.post(page, typed).status_code == 422  # nobody receives the result
    typed |= {"recipient_name": "solrød council", "ends_on": "2027-06-01"}
    assert client.post(page, typed).status_code == 302
    mandate = Mandate.objects.get(partnership=cast.partnership)
    assert (mandate.question, mandate.recipient, mandate.competent_body) == (
        "Whose beach is it?", cast.council, None,
    )  # fmt: skip
    assert Entry.objects.get(verb="mandate.changed").ids["fields"] == [
        "competent_body", "ends_on", "names_no_solution", "question",
    ]  # fmt: skip


def test_a_promise_is_asked_for_then_recorded_with_who_and_where(client):
    cast = make_cast()
    client.force_login(cast.convener)
    ask, record = reverse("ask_promise", args=["seaweed"]), reverse("record_promise", args=["seaweed"])
    assert client.post(ask, {"kind": "adopt_or_explain"}).status_code == 302
    typed = {"state": "given", "kind": "adopt_or_explain", "promise_by": "The Council", "on": "2026-11-20"}
    assert client.post(record, typed).status_code == 422  # no minute
    typed["minute"] = "Item 7, 20 November"
    assert client.post(record, typed).status_code == 302
    client.logout()
    html = client.get(reverse("mandate", args=["seaweed"])).content.decode()
    for words in ("Promised", "The Council", "Item 7, 20 November", "20 November 2026"):
        assert words in html
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert verbs == {"promise.asked", "promise.given"}


def test_settings_hide_a_partnership_at_once(client):
    cast = make_cast()
    client.force_login(cast.convener)
    page = reverse("change_settings", args=["seaweed"])
    typed = {"title": "Seaweed", "summary": "s", "visibility": "hidden", "join_policy": "invitation"}
    assert client.post(page, {**typed, "visibility": "nobody"}).status_code == 422
    assert client.post(page, typed).status_code == 302
    client.force_login(cast.outsider)
    assert client.get(reverse("mandate", args=["seaweed"])).status_code == 404
    assert client.post(page, typed).status_code == 404
    enter(cast.partnership, Stage.CLOSED)
    client.force_login(cast.convener)
    assert client.post(page, typed).status_code == 403
