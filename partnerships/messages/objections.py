"""Messages about objections: raised, waiting for answers, answered."""

from django.utils.translation import gettext_lazy as _

from actors.recipients import recipients
from notices.kinds import Kind

from ..models import ObjectionAnswer, Position
from .decisions import context, recorded_context
from .readers import present

WHO_ANSWERS = _("You get this because you lead this partnership or write this text.")


def is_unanswered(notices):
    """Notices whose objection nobody has answered, where the decision can still be met, to readers still there."""
    here = present(notices)
    rows = Position.objects.unanswered().filter(pk__in=[n.ids["position"] for n in notices])
    waiting = {str(pk) for pk in rows.exclude(decision__outcome="withdrawn").values_list("pk", flat=True)}
    return {n.pk for n in notices if n.pk in here and n.ids["position"] in waiting}


def is_held(notices):
    """Notices whose decision is held until objections are answered, to readers still there."""
    here, told = present(notices), context(notices)
    return {n.pk for n in notices if n.pk in here and n.pk in told and told[n.pk]["decision"].is_held}


def answered_context(notices):
    """{notice id: what the mail tells}: the decision, and what was answered."""
    found = ObjectionAnswer.objects.select_related("position").in_bulk([n.ids["answer"] for n in notices])
    answers, told = {str(pk): answer for pk, answer in found.items()}, context(notices)
    return {
        n.pk: told[n.pk] | {"answer": answer}
        for n in notices
        if n.pk in told and (answer := answers.get(n.ids["answer"]))
    }


def _kind(name, label, still_true, *, why=WHO_ANSWERS, context=context):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"partnerships/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        switchable=True,
    )


KINDS = [
    _kind(
        "objection_raised",
        _("When somebody objects and an answer is awaited (for those who lead and write)"),
        is_unanswered,
        context=recorded_context,
    ),
    _kind(
        "objections_waiting",
        _("When a decision waits for answers to objections (for those who lead and write)"),
        is_held,
    ),
    _kind(
        "objection_answered",
        _("When your objection is answered"),
        present,
        why=_("You get this because the objection is yours."),
        context=answered_context,
    ),
]
