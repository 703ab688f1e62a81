"""The end of a workshop: everything becomes contributions of the meeting, once."""

import datetime
import uuid

import pytest
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.models import Notice
from partnerships.models import Contribution, Member, Note
from tests.cast import who_may
from tests.partnerships import rooming
from tests.partnerships.rooming import end, enter, fresh, move, send, sorted_room, start

pytestmark = pytest.mark.django_db


def told(contribution):
    return (contribution.member.person.name, contribution.on_behalf_of, contribution.body)


def test_themes_become_threads_and_notes_their_replies(cast):
    workshop = sorted_room(cast)
    assert end(cast, workshop) == 4
    beach, water = Contribution.objects.filter(wants_answer=True).order_by("created_at")
    assert told(beach) == (
        "Karen Convener",
        "",
        "**The beach**\n\nThe room was asked: What would make you swim here?",
    )
    assert [told(one) for one in beach.replies.order_by("created_at")] == [
        ("Karen Convener", "Anna", "Clean sand"),
        ("Karen Convener", "someone in the room", "No smell"),
    ]
    assert [told(one) for one in water.replies.all()] == [("Bo Citizen", "", "A **ladder**")]
    assert {one.thread for one in beach.replies.all()} == {beach}
    alone = Contribution.objects.get(reply_to=None, wants_answer=False)
    assert told(alone)[1:] == ("someone in the room", "**What would make you swim here?**\n\nCoffee")
    assert set(Contribution.objects.values_list("meeting", flat=True)) == {workshop.meeting_id}
    assert set(Contribution.objects.owed_a_response()) == {beach, water}
    assert all(beach.created_at < reply.created_at for reply in beach.replies.all())


def test_what_others_said_says_who_wrote_it_down(cast):
    end(cast, sorted_room(cast))
    theirs = Contribution.objects.exclude(on_behalf_of="")
    assert set(theirs.values_list("recorded_by", flat=True)) == {cast.convener.pk}
    assert Contribution.objects.get(body="A **ladder**").recorded_by is None


def test_all_of_it_is_one_entry_in_the_record_and_nobody_is_mailed(cast):
    workshop = sorted_room(cast)
    before, mails = Entry.objects.count(), Notice.objects.count()
    end(cast, workshop)
    entry = Entry.objects.get(verb="workshop.ended")
    assert Entry.objects.count() == before + 1
    assert (entry.ids["notes"], entry.ids["themes"]) == (4, 2)
    assert Notice.objects.count() == mails


def test_it_ends_once(cast):
    workshop = sorted_room(cast)
    end(cast, workshop)
    with pytest.raises(Conflict, match="Everything has landed, once"):
        end(cast, workshop)
    assert Contribution.objects.count() == 6


def test_in_the_language_of_the_partnership(cast):
    cast.partnership.language = "da"
    cast.partnership.save()
    end(cast, sorted_room(cast))
    assert set(Contribution.objects.values_list("on_behalf_of", flat=True)) == {"", "Anna", "en i lokalet"}


def test_what_was_taken_back_does_not_land_and_what_was_hidden_lands_hidden(cast):
    workshop = start(cast)
    phone = enter(workshop)
    gone, rude = send(phone, "Oops"), send(phone, "You fools")
    rooming.notes.withdraw_note(phone=phone, note=gone, at=timezone.now())
    rooming.clusters.hide_notes(
        workshop=workshop, notes=[rude], reason="It insults.", by=cast.convener, at=timezone.now()
    )
    end(cast, workshop)
    (landed,) = Contribution.objects.all()
    assert (landed.pk, landed.hidden_reason, landed.hidden_by) == (rude.pk, "It insults.", cast.convener)
    assert not Contribution.objects.shown().exists()


def test_an_empty_theme_and_an_empty_room_leave_nothing(cast):
    workshop = start(cast)
    note = send(enter(workshop))
    move(cast, workshop, note, title="First thought")
    move(cast, workshop, note)
    end(cast, workshop)
    assert [one.pk for one in Contribution.objects.all()] == [note.pk]
    assert end(cast, start(cast)) == 0


def test_a_theme_is_of_the_kind_that_most_were_asked_for(cast):
    workshop = start(cast)
    phone = enter(workshop)
    notes = [send(phone, "One", number=1), send(phone, "Two", number=2), send(phone, "Three", number=2)]
    move(cast, workshop, *notes, title="Mixed")
    end(cast, workshop)
    thread = Contribution.objects.get(wants_answer=True)
    assert thread.kind == "concern"
    assert sorted(thread.replies.values_list("kind", flat=True)) == ["concern", "concern", "experience"]


