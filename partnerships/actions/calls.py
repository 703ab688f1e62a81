"""Open calls: opened, changed, ended, opened again; people put themselves forward, and are chosen or thanked."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Call, CallGroup, Draw, JoinRequest, Lot, Member, Partnership, Platform, Volunteer
from ..places import place_of
from ..rules import calls as may
from .invitations import MONTH
from .members import enter
from .memory import remember
from .settling import settle_invitations

State = Volunteer.State


# --- the call -----------------------------------------------------------------------------------------------


@transaction.atomic
def write_call(*, partnership, words, groups, closes_at, language, by, at):
    """Open a call, change it, or open it again after its end. groups: {Group: how many are sought}. Returns the Call.

    A group for which somebody has put themselves forward stays in the call.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    place, call = place_of(partnership, by), Call.objects.filter(partnership=partnership).first()
    may.can_write_call(place).enforce()
    again = call and not call.is_open(at)
    if again:
        may.can_open_again(place, Draw.objects.filter(call=call, drawn_at=None).exists()).enforce()
    facts = {"words": words, "closes_at": closes_at, "language": language, "closed_at": None}
    if call is None:
        call = Call.objects.create(partnership=partnership, opened_at=at, opened_by=by, **facts)
        verb = "call.opened"
    else:
        Call.objects.filter(pk=call.pk).update(**facts)
        call.refresh_from_db()
        verb = "call.reopened" if again else "call.changed"
    _seek(call, groups)
    remember(partnership, verb, by=by, at=at, call=call.pk, groups=[group.pk for group in groups])
    _tell_when_it_ends(call, at)
    return call


def _seek(call, groups):
    """So many people for these groups, and for no others."""
    standing = CallGroup.objects.filter(call=call).exclude(group__in=groups)
    asked = Volunteer.objects.filter(call=call).exclude(state=State.WITHDRAWN)
    kept = standing.filter(group__in=asked.values("group")).select_related("group").first()
    if kept:
        raise Conflict(
            _("Somebody has put themselves forward for “%(group)s”. It stays in the call.")
            % {"group": kept.group}
        )
    standing.delete()
    for group, seats in groups.items():
        CallGroup.objects.update_or_create(call=call, group=group, defaults={"seats": seats})


def _tell_when_it_ends(call, at):
    """Tell the conveners when the time is over, unless it ends at another time by then."""
    conveners = Member.objects.present().filter(partnership=call.partnership_id, role=Member.Role.CONVENER)
    tell(
        kind="call_ended",
        recipients=conveners.values_list("person", flat=True),
        scope=call.partnership_id,
        occurrence=call.closes_at.isoformat(),
        ids={"call": str(call.pk), "closes_at": call.closes_at.isoformat()},
        at=at,
        due_at=call.closes_at,
    )


@transaction.atomic
def close_call(*, call, by, at):
    """End a call before its time."""
    partnership, call = opened_call(call)
    may.can_close_call(place_of(partnership, by), call, at).enforce()
    Call.objects.filter(pk=call.pk).update(closed_at=at)
    remember(partnership, "call.closed", by=by, at=at, call=call.pk)


def opened_call(call):
    """(the partnership, the call), the partnership's row locked."""
    partnership = Partnership.objects.locked(call.partnership_id)
    call = Call.objects.get(pk=call.pk)
    call.partnership = partnership
    return partnership, call


# --- those who put themselves forward -----------------------------------------------------------------------


@transaction.atomic
def volunteer(*, call, group, words, by, at):
    """Put oneself forward for a group, or for another one, or with other words, while the call is open.

    A pending invitation or request to join does not stand in the way. Returns the Volunteer.
    """
    partnership, call = opened_call(call)
    may.can_volunteer(place_of(partnership, by), call, at).enforce()
    if not CallGroup.objects.filter(call=call, group=group).exists():
        raise Conflict(_("The call does not seek anybody for this group any more."))
    one, created = Volunteer.objects.update_or_create(
        call=call,
        person=by,
        state=State.WAITING,
        defaults={"group": group, "words": words},
        create_defaults={"group": group, "words": words, "at": at},
    )
    verb = "volunteer.came" if created else "volunteer.changed"
    remember(partnership, verb, by=by, at=at, audience="conveners", volunteer=one.pk, group=group.pk)
    return one


@transaction.atomic
def step_back(*, volunteer, by, at):
    """Take it back before there is an answer; the words are gone. A lot in a frozen list is passed over."""
    partnership, _call = opened_call(volunteer.call)
    one = Volunteer.objects.get(pk=volunteer.pk)
    may.can_step_back(by, one).enforce()
    Volunteer.objects.filter(pk=one.pk).update(state=State.WITHDRAWN, answered_at=at, words="")
    remember(partnership, "volunteer.stepped_back", by=by, at=at, audience="conveners", volunteer=one.pk)


