"""The pages of decisions: asking, answering, seeing how far it is, reading what came of it."""

import datetime
import email
import email.policy

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.recipients import recipients
from notices.kinds import kind_named
from notices.letters import write_letter
from notices.models import Notice
from partnerships import actions
from partnerships.models import Decision, Partnership, Position
from tests.cast import join, make_cast, person
from tests.partnerships.reading import address, read
from tests.partnerships.writing import ask, say, start, take, write

pytestmark = pytest.mark.django_db

NASTY = "<script>alert(1)</script><img src=x onerror=y>"


@pytest.fixture
def decision(cast):
    text = start(cast)
    return ask(
        cast, write(cast, text, what="Rotting **seaweed** smells.", cites=[say(cast, cast.official, "40 kg")])
    )


def answer_form(decision, choice="agree", reason=""):
    return {"choice": choice, "reason": reason, "digest": decision.revision.digest}


def test_a_convener_asks_and_the_members_find_it(client, cast):
    revision = write(cast, start(cast))
    client.force_login(cast.convener)
    page = address("open_decision", cast, revision.text_id)
    form = read(client.get(page))
    assert "Is this the problem we share?" in form
    assert "Rotting seaweed smells." in form
    when = timezone.localtime() + datetime.timedelta(days=3)
    typed = {
        "question": "Can we live with this?",
        "closes_at": when.strftime("%Y-%m-%dT%H:%M"),
        "number": "1",
    }
    answer = client.post(page, typed)
    assert answer.status_code == 302
    opened = Decision.objects.get()
    assert opened.closes_at == when.replace(second=0, microsecond=0)
    client.force_login(cast.citizen)
    listed = read(client.get(address("decisions", cast)))
    assert "Can we live with this?" in listed
    assert "Needs my position" in listed
    assert "Take my position" in read(client.get(address("text", cast, revision.text_id)))


def test_the_page_to_ask_on_says_which_rule_applies(client, cast):
    text = start(cast)
    client.force_login(cast.convener)
    for number in range(3):
        write(cast, text, what=f"Words {number}")
        shown = read(client.get(address("open_decision", cast, text.pk)))
        assert ("nobody objects" in shown) == (number < 2)
        decision = ask(cast, text.revisions.first())
        take(decision, cast.convener)
        take(decision, cast.citizen, "object", "No.")
        actions.decisions.close_decision(decision=decision, at=decision.closes_at)


def test_asking_with_a_mistake_keeps_what_was_typed(client, cast):
    revision = write(cast, start(cast))
    client.force_login(cast.convener)
    page = address("open_decision", cast, revision.text_id)
    answer = client.post(page, {"question": "My question", "closes_at": "2020-01-01T10:00", "number": "1"})
    assert answer.status_code == 422
    assert "Choose a time in the future." in read(answer)
    assert "My question" in read(answer)


def test_asking_about_words_that_somebody_just_replaced_is_said(client, cast):
    revision = write(cast, start(cast))
    write(cast, revision.text, what="Newer words.")
    client.force_login(cast.convener)
    when = (timezone.localtime() + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    typed = {"question": "My question", "closes_at": when, "number": "1"}
    answer = client.post(address("open_decision", cast, revision.text_id), typed)
    assert answer.status_code == 422
    assert "Revision 1 is not the newest; that is revision 2." in read(answer)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["citizen", "observer", "outsider"])
def test_asking_is_for_those_who_lead(client, cast, who):
    revision = write(cast, start(cast))
    client.force_login(getattr(cast, who))
    answer = client.get(address("open_decision", cast, revision.text_id))
    assert answer.status_code == 403
    assert "Only a convener or a facilitator can do this." in read(answer)


def test_taking_a_position_on_the_exact_words(client, cast, decision):
    client.force_login(cast.citizen)
    page = address("decision", cast, decision.pk)
    shown = read(client.get(page))
    assert "Rotting <strong>seaweed</strong> smells." in shown
    assert "It is adopted when nobody objects." in shown
    assert "0 of 1 have answered" in shown
    assert "0 of 2 have answered" in shown
    assert "Built on 1 contribution" in shown
    answer = client.post(address("take_position", cast, decision.pk), answer_form(decision))
    assert answer["Location"] == page
    shown = read(client.get(page))
    assert "1 of 1 have answered" in shown
    assert "Enough have answered" in shown
    assert "Change my position" in shown
    assert "My position: I agree" in " ".join(read(client.get(address("decisions", cast))).split())


