"""What the addresses of pages are about: one thing of each kind, found in a world."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from actors.mails import link_of as link_of_mail
from actors.models import SignInMail
from boundary.tokens import new_nonce
from cocreate.feed import address_of
from notices.links import unsubscribe_url
from notices.models import Notice
from partnerships.messages.invitations import link_of
from partnerships.models import (
    AgendaItem,
    CalendarFeed,
    Commitment,
    Contribution,
    Decision,
    Draw,
    Group,
    Invitation,
    JoinRequest,
    Meeting,
    Poll,
    Position,
    Suggestion,
    Template,
    Text,
)
from solutions.models import AuthorizationRequest, Step

Kind = Text.Kind


def in_(slug, thing=None):
    """The arguments of an address in one partnership: its slug, and the id of a thing in it."""
    return lambda world: [slug, *([thing(world.arenas[slug])] if thing else [])]


def text(kind):
    return lambda arena: Text.objects.filter(partnership=arena, kind=kind).earliest("created_at", "id").pk


def contribution(arena):
    """One that waits for an answer."""
    waiting = Contribution.objects.shown().filter(partnership=arena, reply_to=None, response=None)
    return waiting.earliest("created_at", "id").pk


def mine(arena):
    """What the citizen said, changed and added files to."""
    return Contribution.objects.get(
        partnership=arena, member__person__name="Bo Citizen", edited_at__isnull=False
    ).pk


def quoting(world):
    return (
        f"{reverse('contribution', args=in_('seaweed', mine)(world))}?quote={mine(world.arenas['seaweed'])}"
    )


def picture(world):
    return [*in_("seaweed", mine)(world), 1]


def invitation(state):
    """The one that is in this state from the beginning."""
    rows = Invitation.objects.filter(state=state, number__gt=1000)
    return lambda arena: rows.filter(partnership=arena).latest("number").pk


def a_template(*, own):
    """The platform's own template, or a shipped one."""
    rows = Template.objects.filter(platform__isnull=not own)
    return lambda world: [*the_platform(world), rows.earliest("created_at", "id").pk]


def a_draw(*, drawn, call=True):
    """A draw by lot among those who answered a call, or from the register, drawn or waiting to be."""
    rows = Draw.objects.filter(drawn_at__isnull=not drawn, call__isnull=not call)
    return lambda arena: rows.filter(partnership=arena).latest("frozen_at").pk


def invitee_list(arena):
    return arena.invitee_lists.get().pk


def group(arena):
    return Group.objects.filter(partnership=arena).earliest("created_at", "id").pk


def letter(arena):
    return Invitation.objects.filter(partnership=arena, address="", state="queued").earliest("number").pk


def link(state):
    return lambda world: link_of(Invitation.objects.get(pk=invitation(state)(world.arenas["gathering"])))


def my_invitation(world):
    return [invitation("sent")(world.arenas["gathering"])]


def join_request(arena):
    return JoinRequest.objects.filter(partnership=arena, state="waiting").earliest("created_at", "id").pk


def others(world):
    """A member who neither convenes nor is one of the cast."""
    return ["gathering", world.members["gathering"][-1].pk]


def promise(state):
    rows = Commitment.objects.filter(state=state, ownership=None)
    return lambda arena: rows.filter(partnership=arena).earliest("created_at", "id").pk


def meeting(*, over):
    def found(arena):
        rows = Meeting.objects.filter(partnership=arena, title="Meeting 0").order_by("starts_at")
        return (rows.first() if over else rows.last()).pk

    return found


def item(world):
    arena = world.arenas["seaweed"]
    shown = meeting(over=False)(arena)
    return ["seaweed", shown, AgendaItem.objects.taken().filter(meeting=shown).first().pk]


def poll(arena):
    return Poll.objects.running().filter(partnership=arena).earliest("opened_at", "id").pk


def about_the_problem(world):
    return f"?text={text(Kind.PROBLEM)(world.arenas['seaweed'])}"


def decision(*, closed):
    """The first one about the newest words; of the closed ones that with the positions."""
    rows = Decision.objects.filter(closed_at__isnull=not closed, revision__number__in=[1, 2])
    return lambda arena: rows.filter(partnership=arena).earliest("opened_at", "id").pk


def objection(world):
    """One in the open decision of an arena, which nobody has answered."""
    rows = Position.objects.filter(decision__in=Decision.objects.taking_positions(), choice="object")
    found = rows.filter(decision__partnership=world.arenas["seaweed"]).earliest("at", "pk")
    return ["seaweed", found.decision_id, found.pk]


def later_decision(arena):
    return Decision.objects.get(partnership=arena, opened_at=None).pk


def failed_decision(arena):
    return Decision.objects.get(partnership=arena, outcome="no_quorum").pk


def step(arena):
    return Step.objects.get(partnership=arena, number=1).pk


def indicator(arena):
    return arena.indicators.first().pk


def dossier(slug):
    def found(world):
        rows = AuthorizationRequest.objects.filter(partnership=world.arenas[slug])
        return [rows.earliest("asked_at").pk]

    return found


def revision(world):
    return [*in_("seaweed", text(Kind.PROBLEM))(world), 2]


def section(world):
    """A section of the problem's second revision, to suggest other words for."""
    return [*revision(world), "what"]


def suggestion(state):
    rows = Suggestion.objects.filter(state=state)
    return lambda arena: rows.filter(text__partnership=arena).earliest("made_at", "id").pk


def the_council(world):
    return [world.cast.council.pk]


def the_platform(world):
    return ["solrod"]


def sign_in_link(world):
    """A link as it stands in a mail that has just been sent."""
    mail = SignInMail.objects.create(
        kind="sign_in_code",
        person=world.cast.citizen,
        nonce=new_nonce(),
        expires_at=timezone.now() + timedelta(minutes=15),
    )
    return link_of_mail(mail)


def unsubscribe_link(world):
    return unsubscribe_url(Notice(recipient=world.cast.citizen.pk, kind="meeting_called", scope=None))


def calendar(world):
    return address_of(CalendarFeed.objects.get(person=world.cast.citizen, partnership=None))


def stop_digests_link(world):
    return unsubscribe_url(Notice(recipient=world.cast.citizen.pk, kind="digest", scope=None))
