"""Join, leave, and who sits where. A member enters through one door, `enter`, whatever brought them."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from actors.models import side_of
from boundary.answer import Conflict
from notices.actions import tell

from ..models import JoinRequest, Member, Partnership, Seat
from ..places import place_of
from ..rules import members as may
from .asking import ask_leaver, ask_newcomer
from .decisions import ask_for_positions
from .following import end_following
from .groups import seat_for
from .leaving import let_go
from .memory import remember
from .organizations import organization_named
from .settling import settle_invitations


def enter(
    *,
    partnership,
    person,
    sector,
    at,
    by,
    side="",
    role=Member.Role.MEMBER,
    seat=None,
    group=None,
    welcome=True,
    **fields,
):
    """Make `person` a member of a locked partnership, on the given seat, one of the group's, or an open one.

    Raises Conflict when they are a member already, or when the given seat is taken. fields: organization, function.
    """
    try:
        with transaction.atomic():
            member = Member.objects.create(
                partnership=partnership,
                person=person,
                sector=sector,
                side=side or side_of(sector),
                role=role,
                joined_at=at,
                **fields,
            )
    except IntegrityError:
        raise Conflict(_("%(name)s is a member here already.") % {"name": person}) from None
    _sit(member, seat, group, at)
    end_following(partnership=partnership, person=person)
    remember(partnership, "member.joined", by=by, at=at, member=member.pk, person=person.pk)
    if welcome:
        tell(
            kind="membership_welcome",
            recipients=[person.pk],
            scope=partnership.pk,
            occurrence=str(member.pk),
            ids={"member": str(member.pk)},
            at=at,
        )
    ask_newcomer(member=member, at=at)
    if role != Member.Role.OBSERVER:
        ask_for_positions(member, at=at)
    return member


def _sit(member, seat, group=None, at=None):
    """Take the seat, by one guarded update, so that two never sit on one. Without a seat, any open one will do.

    Who is asked for a group sits for it: on one of its open seats, or on one more.
    """
    if seat:
        if not Seat.objects.filter(pk=seat.pk, holder=None).update(holder=member):
            platform = member.partnership.platform
            raise Conflict(
                _(
                    "This seat has just been taken by somebody else. Call %(name)s, %(phone)s: there may be another."
                )
                % {"name": platform.contact_name, "phone": platform.contact_phone}
            )
        return
    if member.role == Member.Role.OBSERVER:
        return
    open_seats = Seat.objects.filter(partnership=member.partnership, holder=None)
    open_seats = open_seats.filter(group=group) if group else open_seats.filter(sector=member.sector)
    for pk in open_seats.values_list("pk", flat=True):
        if Seat.objects.filter(pk=pk, holder=None).update(holder=member):
            return
    if group:
        seat_for(group, at, holder=member).save(force_insert=True)


@transaction.atomic
def join_partnership(*, partnership, sector, by, at, function="", organization=None, organization_name=""):
    """Join an open partnership at once, for oneself or an organization. Returns the Member."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_join(place_of(partnership, by)).enforce()
    organization = organization or organization_named(name=organization_name, sector=sector, by=by, at=at)
    member = enter(
        partnership=partnership,
        person=by,
        sector=sector,
        side=organization.side if organization else "",
        organization=organization,
        function=function,
        by=by,
        at=at,
    )
    settle_invitations(member=member, at=at)
    return member


@transaction.atomic
def ask_to_join(*, partnership, message, sector, by, at, organization=None, organization_name=""):
    """Ask to join, for oneself or an organization; the conveners are told. Returns the JoinRequest."""
    partnership = Partnership.objects.locked(partnership.pk)
    waiting = JoinRequest.objects.filter(partnership=partnership, person=by, state=JoinRequest.State.WAITING)
    may.can_ask_to_join(place_of(partnership, by), waiting.exists()).enforce()
    organization = organization or organization_named(name=organization_name, sector=sector, by=by, at=at)
    asked = JoinRequest.objects.create(
        partnership=partnership,
        person=by,
        message=message,
        sector=sector,
        organization=organization,
        created_at=at,
    )
    remember(partnership, "join.requested", by=by, at=at, audience="conveners", request=asked.pk)
    conveners = Member.objects.present().filter(partnership=partnership, role=Member.Role.CONVENER)
    tell(
        kind="join_requested",
        recipients=conveners.values_list("person", flat=True),
        scope=partnership.pk,
        occurrence=str(asked.pk),
        ids={"join_request": str(asked.pk)},
        at=at,
    )
    return asked