def test_an_objection_without_a_reason_keeps_what_was_chosen(client, cast, decision):
    client.force_login(cast.citizen)
    answer = client.post(address("take_position", cast, decision.pk), answer_form(decision, "object", " "))
    assert answer.status_code == 422
    assert "Write why you object" in read(answer)
    assert answer.context["form"]["choice"].value() == "object"
    assert not Position.objects.exists()


def test_a_position_that_comes_too_late_is_refused_and_its_words_are_kept(client, cast, decision):
    actions.decisions.withdraw_decision(decision=decision, by=cast.convener, at=timezone.now())
    write(cast, decision.text, what="Newer words.")
    client.force_login(cast.citizen)
    page = address("take_position", cast, decision.pk)
    answer = client.post(page, answer_form(decision, "object", "It forgets the boats."))
    assert answer.status_code == 403
    assert "This decision is about revision 1, and revision 2 is newer." in read(answer)
    assert "It forgets the boats." in read(answer)


def test_a_position_on_other_words_is_a_conflict(client, cast, decision):
    client.force_login(cast.citizen)
    typed = answer_form(decision) | {"digest": "0" * 64}
    answer = client.post(address("take_position", cast, decision.pk), typed)
    assert answer.status_code == 409
    assert "Your page showed other words than those of revision 1." in read(answer)


def test_positions_of_others_are_secret_until_it_closes(client, cast, decision):
    take(decision, cast.citizen, "object", "It forgets the boats.")
    take(decision, cast.convener, "stand_aside", "Too little time.")
    page = address("decision", cast, decision.pk)
    seen = {}
    for name in ("convener", "citizen", "official", "observer"):
        client.force_login(getattr(cast, name))
        shown = read(client.get(page))
        seen[name] = ("It forgets the boats." in shown, "Too little time." in shown)
    assert (
        seen
        == {  # (the objection, the reason to stand aside): one's own, and objections for those who answer them
            "convener": (True, True),
            "citizen": (True, False),
            "official": (False, False),
            "observer": (False, False),
        }
    )
    actions.decisions.close_decision(decision=decision, at=decision.closes_at)
    client.logout()
    shown = read(client.get(page))
    assert "Not adopted: there are objections" in shown
    assert "It forgets the boats." in shown
    assert shown.index("Bo Citizen") < shown.index("Karen Convener", shown.index("Who stood where"))
    assert decision.revision.digest[:12] in shown


def test_the_result_says_which_words_were_adopted(client, cast, decision):
    for who in (cast.convener, cast.citizen, cast.official):
        take(decision, who)
    client.force_login(cast.convener)
    assert "Close it now" in read(client.get(address("decision", cast, decision.pk)))
    assert client.post(address("close_decision", cast, decision.pk)).status_code == 302
    shown = read(client.get(address("decision", cast, decision.pk)))
    assert "Adopted: revision 1 now stands." in shown
    assert client.post(address("close_decision", cast, decision.pk)).status_code == 409


def test_closing_early_is_explained_while_some_have_not_answered(client, cast, decision):
    client.force_login(cast.convener)
    shown = read(client.get(address("decision", cast, decision.pk)))
    assert "Not everyone has answered" in shown
    assert "Close it now" not in shown
    assert client.post(address("close_decision", cast, decision.pk)).status_code == 403


def test_withdrawing_frees_the_text(client, cast, decision):
    client.force_login(cast.convener)
    assert client.post(address("withdraw_decision", cast, decision.pk)).status_code == 302
    assert "Withdrawn before it was settled." in read(client.get(address("decision", cast, decision.pk)))
    assert client.get(address("write", cast, decision.text_id)).status_code == 200


def test_writing_down_what_somebody_said(client, cast, decision):
    oda = join(cast.partnership, person("Old Oda"))
    take(decision, cast.citizen)
    client.force_login(cast.convener)
    page = address("record_position", cast, decision.pk)
    offered = read(client.get(page))
    assert "Old Oda" in offered
    assert "Bo Citizen" not in offered  # he has answered in person
    assert "Olga Observer" not in offered
    typed = {
        "member": str(oda.pk),
        "way": "telephone",
        **answer_form(decision, "object", "Said on the phone: no."),
    }
    assert client.post(page, typed).status_code == 302
    assert Position.objects.get(member=oda).recorded_by == cast.convener
    assert client.post(page, {"member": "nobody"}).status_code == 422
    actions.decisions.close_decision(decision=decision, at=decision.closes_at)
    result = read(client.get(address("decision", cast, decision.pk)))
    assert "given by telephone, written down by Karen Convener" in result
    client.force_login(cast.citizen)
    assert client.get(page).status_code == 403


