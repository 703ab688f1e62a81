"""What it takes to leave a stage, as far as problems are concerned."""

from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from partnerships.criteria import Criterion
from partnerships.models import Citation, Contribution, Text
from partnerships.stages import Stage

from .models import Indicator

Kind = Contribution.Kind


def criteria(stage, partnership, *, at=None):
    """The criteria of `stage` that this app can judge, for this partnership: at most two queries."""
    return _define(partnership) if Stage(stage) == Stage.DEFINE else []


def _cites(kind):
    """Whether the adopted definition rests on a contribution of this kind that can still be read."""
    return Exists(
        Citation.objects.filter(
            revision=OuterRef("adopted_revision"), contribution__kind=kind, contribution__hidden_at=None
        )
    )


def _unheard():
    """Whether a concern was said that nobody answered, and that the adopted definition does not build on."""
    cited = Citation.objects.filter(
        contribution=OuterRef("pk"), revision=OuterRef(OuterRef("adopted_revision"))
    )
    concerns = Contribution.objects.shown().filter(
        partnership=OuterRef("partnership"), kind=Kind.CONCERN, reply_to=None, response=None
    )
    return Exists(concerns.filter(~Exists(cited)))


def _define(partnership):
    text = (
        Text.objects.filter(partnership=partnership, kind=Text.Kind.PROBLEM)
        .annotate(
            cites_evidence=_cites(Kind.EVIDENCE),
            cites_experience=_cites(Kind.EXPERIENCE),
            dispute=KeyTextTransform("dispute", "adopted_revision__body"),
            unheard=_unheard(),
        )
        .first()
    )
    based = Indicator.objects.filter(partnership=partnership, baseline__isnull=False).exists()
    return [_adopted(text), *_cited(text), _disputes(text), _indicator(based)]


def _adopted(text):
    met = bool(text and text.adopted_revision_id)
    todo = (
        _("Open a decision on the problem definition.")
        if text
        else _("Write the problem definition together.")
    )
    return Criterion(
        "problem_adopted",
        _("The members have adopted a shared problem definition"),
        met=met,
        hard=True,
        detail="" if met else todo,
        url_name="problem",
        who=_("The members"),
        shown_at=("text", text.pk) if met else (),
    )


def _cited(text):
    """One criterion each for evidence and lived experience."""
    wanted = [
        (
            "cites_evidence",
            _("The definition rests on evidence"),
            _(
                "Tick a contribution of the kind “evidence” as something the definition builds on, then adopt it."
            ),
        ),
        (
            "cites_experience",
            _("The definition rests on lived experience"),
            _(
                "Tick a contribution of the kind “experience” as something the definition builds on, then adopt it."
            ),
        ),
    ]
    for key, label, todo in wanted:
        met = bool(text and getattr(text, key))
        detail = "" if met else todo
        yield Criterion(
            key,
            label,
            met=met,
            hard=False,
            detail=detail,
            url_name="problem",
            who=_("Its authors"),
            shown_at=("text", text.pk) if met else (),
        )


def _disputes(text):
    """What the members do not agree on is written down, and nobody's concern was passed over."""
    listed = bool(text and (text.dispute or "").strip())
    heard = bool(text) and not text.unheard
    if not listed:
        detail = _(
            "Write what you do not agree on into the definition, or that there is nothing, then adopt it."
        )
    elif not heard:
        detail = _("Answer each contribution of the kind “concern”, or let the definition build on it.")
    else:
        detail = ""
    return Criterion(
        "disputes_heard",
        _("What is in dispute is written down, and every concern was heard"),
        met=listed and heard,
        hard=False,
        detail=detail,
        url_name="problem" if not listed else "say",
        who=_("Its authors") if not listed else _("A convener or facilitator"),
        shown_at=("text", text.pk) if listed else (),
    )


def _indicator(based):
    return Criterion(
        "indicator",
        _("There is an indicator, and where it stands today is known"),
        met=based,
        hard=False,
        detail="" if based else _("Add an indicator, with its value today and the source."),
        url_name="problem",
        who=_("The members"),
    )
