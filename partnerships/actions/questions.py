"""A question before the answer: asked from the invitation, told to the conveners, answered by one of them."""

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import InvitationQuestion, Member, Partnership, Tally
from ..places import place_of
from ..rules import invitations as may
from ..settings.table import QUESTIONS_A_DAY
from .answers import waiting_invitation
from .memory import remember


@transaction.atomic
def ask_question(*, invitation, words, by, at):
    """Ask the conveners something before answering. by: the signed-in addressee, or None. Returns the question."""
    partnership, invitation = waiting_invitation(invitation, at)
    may.can_answer_as(invitation, by).enforce()
    most = QUESTIONS_A_DAY.of(partnership)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if not Tally.objects.take(key=f"question:{invitation.pk}", since=day, amount=1, limit=most):
        raise Conflict(_("You have asked %(number)s questions today. Call us instead.") % {"number": most})
    asked = InvitationQuestion.objects.create(invitation=invitation, words=words, asked_at=at)
    remember(partnership, "question.asked", by=by, at=at, audience="conveners", invitation=invitation.pk)
    conveners = Member.objects.present().filter(partnership=partnership, role=Member.Role.CONVENER)
    tell(
        kind="invitee_asked",
        recipients=conveners.values_list("person", flat=True),
        scope=partnership.pk,
        occurrence=str(asked.pk),
        ids={"question": str(asked.pk)},
        at=at,
    )
    return asked


@transaction.atomic
def answer_question(*, question, words, by, at):
    """Answer a question; whoever asked gets it by mail, and finds it on the invitation. Returns the question."""
    partnership = Partnership.objects.locked(question.invitation.partnership_id)
    question = InvitationQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    may.can_answer_question(place_of(partnership, by), question).enforce()
    question.answer, question.answered_by, question.answered_at = words, by, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    remember(
        partnership,
        "question.answered",
        by=by,
        at=at,
        audience="conveners",
        invitation=question.invitation_id,
    )
    if question.invitation.address:
        tell(
            kind="invitee_answered",
            recipients=[question.invitation_id],
            scope=partnership.pk,
            occurrence=str(question.pk),
            ids={"question": str(question.pk)},
            at=at,
        )
    return question