def test_dots_stand_in_the_words_of_the_thread(cast):
    workshop = sorted_room(cast)
    asked = rooming.soundings.give_dots(workshop=workshop, dots=3, by=cast.convener, at=timezone.now())
    beach = asked.options.get(words="The beach")
    phone = enter(workshop)
    rooming.soundings.answer_sounding(sounding=asked, phone=phone, marks={beach.pk: 2}, at=timezone.now())
    end(cast, workshop)
    words = {one.body.split("**")[1]: one.body for one in Contribution.objects.filter(wants_answer=True)}
    assert words["The beach"].endswith("The room gave this 2 dots.")
    assert words["The water"].endswith("The room gave this 0 dots.")
    asked.refresh_from_db()
    assert asked.closed_by == cast.convener


# --- what comes after the end ---------------------------------------------------------------------------------


def test_a_phone_that_finds_its_network_again_lands_for_an_hour(cast):
    workshop = sorted_room(cast)
    phone, ended, given = enter(workshop), timezone.now(), str(uuid.uuid4())
    end(cast, workshop, at=ended)
    for _time in range(2):
        send(phone, "From the tunnel", given=given, at=ended + datetime.timedelta(minutes=59))
    late = Contribution.objects.get(body__endswith="From the tunnel")
    assert (late.on_behalf_of, late.meeting) == ("someone in the room", workshop.meeting)
    assert Entry.objects.filter(verb="workshop.note_late").count() == 1
    with pytest.raises(Refused, match="This workshop is over"):
        send(phone, "Next morning", at=ended + datetime.timedelta(minutes=61))
    assert not Note.objects.filter(body="Next morning").exists()


def test_late_notes_land_when_who_ended_it_has_left(cast):
    workshop = start(cast)
    phone = enter(workshop)
    facilitator = cast.member(cast.official)
    Member.objects.filter(pk=facilitator.pk).update(role="facilitator")
    end(cast, workshop, who=cast.official)
    Member.objects.filter(pk=facilitator.pk).update(left_at=timezone.now())
    send(phone, "Late")
    assert Contribution.objects.get().member == cast.member(cast.convener)


# --- on paper -------------------------------------------------------------------------------------------------


def typed(cast, workshop, *lines, sheet=None, who=None, **facts):
    return rooming.notes.type_notes(
        workshop=workshop,
        lines=lines,
        sheet=sheet or uuid.uuid4(),
        by=who or cast.convener,
        at=timezone.now(),
        **facts,
    )


@pytest.mark.parametrize("ended", [False, True])
def test_who_may_type_in_paper(cast, ended):
    workshop = start(cast)
    if ended:
        end(cast, workshop)
    assert who_may(cast, lambda who: typed(cast, workshop, "A bench", who=who)) == {"convener"}


def test_paper_lands_with_the_rest(cast):
    workshop = sorted_room(cast)
    beach = workshop.clusters.get(title="The beach")
    typed(cast, workshop, "A bench", "A bin", cluster=beach)
    end(cast, workshop)
    replies = Contribution.objects.filter(thread__pk=beach.pk, on_behalf_of="someone on paper")
    assert sorted(replies.values_list("body", flat=True)) == ["A bench", "A bin"]


def test_paper_typed_in_after_the_end_lands_in_the_threads(cast):
    workshop = sorted_room(cast)
    empty = move(cast, workshop, title="Only on paper")
    end(cast, workshop)
    beach, sheet = workshop.clusters.get(title="The beach"), uuid.uuid4()
    counts = [
        typed(cast, workshop, "A bench", "A bench", cluster=fresh(beach), sheet=sheet) for _time in range(2)
    ]
    assert counts == [2, 0]  # the same sheet sent twice; two people may have written the same
    typed(cast, workshop, "A raft", cluster=fresh(empty))
    typed(cast, workshop, "A kiosk", prompt=workshop.prompts.get(number=2))
    assert Contribution.objects.filter(thread=fresh(beach).contribution, body="A bench").count() == 2
    assert Contribution.objects.get(body="A raft").thread.body == "**Only on paper**"
    assert Contribution.objects.get(body__endswith="A kiosk").body == "**What is in the way?**\n\nA kiosk"
    assert Entry.objects.filter(verb="workshop.paper_typed").count() == 3
    assert Note.objects.filter(contribution=None, withdrawn_at=None).count() == 0
