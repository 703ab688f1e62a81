"""Erasing a person: the row stays, empty, so that the record stays whole; what is personal goes."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from actors.models import Affiliation, Person, SignInMail
from boundary.answer import YES, no
from journal.actions import record
from notices.actions import forget as forget_notices
from partnerships.actions.register import end_entries
from partnerships.actions.substitutes import end_substitutions
from partnerships.models import (
    AnswerTaken,
    Attendance,
    CalendarFeed,
    Follow,
    Invitation,
    JoinRequest,
    Member,
    Office,
    PollMark,
    Relief,
    ReliefOffer,
    Seat,
    Thanks,
    Volunteer,
    Willingness,
)
from solutions.models import BodyMember, PrivateNote


def can_forget(person, by):
    """A person erases themselves; the site's operators do it for those who ask on paper."""
    return YES if by == person or by.is_staff else no(_("Only you can erase yourself."))


@transaction.atomic
def forget_person(*, person, by, at):
    """Erase a person: empty the row, end memberships and offices, drop sign-in, private notes and owed mail.

    What they said, decided and promised stays under the empty row: it belongs to the case and is kept as the law
    on public records asks. The journal names people by id only, so its chain stays valid.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    can_forget(person, by).enforce()
    _leave_everything(person, at)
    _drop_ways_in(person)
    for private in (PrivateNote, Follow, CalendarFeed):
        private.objects.filter(person=person).delete()
    PollMark.objects.filter(member__person=person).delete()
    Attendance.objects.filter(member__person=person).update(needs="", need_kinds=[])
    AnswerTaken.objects.filter(member__person=person).delete()
    Invitation.objects.filter(member__person=person).update(address="", name="", why_you="")
    asked = JoinRequest.objects.filter(person=person)
    asked.filter(state=JoinRequest.State.WAITING).update(state=JoinRequest.State.WITHDRAWN, answered_at=at)
    asked.update(message="")
    said = Volunteer.objects.filter(person=person)
    said.filter(state=Volunteer.State.WAITING).update(state=Volunteer.State.WITHDRAWN, answered_at=at)
    said.update(words="")
    _forget_what_was_between_two(person)
    end_entries(Willingness.objects.filter(person=person), at)
    forget_notices(recipient=person.pk, at=at)
    person.name = person.email = person.phone = ""
    person.is_active = person.is_staff = False
    person.erased_at, person.looked_at = at, None
    person.set_unusable_password()
    person.save()
    record(scope=person.pk, verb="person.forgotten", by=by, at=at, audience="conveners", person=person.pk)
    return person


def _forget_what_was_between_two(person):
    """Why they wanted relief, what help was offered to them, and thanks that they did not show to others."""
    Relief.objects.filter(member__person=person, openly=False).update(why="")
    ReliefOffer.objects.filter(member__person=person).update(words="")
    Thanks.objects.filter(to__person=person).exclude(shown=True).delete()


def _leave_everything(person, at):
    Seat.objects.filter(holder__person=person).update(holder=None, predecessor=F("holder"))
    Member.objects.filter(person=person, left_at=None).update(left_at=at)
    end_substitutions(person=person, at=at)
    Member.objects.filter(person=person).update(shown_by_function=False, function="", left_reason="")
    Office.objects.filter(person=person, until=None).update(until=at)
    BodyMember.objects.filter(person=person, until=None).update(until=at.date())
    Affiliation.objects.filter(person=person).update(title="")
    Affiliation.objects.filter(person=person, until=None).update(until=at.date())


def _drop_ways_in(person):
    for table in (EmailAddress, Authenticator, SocialAccount):
        table.objects.filter(user=person).delete()
    SignInMail.objects.filter(person=person).update(sealed="", nonce="")
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
