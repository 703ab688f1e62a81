"""Said in a room, on paper, by telephone: typed in by those who lead, marked so everywhere, and nothing lost."""

import datetime

import pytest
from django.utils import timezone

from cocreate.balance import balance
from journal.models import Entry
from partnerships import actions
from partnerships.models import Contribution, Meeting
from tests.cast import who_may
from tests.partnerships.saying import html_of, page_of

pytestmark = pytest.mark.django_db
ENTRY = {"kind": "concern", "body": "The path is dark.", "way": "paper", "on_behalf_of": "A jogger"}


def record(cast, by, *entries, **fields):
    return actions.contributions.record_contributions(
        partnership=cast.partnership, entries=entries or [ENTRY], by=by, at=timezone.now(), **fields
    )


def sent(*bodies, way="paper", **more):
    """What a browser sends of the page, with one entry for each of the bodies."""
    data = {"way": way, "e-TOTAL_FORMS": str(len(bodies)), "e-INITIAL_FORMS": "0"} | more
    for number, body in enumerate(bodies):
        data |= {
            f"e-{number}-body": body,
            f"e-{number}-kind": "concern",
            f"e-{number}-behalf_sector": "private",
        }
    return data


def test_who_may_type_in(cast):
    assert who_may(cast, lambda by: record(cast, by)) == {"convener"}


@pytest.mark.parametrize(
    ("way", "marked"),
    [
        ("room", "said in the room, typed in by Karen Convener"),
        ("paper", "written on paper, typed in by Karen Convener"),
        ("telephone", "said by telephone, typed in by Karen Convener"),
    ],
)
def test_it_is_marked_so(client, cast, way, marked):
    record(cast, cast.convener, ENTRY | {"way": way}, ENTRY | {"way": way, "on_behalf_of": ""})
    html = html_of(client.get(page_of(cast, "say")))
    assert html.count(marked) == 2
    assert 'dir="auto">A jogger</h3>' in html
    assert 'dir="auto">Somebody</h3>' in html


def test_several_in_one_sitting_are_one_line_of_the_record(client, cast):
    meeting = Meeting.objects.create(
        partnership=cast.partnership,
        title="In the hall",
        starts_at=timezone.now(),
        ends_at=timezone.now() + datetime.timedelta(hours=1),
        place="Hall",
        called_by=cast.convener,
    )
    client.force_login(cast.convener)
    page = page_of(cast, "record_contributions")
    answer = client.post(page, sent("The path is dark.", "", "The bus is late.", meeting=str(meeting.pk)))
    assert answer.status_code == 302
    assert set(
        Contribution.objects.values_list("body", "way", "behalf_sector", "meeting", "recorded_by")
    ) == {
        (body, "paper", "private", meeting.pk, cast.convener.pk)
        for body in ("The path is dark.", "The bus is late.")
    }
    (entry,) = Entry.objects.all()
    assert (entry.verb, len(entry.ids["contributions"])) == ("contribution.recorded", 2)
    assert "typed in what others had said: 2." in html_of(client.get(page_of(cast, "record")))


def test_one_mistake_loses_nothing(client, cast):
    client.force_login(cast.convener)
    page = page_of(cast, "record_contributions")
    long = "dark " * 5000
    answer = client.post(page, sent("The bus is late.", long, way="pigeon"))
    html = html_of(answer)
    assert answer.status_code == 422
    assert "The bus is late.</textarea>" in html
    assert long.strip() in html
    assert not Contribution.objects.exists()


def test_more_room_keeps_what_was_typed(client, cast):
    client.force_login(cast.convener)
    page = page_of(cast, "record_contributions")
    answer = client.post(page, sent("The bus is late.", "", "", do="more"))
    html = html_of(answer)
    assert answer.status_code == 200
    assert "The bus is late.</textarea>" in html
    assert html.count("</textarea>") == 8
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("total", ["nonsense", "-1", "100000", "1" * 50])
def test_a_broken_form_is_told_and_never_an_error(client, cast, total):
    client.force_login(cast.convener)
    for do in ("", "more"):
        data = sent("The bus is late.", do=do) | {"e-TOTAL_FORMS": total}
        assert client.post(page_of(cast, "record_contributions"), data).status_code in (200, 302, 422)


def test_nothing_typed_is_told(client, cast):
    client.force_login(cast.convener)
    answer = client.post(page_of(cast, "record_contributions"), sent("", ""))
    assert answer.status_code == 422
    assert "Write what was said." in html_of(answer)


def test_words_count_for_the_sector_that_said_them(cast):
    record(cast, cast.convener, *[ENTRY | {"behalf_sector": "private"}] * 3)
    record(cast, cast.convener, *[ENTRY] * 2)
    said = {row.sector: row.said for row in balance(cast.partnership).rows}
    assert (said["private"], said["public"]) == (3, 2)


def test_a_form_that_is_sent_twice_is_typed_in_once(client, cast):
    client.force_login(cast.convener)
    page = page_of(cast, "record_contributions")
    key = str(client.get(page).context["sitting"]["key"].value())
    for _press in range(2):
        assert client.post(page, sent("The path is dark.", "The bus is late.", key=key)).status_code == 302
    assert (Contribution.objects.count(), Entry.objects.count()) == (2, 1)
