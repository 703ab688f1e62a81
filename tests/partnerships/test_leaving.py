"""Leaving: what becomes of promises, functions and seat, and that every right ends at once."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Commitment, Leadership, Member, Partnership, Relief, ReliefOffer, Seat
from partnerships.stages import Stage
from tests.cast import make_cast, told
from tests.partnerships.promising import State, accepting, ask, deeds, offer

pytestmark = pytest.mark.django_db


def promised(cast, what):
    made = offer(cast, cast.citizen, what)
    return accepting(made)(cast.convener)


def page(cast, name="leave", *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def leave(cast, who, **more):
    actions.members.leave(partnership=cast.partnership, by=who, at=timezone.now(), **{"reason": ""} | more)


def states():
    return dict(Commitment.objects.values_list("what", "state"))


def test_one_form_settles_every_open_promise(client):
    cast = make_cast()
    kept, back, stays = (promised(cast, what) for what in ("Kept", "Back", "Stays"))
    offer(cast, cast.citizen, "Offered")
    ask(cast, cast.citizen, what="Asked")
    client.force_login(cast.citizen)
    html = client.get(page(cast)).content.decode()
    for what in ("Kept", "Back", "Stays"):
        assert what in html
    sent = {f"promise_{kept.pk}": "kept", f"promise_{back.pk}": "withdrawn", "reason": "I move away."}
    refused = client.post(page(cast), sent)
    assert (refused.status_code, "I move away." in refused.content.decode()) == (422, True)
    assert Member.objects.get(person=cast.citizen).left_at is None
    answer = client.post(page(cast), {**sent, f"note_{back.pk}": "No boat any more."})
    assert answer.status_code == 302
    assert states() == {
        "Kept": State.KEPT,
        "Back": State.WITHDRAWN,
        "Stays": State.ACCEPTED,
        "Offered": State.WITHDRAWN,
        "Asked": State.DECLINED,
    }
    client.force_login(cast.convener)
    listed = client.get(page(cast, "commitments") + "?whose=left").content.decode()
    assert ("Stays" in listed, "Left by its owner" in listed, "Back" in listed) == (True, True, False)
    assert stays.pk == Commitment.objects.get(what="Stays").pk


def test_functions_seat_and_offers_of_help_end_and_the_conveners_are_told():
    cast = make_cast()
    bo = cast.member(cast.citizen)
    seat = Seat.objects.create(partnership=cast.partnership, sector="citizens", holder=bo)
    Leadership.objects.create(
        partnership=cast.partnership,
        member=bo,
        function="steward",
        state="held",
        offered_by=cast.convener,
        offered_at=timezone.now(),
        answered_at=timezone.now(),
    )
    for number in range(5):
        promised(cast, f"Task {number}")
    actions.relief.offer_relief(member=bo, words="Help?", by=cast.convener, at=timezone.now())
    leave(cast, cast.citizen, reason="I move away.")
    seat.refresh_from_db()
    assert (seat.holder, Leadership.objects.get().state) == (None, "ended")
    assert ReliefOffer.objects.get().accepted is False
    assert told("member_left") == [cast.convener.pk]
    kind = kind_named("member_left")
    notices = list(Notice.objects.filter(kind="member_left"))
    assert [(row["member"].left_reason, row["still_open"]) for row in kind.context(notices).values()] == [
        ("I move away.", 5)
    ]
    Member.objects.filter(person=cast.convener).update(role="member")
    assert kind.still_true(notices) == set()


@pytest.mark.parametrize("stage", list(Stage))
def test_everybody_can_leave_in_every_stage_but_the_last_convener(stage):
    cast = make_cast(stage=stage)
    Commitment.objects.create(
        partnership=cast.partnership,
        member=cast.member(cast.citizen),
        kind="task",
        what="Asked long ago",
        state=State.ASKED,
        created_by=cast.convener,
    )
    for who in (cast.citizen, cast.observer, cast.official):
        leave(cast, who)
    with pytest.raises(Refused):
        leave(cast, cast.convener)
    assert list(Member.objects.present().values_list("person", flat=True)) == [cast.convener.pk]


def test_who_hands_on_before_leaving_leaves_the_question_open():
    cast = make_cast()
    made = promised(cast, "Forty hours")
    actions.relief.ask_relief(commitment=made, why="", openly=True, by=cast.citizen, at=timezone.now())
    leave(cast, cast.citizen)
    assert Relief.objects.get().ended_at is None
    actions.relief.take_over_commitment(
        commitment=Commitment.objects.get(), by=cast.official, at=timezone.now()
    )
    assert Relief.objects.get().taken_by.person == cast.official


def test_rights_end_at_once_in_session_interface_files_and_mail(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    said = actions.contributions.say(
        partnership=cast.partnership, kind="idea", body="Secret", by=cast.official, at=timezone.now()
    )
    now = timezone.now()
    meeting = actions.meetings.call_meeting(
        partnership=cast.partnership,
        title="Secret meeting",
        starts_at=now + datetime.timedelta(days=1),
        ends_at=now + datetime.timedelta(days=1, hours=1),
        place="Pier",
        link="",
        agenda="",
        time_zone="Europe/Copenhagen",
        by=cast.convener,
        at=now,
    )
    made = promised(cast, "Forty hours")
    client.force_login(cast.citizen)
    bo = cast.member(cast.citizen).pk
    addresses = [
        *(
            page(cast, name)
            for name in ("partnership", "say", "record", "journal_file", "commitments", "people")
        ),
        page(cast, "contribution", said.pk),
        page(cast, "commitment", made.pk),
        page(cast, "meeting_calendar", meeting.pk),
        page(cast, "member", bo),
        f"/api/v1/contributions/{said.pk}/",
        f"/api/v1/commitments/{made.pk}/",
    ]
    before = [client.get(address).status_code for address in addresses]
    assert before == [200] * len(addresses)
    waiting = list(Notice.objects.filter(recipient=cast.citizen.pk, scope=cast.partnership.pk))
    kinds = {notice.kind for notice in waiting}
    assert kinds == {"meeting_called", "commitment_answered"}
    still = {n.pk for n in waiting if n.kind == "meeting_called"}
    assert kind_named("meeting_called").still_true([n for n in waiting if n.pk in still]) == still
    leave(cast, cast.citizen)
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    for kind in kinds:
        assert kind_named(kind).still_true([n for n in waiting if n.kind == kind]) == set()


def test_the_page_says_what_happens_and_settling_after_leaving_is_refused(client):
    cast = make_cast()
    made = promised(cast, "Forty hours")
    client.force_login(cast.citizen)
    html = client.get(page(cast)).content.decode()
    for words in ("What you said and wrote", "Your positions", "Your seat", "take along everything"):
        assert words in html
    leave(cast, cast.citizen)
    with pytest.raises(Refused):
        deeds.settle_commitment(commitment=made, state="kept", note="", by=cast.citizen, at=timezone.now())
    assert client.get(page(cast)).status_code == 200
    assert "Only members can do this" in client.get(page(cast)).content.decode()
