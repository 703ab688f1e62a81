"""The conversation: found by words and filters, in the order asked for, as quick with five thousand as with five."""

import datetime
import itertools
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships import actions
from partnerships.finding import having, search_for
from partnerships.models import Attachment, Citation, Contribution, Meeting
from tests.cast import make_cast
from tests.partnerships.saying import html_of, page_of, post, say
from tests.partnerships.writing import start, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def found(client, cast, **asked):
    """First words of what the page lists, in order."""
    page = client.get(page_of(cast, "say"), asked).context["page"]
    return [one.body.split(" ")[0] for one in page]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tang", ["TANGEN", "Tang"]),
        ("TANG strand", ["Tang"]),
        ("strånd", ["Tang"]),
        ("oret", ["Ørets"]),
        ("ørets", ["Ørets"]),
        ("e\u0301cole", ["École"]),
        ("l'ecole", []),
        ("12.000", ["Tang"]),
        ("co-creation", ["École"]),
        ("مرحبا", ["مرحبا"]),
        ("nothing", []),
        ("' | & ! :* <-> ( \\", ["مرحبا", "École", "Ørets", "TANGEN", "Tang"]),
        ("tang' | 'ørets", []),
        ("tang\x00", ["مرحبا", "École", "Ørets", "TANGEN", "Tang"]),
    ],
)
def test_all_words_are_found_in_any_case_and_with_or_without_accents(client, cast, words, expected):
    bodies = (
        "Tang på stranden, 12.000 tons",
        "TANGEN lugter",
        "Ørets gule hav",
        "École og co-creation",
        "مرحبا بكم",
    )
    for number, body in enumerate(bodies):
        say(cast, cast.citizen, body, at=timezone.now() + datetime.timedelta(seconds=number))
    assert found(client, cast, q=words) == expected


def test_what_is_hidden_is_never_found(client, cast):
    for field in ("hidden_at", "retracted_at"):
        gone = say(cast, cast.citizen, "secret")
        Contribution.objects.filter(pk=gone.pk).update(**{field: timezone.now()}, hidden_reason="Rude")
    for asked in ({"q": "secret"}, {"kind": "experience"}, {"who": "citizens"}):
        assert found(client, cast, **asked) == []


@pytest.fixture
def talk():
    """One contribution for each filter, each called by its first word."""
    cast = make_cast()
    now = timezone.now()

    def said(body, who=cast.citizen, days=1, **fields):
        return say(cast, who, body, at=now - days * DAY, **fields)

    meeting = Meeting.objects.create(
        partnership=cast.partnership,
        title="In the hall",
        starts_at=now,
        ends_at=now + DAY,
        place="Hall",
        called_by=cast.convener,
    )
    said("old", days=9)
    said("waiting", days=8, wants_answer=True)
    answered = said("answered", days=7, wants_answer=True)
    actions.answering.respond(contribution=answered, outcome="partly", reason="In.", by=cast.convener, at=now)
    said("meeting", days=6, meeting=meeting)
    said("idea", days=5, kind="idea")
    said("official", cast.official, days=4)
    said("room", cast.convener, days=3, way="room", behalf_sector="private")
    said("reply", cast.official, days=2, reply_to=answered)
    cited = said("cited", days=1)
    Citation.objects.create(revision=write(cast, start(cast)), contribution=cited)
    Attachment.objects.create(contribution=cited, position=1, name="a.pdf", kind="pdf", size=1, digest="0")
    return cast, meeting, now


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": "idea"}, ["idea"]),
        ({"who": "mine"}, ["reply", "official"]),
        ({"who": "public"}, ["reply", "official"]),
        ({"who": "private"}, ["room"]),
        ({"state": "waiting"}, ["waiting"]),
        ({"state": "answered"}, ["answered"]),
        ({"state": "partly"}, ["answered"]),
        ({"state": "adopted"}, []),
        ({"files": "on"}, ["cited"]),
        ({"cited": "on"}, ["cited"]),
        ({"who": "public", "q": "rep"}, ["reply"]),
        ({"sort": "oldest"}, ["old", "waiting", "answered", "meeting", "idea", "official", "room", "cited"]),
        (
            {"sort": "discussed"},
            ["answered", "cited", "room", "official", "idea", "meeting", "waiting", "old"],
        ),
    ],
)
def test_filters_and_orders(client, talk, asked, expected):
    cast, _meeting, _now = talk
    client.force_login(cast.official)
    assert found(client, cast, **asked) == expected


def test_a_meeting_and_a_period(client, talk):
    cast, meeting, now = talk
    assert found(client, cast, meeting=meeting.pk) == ["meeting"]
    day = (now - 5 * DAY).date()
    assert found(client, cast, since=day.isoformat(), until=day.isoformat()) == ["idea"]


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "shout"},
        {"who": "mine"},  # nobody is signed in
        {"who": "everybody"},
        {"state": "lost"},
        {"sort": "random"},
        {"meeting": "nonsense"},
        {"since": "2027-13-45"},
        {"until": "0000"},
    ],
)
def test_what_is_no_filter_asks_for_nothing(client, talk, asked):
    cast, *_rest = talk
    assert len(found(client, cast, **asked)) == 8