@transaction.atomic
def answer_join_request(*, join_request, accept, reason, by, at):
    """Take somebody in who asked to join, or say why not; they are told. Returns the JoinRequest."""
    partnership = Partnership.objects.locked(join_request.partnership_id)
    join_request = JoinRequest.objects.select_related("person", "organization").get(pk=join_request.pk)
    may.can_answer_join_request(place_of(partnership, by), join_request).enforce()
    state = JoinRequest.State.ACCEPTED if accept else JoinRequest.State.DECLINED
    waiting = JoinRequest.objects.filter(pk=join_request.pk, state=JoinRequest.State.WAITING)
    if not waiting.update(state=state, answered_at=at, answered_by=by, reason=reason):
        raise Conflict(_("Somebody else has answered this request in the meantime."))
    if accept:
        organization = join_request.organization
        member = enter(
            partnership=partnership,
            person=join_request.person,
            sector=join_request.sector,
            side=organization.side if organization else "",
            organization=organization,
            by=by,
            at=at,
            welcome=False,
        )
        settle_invitations(member=member, at=at)
    verb = f"join.{state.value}"
    remember(partnership, verb, by=by, at=at, audience="conveners", request=join_request.pk)
    tell(
        kind="join_answered",
        recipients=[join_request.person_id],
        scope=partnership.pk,
        occurrence=str(join_request.pk),
        ids={"join_request": str(join_request.pk)},
        at=at,
    )
    join_request.refresh_from_db()
    return join_request


@transaction.atomic
def withdraw_join_request(*, join_request, by, at):
    """Take one's own request to join back."""
    may.can_withdraw_join_request(by, join_request).enforce()
    waiting = JoinRequest.objects.filter(pk=join_request.pk, state=JoinRequest.State.WAITING)
    if not waiting.update(state=JoinRequest.State.WITHDRAWN, answered_at=at):
        raise Conflict(_("Your request has been answered in the meantime."))
    partnership = join_request.partnership
    remember(partnership, "join.withdrawn", by=by, at=at, audience="conveners", request=join_request.pk)


def other_conveners(partnership, person):
    """Whether somebody besides `person` convenes here."""
    conveners = Member.objects.present().filter(partnership=partnership, role=Member.Role.CONVENER)
    return conveners.exclude(person=person).exists()


@transaction.atomic
def leave(*, partnership, reason, by, at, promises=None):
    """Leave a partnership. Seat, functions and rights end at once; what was said stays. The conveners are told.

    promises: {commitment id: (state, note)} for those that are settled now; the others stay, as left by their owner.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    may.can_leave(place, other_conveners(partnership, by)).enforce()
    let_go(place.member, promises=promises or {}, by=by, at=at)
    Seat.objects.filter(holder=place.member).update(holder=None, predecessor=place.member)
    Member.objects.filter(pk=place.member.pk, left_at=None).update(left_at=at, left_reason=reason)
    ask_leaver(member=place.member, at=at)
    remember(partnership, "member.left", by=by, at=at, member=place.member.pk)
    conveners = Member.objects.present().filter(partnership=partnership, role=Member.Role.CONVENER)
    tell(
        kind="member_left",
        recipients=conveners.values_list("person", flat=True),
        scope=partnership.pk,
        occurrence=str(place.member.pk),
        ids={"member": str(place.member.pk)},
        at=at,
    )


@transaction.atomic
def change_role(*, member, role, by, at):
    """Give a member another role. Returns the Member."""
    partnership = Partnership.objects.locked(member.partnership_id)
    member = Member.objects.select_related("person").get(pk=member.pk)
    others = other_conveners(partnership, member.person)
    may.can_change_role(place_of(partnership, by), member, others, role).enforce()
    if member.role != role:
        member.role = role
        member.save(update_fields=["role"])
        remember(partnership, "member.role_changed", by=by, at=at, member=member.pk, role=role)
    return member


@transaction.atomic
def change_seat(*, member, sector, side, by, at):
    """Confirm for which sector and side a member sits; the change is in the record. Returns the Member."""
    partnership = Partnership.objects.locked(member.partnership_id)
    member = Member.objects.get(pk=member.pk)
    may.can_change_seat(place_of(partnership, by), member).enforce()
    if (member.sector, member.side) == (sector, side):
        return member
    if member.sector != sector:
        Seat.objects.filter(holder=member).update(holder=None)
    member.sector, member.side = sector, side
    member.save(update_fields=["sector", "side"])
    if not Seat.objects.filter(holder=member).exists():
        _sit(member, None)
    remember(partnership, "member.seat_changed", by=by, at=at, member=member.pk, sector=sector, side=side)
    return member


@transaction.atomic
def show_me_as(*, partnership, function, shown_by_function, by, at):
    """Say under which function one is shown here, and whether instead of one's name. Returns the Member."""
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    may.can_show_me_as(place).enforce()
    member = place.member
    member.function, member.shown_by_function = function, shown_by_function
    member.save(update_fields=["function", "shown_by_function"])
    remember(partnership, "member.shown_otherwise", by=by, at=at, audience="members", member=member.pk)
    return member


@transaction.atomic
def add_seats(*, partnership, sector, by, at, label="", count=1):
    """Set open seats at the table for a sector, or for a named group. Returns the Seats."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_add_seats(place_of(partnership, by)).enforce()
    seats = [
        Seat(partnership=partnership, sector=sector, label=label, created_at=at) for _number in range(count)
    ]
    Seat.objects.bulk_create(seats)
    remember(partnership, "seats.added", by=by, at=at, seats=[seat.pk for seat in seats])
    return seats


@transaction.atomic
def remove_seat(*, seat, by, at):
    """Take an open seat away."""
    partnership = Partnership.objects.locked(seat.partnership_id)
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    may.can_remove_seat(place_of(partnership, by), seat).enforce()
    remember(partnership, "seat.removed", by=by, at=at, seat=seat.pk)
    seat.delete()
