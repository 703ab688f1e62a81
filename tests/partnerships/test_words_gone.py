"""Words that are hidden or were taken back are nowhere to be read: not where others made something of them either."""

import pytest
from django.utils import timezone

from boundary.answer import Refused
from partnerships import actions
from partnerships.actions.drafts import standing_of
from partnerships.models import Contribution, Sounding
from partnerships.open_things import open_for
from tests.cast import make_cast
from tests.partnerships import rooming, sounding
from tests.partnerships.meeting import call, held
from tests.partnerships.moderating import hide, report
from tests.partnerships.saying import answer, contest, html_of, page_of, said
from tests.partnerships.writing import start, write

pytestmark = pytest.mark.django_db
WORDS = "The mayor is a fool"


def take_back(cast, contribution):
    actions.contributions.retract_contribution(contribution=contribution, by=cast.citizen, at=timezone.now())


def hide_it(cast, contribution):
    hide(contribution, by=cast.convener)


GONE = pytest.mark.parametrize("gone", [take_back, hide_it])


@GONE
def test_an_item_of_an_agenda_loses_the_words_that_it_is_called_by(client, gone):
    cast = make_cast()
    meeting, contribution = call(cast), said(cast, body=WORDS)
    (offered,) = [one for group in open_for(meeting) for one in group.things]
    actions.agendas.add_items(meeting=meeting, items=[offered.item], by=cast.convener, at=timezone.now())
    client.force_login(cast.convener)
    (item,) = meeting.items.all()
    pages = [
        page_of(cast, "meeting", meeting),
        page_of(cast, "meeting_calendar", meeting),
        page_of(cast, "agenda", meeting),
        page_of(cast, "change_item", meeting, item=item.pk),
    ]
    assert [WORDS in html_of(client.get(page)) for page in pages] == [True] * 4
    gone(cast, contribution)
    assert [WORDS in html_of(client.get(page)) for page in pages] == [False] * 4
    assert "No longer shown" in html_of(client.get(pages[0]))


@GONE
def test_minutes_written_afterwards_do_not_repeat_them(gone):
    cast = make_cast()
    meeting, contribution = held(cast), said(cast, body=WORDS)
    meeting.items.create(title=WORDS, contribution=contribution, place=1)
    gone(cast, contribution)
    (item,) = meeting.items.all()
    written = {"meeting": meeting, "minutes": "We met.", "items": {str(item.pk): "Nobody spoke."}}
    actions.minutes.write_minutes(**written, by=cast.convener, at=timezone.now())
    meeting.refresh_from_db()
    assert "Nobody spoke." in meeting.minutes
    assert WORDS not in meeting.minutes


@GONE
@pytest.mark.parametrize("method", Sounding.Method.values)
def test_a_line_of_a_sounding_loses_them(client, gone, method):
    cast = make_cast()
    contribution = said(cast, body=WORDS)
    asked = sounding.deeds.open_sounding(
        partnership=cast.partnership,
        question="What matters?",
        method=method,
        options=[{"words": WORDS, "contribution": contribution}, {"words": "A kiosk"}],
        by=cast.convener,
        at=timezone.now(),
    )
    client.force_login(cast.official)
    sounding.answer(asked, cast.official, _1=1)
    page = page_of(cast, "sounding", asked)
    assert html_of(client.get(page)).count(WORDS) > 1
    gone(cast, contribution)
    html = html_of(client.get(page))
    assert (WORDS in html, "No longer shown" in html, "A kiosk" in html) == (False, True, True)


@GONE
def test_the_wall_of_a_workshop_that_has_landed_loses_them(client, gone):
    cast = make_cast()
    room = rooming.start(cast)
    phone = rooming.enter(room, cast.citizen)
    note = rooming.send(phone, WORDS)
    rooming.send(phone, "A kiosk")
    rooming.end(cast, room)
    client.force_login(cast.convener)
    pages = [page_of(cast, name, room) for name in ("workshop_wall", "workshop")]
    assert [WORDS in html_of(client.get(page)) for page in pages] == [True, True]
    gone(cast, Contribution.objects.get(pk=note.pk))
    html = [html_of(client.get(page)) for page in pages]
    assert [(WORDS in one, "A kiosk" in one) for one in html] == [(False, True)] * 2


@GONE
def test_a_draft_begins_without_what_its_text_no_longer_rests_on(gone):
    cast = make_cast()
    contribution, text = said(cast, body=WORDS), start(cast)
    write(cast, text, cites=[contribution])
    assert standing_of(text).cites == {(str(contribution.pk), "")}
    gone(cast, contribution)
    assert standing_of(text).cites == frozenset()


def test_what_was_taken_back_is_neither_reported_nor_hidden_so_that_nobody_reads_it_there(client):
    cast = make_cast()
    reported, contribution = said(cast), said(cast, body=WORDS)
    report(reported, by=cast.official)
    pages = {
        cast.official: page_of(cast, "report_contribution", contribution),
        cast.convener: page_of(cast, "hide_contribution", contribution),
    }

    def read():
        for who, page in pages.items():
            client.force_login(who)
            yield WORDS in html_of(client.get(page))

    assert list(read()) == [True, True]
    take_back(cast, contribution)
    assert list(read()) == [False, False]
    with pytest.raises(Refused, match="taken back"):
        report(contribution, by=cast.official)
    take_back(cast, reported)
    hide(reported, by=cast.convener)  # what was reported is still settled


def test_who_answers_several_together_does_not_read_what_was_taken_back_meanwhile(client):
    cast = make_cast()
    stays, contribution = said(cast, body="It smells."), said(cast, body=WORDS)
    client.force_login(cast.convener)
    page = page_of(cast, "answer_together")
    sent = {"contributions": [str(stays.pk), str(contribution.pk)], "outcome": "partly", "reason": "We look."}
    take_back(cast, contribution)
    html = html_of(client.post(page, sent, follow=True))
    assert "Left as they were" in html
    assert WORDS not in html


@GONE
def test_what_is_gone_gets_no_new_words_by_contesting_its_answer(gone):
    cast = make_cast()
    contribution = said(cast, body=WORDS)
    answer(cast, contribution)
    gone(cast, contribution)
    with pytest.raises(Refused):
        contest(contribution, by=cast.citizen)
