"""What it takes to leave a stage, as far as problems are concerned."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _soft

from partnerships.criteria import Criterion
from partnerships.models import Citation, Contribution, Text
from partnerships.settings import soft
from partnerships.stages import Stage

from .models import Indicator

Kind = Contribution.Kind
soft("cites_evidence", _soft("The definition rests on evidence"))
soft("cites_experience", _soft("The definition rests on lived experience"))
soft("indicator", _soft("There is an indicator, and where it stands today is known"))


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


def _define(partnership):
    text = (
        Text.objects.filter(partnership=partnership, kind=Text.Kind.PROBLEM)
        .annotate(cites_evidence=_cites(Kind.EVIDENCE), cites_experience=_cites(Kind.EXPERIENCE))
        .first()
    )
    based = Indicator.objects.filter(partnership=partnership, baseline__isnull=False).exists()
    return [_adopted(text), *_cited(text), _indicator(based)]


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
            key, label, met=met, hard=False, detail=detail, url_name="problem", who=_("Its authors")
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
