"""The minutes: per item, drafted, published, corrected; and what goes straight from the room into the arena."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from boundary.answer import Refused
from notices.actions import drain
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Commitment, Contribution, Decision, MeetingDeed, Minutes, Position
from tests.cast import make_cast, told, who_may
from tests.partnerships.meeting import call, held, page

pytestmark = pytest.mark.django_db
deeds = actions.minutes


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def meeting(cast):
    """A meeting that was held yesterday, with two items."""
    made = held(cast)
    rows = [{"title": "Sites", "place": 1}, {"title": "Costs", "place": 2}]
    for row in rows:
        made.items.create(**row)
    return made


def write(cast, meeting, words="We met.", **given):
    facts = {"meeting": meeting, "minutes": words, "by": cast.convener, "at": timezone.now()}
    return deeds.write_minutes(**facts | given)


# --- writing ----------------------------------------------------------------------------------------


def test_minutes_are_written_per_item_and_published_as_one_text(client, cast, meeting):
    client.force_login(cast.convener)
    form = client.get(page("write_minutes", cast, meeting.pk)).content.decode()
    assert [words for words in ("1. Sites", "2. Costs") if words in form] == ["1. Sites", "2. Costs"]
    sent = {f"item_{item.pk}": f"About **{item.title}**." for item in meeting.items.taken()}
    sent |= {
        "minutes": "All were there.",
        f"left_{meeting.items.get(title='Costs').pk}": "on",
        "expected": "",
    }
    assert client.post(page("write_minutes", cast, meeting.pk), sent).status_code == 302
    meeting.refresh_from_db()
    assert (
        meeting.minutes == "All were there.\n\n## Sites\n\nAbout **Sites**.\n\n## Costs\n\nAbout **Costs**."
    )
    assert [item.title for item in meeting.items.filter(left_over=True)] == ["Costs"]
    client.logout()
    assert "About <strong>Sites</strong>." in client.get(page("meeting", cast, meeting.pk)).content.decode()


def test_a_draft_is_for_those_who_lead_and_tells_nobody(client, cast, meeting):
    write(cast, meeting, "Not yet", publish=False)
    assert told("minutes_published") == []
    shows = {}
    for name in ("convener", "citizen"):
        client.force_login(getattr(cast, name))
        shows[name] = [
            "Not yet" in client.get(page(address, cast, meeting.pk)).content.decode()
            for address in ("meeting", "write_minutes", "minutes_versions")
        ]
    assert shows == {"convener": [False, True, False], "citizen": [False, False, False]}
    write(cast, meeting, "Now")
    assert Minutes.objects.get().whole == "Now"
    assert told("minutes_published") == sorted([cast.citizen.pk, cast.official.pk, cast.observer.pk])


def test_a_correction_keeps_what_was_published_and_shows_the_difference(client, cast, meeting, smtp_sink):
    write(cast, meeting, "We chose site A.")
    write(cast, meeting, "We chose site B.", note="The wrong site", publish=False)
    write(cast, meeting, "We chose site B.", note="The wrong site")
    versions = list(Minutes.objects.order_by("number").values_list("number", "body", "note"))
    assert [(number, body[0]["words"], note) for number, body, note in versions] == [
        (1, "We chose site A.", ""),
        (2, "We chose site B.", "The wrong site"),
    ]
    html = client.get(page("minutes_versions", cast, meeting.pk)).content.decode()
    told = [re.sub("<[^>]+>", "", part) for part in re.findall(r"<del>.*?</del>|<ins>.*?</ins>", html)]
    assert told == ["[removed: A]", "[added: B]"]
    assert "The wrong site" in html
    for query, status in (("?older=1&newer=1", 200), ("?older=9&newer=1", 404), ("?older=x&newer=", 422)):
        assert client.get(page("minutes_versions", cast, meeting.pk) + query).status_code == status
    drain("bulk")
    (mail,) = smtp_sink.to("bo@example.org")  # the first is overtaken, and not sent any more
    assert mail["Subject"].startswith("Corrected minutes")


def test_a_published_version_is_not_published_twice(cast, meeting):
    write(cast, meeting, "One", publish=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.create(meeting=meeting, number=9, written_at=timezone.now(), written_by=cast.convener)


def test_whoever_was_slower_keeps_their_words_sees_the_others_and_may_save_again(client, cast, meeting):
    client.force_login(cast.convener)
    write(cast, meeting, "Theirs", publish=False)
    sent = {"minutes": "Mine", "expected": "", "deed": "publish"}
    answer = client.post(page("write_minutes", cast, meeting.pk), sent)
    html = answer.content.decode()
    assert (answer.status_code, "Theirs" in html, "Mine" in html) == (422, True, True)
    assert Minutes.objects.get().whole == "Theirs"
    sent["expected"] = deeds.version_of(meeting)
    assert client.post(page("write_minutes", cast, meeting.pk), sent).status_code == 302
    assert Minutes.objects.get().whole == "Mine"


@pytest.mark.parametrize("words", ["", "   ", "\x00"])
def test_empty_minutes_are_none(client, cast, meeting, words):
    with pytest.raises(ValidationError, match="Write something"):
        write(cast, meeting, words)
    client.force_login(cast.convener)
    assert client.post(page("write_minutes", cast, meeting.pk), {"minutes": words}).status_code == 422
    assert not Minutes.objects.exists()


def test_there_are_no_minutes_before_it_has_begun(client, cast):
    coming = call(cast)
    with pytest.raises(Refused, match="not begun"):
        write(cast, coming)
    client.force_login(cast.convener)
    for name in ("write_minutes", "decide_in_meeting", "promise_in_meeting", "say_in_meeting"):
        assert client.get(page(name, cast, coming.pk)).status_code == 403


def test_minutes_that_a_correction_overtook_are_not_told(cast, meeting):
    write(cast, meeting)
    notices = list(Notice.objects.filter(kind="minutes_published"))
    still = kind_named("minutes_published").still_true
    assert len(still(notices)) == 3
    write(cast, meeting, "Corrected")
    assert still(notices) == set()


def test_who_is_shown_by_function_is_so_where_they_called_and_minuted(client, cast, meeting):
    write(cast, meeting)
    pages = [page(name, cast, meeting.pk) for name in ("meeting", "minutes_versions")]
    name = "Karen Convener"
    assert [name in client.get(one).content.decode() for one in pages] == [True, True]
    cast.partnership.members.filter(person=cast.convener).update(
        function="Head of coasts", shown_by_function=True
    )
    shown = [client.get(one).content.decode() for one in pages]
    assert [(f"by {name}" in html, "by Head of coasts" in html) for html in shown] == [(False, True)] * 2


# --- from the room into the arena ----------------------------------------------------------------------


def problem(cast):
    text = actions.texts.start_text(
        partnership=cast.partnership, kind="problem", title="Our beach", by=cast.convener, at=timezone.now()
    )
    words = {"body": {"what": "It rots."}, "cites": [], "note": "", "based_on": None}
    return actions.texts.write_revision(text=text, by=cast.citizen, at=timezone.now(), **words)


def decide(cast, meeting, revision, who=None, positions=(), **given):
    facts = {
        "meeting": meeting,
        "item": meeting.items.get(title="Sites"),
        "revision": revision,
        "question": "Is this it?",
        "closes_at": timezone.now() + datetime.timedelta(days=7),
        "positions": positions,
        "by": who or cast.convener,
        "at": timezone.now(),
    }
    return deeds.decide_in_meeting(**facts | given)


def test_who_may_take_something_from_a_meeting(cast, meeting):
    revision, bo = problem(cast), cast.member(cast.citizen)
    facts = {"meeting": meeting, "item": None, "at": timezone.now()}
    said = {"kind": "idea", "body": "Compost it", "on_behalf_of": "A resident"}
    promise = {"member": bo, "kind": "hours", "what": "Measure"}
    assert who_may(cast, lambda who: decide(cast, meeting, revision, who)) == {"convener"}
    assert who_may(cast, lambda who: deeds.promise_in_meeting(by=who, **promise, **facts)) == {"convener"}
    assert who_may(cast, lambda who: deeds.say_in_meeting(by=who, **said, **facts)) == {"convener"}


def test_a_decision_in_the_room_asks_all_and_writes_down_those_who_were_there(client, cast, meeting):
    revision = problem(cast)
    bo, karen = cast.member(cast.citizen), cast.member(cast.convener)
    client.force_login(cast.convener)
    address = page("decide_in_meeting", cast, meeting.pk)
    choose = client.get(address).content.decode()
    assert "Our beach" in choose
    item = meeting.items.get(title="Sites")
    address += f"?text={revision.text_id}&item={item.pk}"
    assert "It rots." in client.get(address).content.decode()
    closes = timezone.localtime(timezone.now() + datetime.timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    sent = {"number": 1, "question": "Is this it?", "closes_at": closes, f"choice_{karen.pk}": "agree"}
    sent[f"choice_{bo.pk}"] = "object"
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Write why you object" in answer.content.decode()
    assert not Decision.objects.exists()
    sent[f"reason_{bo.pk}"] = "It is only half of it."
    assert client.post(address, sent).status_code == 302
    decision = Decision.objects.get()
    rows = {p.member.person: (p.choice, p.recorded_by) for p in Position.objects.all()}
    assert rows == {cast.citizen: ("object", cast.convener), cast.convener: ("agree", None)}
    assert told("decision_opened") == sorted([cast.convener.pk, cast.citizen.pk, cast.official.pk])
    assert told("position_recorded") == [cast.citizen.pk]
    deed = MeetingDeed.objects.get()
    assert (deed.decision, deed.item) == (decision, item)
    client.logout()
    html = client.get(page("meeting", cast, meeting.pk)).content.decode()
    assert page("decision", cast, decision.pk) in html


def test_a_decision_in_the_room_happens_whole_or_not_at_all(cast, meeting):
    revision = problem(cast)
    olga = cast.member(cast.observer)  # has no say
    bo = cast.member(cast.citizen)
    with pytest.raises(Refused, match="with a say"), transaction.atomic():
        decide(cast, meeting, revision, positions=[(bo, "agree", ""), (olga, "agree", "")])
    counts = [table.objects.count() for table in (Decision, Position, MeetingDeed)]
    assert counts == [0, 0, 0]
    assert told("decision_opened") == []
    decide(cast, meeting, revision, positions=[(bo, "agree", "")])  # the control
    assert [table.objects.count() for table in (Decision, Position, MeetingDeed)] == [1, 1, 1]


def test_words_that_changed_while_the_form_was_open_are_not_decided_on(client, cast, meeting):
    revision = problem(cast)
    words = {"body": {"what": "It rots badly."}, "cites": [], "note": "", "based_on": revision}
    actions.texts.write_revision(text=revision.text, by=cast.citizen, at=timezone.now(), **words)
    client.force_login(cast.convener)
    closes = timezone.localtime(timezone.now() + datetime.timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    sent = {"number": 1, "question": "My question?", "closes_at": closes}
    answer = client.post(page("decide_in_meeting", cast, meeting.pk) + f"?text={revision.text_id}", sent)
    html = answer.content.decode()
    assert (answer.status_code, "is not the newest" in html, "My question?" in html) == (422, True, True)
    assert not Decision.objects.exists()


def test_a_promise_in_the_room_is_accepted_by_voice_and_its_owner_is_told(client, cast, meeting, smtp_sink):
    client.force_login(cast.convener)
    address = page("promise_in_meeting", cast, meeting.pk)
    bo = cast.member(cast.citizen)
    sent = {"member": bo.pk, "kind": "hours", "what": "Measure the smell", "amount": "10", "unit": ""}
    answer = client.post(address, sent)
    assert (answer.status_code, "Measure the smell" in answer.content.decode()) == (422, True)
    assert client.post(address, sent | {"unit": "hours"}).status_code == 302
    promise = Commitment.objects.get()
    assert (promise.state, promise.accepted_by, promise.recorded_by) == (
        "accepted",
        cast.citizen,
        cast.convener,
    )
    drain("bulk")
    assert len(smtp_sink.to("bo@example.org")) == 1
    mine = {
        "commitment": promise,
        "what": "Only twice",
        "due_on": None,
        "note": "Too much",
        "at": timezone.now(),
    }
    actions.commitments.renegotiate_commitment(by=cast.citizen, **mine)  # they can correct it
    own = {"kind": "task", "what": "Book the hall", "by": cast.convener, "at": timezone.now()}
    own = deeds.promise_in_meeting(meeting=meeting, item=None, member=cast.member(cast.convener), **own)
    assert (own.state, own.recorded_by) == ("accepted", None)
    assert MeetingDeed.objects.count() == 2


def test_what_was_said_in_the_room_stands_in_the_conversation_marked_so(client, cast, meeting):
    client.force_login(cast.convener)
    address = page("say_in_meeting", cast, meeting.pk)
    sent = {"on_behalf_of": "", "kind": "idea", "body": "Compost it"}
    answer = client.post(address, sent)
    assert (answer.status_code, "Compost it" in answer.content.decode()) == (422, True)
    assert client.post(address, sent | {"on_behalf_of": "A resident"}).status_code == 302
    said = Contribution.objects.get()
    assert (said.on_behalf_of, said.meeting, said.recorded_by) == ("A resident", meeting, cast.convener)
    assert MeetingDeed.objects.get().contribution == said


def test_an_item_of_another_meeting_is_not_found(client, cast, meeting):
    other = call(cast)
    foreign = other.items.create(title="Foreign", place=1)
    client.force_login(cast.convener)
    for key in (foreign.pk, "none", "0"):
        address = page("say_in_meeting", cast, meeting.pk) + f"?item={key}"
        assert client.get(address).status_code == 404
    with pytest.raises(ValidationError, match="another meeting"):
        decide(cast, meeting, problem(cast), item=foreign)
