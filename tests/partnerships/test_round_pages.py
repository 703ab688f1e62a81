"""The pages around a decision: asking for later or for advice, more time, objections, the result, asking anew."""

import csv
import datetime
import email
import email.policy
import io

import pytest
from django.utils import timezone

from actors.recipients import recipients
from notices.kinds import kind_named
from notices.letters import write_letter
from notices.models import Notice
from partnerships import actions
from partnerships.models import Decision, ObjectionAnswer
from tests.cast import join, person
from tests.partnerships.reading import address, read
from tests.partnerships.writing import answer_it, ask, close, reopen, start, take, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def at_minute(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def words(answer):
    """The text of the page, spaces evened."""
    return " ".join(read(answer).split())


def objected(cast, decision):
    """The decision closed with an objection."""
    take(decision, cast.convener)
    take(decision, cast.official, "stand_aside", "Too little time.")
    take(decision, cast.citizen, "object", "It forgets the boats.")
    return close(decision, at=decision.closes_at)


def test_asking_for_advice_later(client, cast):
    revision = write(cast, start(cast))
    client.force_login(cast.convener)
    page = address("open_decision", cast, revision.text_id)
    at = timezone.now()
    typed = {"question": "What do you think?", "purpose": "advice", "number": "1"}
    late = {"opens_at": at_minute(at + 4 * DAY), "closes_at": at_minute(at + 3 * DAY)}
    wrong = client.post(page, typed | late)
    assert wrong.status_code == 422
    assert "It must open before it closes." in read(wrong)
    assert "What do you think?" in read(wrong)
    good = {"opens_at": at_minute(at + 2 * DAY), "closes_at": at_minute(at + 3 * DAY)}
    assert "The members get a message then." in words(client.post(page, typed | good, follow=True))
    advice = Decision.objects.get()
    assert (advice.rule, advice.is_planned) == ("advisory", True)
    client.force_login(cast.citizen)
    shown = words(client.get(address("decision", cast, advice.pk)))
    assert "This decision opens on" in shown
    assert "This asks for advice; it decides nothing." in shown
    assert "Take this position" not in shown
    assert "Needs my position" not in words(client.get(address("decisions", cast)))
    assert "Opens later" in words(client.get(address("text", cast, revision.text_id)))
    actions.rounds.open_due_decisions(at=advice.opens_at)
    assert "Take this position" in words(client.get(address("decision", cast, advice.pk)))
    take(advice, cast.citizen, "object", "It forgets the boats.", at=advice.opens_at)
    actions.decisions.close_decision(decision=advice, at=advice.closes_at)
    result = words(client.get(address("decision", cast, advice.pk)))
    assert "This was asked for advice; it decides nothing." in result
    assert "It forgets the boats." in result


def test_where_a_decision_cannot_be_asked_for_advice_can(client, cast, decision):
    objected(cast, decision)
    client.force_login(cast.convener)
    page = address("open_decision", cast, decision.text_id)
    shown = words(client.get(page))
    assert "Only advice can be asked for now. The members have said no to revision 1." in shown
    assert 'value="decision"' not in shown
    typed = {
        "question": "Better?",
        "purpose": "decision",
        "closes_at": at_minute(timezone.now() + DAY),
        "number": "1",
    }
    assert client.post(page, typed).status_code == 422
    assert client.post(page, typed | {"purpose": "advice"}).status_code == 302


def test_giving_more_time(client, cast, decision):
    client.force_login(cast.convener)
    page = address("lengthen_decision", cast, decision.pk)
    assert page in read(client.get(address("decision", cast, decision.pk)))
    earlier = {"closes_at": at_minute(decision.closes_at - DAY), "reason": "The library was closed."}
    wrong = client.post(page, earlier)
    assert wrong.status_code == 422
    assert "it only gets longer" in read(wrong)
    assert "The library was closed." in read(wrong)
    assert client.post(page, earlier | {"reason": ""}).status_code == 422
    later = {"closes_at": at_minute(decision.closes_at + DAY)}
    assert client.post(page, earlier | later).status_code == 302
    client.logout()
    assert "More time was given" in words(client.get(address("decision", cast, decision.pk)))
    client.force_login(cast.citizen)
    assert client.get(page).status_code == 403


def test_answering_an_objection(client, cast, decision):
    take(decision, cast.official, "object", "It forgets the boats.")
    objection = decision.positions.get()
    page = address("answer_objection", cast, decision.pk, objection.pk)
    for who, status in (
        (cast.citizen, 200),
        (cast.convener, 200),
        (cast.official, 403),
        (cast.outsider, 403),
    ):
        client.force_login(who)  # who writes and who leads; not who objects, nor others
        assert client.get(page).status_code == status
    client.force_login(cast.convener)
    assert page in read(client.get(address("decision", cast, decision.pk)))
    assert client.post(page, {"body": " "}).status_code == 422
    assert client.post(page, {"body": "The boats come next spring."}).status_code == 302
    assert page not in read(client.get(address("decision", cast, decision.pk)))
    assert client.post(page, {"body": "Twice."}).status_code == 403
    assert ObjectionAnswer.objects.get().body == "The boats come next spring."
    other = ask(cast, write(cast, start(cast, "charter", title="Rules")))
    assert client.get(address("answer_objection", cast, other.pk, objection.pk)).status_code == 404


def test_the_next_round_shows_what_came_of_objections(client, cast, decision, django_assert_max_num_queries):
    objected(cast, decision)
    answer_it(decision, cast.convener, "The boats are in it now.", at=decision.closes_at)
    newer = ask(cast, write(cast, decision.text, what="With the boats."), at=decision.closes_at)
    client.force_login(cast.official)
    shown = words(client.get(address("decision", cast, newer.pk)))
    assert "They were about revision 1. See whether revision 2 meets them." in shown
    assert "It forgets the boats." in shown
    assert "The boats are in it now." in shown
    assert "Too little time." not in shown
    take(newer, cast.citizen, at=decision.closes_at)
    for choice in ("stand_aside", "agree"):
        take(newer, cast.convener, choice, at=decision.closes_at)
    client.force_login(cast.convener)
    with django_assert_max_num_queries(12):
        client.get(address("decision", cast, newer.pk))
    assert "In this round" not in words(client.get(address("decision", cast, newer.pk)))
    close(newer, at=newer.closes_at)
    with django_assert_max_num_queries(12):
        client.get(address("decision", cast, newer.pk))
    assert "In this round: I agree" in words(client.get(address("decision", cast, newer.pk)))
    before = words(client.get(address("decision", cast, decision.pk)))
    assert "The members were asked again: round 2" in before


def test_the_result_says_all_of_it(client, cast, decision):
    old = join(cast.partnership, person("Old Oda"))
    take(decision, cast.convener, "agree", member=old, way="paper")
    objected(cast, decision)
    shown = words(client.get(address("decision", cast, decision.pk)))
    for part in (
        "Not adopted: somebody objects.",
        "Open from",
        "It forgets the boats.",
        "Too little time.",
        "given on paper, written down by Karen Convener",
        decision.revision.digest[:12],
        '<td class="num" data-label="Seats">2</td>',
        address("revision", cast, decision.text_id, 1),
        "Asked by Karen Convener",
    ):
        assert part in shown
    listed = shown.partition("Who stood where")[2]
    names = ("Bo Citizen", "Inge Official", "Old Oda")
    assert sorted(names, key=listed.index) == list(
        names
    )  # objections, then who stands aside, then the others


def test_the_result_as_a_table(client, cast, decision):
    take(decision, cast.official, "stand_aside", "=1+1")
    page = address("decision_file", cast, decision.pk)
    client.force_login(cast.convener)
    assert client.get(page).status_code == 403  # still open
    take(decision, cast.citizen, "object", "It forgets the boats.")
    close(decision, at=decision.closes_at)
    answer_it(decision, cast.convener, at=decision.closes_at)
    seen = {}
    for name in ("convener", "case_officer", "citizen", "outsider"):
        client.force_login(getattr(cast, name))
        seen[name] = client.get(page).status_code
    assert seen == {"convener": 200, "case_officer": 200, "citizen": 403, "outsider": 403}
    client.force_login(cast.convener)
    rows = list(csv.reader(io.StringIO(client.get(page).content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["Outcome", "Not adopted: there are objections"]
    assert rows[10:12] == [
        ["Public side", "2", "0", "1", "0", "1", "1"],
        ["Non-public side", "1", "0", "0", "1", "1", "1"],
    ]
    assert [(row[0], row[4], row[5], row[10]) for row in rows[-2:]] == [
        ("Bo Citizen", "I object", "It forgets the boats.", "We have changed it."),
        ("Inge Official", "I stand aside", "'=1+1", ""),
    ]


def test_reopening_what_was_adopted(client, cast, decision):
    for who in (cast.convener, cast.citizen, cast.official):
        take(decision, who)
    close(decision, cast)
    client.force_login(cast.convener)
    page = address("reopen_decision", cast, decision.pk)
    result = address("decision", cast, decision.pk)
    assert page in read(client.get(result))
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "The harbour was sold."}).status_code == 302
    client.logout()
    shown = words(client.get(result))
    assert "Reopened on" in shown
    assert "The harbour was sold." in shown
    assert "What was adopted stands until other words are." in shown
    newer = ask(cast, write(cast, decision.text, what="Newer words."))
    assert address("decision", cast, newer.pk) in read(client.get(result))
    client.force_login(cast.convener)
    assert client.get(page).status_code == 403
    assert page not in read(client.get(result))


def test_a_held_decision_says_what_it_waits_for(client, cast, decision):
    objected(cast, decision)
    Decision.objects.filter(pk=decision.pk).update(outcome="held", rule="majority")
    client.force_login(cast.convener)
    shown = words(client.get(address("decision", cast, decision.pk)))
    assert "Closed, waiting for answers to objections" in shown
    assert "It is adopted as soon as each objection has an answer." in shown
    assert "Answer the objection" in shown
    assert "waiting for answers" in words(client.get(address("text", cast, decision.text_id)))
    answer_it(decision, cast.convener)
    assert "Adopted: revision 1 now stands." in words(client.get(address("decision", cast, decision.pk)))


def test_the_list_is_searched_and_filtered(client, cast, decision):
    take(decision, cast.convener)
    objected(cast, decision)
    advice = ask(
        cast, write(cast, start(cast, "charter", title="Rules")), question="Any advice?", advisory=True
    )
    client.force_login(cast.citizen)
    page = address("decisions", cast)

    def found(**query):
        shown = read(client.get(page, query))
        return {name for name, one in (("first", decision), ("advice", advice)) if str(one.pk) in shown}

    assert {
        state: found(state=state) for state in ("", "open", "mine", "adopted", "not", "advisory", "closed")
    } == {
        "": {"first", "advice"},
        "open": {"advice"},
        "mine": {"advice"},
        "adopted": set(),
        "not": {"first"},
        "advisory": {"advice"},
        "closed": {"first"},
    }
    assert found(q="advice") == {"advice"}
    assert found(q="share") == {"first"}  # the title of its text
    assert found(q="x" * 200) == {"first", "advice"}


def test_hidden_rounds_do_not_exist_for_outsiders(client, cast, decision):
    take(decision, cast.citizen, "object", "No.")
    cast.partnership.visibility = "hidden"
    cast.partnership.save(update_fields=["visibility"])
    pages = [
        address(name, cast, decision.pk)
        for name in ("lengthen_decision", "reopen_decision", "record_positions", "decision_file")
    ]
    pages += [
        address("substitutes", cast),
        address("answer_objection", cast, decision.pk, decision.positions.get().pk),
    ]
    client.force_login(cast.outsider)
    assert {client.get(page).status_code for page in pages} == {404}
    client.force_login(cast.convener)
    assert 404 not in {client.get(page).status_code for page in pages}


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_message_around_a_decision_is_a_letter(cast, decision, language):
    cast.citizen.__class__.objects.update(language=language)
    at = timezone.now()
    asked = actions.substitutes.name_substitute(
        partnership=cast.partnership, substitute=cast.member(cast.observer), by=cast.citizen, at=at
    )
    standing = actions.substitutes.answer_substitution(
        substitution=asked, accept=True, by=cast.observer, at=at
    )
    actions.decisions.tell_substitutes(decision, at=at)
    take(decision, cast.observer, "object", "No & never.", substitution=standing)
    answer_it(decision, cast.convener)
    actions.rounds.lengthen_decision(
        decision=decision, closes_at=decision.closes_at + DAY, reason="Rain & wind.", by=cast.convener, at=at
    )
    decision.refresh_from_db()
    take(decision, cast.convener)
    close(decision, at=decision.closes_at)
    Decision.objects.update(outcome="held")
    actions.rounds.remind_of_objections(at=decision.closes_at)
    Decision.objects.update(outcome="objected")
    reopen(decision, cast.convener)
    kinds = {
        *("substitute_asked", "substitute_answered", "decision_for_seat", "position_by_substitute"),
        *("objection_raised", "objection_answered", "objections_waiting"),
        *("decision_lengthened", "decision_reopened"),
    }
    for name in kinds:
        kind = kind_named(name)
        notice = Notice.objects.filter(kind=name).first()
        reader = recipients([notice.recipient])[notice.recipient]
        letter = write_letter(notice, kind, reader, kind.context([notice])[notice.pk])
        mail = email.message_from_bytes(letter.payload, policy=email.policy.default)
        plain, page = (mail.get_body((form,)).get_content() for form in ("plain", "html"))
        way = (
            "people/substitutes/" if name in ("substitute_asked", "substitute_answered") else str(decision.pk)
        )
        assert way in plain
        assert way in page
        assert "&amp;" not in plain
        assert mail["Subject"]
