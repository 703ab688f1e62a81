"""What is due in the coming weeks: every kind on its day, of whom one leads, as picture, list, table and calendar."""

import csv
import datetime
import io
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cocreate.deadlines import KINDS, ahead
from cocreate.templatetags.timelines import timeline
from partnerships.models import (
    Commitment,
    Invitation,
    Meeting,
    Member,
    Partnership,
    Revision,
    StageVisit,
    Text,
)
from partnerships.places import desk_of
from solutions.models import AuthorizationRequest, Ownership, Proposal, Step, StepReport, ValueProposition
from tests.cast import join, make_cast, partnership

from .test_desk import DAY, open_decision

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2031, 5, 6, 10, 0, tzinfo=datetime.UTC)
TODAY = AT.date()


def day(number):
    return TODAY + number * DAY


def step(arena, cast, number, due_on, status=None):
    made = Step.objects.create(
        partnership=arena, number=number, what=f"Step {number}", due_on=due_on, created_by=cast.convener
    )
    if status:
        StepReport.objects.create(step=made, member=arena.members.first(), status=status, body="x", at=AT)
    return made


def promise(arena, cast, what, due_on, state="accepted", step=None):
    made = Commitment.objects.create(
        partnership=arena,
        member=arena.members.first(),
        kind="task",
        what=what,
        state=state,
        accepted_at=AT if state == "accepted" else None,
        due_on=due_on,
        created_by=cast.convener,
    )
    if step:
        Ownership.objects.create(step=step, commitment=made)
    return made


def meeting(arena, cast, title, starts_in, **fields):
    return Meeting.objects.create(
        partnership=arena,
        title=title,
        starts_at=AT + starts_in,
        ends_at=AT + starts_in + DAY / 12,
        called_by=cast.convener,
        place="The quay",
        **fields,
    )


def fill(arena, cast):
    """One of each kind that is due, and beside each one that is not: settled, past, or too far ahead."""
    StageVisit.objects.filter(partnership=arena, left_at=None).update(due_on=day(3))
    decision = open_decision(arena, cast.convener, DAY)
    type(decision).objects.filter(pk=decision.pk).update(closes_at=AT + 4 * DAY, opened_at=AT - DAY)
    meeting(arena, cast, "We meet", 5 * DAY)
    meeting(arena, cast, "Called off", 5 * DAY, cancelled_at=AT)
    meeting(arena, cast, "Long ago", -5 * DAY)
    meeting(arena, cast, "Next winter", 200 * DAY)
    for number, (state, days) in enumerate([("sent", 6), ("seen", 6), ("declined", 6), ("sent", 91)], 1):
        Invitation.objects.create(
            partnership=arena,
            number=number,
            address=f"{number}@example.net",
            nonce="n",
            state=state,
            expires_at=AT + days * DAY,
            invited_by=cast.convener,
        )
    promise(arena, cast, "Lend a boat", day(7))
    promise(arena, cast, "Only offered", day(7), state="offered")
    promise(arena, cast, "Late already", day(-1))
    step(arena, cast, 1, day(9))
    step(arena, cast, 2, day(9), "done")
    late = step(arena, cast, 3, day(90), "delayed")
    promise(arena, cast, "Own the step", day(90), step=late)
    step(arena, cast, 4, day(91))
    text = Text.objects.create(partnership=arena, kind=Text.Kind.VALUE, title="V")
    proposal = Text.objects.create(partnership=arena, kind=Text.Kind.PROPOSAL, title="P")
    proposal = Proposal.objects.create(text=proposal, partnership=arena, novelty="adapted")
    ValueProposition.objects.create(text=text, partnership=arena, proposal=proposal)
    revision = Revision.objects.create(text=text, number=1, body={"value": "x"}, digest="1" * 64)
    AuthorizationRequest.objects.create(
        partnership=arena,
        revision=revision,
        digest=revision.digest,
        body=cast.council,
        meeting_on=day(8),
        asked_by=cast.convener,
    )


WANTED = [
    ("stage", 3, "“Define the problem” is planned to be done"),
    ("decision", 4, "Is this our problem?"),
    ("meeting", 5, "We meet"),
    ("invitations", 6, "2 invitations run out"),
    ("promise", 7, "Lend a boat"),
    ("body", 8, "Solrød Council meets"),
    ("step", 9, "Step 1"),
    ("step", 90, "Step 3"),
]


def told(due):
    return [(one.kind, (one.on - TODAY).days, one.what) for one in due.deadlines]


