"""Names for members only: where a partnership allows it, visitors read the sector and no name, anywhere."""

import pytest
from django.utils import timezone

from boundary.answer import Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Contribution, Partnership
from partnerships.settings.together import WITHHOLD_NAMES
from tests.cast import make_cast
from tests.partnerships.saying import answer, contest, html_of, page_of, post, say
from tests.partnerships.writing import start, write

pytestmark = pytest.mark.django_db
NAME, INITIALS = "Bo Citizen", "<b>BC</b>"


@pytest.fixture
def cast():
    return make_cast(may_withhold_names=True)


def test_only_where_the_partnership_allows_it(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    assert 'name="anonymous"' not in html_of(client.get(page_of(cast, "say")))
    with pytest.raises(Refused):
        say(cast, cast.citizen, anonymous=True)
    post(client, cast, cast.citizen, "Openly", anonymous="on")
    assert list(Contribution.objects.values_list("anonymous", flat=True)) == [False]


def test_the_form_offers_it_and_each_thing_said_keeps_it(client, cast):
    assert post(client, cast, cast.citizen, "Quietly", anonymous="on").status_code == 302
    Partnership.objects.update(may_withhold_names=False)
    client.logout()
    assert "A member" in html_of(client.get(page_of(cast, "say")))


@pytest.mark.parametrize(
    ("who", "named"),
    [
        (None, False),
        ("outsider", False),
        ("politician", False),
        ("citizen", True),
        ("observer", True),
        ("convener", True),
        ("case_officer", True),
    ],
)
def test_who_reads_the_name(client, cast, who, named):
    first = say(cast, cast.citizen, "I am afraid", anonymous=True, wants_answer=True)
    reply = say(cast, cast.official, "I see", reply_to=first, quotes=first, quoted="I am afraid")
    say(
        cast,
        cast.official,
        "More",
        reply_to=say(cast, cast.citizen, "Me too", reply_to=first, anonymous=True),
    )
    text = start(cast, who=cast.convener)
    write(cast, text, who=cast.convener, cites=[first])
    actions.contributions.change_contribution(
        contribution=first, kind="concern", body="I am afraid indeed", by=cast.citizen, at=timezone.now()
    )
    pages = [
        *(page_of(cast, name) for name in ("say", "record")),
        page_of(cast, "say") + "?q=afraid",
        page_of(cast, "contribution", first),
        page_of(cast, "contribution", reply),
        page_of(cast, "contribution_history", first),
        page_of(cast, "text", text),
    ]
    if who:
        client.force_login(getattr(cast, who))
        pages += [page_of(cast, "report_contribution", first)]
    for page in pages:
        html = html_of(client.get(page))
        own_name_in_the_menu = 1 if who == "citizen" else 0
        reads = html.count(NAME) > own_name_in_the_menu or INITIALS in html
        assert reads is named, page


def test_the_api_names_nobody_to_those_outside(client, cast):
    quiet = say(cast, cast.citizen, "Quietly", anonymous=True)
    member = str(cast.member(cast.citizen).pk)

    def members(query=""):
        rows = client.get(f"/api/v1/contributions/?partnership={cast.partnership.pk}{query}").json()[
            "results"
        ]
        return [(row["id"], row["member"]) for row in rows]

    for who in (None, cast.outsider):
        client.logout()
        if who:
            client.force_login(who)
        assert members() == [(str(quiet.pk), None)]
        assert members(f"&member={member}") == []
        assert client.get(f"/api/v1/contributions/{quiet.pk}/").json()["member"] is None
    client.force_login(cast.observer)
    assert members(f"&member={member}") == [(str(quiet.pk), member)]


def test_the_public_record_does_not_say_who(client, cast):
    quiet = say(cast, cast.citizen, anonymous=True)
    actions.contributions.change_contribution(
        contribution=quiet, kind="idea", body="Otherwise", by=cast.citizen, at=timezone.now()
    )
    answer(cast, quiet)
    contest(quiet, by=cast.citizen)
    actions.contributions.retract_contribution(contribution=quiet, by=cast.citizen, at=timezone.now())
    done = Entry.objects.filter(actor=cast.citizen.pk)
    assert list(done.values_list("audience", flat=True)) == ["members"] * 4

    def published():
        return b"".join(client.get(page_of(cast, "journal_file")).streaming_content).decode()

    assert str(cast.citizen.pk) not in published()
    say(cast, cast.citizen)
    assert str(cast.citizen.pk) in published()


def test_messages_to_members_name_them(cast):
    quiet = say(cast, cast.citizen, anonymous=True, mentions=[cast.member(cast.official)])
    notices = list(Notice.objects.filter(kind="mentioned"))
    (context,) = kind_named("mentioned").context(notices).values()
    assert (context["author"].name, context["contribution"]) == (NAME, quiet)


def test_a_platform_says_how_new_partnerships_begin(cast):
    def convened():
        return actions.arenas.convene(
            platform=cast.platform,
            title="New",
            summary="New",
            question="What?",
            by=cast.convener,
            at=timezone.now(),
        ).may_withhold_names

    assert convened() is False
    WITHHOLD_NAMES.put(cast.platform, "yes")
    cast.platform.save()
    assert convened() is True