def test_html_in_every_field_is_text(client, cast):
    revision = write(cast, start(cast), what=NASTY)
    decision = ask(cast, revision, question=NASTY)
    take(decision, cast.citizen, "object", NASTY)
    client.force_login(cast.citizen)
    pages = [client.get(address("decision", cast, decision.pk)), client.get(address("decisions", cast))]
    pages.append(
        client.post(address("take_position", cast, decision.pk), answer_form(decision, NASTY, NASTY))
    )
    actions.decisions.close_decision(decision=decision, at=decision.closes_at)
    pages.append(client.get(address("decision", cast, decision.pk)))
    for page in pages:
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()


def test_the_list_is_filtered_by_its_address(client, cast, decision):
    client.force_login(cast.citizen)
    page = address("decisions", cast)
    question = decision.question
    assert question in read(client.get(page, {"state": "mine"}))
    take(decision, cast.citizen)
    assert question not in read(client.get(page, {"state": "mine"}))
    assert question in read(client.get(page, {"state": "open", "kind": "problem"}))
    assert question not in read(client.get(page, {"kind": "charter"}))
    assert "No decision fits" in read(client.get(page, {"state": "closed"}))
    assert question in read(client.get(page, {"state": "nonsense"}))


def test_an_arena_without_decisions_says_what_to_do(client, cast):
    assert "No decisions yet" in read(client.get(address("decisions", cast)))


def test_hidden_decisions_do_not_exist_for_outsiders(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    decision = ask(cast, write(cast, start(cast), what="secret words"))
    pages = [address("decisions", cast), address("decision", cast, decision.pk)]
    for who, status in ((None, 404), (cast.outsider, 404), (cast.citizen, 200), (cast.case_officer, 200)):
        client.logout()
        if who:
            client.force_login(who)
        assert {client.get(page).status_code for page in pages} == {status}
    client.force_login(cast.outsider)
    for name in ("take_position", "close_decision", "withdraw_decision", "record_position"):
        assert client.post(address(name, cast, decision.pk), answer_form(decision)).status_code == 404


def test_a_decision_of_another_partnership_is_not_found_here(client, cast, decision):
    other = Partnership.objects.create(slug="other", platform=cast.platform, title="Other", summary="Other")
    assert client.get(reverse("decision", args=[other.slug, decision.pk])).status_code == 404


def test_the_pages_cost_the_same_with_few_and_with_many(
    client, cast, decision, django_assert_max_num_queries
):
    text = decision.text
    client.force_login(cast.convener)
    names = iter(range(1000))

    def grow(number):
        for _ in range(number):
            take(decision, join(cast.partnership, person(f"N{next(names)} Neighbour")).person)

    def costs():
        found = []
        for page in (
            address("decision", cast, decision.pk),
            address("decisions", cast),
            address("text", cast, text.pk),
            address("record_position", cast, decision.pk),
        ):
            with django_assert_max_num_queries(12) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        return found

    grow(1)
    few = costs()
    grow(12)
    assert costs() == few
    actions.decisions.close_decision(decision=decision, at=decision.closes_at)
    closed = costs_of_closed(client, cast, decision, django_assert_max_num_queries)
    for number in range(8):
        again = ask(cast, write(cast, text, what=f"Words {number}"), at=decision.closes_at)
        actions.decisions.close_decision(decision=again, at=again.closes_at)
    assert costs_of_closed(client, cast, decision, django_assert_max_num_queries) == closed


def costs_of_closed(client, cast, decision, counting):
    found = []
    for page in (address("decision", cast, decision.pk), address("decisions", cast)):
        with counting(12) as queries:
            assert client.get(page).status_code == 200
        found.append(len(queries))
    return found


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_message_is_a_letter_with_its_words_and_its_way(cast, decision, language):
    cast.citizen.__class__.objects.update(language=language)
    oda = join(
        cast.partnership,
        person(
            "Old Oda",
        ),
    )
    take(decision, cast.convener, "object", "No & never", member=oda)
    actions.decisions.remind_undecided(at=decision.closes_at - datetime.timedelta(hours=2))
    actions.decisions.close_decision(decision=decision, at=decision.closes_at)
    kinds = ("decision_opened", "decision_closing", "decision_closed", "position_recorded")
    for name in kinds:
        kind = kind_named(name)
        notice = Notice.objects.filter(kind=name).first()
        reader = recipients([notice.recipient])[notice.recipient]
        letter = write_letter(notice, kind, reader, kind.context([notice])[notice.pk])
        mail = email.message_from_bytes(letter.payload, policy=email.policy.default)
        plain, page = (mail.get_body((form,)).get_content() for form in ("plain", "html"))
        link = reverse("decision", args=[cast.partnership.slug, decision.pk])
        assert link in plain
        assert link in page
        assert decision.question in plain
        assert "&amp;" not in plain
