"""Substitutes and successors: who answers for a seat, and that a seat has one answer."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from actors.models import Sector, Side
from boundary.answer import Conflict, Refused
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Decision, Member, Position, Seat, Substitution
from tests.cast import join, person, told, who_may
from tests.partnerships.reading import address, read
from tests.partnerships.writing import ask, close, start, take, write

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def name_one(cast, substitute, who=None, **more):
    """The citizen, or `who`, asks somebody to stand in."""
    member = substitute if isinstance(substitute, Member) else cast.member(substitute)
    told = {"partnership": cast.partnership, "substitute": member, "at": timezone.now()}
    return actions.substitutes.name_substitute(**told | more, by=who or cast.citizen)


def stand_in(cast, substitute, who=None, **more):
    """The same, with a yes."""
    asked = name_one(cast, substitute, who, **more)
    return actions.substitutes.answer_substitution(
        substitution=asked, accept=True, by=asked.substitute.person, at=timezone.now()
    )


def answer_for(decision, substitution, choice="agree", reason="", **more):
    return take(decision, substitution.substitute.person, choice, reason, substitution=substitution, **more)


@pytest.fixture
def neighbour(cast):
    return join(cast.partnership, person("Nina Neighbour"))


# --- naming and accepting ---------------------------------------------------------------------------------------------


def test_a_substitute_is_named_by_the_member_and_says_yes_in_person(cast, neighbour):
    asked = name_one(cast, neighbour)
    assert told("substitute_asked") == [neighbour.person_id]
    assert not Substitution.objects.covering(timezone.now()).exists()
    deed = {"substitution": asked, "accept": True, "at": timezone.now()}
    for other in (cast.citizen, cast.convener):
        with pytest.raises(Refused, match="Only the member who was asked"):
            actions.substitutes.answer_substitution(**deed, by=other)
    actions.substitutes.answer_substitution(**deed, by=neighbour.person)
    assert told("substitute_answered") == [cast.citizen.pk]
    assert Substitution.objects.covering(timezone.now()).get() == asked


def test_a_no_frees_the_seat_for_another(cast, neighbour):
    asked = name_one(cast, neighbour)
    actions.substitutes.answer_substitution(
        substitution=asked, accept=False, by=neighbour.person, at=timezone.now()
    )
    assert name_one(cast, cast.observer).state == "asked"


def test_who_can_name_somebody(cast, neighbour):
    assert who_may(cast, lambda who: name_one(cast, cast.observer, who)) == {
        "convener",
        "citizen",
        "official",
    }


def test_whom_nobody_can_name(cast, neighbour):
    with pytest.raises(Refused, match="cannot stand in for yourself"):
        name_one(cast, cast.citizen)
    with pytest.raises(Refused, match="sits on the other side"):
        name_one(cast, cast.official)
    gone = join(cast.partnership, person("Gert Gone"), left_at=timezone.now())
    with pytest.raises(Refused, match="no longer here"):
        name_one(cast, gone)
    assert name_one(cast, cast.observer).substitute.person == cast.observer  # an observer speaks for no side


def test_nobody_stands_in_in_a_circle_or_for_two(cast, neighbour):
    stand_in(cast, neighbour)
    with pytest.raises(Refused, match="You stand in for Bo Citizen"):
        name_one(cast, cast.citizen, neighbour.person)
    third = join(cast.partnership, person("Tor Third"))
    for busy in (neighbour, cast.member(cast.citizen)):
        with pytest.raises(Refused, match="stands in for somebody already, or has a substitute"):
            name_one(cast, busy, third.person)
    with pytest.raises(Refused, match="Nina Neighbour is your substitute"):
        name_one(cast, third)


def test_the_database_keeps_one_substitute_to_a_seat(cast, neighbour):
    first = name_one(cast, neighbour)
    facts = {"partnership": cast.partnership, "from_at": timezone.now(), "asked_at": timezone.now()}
    for wrong in (
        {"member": first.member, "substitute": cast.member(cast.observer)},
        {"member": cast.member(cast.official), "substitute": neighbour},
        {"member": cast.member(cast.official), "substitute": cast.member(cast.official)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Substitution.objects.create(**facts, **wrong)


def test_either_of_them_ends_it_and_a_convener_can(cast, neighbour):
    standing = stand_in(cast, neighbour)

    def end(who):
        actions.substitutes.end_substitution(substitution=standing, by=who, at=timezone.now())

    assert who_may(cast, end) == {"convener", "citizen"}
    end(neighbour.person)
    with pytest.raises(Refused, match="ended already"):
        end(cast.citizen)


def test_a_substitute_who_leaves_stands_in_no_more(cast, neighbour, decision):
    standing = stand_in(cast, neighbour)
    actions.members.leave(partnership=cast.partnership, reason="", by=neighbour.person, at=timezone.now())
    assert not Substitution.objects.standing(timezone.now()).exists()
    with pytest.raises(Refused, match="Only members"):
        answer_for(decision, standing)
    assert name_one(cast, cast.observer).state == "asked"  # the seat is free for another
    standing.refresh_from_db()
    assert standing.state == "ended"


# --- answering for a seat ---------------------------------------------------------------------------------------------


def test_a_substitute_answers_for_the_seat_and_the_member_is_told(cast, decision):
    standing = stand_in(cast, cast.observer)
    position = answer_for(decision, standing)
    assert (position.member, position.substitute) == (cast.member(cast.citizen), standing)
    assert told("position_by_substitute") == [cast.citizen.pk]
    take(decision, cast.convener)
    public, other = actions.decisions.tallies(decision)
    assert (public.answered, other.answered, other.side) == (1, 1, Side.NON_PUBLIC)


def test_what_the_member_says_counts_and_what_the_substitute_said_is_kept_beside_it(cast, decision):
    standing = stand_in(cast, cast.observer)
    answer_for(decision, standing, "object", "Not without the boats.")
    position = take(decision, cast.citizen)
    assert (Position.objects.get(), position.choice, position.substitute) == (position, "agree", None)
    kept = position.earlier.get()
    assert (kept.choice, kept.reason, kept.substitute) == ("object", "Not without the boats.", standing)
    with pytest.raises(Conflict, match="Bo Citizen has answered"):
        answer_for(decision, standing)
    assert Position.objects.get().choice == "agree"


def test_what_a_leader_wrote_down_for_the_member_counts_before_a_substitutes(cast, decision):
    standing = stand_in(cast, cast.observer)
    answer_for(decision, standing)
    said = take(decision, cast.convener, "stand_aside", member=cast.member(cast.citizen), way="telephone")
    assert (said.substitute, said.way) == (None, "telephone")
    with pytest.raises(Conflict, match="has answered"):
        answer_for(decision, standing)


def test_a_member_who_stands_in_has_two_seats_to_answer_for_and_each_one_answer(cast, decision, neighbour):
    standing = stand_in(cast, neighbour)
    take(decision, neighbour.person, "object", "Mine.")
    answer_for(decision, standing, "agree")
    assert sorted(Position.objects.values_list("member__person__name", "choice")) == [
        ("Bo Citizen", "agree"),
        ("Nina Neighbour", "object"),
    ]
    Member.objects.filter(pk=neighbour.pk).update(side=Side.PUBLIC)  # seated otherwise since
    with pytest.raises(Refused, match="nobody speaks for both"):
        answer_for(decision, standing, "stand_aside")


@pytest.mark.parametrize(
    ("begins", "ends", "allowed"), [(None, None, True), (1, None, False), (None, 2, True), (1, 2, False)]
)
def test_a_substitute_answers_while_their_time_runs(cast, decision, begins, ends, allowed):
    at = timezone.now()
    standing = stand_in(
        cast, cast.observer, from_at=begins and at + begins * DAY, until_at=ends and at + ends * DAY
    )
    needed = [decision] if allowed else []
    assert list(Decision.objects.needing_position_of(cast.observer)) == needed
    if allowed:
        assert answer_for(decision, standing).choice == "agree"
    else:
        with pytest.raises(Refused, match="You do not stand in for Bo Citizen in this decision"):
            answer_for(decision, standing)
        assert answer_for(decision, standing, at=at + 1.5 * DAY).choice == "agree"
    if ends:
        with pytest.raises(Refused, match="You do not stand in"):
            answer_for(decision, standing, at=at + ends * DAY)


def test_time_that_is_over_before_it_begins_is_no_time(cast):
    at = timezone.now()
    with pytest.raises(ValidationError, match="not over before it begins"):
        name_one(cast, cast.observer, from_at=at + 2 * DAY, until_at=at + DAY)
    assert not Substitution.objects.exists()


def test_a_substitute_for_one_decision_answers_in_that_one(cast, decision):
    other = ask(cast, write(cast, start(cast, "charter", title="Rules")))
    standing = stand_in(cast, cast.observer, decision=other)
    assert list(Decision.objects.needing_position_of(cast.observer)) == [other]
    with pytest.raises(Refused, match="You do not stand in"):
        answer_for(decision, standing)
    assert answer_for(other, standing).choice == "agree"
    close(other, at=other.closes_at)
    assert not Substitution.objects.standing(timezone.now()).exists()


def test_a_member_without_a_say_has_no_substitute_who_answers(cast, decision):
    standing = stand_in(cast, cast.observer)
    Member.objects.filter(person=cast.citizen).update(role=Member.Role.OBSERVER)
    assert not Decision.objects.needing_position_of(cast.observer).exists()
    with pytest.raises(Refused, match="You do not stand in"):
        answer_for(decision, standing)


def test_who_needs_to_answer_what(cast, decision, neighbour):
    def needed():
        names = ("convener", "citizen", "official", "observer", "outsider")
        people = {name: getattr(cast, name) for name in names} | {"neighbour": neighbour.person}
        return {name for name, who in people.items() if Decision.objects.needing_position_of(who).exists()}

    members = {"convener", "citizen", "official", "neighbour"}
    assert needed() == members
    standing = stand_in(cast, cast.observer)
    assert needed() == members | {"observer"}
    answer_for(decision, standing)
    assert needed() == members - {"citizen"}  # the seat has its answer
    take(decision, cast.citizen)
    assert needed() == {"convener", "official", "neighbour"}
    assert not Decision.objects.needing_position_of(cast.convener, decision.closes_at).exists()
    assert list(Decision.objects.needing_position_of(cast.convener.pk)) == [decision]


def test_substitutes_are_told_of_what_the_seat_has_not_answered(cast):
    standing = stand_in(cast, cast.observer)
    decision = ask(cast, write(cast, start(cast)))
    assert told("decision_for_seat") == [cast.observer.pk]
    actions.decisions.remind_undecided(at=decision.closes_at - DAY / 2)
    assert told("decision_for_seat") == 2 * [cast.observer.pk]
    notices = list(Notice.objects.filter(kind="decision_for_seat"))
    still_true = kind_named("decision_for_seat").still_true
    assert len(still_true(notices)) == 2
    answer_for(decision, standing)
    assert still_true(notices) == set()


# --- successors -------------------------------------------------------------------------------------------------------


def test_a_successor_is_asked_and_sees_what_counts_no_longer(client, cast, decision):
    Seat.objects.create(
        partnership=cast.partnership, sector=Sector.CITIZENS, holder=cast.member(cast.citizen)
    )
    take(decision, cast.citizen, "object", "It forgets the boats.")
    take(decision, cast.convener)
    actions.members.leave(partnership=cast.partnership, reason="", by=cast.citizen, at=timezone.now())
    next_one = person("Sanne Successor")
    actions.members.join_partnership(
        partnership=open_to_all(cast), sector=Sector.CITIZENS, by=next_one, at=timezone.now()
    )
    assert Seat.objects.get().holder.person == next_one
    assert next_one.pk in told("decision_opened")
    client.force_login(next_one)
    shown = read(client.get(address("decision", cast, decision.pk)))
    assert "Bo Citizen, who had your seat before, had answered" in shown
    assert "It forgets the boats." in shown
    _public, other = actions.decisions.tallies(decision)
    assert other.answered == 0
    take(decision, next_one)
    assert "who had your seat before" not in read(client.get(address("decision", cast, decision.pk)))
    assert close(decision, at=decision.closes_at).outcome == "adopted"


def open_to_all(cast):
    cast.partnership.join_policy = "open"
    cast.partnership.save(update_fields=["join_policy"])
    return cast.partnership


# --- pages ------------------------------------------------------------------------------------------------------------


def test_naming_answering_and_ending_on_the_page(client, cast, neighbour):
    page = address("substitutes", cast)
    client.force_login(cast.citizen)
    offered = read(client.get(page))
    assert "Nina Neighbour" in offered
    assert "Olga Observer" in offered
    assert f'value="{cast.member(cast.official).pk}"' not in offered  # of the other side
    assert client.post(page, {"substitute": str(neighbour.pk), "until": "2020-01-01"}).status_code == 422
    typed = {"substitute": str(neighbour.pk), "since": "2099-02-01", "until": "2099-01-01"}
    assert "not over before it begins" in read(client.post(page, typed))
    assert client.post(page, {"substitute": str(neighbour.pk)}).status_code == 302
    asked = Substitution.objects.get()
    client.force_login(neighbour.person)
    assert "Yes, I will" in read(client.get(page))
    client.post(address("answer_substitution", cast, asked.pk), {"answer": "yes"})
    client.logout()
    assert "Nina Neighbour stands in for Bo Citizen" in read(client.get(address("people", cast)))
    assert "End it" not in read(client.get(page))
    client.force_login(cast.citizen)
    client.post(address("end_substitution", cast, asked.pk))
    assert "Nobody stands in for anybody" in read(client.get(page))


def test_answering_for_a_seat_on_the_page_of_the_decision(client, cast, decision):
    standing = stand_in(cast, cast.observer)
    client.force_login(cast.observer)
    page = address("decision", cast, decision.pk)
    assert "Needs my position" in read(client.get(address("decisions", cast)))
    assert "You stand in for Bo Citizen" in read(client.get(page))
    act = address("answer_for", cast, decision.pk, standing.pk)
    typed = {"choice": "object", "reason": "", "digest": decision.revision.digest}
    wrong = client.post(act, typed)
    assert (wrong.status_code, "Write why you object" in read(wrong)) == (422, True)
    assert client.post(act, typed | {"reason": "Not without the boats."}).status_code == 302
    take(decision, cast.citizen)
    late = client.post(act, typed | {"reason": "Still not."})
    assert late.status_code == 409
    assert "Still not." in read(late)
    assert "Bo Citizen has answered" in read(late)
    client.force_login(cast.citizen)
    assert client.post(act, typed).status_code == 404  # somebody else stands in
    shown = read(client.get(page))
    assert "Not without the boats." in shown
    take(decision, cast.convener)
    close(decision, at=decision.closes_at)
    client.logout()
    assert "Not without the boats." not in read(client.get(page))  # how they came to it is for members
    client.force_login(cast.official)
    assert "by Olga Observer, who stood in" in read(client.get(page))
