"""Meet: the minutes, drafted, published, corrected; and what is taken from a meeting straight into the arena."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from boundary.answer import Conflict

from ..models import AgendaItem, Contribution, Decision, Meeting, MeetingDeed, Minutes, Partnership
from ..models.decisions import Way
from ..places import place_of
from ..rules import meetings as may
from .asking import tell_members
from .commitments import accept_commitment, ask_commitment
from .contributions import say
from .decisions import open_decision
from .memory import remember
from .positions import take_position

LONGEST_MINUTES = 100_000  # characters


class MinutesOvertaken(Conflict):
    """Somebody else has written minutes in the meantime; nothing was saved."""

    def __init__(self):
        super().__init__(_("Somebody has written minutes in the meantime. Your words are still here."))


def _opened(meeting, by, at):
    """The partnership, locked, and the meeting as it stands, where `by` may write its minutes."""
    partnership = Partnership.objects.locked(meeting.partnership_id)
    meeting = Meeting.objects.select_related("partnership__platform").get(pk=meeting.pk)
    may.can_write_minutes(place_of(partnership, by), meeting, at).enforce()
    return partnership, meeting


def version_of(meeting):
    """A mark of the minutes as they stand, published or drafted: what a writer's window showed."""
    last = meeting.versions.first()
    return f"{last.number} {last.written_at.isoformat()}" if last else ""


@transaction.atomic
def write_minutes(
    *, meeting, minutes, by, at, items=None, left_over=(), note="", publish=True, expected=None
):
    """Write the minutes: as a draft for those who lead, or published to everybody who reads here. Returns the Meeting.

    minutes: words about the whole; items: {item id: words}; left_over: ids of items that were not reached.
    expected: version_of what was shown; raises MinutesOvertaken when it is another by now. What was published before
    stays readable as it was.
    """
    partnership, meeting = _opened(meeting, by, at)
    if expected is not None and expected != version_of(meeting):
        raise MinutesOvertaken
    body = _body(meeting, minutes, items or {})
    version = _save_version(meeting, body, note=note, by=by, at=at)
    _mark_left_over(meeting, left_over)
    if publish:
        _publish(partnership, meeting, version, by=by, at=at)
    else:
        remember(partnership, "minutes.drafted", by=by, at=at, audience="conveners", meeting=meeting.pk)
    return meeting


def _body(meeting, whole, items):
    parts = [{"item": "", "heading": "", "words": _tidy(whole)}]
    for item in meeting.items.taken():
        parts.append(
            {"item": str(item.pk), "heading": item.shown_title, "words": _tidy(items.get(str(item.pk), ""))}
        )
    if not any(part["words"] for part in parts):
        raise ValidationError(_("Write something about the whole, or about one item."))
    if sum(len(part["words"]) for part in parts) > LONGEST_MINUTES:
        raise ValidationError(_("These minutes are too long. Put the longest part in a text of its own."))
    return parts


def _tidy(words):
    return str(words).replace("\r\n", "\n").replace("\x00", "").strip()


def _save_version(meeting, body, *, note, by, at):
    """The draft with this body: the one there is, or a new version."""
    facts = {"body": body, "note": note, "written_at": at, "written_by": by}
    if draft := meeting.versions.filter(published_at=None).first():
        Minutes.objects.filter(pk=draft.pk, published_at=None).update(**facts)
        draft.refresh_from_db()
        return draft
    number = meeting.versions.aggregate(last=Max("number"))["last"] or 0
    return Minutes.objects.create(meeting=meeting, number=number + 1, **facts)


def _mark_left_over(meeting, left_over):
    wanted = {str(pk) for pk in left_over}
    for item in meeting.items.taken():
        if item.left_over != (str(item.pk) in wanted):
            AgendaItem.objects.filter(pk=item.pk).update(left_over=not item.left_over)


def _publish(partnership, meeting, version, *, by, at):
    Minutes.objects.filter(pk=version.pk).update(published_at=at, published_by=by)
    meeting.minutes, meeting.minutes_at, meeting.minutes_by = version.whole, at, by
    meeting.save(update_fields=["minutes", "minutes_at", "minutes_by"])
    remember(partnership, "meeting.minuted", by=by, at=at, meeting=meeting.pk)
    tell_members(
        "minutes_published",
        meeting,
        at=at,
        but=by,
        occurrence=f"{meeting.pk} {version.number}",
        number=version.number,
    )


# --- from the room into the arena ---------------------------------------------------------------------------------


def _done(meeting, item, by, at, **what):
    if item is not None and item.meeting_id != meeting.pk:
        raise ValidationError(_("This item belongs to another meeting."))
    return MeetingDeed.objects.create(meeting=meeting, item=item, by=by, at=at, **what)


@transaction.atomic
def decide_in_meeting(*, meeting, item, revision, question, closes_at, positions, by, at):
    """Put a text's newest words to the members and write down at once what those present say. Returns the Decision.

    positions: [(Member, choice, reason)]. The others answer until it closes. All of it happens, or nothing.
    """
    _partnership, meeting = _opened(meeting, by, at)
    decision = open_decision(revision=revision, question=question, closes_at=closes_at, by=by, at=at)
    for member, choice, reason in positions:
        own = member.person_id == by.pk
        take_position(
            decision=decision,
            choice=choice,
            reason=reason,
            digest=revision.digest,
            by=by,
            at=at,
            member=None if own else member,
            way=Way.VOICE,
        )
    _done(meeting, item, by, at, decision=decision)
    return Decision.objects.get(pk=decision.pk)


@transaction.atomic
def promise_in_meeting(*, meeting, item, member, kind, what, by, at, amount=None, unit="", due_on=None):
    """Write down what a member has promised in the room; they are told, and can correct it. Returns the Commitment."""
    partnership, meeting = _opened(meeting, by, at)
    commitment = ask_commitment(
        partnership=partnership,
        member=member,
        kind=kind,
        what=what,
        by=by,
        at=at,
        amount=amount,
        unit=unit,
        due_on=due_on,
    )
    own = member.person_id == by.pk
    accept_commitment(commitment=commitment, by=by, at=at, recorded_for=None if own else commitment.member)
    _done(meeting, item, by, at, commitment=commitment)
    return commitment


@transaction.atomic
def say_in_meeting(
    *, meeting, item, kind, body, by, at, on_behalf_of="", behalf_sector="", wants_answer=False
):
    """Write down what somebody said in the room, with who said it. Returns the Contribution."""
    partnership, meeting = _opened(meeting, by, at)
    contribution = say(
        partnership=partnership,
        kind=kind,
        body=body,
        by=by,
        at=at,
        wants_answer=wants_answer,
        meeting=meeting,
        on_behalf_of=on_behalf_of,
        behalf_sector=behalf_sector,
        way=Contribution.Way.ROOM,
    )
    _done(meeting, item, by, at, contribution=contribution)
    return contribution
