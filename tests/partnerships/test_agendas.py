"""The agenda: items in an order, picked from what is open, proposed by members, sent when it stands."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from boundary.answer import Conflict, Refused
from notices.actions import drain
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import AgendaItem, Meeting
from tests.cast import join, make_cast, partnership, told, who_may
from tests.partnerships.meeting import DAY, call, deeds, held, page
from tests.partnerships.test_ics import sent_files

pytestmark = pytest.mark.django_db
agendas = actions.agendas
State = AgendaItem.State


def add(cast, meeting, *titles, **fields):
    items = [{"title": title, **fields} for title in titles]
    return agendas.add_items(meeting=meeting, items=items, by=cast.convener, at=timezone.now())


def titles(meeting):
    return list(meeting.items.taken().values_list("title", flat=True))


def propose(cast, meeting, who=None, title="The smell"):
    facts = {"meeting": meeting, "title": title, "words": "It is bad.", "at": timezone.now()}
    return agendas.propose_item(by=who or cast.citizen, **facts)


def test_who_puts_it_together_and_who_proposes():
    cast = make_cast()
    meeting = call(cast)
    assert who_may(cast, lambda who: add_as(meeting, who)) == {"convener"}
    assert who_may(cast, lambda who: propose(cast, meeting, who)) == {"convener", "citizen", "official"}
    (item,) = add(cast, meeting, "One")
    assert who_may(cast, lambda who: change(item, who)) == {"convener"}
    assert who_may(cast, lambda who: agendas.remove_item(item=item, by=who, at=timezone.now())) == {
        "convener"
    }
    over = {"at": meeting.ends_at, "by": cast.convener}
    with pytest.raises(Refused, match="over"):
        agendas.add_items(meeting=meeting, items=[{"title": "Late"}], **over)
    deeds.cancel_meeting(meeting=meeting, reason="Storm", by=cast.convener, at=timezone.now())
    with pytest.raises(Refused, match="cancelled"):
        add(cast, meeting, "Two")


def add_as(meeting, who):
    agendas.add_items(meeting=meeting, items=[{"title": "One"}], by=who, at=timezone.now())


def change(item, who):
    facts = {"title": "Two", "purpose": "inform", "minutes": 5, "words": ""}
    agendas.change_item(item=item, by=who, at=timezone.now(), **facts)


def test_items_stand_in_an_order_that_can_be_changed():
    cast = make_cast()
    meeting = call(cast)
    one, two, three = add(cast, meeting, "One", "Two", "Three", minutes=10)
    at = {"meeting": meeting, "by": cast.convener, "at": timezone.now()}
    agendas.arrange_agenda(order=[three, one], minutes={two.pk: 45}, **at)
    assert titles(meeting) == ["Three", "One", "Two"]
    assert list(meeting.items.taken().values_list("minutes", flat=True)) == [10, 10, 45]
    agendas.remove_item(item=one, by=cast.convener, at=timezone.now())
    assert titles(meeting) == ["Three", "Two"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, ["One", "Two", "Three"]),
        ({"Three": 1}, ["Three", "One", "Two"]),
        ({"One": 3}, ["Two", "Three", "One"]),
        ({"One": 2}, ["Two", "One", "Three"]),
        ({"One": 3, "Three": 1}, ["Three", "Two", "One"]),
        ({"move": ("up", "Three")}, ["One", "Three", "Two"]),
        ({"move": ("down", "One")}, ["Two", "One", "Three"]),
        ({"move": ("up", "One")}, ["One", "Two", "Three"]),
    ],
)
def test_numbers_in_boxes_and_buttons_arrange_without_a_script(client, typed, expected):
    cast = make_cast()
    meeting = call(cast)
    items = {item.title: item for item in add(cast, meeting, "One", "Two", "Three")}
    sent = {f"place_{item.pk}": typed.get(title, n) for n, (title, item) in enumerate(items.items(), 1)}
    sent |= {f"minutes_{item.pk}": 20 for item in items.values()}
    if "move" in typed:
        way, title = typed["move"]
        sent["move"] = f"{way}-{items[title].pk}"
    client.force_login(cast.convener)
    assert client.post(page("arrange_agenda", cast, meeting.pk), sent).status_code == 302
    assert titles(meeting) == expected
    assert "Planned: 60 of 120 minutes." in client.get(page("meeting", cast, meeting.pk)).content.decode()


def test_a_number_that_is_none_comes_back_with_what_was_typed(client):
    cast = make_cast()
    meeting = call(cast)
    (item,) = add(cast, meeting, "One")
    client.force_login(cast.convener)
    sent = {f"place_{item.pk}": "first", f"minutes_{item.pk}": "7000"}
    answer = client.post(page("arrange_agenda", cast, meeting.pk), sent)
    assert answer.status_code == 422
    assert 'value="7000"' in answer.content.decode()


# --- from what is open --------------------------------------------------------------------------------


def open_things(cast, before):
    """One open thing of each kind, and one that is not open; a meeting before left an item over."""
    at, by = timezone.now(), cast.convener
    say = {"partnership": cast.partnership, "kind": "question", "by": cast.citizen, "at": at}
    actions.contributions.say(body="Who pays?", wants_answer=True, **say)
    actions.contributions.say(body="I only say this.", **say)
    text = actions.texts.start_text(
        partnership=cast.partnership, kind="problem", title="Our beach", by=by, at=at
    )
    words = {"body": {"what": "It rots."}, "cites": [], "note": "", "based_on": None}
    actions.texts.write_revision(text=text, by=cast.citizen, at=at, **words)
    actions.texts.start_text(partnership=cast.partnership, kind="charter", title="Empty", by=by, at=at)
    promise = {"partnership": cast.partnership, "kind": "hours", "by": cast.citizen, "at": at}
    for what, due in (("Measure the smell", at.date() + 2 * DAY), ("Much later", at.date() + 90 * DAY)):
        offered = actions.commitments.offer_commitment(what=what, due_on=due, **promise)
        actions.commitments.accept_commitment(commitment=offered, by=by, at=at)
    AgendaItem.objects.create(meeting=before, title="Left over", left_over=True, place=1)
    AgendaItem.objects.create(meeting=before, title="Done", place=2)


def test_what_is_open_is_ticked_on_to_the_agenda_once(client):
    cast = make_cast()
    before, meeting = held(cast), call(cast)
    open_things(cast, before)
    client.force_login(cast.convener)
    address = page("pick_items", cast, meeting.pk)
    html = client.get(address).content.decode()
    offered = ["Left over", "Who pays?", "Our beach", "Measure the smell"]
    everything = [*offered, "I only say this.", "Empty", "Much later", "Done"]
    assert [words for words in everything if f">{words}</label>" in html] == offered
    keys = re.findall(r'name="items" id="[^"]+" value="([^"]+)"', html)
    assert client.post(address, {"items": []}).status_code == 422
    assert client.post(address, {"items": ["text-none"]}).status_code == 422
    assert client.post(address, {"items": keys}).status_code == 302
    assert titles(meeting) == offered
    assert "Nothing is open" in client.get(address).content.decode()
    client.logout()
    html = client.get(page("meeting", cast, meeting.pk)).content.decode()
    links = ["The contribution", "The text", "The promise"]
    assert [words for words in links if words in html] == links


def test_what_belongs_to_another_partnership_is_not_on_an_agenda():
    cast = make_cast()
    other = partnership(cast.platform, slug="other", by=cast.convener)
    join(other, cast.citizen)
    foreign = actions.contributions.say(
        partnership=other, kind="idea", body="Foreign", by=cast.citizen, at=timezone.now()
    )
    meeting = call(cast)
    with pytest.raises(ValidationError, match="belongs to this partnership"):
        add(cast, meeting, "Foreign", contribution=foreign)
    with pytest.raises(ValidationError, match="at most 40"):
        add(cast, meeting, *map(str, range(41)))
    assert titles(meeting) == []


# --- what members propose ----------------------------------------------------------------------------


def test_a_proposal_is_taken_or_answered_with_why_not(client, smtp_sink):
    cast = make_cast()
    meeting = call(cast)
    client.force_login(cast.citizen)
    sent = {"title": "The smell", "words": "It is bad."}
    assert client.post(page("propose_item", cast, meeting.pk), sent).status_code == 302
    assert (
        client.post(page("propose_item", cast, meeting.pk), {"title": "", "words": "Keep"}).status_code == 422
    )
    smell, noise = AgendaItem.objects.get(), propose(cast, meeting, title="The noise")
    assert told("item_proposed") == [cast.convener.pk] * 2
    assert titles(meeting) == []
    client.force_login(cast.convener)
    html = client.get(page("agenda", cast, meeting.pk)).content.decode()
    assert html.count("Bo Citizen") == 2

    def answer(item, **sent):
        named = {f"{item.pk}-{name}": value for name, value in sent.items()}
        return client.post(page("answer_item", cast, meeting.pk, item.pk), named)

    assert answer(noise, take="no", reason=" ").status_code == 422
    assert answer(noise, take="no", reason="It belongs to the next meeting.").status_code == 302
    assert answer(smell, take="yes").status_code == 302
    assert answer(smell, take="no", reason="Twice").status_code == 403
    assert titles(meeting) == ["The smell"]
    drain("bulk")
    subjects = [mail["Subject"] for mail in smtp_sink.to("bo@example.org")]
    assert sorted(subjects[-2:]) == [
        "Not on the agenda of “Choosing a site”: The noise",
        "On the agenda of “Choosing a site”: The smell",
    ]
    mails = [mail.get_body(("plain",)).get_content() for mail in smtp_sink.to("bo@example.org")]
    assert sum("It belongs to the next meeting." in mail for mail in mails) == 1


def test_what_was_answered_meanwhile_is_not_told_to_those_who_lead():
    cast = make_cast()
    item = propose(cast, call(cast))
    notices = list(Notice.objects.filter(kind="item_proposed"))
    still = kind_named("item_proposed").still_true
    assert still(notices) == {notices[0].pk}
    facts = {"item": item, "take": True, "reason": "", "by": cast.convener, "at": timezone.now()}
    agendas.answer_item(**facts)
    assert still(notices) == set()
    with pytest.raises(Refused, match="answered already"):
        agendas.answer_item(**facts)


# --- sending it --------------------------------------------------------------------------------------


def test_the_agenda_goes_into_mail_and_calendars_when_it_is_sent_and_not_before(client, smtp_sink):
    cast = make_cast()
    meeting = call(cast)
    drain("bulk")
    add(cast, meeting, "The two sites", purpose="decide", minutes=30)
    client.force_login(cast.convener)
    client.post(page("agenda", cast, meeting.pk), {"title": "Costs", "purpose": "inform", "minutes": ""})
    drain("bulk")
    assert len(smtp_sink.to("bo@example.org")) == 1
    assert client.post(page("send_agenda", cast, meeting.pk)).status_code == 302
    drain("bulk")
    mail = smtp_sink.to("bo@example.org")[-1]
    lines = "1. The two sites (To decide, 30 minutes)\n2. Costs (To inform)"
    assert mail["Subject"].startswith("Agenda for")
    assert lines in mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    *_rest, (method, _name, _calendar, event) = sent_files(smtp_sink, "bo@example.org")
    assert (method, event["SEQUENCE"]) == ("REQUEST", 1)
    assert str(event["DESCRIPTION"]).startswith(f"{lines}\n\n1. Welcome\n\n")


def test_an_agenda_of_words_stays_readable_beside_items(client):
    cast = make_cast()
    meeting = call(cast, agenda="Old **words**")
    html = client.get(page("meeting", cast, meeting.pk)).content.decode()
    assert "Old <strong>words</strong>" in html
    add(cast, meeting, "New item")
    html = client.get(page("meeting", cast, meeting.pk)).content.decode()
    assert "Old <strong>words</strong>" in html
    assert "1. New item" in html


def test_an_item_at_which_something_was_done_stays():
    cast = make_cast()
    meeting = call(cast)
    (item,) = add(cast, meeting, "One")
    at = meeting.starts_at + datetime.timedelta(minutes=5)
    said = {"kind": "idea", "body": "Compost it", "on_behalf_of": "A resident", "by": cast.convener, "at": at}
    actions.minutes.say_in_meeting(meeting=meeting, item=item, **said)
    with pytest.raises(Conflict, match="so it stays"):
        agendas.remove_item(item=item, by=cast.convener, at=at)
    assert Meeting.objects.get().items.count() == 1