def test_meetings_to_choose_from_cost_one_query(client, talk, django_assert_num_queries):
    cast, meeting, now = talk
    client.get(page_of(cast, "say"))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(cast, "say"))
    facts = {"partnership": cast.partnership, "starts_at": now, "ends_at": now + DAY, "place": "Hall"}
    Meeting.objects.bulk_create(
        Meeting(title=f"Meeting {n}", called_by=cast.convener, **facts) for n in range(9)
    )
    with django_assert_num_queries(len(few)):
        html = html_of(client.get(page_of(cast, "say")))
    assert f"{meeting.title}, " in html


def test_a_period_that_ends_before_it_begins_is_told(client, cast):
    answer = client.get(page_of(cast, "say"), {"since": "2027-03-02", "until": "2027-03-01"})
    assert answer.status_code == 200
    assert "This day is before the first one." in html_of(answer)


# --- how much there is --------------------------------------------------------------------------------------------


def grow(cast, number, *, thread=None, replies=0):
    """So many contributions more, or replies to one; every one says when it came."""
    now, member = timezone.now() - 30 * DAY, cast.member(cast.citizen)
    seconds = itertools.count()

    def one(body, first=None):
        at = now + datetime.timedelta(seconds=next(seconds))
        own = {"partnership": cast.partnership, "member": member, "kind": "idea", "created_at": at}
        return Contribution(body=body, reply_to=first, thread=first, **own)

    firsts = [one(f"Number {n} about seaweed") for n in range(number)]
    Contribution.objects.bulk_create(firsts)
    Contribution.objects.bulk_create(one(f"Reply {n}", thread or firsts[-1]) for n in range(replies))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partnerships_contribution")


def test_a_deep_thread_shows_its_newest_replies_and_opens_on_the_right_page(client, cast):
    first = say(cast, cast.citizen, "First")
    grow(cast, 0, thread=first, replies=500)
    html = html_of(client.get(page_of(cast, "say")))
    assert "All 500 replies" in html
    assert [
        n for n in (0, 496, 497, 498, 499) if f">Reply {n}<" in html.replace("<p>", ">").replace("</p>", "<")
    ] == [
        497,
        498,
        499,
    ]
    for number, page in ((0, 1), (19, 1), (20, 2), (250, 13), (499, 25)):
        reply = Contribution.objects.get(body=f"Reply {number}")
        shown = client.get(page_of(cast, "contribution", reply))
        assert shown.context["page"].number == page
        assert f'id="c-{reply.pk}"' in html_of(shown)
        assert html_of(shown).count("<article") == 21
    assert client.get(page_of(cast, "contribution", first)).context["page"].number == 1
    assert client.get(page_of(cast, "contribution", first) + "?page=99").status_code == 404


def test_a_reply_lands_where_it_stands_and_says_what_it_answers(client, cast):
    first = say(cast, cast.citizen, "First")
    grow(cast, 0, thread=first, replies=60)
    middle = Contribution.objects.get(body="Reply 30")
    answer = post(client, cast, cast.official, "My answer", to=middle)
    mine = Contribution.objects.get(body="My answer")
    assert answer.url.endswith(f"/say/{mine.pk}/#c-{mine.pk}")
    html = html_of(client.get(answer.url))
    assert "In answer to Bo Citizen</a>: “Reply 30”" in html
    assert f"/say/{middle.pk}/#c-{middle.pk}" in html


def test_five_thousand_cost_the_queries_of_five_and_stay_quick(client, cast, django_assert_max_num_queries):
    pages = ["", "?q=seaweed+4999", "?kind=idea&sort=discussed", "?page=100&sort=oldest"]
    grow(cast, 5, replies=5)
    client.force_login(cast.citizen)
    address = page_of(cast, "say")

    def cost(page):
        with django_assert_max_num_queries(12) as queries:
            began = time.perf_counter()
            answer = client.get(address + page)
            taken = time.perf_counter() - began
        return answer.status_code, len(queries), taken

    cost("")  # what a process reads once is not what a page costs
    few = cost("")
    grow(cast, 4500, replies=500)
    many = {page: cost(page) for page in pages}
    assert many[""][:2] == few[:2]
    assert {status for status, _queries, _taken in many.values()} == {200}
    assert max(taken for _status, _queries, taken in many.values()) < 2


def test_words_are_found_by_the_index(cast):
    grow(cast, 3000)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "contributions_by_their_words" in having(Contribution.objects.all(), "2999").explain()
    assert search_for("...") is None
