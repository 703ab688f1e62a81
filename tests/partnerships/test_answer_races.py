"""Answers at the same moment: nobody sits on a seat twice, and an invitation has one end."""

import threading

import pytest
from django.utils import timezone

from actors.models import Person
from partnerships import actions
from partnerships.models import Invitation, Member, Seat
from tests.cast import make_cast
from tests.partnerships.answering import invited
from tests.races import at_once

State = Invitation.State


def accept(row, name):
    return lambda: actions.invitations.accept_invitation(
        invitation=row, name=name, by=None, at=timezone.now()
    )


def decline(row):
    return lambda: actions.invitations.decline_invitation(invitation=row, reason="", at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_accept_the_last_seat_at_once_and_one_sits():
    cast = make_cast()
    wins = [0, 0]
    for trial in range(10):
        (seat,) = actions.members.add_seats(
            partnership=cast.partnership, sector="citizens", by=cast.convener, at=timezone.now()
        )
        names = [f"Maja {trial}", f"Ole {trial}"]
        rows = [invited(cast, f"{name[0]}{trial}@lind.dk", name, seat=seat) for name in names]
        outcome = at_once(*[accept(*pair) for pair in zip(rows, names, strict=True)], ahead=trial % 2)
        (lost,) = [error for error in outcome if error]
        assert "This seat has just been taken by somebody else. Call Karen Convener" in str(lost)
        winner = outcome.index(None)
        wins[winner] += 1
        seat.refresh_from_db()
        assert seat.holder.person.name == names[winner]
        assert Person.objects.filter(name__in=names).count() == 1  # nothing half-done
        states = Invitation.objects.filter(seat=seat).order_by("number").values_list("state", flat=True)
        assert list(states) == ["queued" if error else "accepted" for error in outcome]
    assert min(wins) >= 2  # a fifth of the trials for each side


@pytest.mark.django_db(transaction=True)
def test_a_seat_without_its_guard_would_be_taken_twice():
    """The control of the race above: read, then write, and the second holder silently replaces the first."""
    cast = make_cast()
    seat = Seat.objects.create(partnership=cast.partnership, sector="citizens")
    both_looked = threading.Barrier(2)

    def sit(member):
        def deed():
            if Seat.objects.get(pk=seat.pk).holder_id is None:
                both_looked.wait()
                Seat.objects.filter(pk=seat.pk).update(holder=member)
                took.append(member)

        return deed

    took = []
    at_once(sit(cast.member(cast.citizen)), sit(cast.member(cast.official)))
    assert len(took) == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_invitation_answered_twice_at_once_counts_once():
    cast = make_cast()
    for number in range(3):
        row = invited(cast, f"p{number}@lind.dk", f"P{number}")
        no = decline(row)
        outcome = at_once(accept(row, f"P{number}"), accept(row, f"P{number}"), no)
        assert len([error for error in outcome if error]) == 2
        row.refresh_from_db()
        said_yes = row.state == State.ACCEPTED
        assert Member.objects.filter(person__name=f"P{number}").count() == int(said_yes)
        assert Person.objects.filter(name=f"P{number}").count() == int(said_yes)


@pytest.mark.django_db(transaction=True)
def test_yes_and_withdrawal_at_once_have_one_end():
    cast = make_cast()
    row = invited(cast)

    def withdraw():
        actions.invitations.withdraw_invitation(
            invitation=row, reason="", by=cast.convener, at=timezone.now()
        )

    outcome = at_once(accept(row, "Maja"), withdraw)
    assert len([error for error in outcome if error]) == 1
    row.refresh_from_db()
    assert (row.state == State.ACCEPTED) == Member.objects.filter(person__name="Maja").exists()
