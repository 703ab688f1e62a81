"""The desk of a platform: who sees what of which partnership, what comes first, filters, and the file."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    Contribution,
    Decision,
    Invitation,
    InvitationQuestion,
    JoinRequest,
    Member,
    Office,
    Partnership,
    Revision,
    Seat,
    StageVisit,
    Text,
)
from partnerships.stages import Stage
from tests.cast import join, make_cast, partnership, person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def page(client, cast, who, query="", name="desk"):
    client.force_login(who)
    return client.get(reverse(name, args=[cast.platform.slug]) + query)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def titles(answer):
    return [row.facts.title for row in answer.context["rows"]]


def invite(arena, by, number, *states, start=1):
    Invitation.objects.bulk_create(
        Invitation(
            partnership=arena,
            number=start + n,
            address=f"guest{start + n}@example.net",
            nonce="n",
            state=states[n % len(states)],
            expires_at=timezone.now() + 20 * DAY,
            invited_by=by,
        )
        for n in range(number)
    )


def due(arena, days):
    StageVisit.objects.filter(partnership=arena, left_at=None).update(
        due_on=timezone.localdate() + days * DAY
    )


def office(cast, who, kind="convener"):
    Office.objects.create(platform=cast.platform, person=who, kind=kind)


def open_decision(arena, by, closes_in):
    text = Text.objects.create(partnership=arena, kind=Text.Kind.PROBLEM, title="A text")
    revision = Revision.objects.create(text=text, number=1, body={"what": "x"}, digest="0" * 64)
    now = timezone.now()
    return Decision.objects.create(
        partnership=arena,
        text=text,
        revision=revision,
        question="Is this our problem?",
        opened_by=by,
        opened_at=now - DAY,
        closes_at=now + closes_in,
        quorum_public=1,
        quorum_non_public=1,
    )


@pytest.fixture
def cast():
    """Karen convenes “Seaweed”; two others of the platform are Pia’s, one for members only, and one is hidden."""
    cast = make_cast()
    for slug, visibility in (("open", "public"), ("closed-door", "members"), ("secret", "hidden")):
        arena = partnership(cast.platform, slug=slug, title=slug.title(), visibility=visibility)
        join(arena, cast.politician, role=Member.Role.CONVENER)
        invite(arena, cast.politician, 3, "bounced")
        due(arena, -3)
        Seat.objects.create(partnership=arena, sector="citizens")
    return cast


def test_who_has_a_desk_and_which_partnerships_stand_on_it(client, cast):
    join(cast.partnership, person("Fie Facilitator"), role=Member.Role.FACILITATOR)
    fie = Member.objects.get(role=Member.Role.FACILITATOR).person
    seen = {}
    for name, who in {
        "facilitator": fie,
        "citizen": cast.citizen,
        "observer": cast.observer,
        "outsider": cast.outsider,
        "case_officer": cast.case_officer,
        "convener": cast.convener,
    }.items():
        answer = page(client, cast, who)
        seen[name] = (answer.status_code, sorted(titles(answer)) if answer.status_code == 200 else None)
    all_but_hidden = ["Closed-Door", "Open", "Seaweed on the beach"]
    assert seen == {
        "facilitator": (200, ["Seaweed on the beach"]),
        "citizen": (403, None),
        "observer": (403, None),
        "outsider": (403, None),
        "case_officer": (200, sorted([*all_but_hidden, "Secret"])),
        "convener": (200, all_but_hidden),
    }
    client.logout()
    for name in ("desk", "deadlines", "desk_file", "deadlines_file", "deadlines_calendar"):
        url = reverse(name, args=[cast.platform.slug])
        assert client.get(url).status_code == 302
        client.force_login(cast.outsider)
        assert client.get(url).status_code == 403
        assert client.get(reverse(name, args=["nowhere"])).status_code == 404
        client.logout()


def test_a_convener_in_office_sees_of_the_others_what_any_reader_sees(client, cast):
    answer = page(client, cast, cast.convener)
    rows = {row.facts.title: row for row in answer.context["rows"]}
    kinds = {title: [need.kind.value for need in row.case.needs] for title, row in rows.items()}
    assert kinds["Open"] == kinds["Closed-Door"] == ["overdue"]
    assert (rows["Open"].facts.bounced, rows["Open"].facts.seats_open) == (0, 0)
    assert [bool(rows[title].gate) for title in ("Open", "Closed-Door", "Seaweed on the beach")] == [
        True,
        False,
        True,
    ]
    assert "did not arrive" not in text_of(answer)
    officer = {row.facts.title: row for row in page(client, cast, cast.case_officer).context["rows"]}
    assert (officer["Secret"].facts.bounced, officer["Secret"].facts.seats_open) == (3, 1)
    assert bool(officer["Closed-Door"].gate) is True


def test_preparing_is_seen_by_its_convener_and_the_case_officer(client, cast):
    Partnership.objects.filter(slug="open").update(begun_at=None)
    seen = [
        "Open" in titles(page(client, cast, who))
        for who in (cast.convener, cast.politician, cast.case_officer)
    ]
    assert seen == [False, True, True]
    row = next(row for row in page(client, cast, cast.politician).context["rows"] if row.facts.slug == "open")
    assert (row.health[0], row.needs, row.url) == ("In preparation", [], "/partnerships/open/prepare/")


def test_every_need_is_counted_with_the_page_where_it_is_met(client, cast):
    arena, now = cast.partnership, timezone.now()
    due(arena, -2)
    invite(arena, cast.convener, 4, "sent", "bounced", start=100)
    InvitationQuestion.objects.create(
        invitation=Invitation.objects.get(partnership=arena, number=100), words="When?", asked_at=now
    )
    JoinRequest.objects.create(partnership=arena, person=cast.outsider)
    Contribution.objects.create(
        partnership=arena, member=cast.member(cast.citizen), kind="question", body="?", wants_answer=True
    )
    open_decision(arena, cast.convener, DAY)
    row = next(row for row in page(client, cast, cast.convener).context["rows"] if row.facts.leads)
    assert row.needs == [
        ("The stage is overdue by 2 days", "/partnerships/seaweed/manage/"),
        ("A decision closes within two days", "/partnerships/seaweed/decisions/"),
        ("1 question from somebody invited", "/partnerships/seaweed/invitations/questions/"),
        ("1 person asks to join", "/partnerships/seaweed/join-requests/"),
        ("2 invitations did not arrive: call", "/partnerships/seaweed/invitations/?state=bounced"),
        ("1 contribution waits for an answer", "/partnerships/seaweed/answers/"),
        ("2 invitations are not answered", "/partnerships/seaweed/invitations/"),
        ("7 functions are carried by nobody", "/partnerships/seaweed/people/leadership/"),
    ]
    for _sentence, url in row.needs:
        assert client.get(url).status_code == 200
    officer = next(
        row for row in page(client, cast, cast.case_officer).context["rows"] if row.facts.slug == "seaweed"
    )
    for _sentence, url in officer.needs:
        assert client.get(url).status_code == 200


def test_the_row_says_what_is_missing_first_and_who_can_do_it(client, cast):
    noon = (
        timezone.localtime().replace(hour=12) - 5 * DAY
    )  # by the clock on the wall, whatever summer time does
    StageVisit.objects.filter(partnership=cast.partnership, left_at=None).update(entered_at=noon)
    row = next(row for row in page(client, cast, cast.convener).context["rows"] if row.facts.leads)
    assert row.met == "0 of 6 criteria met or set aside"
    assert row.missing == {
        "label": "The promise is given, or everyone who is invited reads that there is none",
        "who": "A convener",
        "url": "/partnerships/seaweed/mandate/promise/",
    }
    assert row.since == "for 5 days"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Open", "Secret", "Closed-Door", "Seaweed on the beach"]),
        ("?q=ON+THE+beach", ["Seaweed on the beach"]),
        ("?q=K-17", ["Open"]),
        ("?stage=define", ["Open", "Secret", "Closed-Door", "Seaweed on the beach"]),
        ("?stage=closed", ["Done"]),
        ("?health=late", ["Open", "Secret", "Closed-Door"]),
        ("?health=well", ["Seaweed on the beach"]),
        ("?health=closed", ["Done"]),
        ("?mine=on", []),
        ("?needs_me=on", []),
        ("?stage=mars&health=%00&q=", ["Open", "Secret", "Closed-Door", "Seaweed on the beach"]),
    ],
)
def test_filters_live_in_the_address(client, cast, query, found):
    Partnership.objects.filter(slug="open").update(case_number="k-17")
    due(Partnership.objects.get(slug="open"), -9)
    due(Partnership.objects.get(slug="secret"), -5)
    partnership(cast.platform, stage=Stage.CLOSED, slug="done", title="Done")
    answer = page(client, cast, cast.case_officer, query)
    assert (answer.status_code, titles(answer)) == (200, found)
    rows = list(csv.reader(io.StringIO(_file(client, cast, cast.case_officer, query)), delimiter=";"))
    assert [row[0] for row in rows[1:]] == found


def test_mine_and_needs_me(client, cast):
    assert titles(page(client, cast, cast.convener, "?mine=on")) == ["Seaweed on the beach"]
    assert titles(page(client, cast, cast.convener, "?needs_me=on")) == []
    due(cast.partnership, 3)
    assert titles(page(client, cast, cast.convener, "?needs_me=on")) == ["Seaweed on the beach"]


def _file(client, cast, who, query="", name="desk_file"):
    answer = page(client, cast, who, query, name)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_file_holds_all_rows_in_the_readers_language_and_no_formula(client, cast):
    Partnership.objects.filter(slug="open").update(title="=HYPERLINK(1)")
    for number in range(25):
        partnership(cast.platform, slug=f"more-{number}", title=f"More {number}")
    rows = list(csv.reader(io.StringIO(_file(client, cast, cast.case_officer)), delimiter=";"))
    assert len(rows) == 1 + 4 + 25
    assert {len(row) for row in rows} == {21}
    assert rows[0][:3] == ["Partnership", "Address", "How it is doing"]
    assert "'=HYPERLINK(1)" in [row[0] for row in rows]
    type(cast.case_officer).objects.filter(pk=cast.case_officer.pk).update(language="da")
    client.cookies.clear()
    danish = _file(client, cast, cast.case_officer).split("\r\n")
    assert danish[0].startswith("Partnerskab;Adresse;")
    assert ";Over tiden;Forstå problemet sammen;" in danish[1]


@pytest.mark.parametrize("name", ["desk", "deadlines"])
def test_the_desk_costs_the_same_with_few_and_with_many(client, cast, name, django_assert_max_num_queries):
    counts = []
    for extra in (0, 45):
        for number in range(extra):
            arena = partnership(
                cast.platform, slug=f"s-{number}", title=f"S {number}", stage=list(Stage)[number % 7]
            )
            invite(arena, cast.convener, 5, "sent", "seen", "bounced")
            due(arena, number)
        for who in (cast.convener, cast.case_officer):
            client.force_login(who)
            with django_assert_max_num_queries(12) as queries:
                assert client.get(reverse(name, args=[cast.platform.slug])).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_the_menu_and_the_platform_lead_to_the_desk(client, cast):
    link = f'href="{reverse("desk", args=[cast.platform.slug])}"'
    led = {}
    for name in ("convener", "case_officer", "citizen"):
        client.force_login(getattr(cast, name))
        pages = (reverse("home"), reverse("platform", args=[cast.platform.slug]), reverse("mine"))
        led[name] = [client.get(path).content.decode().count(link) for path in pages]
    assert led == {"convener": [1, 2, 1], "case_officer": [1, 2, 1], "citizen": [0, 0, 0]}
