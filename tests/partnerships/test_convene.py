"""Convene: a template and a question prepare a partnership; its mandate, the promise, and how it is shown."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from journal.models import Entry
from partnerships import actions
from partnerships.charter import first_draft
from partnerships.models import Mandate, Member, Partnership, StageVisit
from partnerships.stages import Stage
from tests.cast import enter, make_cast

pytestmark = pytest.mark.django_db

TYPED = {
    "question": "How can the harbour be for everyone?",
    "solution_named": "no",
    "title": "A harbour for everyone",
    "summary": "Who uses the harbour, and how.",
    "function": "Head of planning",
}


def convene_page(cast):
    return reverse("convene", args=[cast.platform.slug])


def template(key):
    return next(one for one in actions.templates.load_templates(at=timezone.now()) if one.key == key)


def test_a_question_and_a_template_prepare_a_partnership(client):
    cast = make_cast()
    pact = template("commons-pact")
    client.force_login(cast.convener)
    html = client.get(convene_page(cast)).content.decode()
    for kind in ("Cross-sector partnership", "Political task committee", "Neighbourhood pact for commons"):
        assert kind in html
    answer = client.post(convene_page(cast), TYPED | {"template": str(pact.pk)})
    arena = Partnership.objects.get(slug="a-harbour-for-everyone")
    assert (answer.status_code, answer["Location"]) == (302, arena.get_absolute_url())
    assert (arena.stage, arena.join_policy, arena.begun_at, arena.template) == (
        "initiate",
        "open",
        None,
        pact,
    )
    assert arena.mandate.names_no_solution is True
    assert arena.gates == {"options_weighed": "off", "cites_evidence": "off"}
    assert StageVisit.objects.get(partnership=arena).due_on == timezone.localdate() + datetime.timedelta(
        days=14
    )
    groups = {group.name: group.seats.count() for group in arena.groups.all()}
    assert len(groups) == 5
    assert groups["Residents who use the place"] == 4
    assert {(letter.language, letter.group) for letter in arena.letters.all()} == {("en", None), ("da", None)}
    karen = Member.objects.get(partnership=arena)
    assert (karen.person, karen.role, karen.side, karen.function) == (
        cast.convener, "convener", "public", "Head of planning",
    )  # fmt: skip
    entries = Entry.objects.filter(scope=arena.pk).order_by("sequence").values_list("verb", "audience")
    assert list(entries) == [("partnership.convened", "conveners"), *[("group.added", "conveners")] * 5]


def test_the_charter_begins_from_the_templates_words(client):
    cast = make_cast()
    client.force_login(cast.convener)
    client.post(convene_page(cast), TYPED | {"template": str(template("commons-pact").pk)})
    arena = Partnership.objects.get(slug="a-harbour-for-everyone")
    words = first_draft(arena)
    assert words["rules"].startswith("- The place stays open to all.")
    assert words["data"] == first_draft(cast.partnership)["data"]  # what a template leaves out is as usual


def test_the_promise_that_the_template_proposes_is_chosen_beforehand(client):
    cast = make_cast()
    client.force_login(cast.convener)
    client.post(convene_page(cast), TYPED | {"template": str(template("task-committee").pk)})
    page = client.get(reverse("ask_promise", args=["a-harbour-for-everyone"]))
    assert page.context["form"].initial == {"kind": "consider_and_reply"}


def test_bad_input_keeps_what_was_typed_and_begins_nothing(client):
    cast = make_cast()
    client.force_login(cast.convener)
    kind = {"template": str(template("cross-sector").pk)}
    wrong = TYPED | kind | {"solution_named": "yes", "title": "t" * 141}
    answer = client.post(convene_page(cast), wrong)
    assert answer.status_code == 422
    html = answer.content.decode()
    for words in ("t" * 141, "Head of planning", "Write the question so that it leaves the answer open"):
        assert words in html
    for kind in ({}, {"template": "nothing"}, {"template": str(cast.partnership.pk)}):
        assert client.post(convene_page(cast), TYPED | kind).status_code == 422
    assert Partnership.objects.count() == 1


def test_without_any_template_one_convenes_all_the_same(client):
    cast = make_cast()
    client.force_login(cast.convener)
    assert client.post(convene_page(cast), TYPED).status_code == 302
    assert Partnership.objects.get(slug="a-harbour-for-everyone").template is None


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
    typed = TYPED | dict.fromkeys(("question", "title", "summary", "function"), bad)
    arena = Partnership.objects.get(slug=client.post(convene_page(cast), typed)["Location"].split("/")[2])
    texts = ("question", "scope", "non_negotiables", "interdependence", "resources", "recipient_name")
    texts += ("safeguard", "legal_seen_by", "gain_citizens", "sponsor_name")
    change = reverse("change_mandate", args=[arena.slug])
    assert client.post(change, {"solution_named": "no"} | dict.fromkeys(texts, bad)).status_code == 302
    for name in ("mandate", "prepare", "change_mandate"):
        html = client.get(reverse(name, args=[arena.slug])).content.decode()
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
        "solution_named": "no",
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
        "competent_body", "ends_on", "later_interests", "names_no_solution", "question",
    ]  # fmt: skip


def test_the_mandate_says_what_is_gained_and_who_may_gain_later(client):
    cast = make_cast(stage=Stage.INITIATE)
    page, mandate = reverse("mandate", args=["seaweed"]), Mandate.objects.get(partnership=cast.partnership)
    mandate.incentives, mandate.readiness = {"citizens": "Open windows.", "private": " "}, {"open": "unsure"}
    mandate.later_interests, mandate.safeguard = ["bid"], "The figures are published first."
    mandate.save()
    shown = {}
    for who in ("convener", "citizen", "outsider"):
        client.force_login(getattr(cast, who))
        html = client.get(page).content.decode()
        words = ("Open windows.", "bid for a public contract", "receive a grant", "The figures", "Not sure")
        shown[who] = [one for one in words if one in html]
    everybody = ["Open windows.", "bid for a public contract", "The figures"]
    assert shown == {"convener": [*everybody, "Not sure"], "citizen": everybody, "outsider": everybody}
    Mandate.objects.update(later_interests=[])  # asked, and there is nothing
    assert "Nobody who takes part gains a contract" in client.get(page).content.decode()


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
