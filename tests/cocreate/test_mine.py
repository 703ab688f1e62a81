"""Waiting for me: what moved since I looked, how far I have looked, filters, and the number in the header."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Person
from journal.actions import record
from partnerships.models import Commitment, Follow, Member
from partnerships.stages import Stage
from tests.cast import join, make_cast, partnership
from tests.cocreate.test_home import asked, decision, html, invited, meeting, step
from tests.partnerships.resting import pause
from tests.partnerships.writing import ask, start, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def cast():
    return make_cast()


def lines(page):
    """The sentences of what moved."""
    return [line.strip() for line in re.findall(r"</time>([^<]+)</li>", page.split('id="moved-h"')[1])]


def told(arena, verb="text.started", by=None, audience="public", days=1):
    at = timezone.now() - days * DAY
    return record(scope=arena.pk, verb=verb, by=by, at=at, audience=audience)


# --- what moved ----------------------------------------------------------------------------------------------------


def test_what_moved_is_told_in_sentences_newest_first_by_partnership(client, cast):
    other = partnership(cast.platform, slug="harbour", title="The harbour")
    join(other, cast.citizen)
    told(cast.partnership, "indicator.added", by=cast.convener, days=3)
    told(cast.partnership, "mandate.changed", by=cast.convener, days=2)
    told(other, "partnership.changed", by=cast.convener, days=1)
    told(cast.partnership, "member.left", by=cast.citizen, days=1)  # my own deed
    page = html(client, "mine", cast.citizen)
    assert lines(page) == [
        "Karen Convener changed the mandate.",
        "Karen Convener added the measure “…”.",
        "Karen Convener changed how the partnership is shown or joined.",
    ]


@pytest.mark.parametrize(
    ("who", "audiences"),
    [
        ("convener", {"public", "members", "conveners"}),
        ("citizen", {"public", "members"}),
        ("observer", {"public", "members"}),
        ("outsider", {"public"}),
    ],
)
def test_each_sees_of_it_what_the_record_shows_them(client, cast, who, audiences):
    verbs = {"public": "stage.moved", "members": "partnership.paused", "conveners": "partnership.resumed"}
    for audience, verb in verbs.items():
        told(cast.partnership, verb, by=cast.politician, audience=audience)
    Follow.objects.create(person=cast.outsider, partnership=cast.partnership)
    page = html(client, "mine", getattr(cast, who))
    words = {"public": "moved the partnership", "members": "paused", "conveners": "let the partnership go on"}
    assert {
        audience for audience, word in words.items() if word in page.split('id="moved-h"')[1]
    } == audiences


def test_nothing_of_what_was_left_or_is_hidden_moves(client, cast):
    told(cast.partnership, by=cast.convener)
    Follow.objects.create(person=cast.outsider, partnership=cast.partnership)
    assert len(lines(html(client, "mine", cast.citizen))) == 1
    assert len(lines(html(client, "mine", cast.outsider))) == 1
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    type(cast.partnership).objects.update(visibility="hidden")
    for who in (cast.citizen, cast.outsider):
        page = html(client, "mine", who)
        assert lines(page) == []
        assert "Seaweed" not in page


def test_a_name_is_the_one_that_somebody_goes_by_there(client, cast):
    other = partnership(cast.platform, slug="harbour", title="The harbour")
    join(other, cast.citizen)
    join(other, cast.convener, function="Head of harbours", shown_by_function=True)
    for arena in (cast.partnership, other):
        told(arena, "mandate.changed", by=cast.convener)
    assert sorted(lines(html(client, "mine", cast.citizen))) == [
        "Head of harbours changed the mandate.",
        "Karen Convener changed the mandate.",
    ]


def test_a_busy_partnership_shows_its_newest_lines_and_leads_to_the_record(client, cast):
    for number in range(9):
        told(cast.partnership, "mandate.changed", by=cast.convener, days=9 - number)
    page = html(client, "mine", cast.citizen)
    assert len(lines(page)) == 6
    assert reverse("record", args=["seaweed"]) in page


def test_many_partnerships_are_on_further_pages(client, cast):
    for number in range(12):
        arena = partnership(cast.platform, slug=f"s{number}", title=f"Number {number}")
        join(arena, cast.citizen)
        told(arena, "mandate.changed", by=cast.convener, days=number + 1)
    assert len(lines(html(client, "mine", cast.citizen))) == 10
    assert len(lines(html(client, "/mine/?moved=2", cast.citizen))) == 2
    assert lines(html(client, "/mine/?moved=3", cast.citizen)) == []
    assert len(lines(html(client, "/mine/?moved=nonsense", cast.citizen))) == 10


# --- how far I have looked -----------------------------------------------------------------------------------------


def test_looking_moves_nothing_and_saying_so_does(client, cast):
    told(cast.partnership, "mandate.changed", by=cast.convener)
    for _twice in range(2):
        assert len(lines(html(client, "mine", cast.citizen))) == 1
    page = html(client, "mine", cast.citizen)
    assert "In the last 30 days." in page
    shown = re.search(r'name="until" value="([^"]+)"', page)[1]
    late = record(scope=cast.partnership.pk, verb="promise.asked", by=cast.convener, at=timezone.now())
    assert client.post(reverse("seen"), {"until": shown}).status_code == 302
    page = html(client, "mine", cast.citizen)
    assert lines(page) == ["Karen Convener asked for a promise: …"]
    assert "Since you last said that you had seen it" in page
    assert late.sequence == 2


@pytest.mark.parametrize(
    "until", ["", "yesterday", "2026-13-45", "2026-11-01T10:00:00", "2026-99-99T10:00:00+01:00"]
)
def test_what_is_no_moment_is_refused_in_words(client, cast, until):
    client.force_login(cast.citizen)
    answer = client.post(reverse("seen"), {"until": until})
    assert answer.status_code == 422
    assert "press the button there" in answer.text
    assert Person.objects.get(pk=cast.citizen.pk).looked_at is None


def test_the_mark_never_goes_back_nor_past_now(client, cast):
    client.force_login(cast.citizen)
    now = timezone.now()
    client.post(reverse("seen"), {"until": (now + DAY).isoformat()})
    mark = Person.objects.get(pk=cast.citizen.pk).looked_at
    assert now <= mark <= timezone.now()
    client.post(reverse("seen"), {"until": (now - DAY).isoformat()})
    assert Person.objects.get(pk=cast.citizen.pk).looked_at == mark
    assert client.get(reverse("seen")).status_code == 405
    assert Person.objects.get(pk=cast.official.pk).looked_at is None


# --- filters -------------------------------------------------------------------------------------------------------


def test_filters_show_part_of_it(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    other = partnership(cast.platform, slug="harbour", title="The harbour", stage=Stage.IMPLEMENT)
    join(other, cast.citizen)
    decision(cast), step(cast, cast.citizen, days=-2), asked(cast, cast.citizen)
    far = step(cast, cast.citizen, days=20, number=2)
    type(far).objects.filter(pk=far.pk).update(what="Paint the pier")
    Commitment.objects.create(
        partnership=other, member=Member.objects.get(partnership=other, person=cast.citizen), kind="task",
        what="A ladder", state="asked", created_by=cast.convener,
    )  # fmt: skip
    told(cast.partnership, "mandate.changed", by=cast.convener)
    told(other, "mandate.changed", by=cast.convener)

    def shown(query):
        page = html(client, f"/mine/{query}", cast.citizen).split("</form>", 3)[-1]
        words = ("Do we choose nets?", "Buy nets", "Paint the pier", "A ladder", "What moved")
        return [word in page for word in words]

    assert shown("") == [True] * 5
    assert shown("?show=owed") == [True, True, True, True, False]
    assert shown("?show=moved") == [False, False, False, False, True]
    assert shown("?where=harbour") == [False, False, False, True, True]
    assert shown("?due=soon") == [True, True, False, False, False]
    assert shown("?due=overdue") == [False, True, False, False, False]
    assert shown("?where=nowhere&due=never&show=x") == [True] * 5
    page = html(client, "/mine/?order=overdue", cast.citizen)
    assert page.index("Buy nets") < page.index("Do we choose nets?")


def test_a_filter_that_fits_nothing_says_so_and_leads_back(client, cast):
    decision(cast)
    page = html(client, "/mine/?due=overdue", cast.citizen)
    assert "Nothing fits what you look for." in page
    assert "Show everything" in page


# --- the number in the header --------------------------------------------------------------------------------------


def number(client, who):
    page = html(client, "/help/", who)
    found = re.search(r'href="/mine/"[^>]*>Waiting for me(?: <span class="co-count">([^<]+)</span>)?', page)
    return found[1]


def test_the_header_counts_what_waits_and_nothing_else(client):
    cast = make_cast(stage=Stage.IMPLEMENT)
    assert number(client, cast.citizen) is None
    decision(cast), meeting(cast), step(cast, cast.citizen), asked(cast, cast.citizen)
    invited(cast, "UFFE@example.org")
    assert [number(client, who) for who in (cast.citizen, cast.outsider, cast.politician)] == ["4", "1", None]
    for number_ in range(110):
        asked(cast, cast.citizen, f"Lend boat {number_}")
    assert number(client, cast.citizen) == "99+"


def test_what_is_counted_is_what_the_page_shows(client, cast):
    ask(cast, write(cast, start(cast)))
    assert number(client, cast.citizen) == "1"
    pause(cast)
    assert number(client, cast.citizen) is None


def test_the_page_asks_one_question_for_all_kinds(client, cast, django_assert_max_num_queries):
    decision(cast), meeting(cast)
    client.force_login(cast.citizen)
    with django_assert_max_num_queries(10):
        client.get(reverse("mine"))


@pytest.mark.parametrize("part", ["0", "00", "٠", "-1", "9" * 5_000, "\x00"])
def test_a_part_that_there_cannot_be_is_the_first(client, cast, part):
    client.force_login(cast.citizen)
    for name in ("page", "moved"):
        assert cast.partnership.title in client.get(reverse("mine"), {name: part}).content.decode()