def test_every_kind_on_its_day_and_nothing_settled_past_or_far(django_assert_num_queries):
    cast = make_cast()
    fill(cast.partnership, cast)
    with django_assert_num_queries(2):
        due = ahead(AT, partnership=cast.partnership)
    assert told(due) == WANTED
    assert {one.kind for one in due.deadlines} == set(KINDS)
    assert all(one.url for one in due.deadlines)


def test_over_a_platform_only_of_what_one_leads_or_keeps():
    cast = make_cast()
    other = partnership(cast.platform, slug="other", title="Other")
    join(other, cast.politician, role=Member.Role.CONVENER)
    for arena in (cast.partnership, other):
        fill(arena, cast)
    preparing = partnership(cast.platform, slug="draft", title="Draft", begun_at=None)
    StageVisit.objects.filter(partnership=preparing).update(due_on=day(1))
    seen = {
        name: told(ahead(AT, desk=desk_of(cast.platform, getattr(cast, name))))
        for name in ("convener", "politician", "case_officer", "outsider")
    }
    both = [one for one in WANTED for _twice in range(2)]
    assert seen == {"convener": WANTED, "politician": WANTED, "case_officer": both, "outsider": []}
    few = ahead(AT, desk=desk_of(cast.platform, cast.case_officer), most=1)
    assert (len(few.deadlines), few.full) == (len(KINDS), True)


def test_a_moment_is_due_on_the_readers_day():
    cast = make_cast()
    meeting(cast.partnership, cast, "Late in the evening", DAY + datetime.timedelta(hours=12, minutes=30))
    days = {}
    for zone in ("Europe/London", "Europe/Copenhagen"):
        with timezone.override(ZoneInfo(zone)):
            days[zone] = [one.on for one in ahead(AT, partnership=cast.partnership).deadlines]
    assert days == {"Europe/London": [day(1)], "Europe/Copenhagen": [day(2)]}


def test_the_picture_has_a_lane_for_each_kind_and_a_dot_for_each_week():
    cast = make_cast()
    assert timeline(ahead(AT, partnership=cast.partnership), KINDS) == ""
    fill(cast.partnership, cast)
    drawn = timeline(ahead(AT, partnership=cast.partnership), KINDS)
    assert (drawn.count('class="lane"'), drawn.count("<circle")) == (7, 8)
    assert drawn.count('class="n"') == 0
    meeting(cast.partnership, cast, "We meet again", 5 * DAY)
    drawn = timeline(ahead(AT, partnership=cast.partnership), KINDS)
    assert (drawn.count("<circle"), drawn.count('class="n">2</text>')) == (8, 1)
    assert "style" not in drawn
    assert 'aria-label="9 dates until 4 August 2031. Stages: 1, Decisions: 1,' in drawn


def test_the_files_hold_the_same(client):
    cast = make_cast()
    Partnership.objects.update(title="=Seaweed")
    now = timezone.now()
    StageVisit.objects.filter(left_at=None).update(due_on=timezone.localdate() + 3 * DAY)
    meeting(cast.partnership, cast, "We meet", now - AT + 5 * DAY)
    client.force_login(cast.convener)
    answer = client.get(reverse("deadlines_file", args=[cast.platform.slug]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[1:4] for row in rows] == [
        ["Kind", "What", "Partnership"],
        ["Stages", "“Define the problem” is planned to be done", "'=Seaweed"],
        ["Meetings", "We meet", "'=Seaweed"],
    ]
    answer = client.get(reverse("deadlines_calendar", args=[cast.platform.slug]))
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert [event["dtstart"].dt.isoformat() for event in events] == [row[0] for row in rows[1:]]
    again = list(
        Calendar.from_ical(client.get(reverse("deadlines_calendar", args=[cast.platform.slug])).content).walk(
            "VEVENT"
        )
    )
    assert [event["uid"] for event in again] == [event["uid"] for event in events]


def test_the_list_is_in_pages(client):
    cast = make_cast()
    for number in range(25):
        meeting(cast.partnership, cast, f"Meeting {number}", timezone.now() - AT + (number + 1) * DAY)
    client.force_login(cast.convener)
    url = reverse("deadlines", args=[cast.platform.slug])
    pages = [client.get(url + query).content.decode() for query in ("", "?page=2")]
    assert [page.count("/meetings/") for page in pages] == [20, 5]
    assert client.get(url + "?page=3").status_code == 404
    desk = client.get(reverse("desk", args=[cast.platform.slug])).content.decode()
    assert "And 19 more dates." in desk