def sought(call, group):
    """How many the call still seeks for a group: its seats, but for those who were chosen and are still here.

    Who came from a reserve list, by an invitation, counts too.
    """
    seats = CallGroup.objects.filter(call=call, group=group).values_list("seats", flat=True).first() or 0
    chosen = Volunteer.objects.filter(call=call, group=group, state=State.CHOSEN, member__left_at=None)
    rows = Lot.objects.filter(draw__call=call, draw__group=group, invitation__member__isnull=False)
    later = rows.filter(invitation__member__left_at=None).exclude(
        invitation__member__in=chosen.values("member")
    )
    return max(seats - chosen.count() - later.count(), 0)


def is_frozen(call, group):
    """Whether the group's list waits to be drawn."""
    return Draw.objects.filter(call=call, group=group, drawn_at=None).exists()


@transaction.atomic
def choose_volunteers(*, call, group, people, by, at):
    """Take these volunteers (ids) of one group in. They have said yes themselves, so they are members at once.

    Returns the Members. Raises Conflict when one of them stepped back, or has an answer, in the meantime.
    """
    partnership, call = opened_call(call)
    wanted = set(people)
    rows = Volunteer.objects.waiting().filter(call=call, group=group, pk__in=wanted)
    chosen = list(rows.select_related("person", "group"))
    may.can_choose_volunteers(
        place_of(partnership, by),
        wanted=len(wanted),
        left=sought(call, group),
        frozen=is_frozen(call, group),
    ).enforce()
    if len(chosen) < len(wanted):
        raise Conflict(_("Somebody you chose has stepped back or has an answer. Look again."))
    return [seat_volunteer(partnership, one, by, at) for one in chosen]


def _here(partnership):
    return Member.objects.present().filter(partnership=partnership)


def seat_volunteer(partnership, one, by, at):
    """Make a waiting volunteer a member of a locked partnership, for the group. Returns the Member.

    Nothing else waits for an answer then: neither an invitation to them nor their request to join.
    """
    member = _here(partnership).filter(person=one.person).first()
    if member is None:
        member = enter(
            partnership=partnership, person=one.person, sector=one.group.sector, group=one.group, by=by, at=at
        )
    try:
        with transaction.atomic():
            Volunteer.objects.filter(pk=one.pk).update(state=State.CHOSEN, answered_at=at, member=member)
    except IntegrityError:  # they were chosen before, left, and put themselves forward again
        raise Conflict(_("%(name)s was chosen in this call before.") % {"name": one.person}) from None
    settle_invitations(member=member, at=at)
    _settle_request(partnership, one.person, by, at)
    remember(
        partnership,
        "volunteer.chosen",
        by=by,
        at=at,
        audience="members",
        volunteer=one.pk,
        member=member.pk,
        group=one.group_id,
    )
    return member


def _settle_request(partnership, person, by, at):
    """Whoever asked to join and is chosen has their yes; the mail of welcome tells them."""
    waiting = JoinRequest.objects.filter(
        partnership=partnership, person=person, state=JoinRequest.State.WAITING
    ).first()
    if waiting:
        waiting.state, waiting.answered_at, waiting.answered_by = JoinRequest.State.ACCEPTED, at, by
        waiting.save(update_fields=["state", "answered_at", "answered_by"])
        remember(partnership, "join.accepted", by=by, at=at, audience="conveners", request=waiting.pk)


@transaction.atomic
def decline_volunteers(*, call, group, by, at):
    """Thank those who wait in a group and were not chosen, each with a mail. Returns how many."""
    partnership, call = opened_call(call)
    may.can_decline_volunteers(place_of(partnership, by), call, at, frozen=is_frozen(call, group)).enforce()
    return thank(partnership, Volunteer.objects.waiting().filter(call=call, group=group), by, at)


def thank(partnership, rows, by, at):
    """Tell waiting volunteers of a locked partnership that they were not chosen this time. Returns how many.

    Who became a member by another way meanwhile is not told no: they count as chosen.
    """
    for one in rows.filter(person__in=_here(partnership).values("person")).select_related("person", "group"):
        seat_volunteer(partnership, one, by, at)
    told = dict(rows.values_list("pk", "person"))
    if not told:
        return 0
    Volunteer.objects.filter(pk__in=told).update(state=State.NOT_CHOSEN, answered_at=at)
    remember(partnership, "volunteer.thanked", by=by, at=at, audience="conveners", count=len(told))
    tell(
        kind="volunteer_thanked",
        recipients=told.values(),
        scope=partnership.pk,
        occurrence=at.isoformat(),
        ids={"answered_at": at.isoformat()},
        at=at,
    )
    return len(told)


@transaction.atomic
def forget_words(*, at):
    """Erase the words of those who were not chosen, after the months their platform says. Returns how many."""
    count = 0
    told = Volunteer.objects.filter(state=State.NOT_CHOSEN).exclude(words="")
    for platform, months in Platform.objects.values_list("pk", "keep_unanswered_months"):
        over = told.filter(call__partnership__platform=platform, answered_at__lte=at - months * MONTH)
        count += over.update(words="")
    return count
