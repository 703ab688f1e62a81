"""What others ask of a person: to come, to take a position, to answer, to carry something."""

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext as _

from actors.models import Person, called
from partnerships.models import (
    Attendance,
    Commitment,
    Decision,
    Leadership,
    Meeting,
    Poll,
    ReliefOffer,
    Sounding,
    Substitution,
    Thanks,
)
from partnerships.models.leadership import Function
from partnerships.stages import OPENS
from solutions.models import AuthorizationRequest

from ..arena import url_of_arena
from ..overview import invitations_to
from .kinds import Item, day_of, led_by, seats_of, time_of

WHO = Case(
    When(member__shown_by_function=True, then=F("member__function")), default=F("member__person__name")
)


def invitations(person, at):
    """Unanswered invitations to proved addresses of the person with this id."""
    return invitations_to(person).filter(expires_at__gt=at).order_by("expires_at", "pk")


def invitation_item(pk, expires, name, _slug, where, _today):
    title = _("You are invited to “%(title)s”") % {"title": where}
    until = _("until %(day)s") % {"day": day_of(expires)}
    return Item(title, url_of_arena("my_invitation", pk), called(name), until, due=expires)


def positions(person, at):
    """Decisions that the person with this id is to answer, for themselves or as a substitute."""
    return Decision.objects.needing_position_of(person, at)


def position_item(pk, question, closes, slug, where, _today):
    when = _("closes %(day)s") % {"day": time_of(closes)}
    return Item(question, url_of_arena("decision", slug, pk), where, when, due=closes)


def requests(person):
    """Unanswered requests to the bodies that the person with this id sits in or writes for."""
    return AuthorizationRequest.objects.put_to(Person(pk=person)).waiting().order_by("meeting_on", "pk")


def request_item(pk, body, meets, _slug, title, today):
    when = _("meeting on %(day)s") % {"day": day_of(meets)}
    return Item(title, url_of_arena("dossier", pk), body, when, meets < today, meets)


def commitments(person):
    """Promises asked of the person with this id, and offers that they can take as one who leads."""
    asked = Q(state=Commitment.State.ASKED, member__person=person, member__left_at=None)
    offered = Q(state=Commitment.State.OFFERED, partnership__in=led_by(person)) & ~Q(member__person=person)
    rows = Commitment.objects.filter(asked | offered, partnership__stage__in=OPENS["answer_commitment"])
    return rows.order_by("created_at", "pk")


def commitment_item(pk, state, what, due, slug, where, _today):
    title = _("You are asked: %(what)s") if state == Commitment.State.ASKED else _("Offered: %(what)s")
    when = _("by %(day)s") % {"day": day_of(due)} if due else ""
    return Item(title % {"what": what}, url_of_arena("commitment", slug, pk), where, when, due=due)


def meetings(person, at):
    """Coming meetings that the person with this id has not answered."""
    seats = seats_of(person, partnership=OuterRef("partnership"))
    answered = Attendance.objects.filter(meeting=OuterRef("pk"), member__person=person).exclude(answer="")
    return Meeting.objects.coming(at).filter(
        Exists(seats), ~Exists(answered), partnership__stage__in=OPENS["meet"]
    )


def meeting_item(pk, title, starts, slug, where, _today):
    when = time_of(starts, _("l j F Y, H:i"))
    return Item(title, url_of_arena("meeting", slug, pk), where, when, due=starts)


def polls(person, at):
    """Times to choose from, of which the person with this id has marked none."""
    return Poll.objects.waiting_for(person, at).filter(partnership__stage__in=OPENS["meet"])


def poll_item(pk, title, closes, slug, where, _today):
    when = _("open until %(day)s") % {"day": time_of(closes)}
    return Item(title, url_of_arena("poll", slug, pk), where, when, due=closes)


def soundings(person, at):
    """Open soundings that the person with this id has not answered."""
    return Sounding.objects.waiting_for(person, at)


def sounding_item(pk, question, closes, slug, where, _today):
    when = _("open until %(day)s") % {"day": time_of(closes)} if closes else ""
    return Item(question, url_of_arena("sounding", slug, pk), where, when, due=closes)


def functions(person):
    """Functions that the person with this id is asked to carry."""
    offered = Leadership.objects.standing().filter(state=Leadership.State.OFFERED, member__person=person)
    return offered.order_by("offered_at", "pk")


def function_item(_pk, function, offered, slug, where, _today):
    when = _("asked on %(day)s") % {"day": day_of(offered)}
    return Item(str(Function(function).label), url_of_arena("leadership", slug), where, when)


def substitutes(person, at):
    """Seats for which the person with this id is asked to stand in."""
    asked = Substitution.objects.standing(at).filter(state="asked", substitute__person=person)
    return asked.annotate(who=WHO).order_by("asked_at", "pk")


def substitute_item(_pk, who, asked, slug, where, _today):
    when = _("asked on %(day)s") % {"day": day_of(asked)}
    title = _("Stand in for %(name)s") % {"name": called(who)}
    return Item(title, url_of_arena("substitutes", slug), where, when)


def help_offered(person):
    """Help that is offered to the person with this id, who carries much."""
    rows = ReliefOffer.objects.filter(member__person=person, member__left_at=None, answered_at=None)
    return rows.order_by("at", "pk")


def help_offered_item(_pk, at, slug, where, _today):
    when = _("offered on %(day)s") % {"day": day_of(at)}
    return Item(
        _("You are offered help with what you promised"), url_of_arena("commitments", slug), where, when
    )


def thanked(person):
    """Thanks of which the person with this id has not said whether others may read them."""
    return Thanks.objects.filter(to__person=person, to__left_at=None, shown=None).order_by("at", "pk")


def thanked_item(to, words, at, slug, where, _today):
    url = f"{url_of_arena('member', slug, to)}?show=thanks"
    return Item(words, url, where, _("said on %(day)s") % {"day": day_of(at)})
