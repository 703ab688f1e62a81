"""What it takes to leave a stage, as far as problems are concerned."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _soft

from partnerships.criteria import Criterion
from partnerships.models import Citation, Contribution, Text, shown_at
from partnerships.settings import soft
from partnerships.stages import Stage

from .models import Indicator

Kind = Contribution.Kind
soft("cites_evidence", _soft("The definition rests on evidence"))
soft("cites_experience", _soft("The definition rests on lived experience"))
soft("disputes_heard", _soft("What is in dispute is written down, and every concern was heard"))
soft("indicator", _soft("There is an indicator, and where it stands today is known"))


def criteria(stage, facts, *, at):
    """The criteria of `stage` that this app can judge, from facts: the partnership with FACTS of the stage. Pure."""
    return _define(facts) if Stage(stage) == Stage.DEFINE else []


def _define(facts):
    text = facts.definition_written
    return [_adopted(text), *_cited(text), _disputes(text), _indicator(facts.baseline_known)]


def _adopted(text):
    met = bool(text and text["adopted"])
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
        shown_at=("text", text["id"]) if met else (),
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
        met = bool(text and text[key])
        detail = "" if met else todo
        yield Criterion(
            key,
            label,
            met=met,
            hard=False,
            detail=detail,
            url_name="problem",
            who=_("Its authors"),
            shown_at=("text", text["id"]) if met else (),
        )


def _disputes(text):
    """What the members do not agree on is written down, and nobody's concern was passed over."""
    listed = bool(text and (text["dispute"] or "").strip())
    heard = bool(text) and not text["unheard"]
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
        shown_at=("text", text["id"]) if listed else (),
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


def _cites(kind):
    """Whether the adopted definition rests on a contribution of this kind that can still be read."""
    return Exists(
        Citation.objects.filter(
            shown_at("contribution__"), revision=OuterRef("adopted_revision"), contribution__kind=kind
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


def _definition_written():
    """Whether the definition is adopted, what it cites and what it says is in dispute; None where none is written."""
    text = (
        Text.objects.filter(partnership=OuterRef("pk"), kind=Text.Kind.PROBLEM)
        .annotate(
            adopted=Q(adopted_revision__isnull=False),
            cites_evidence=_cites(Kind.EVIDENCE),
            cites_experience=_cites(Kind.EXPERIENCE),
            dispute=KeyTextTransform("dispute", "adopted_revision__body"),
            unheard=_unheard(),
        )
        .order_by("pk")
    )
    names = ("id", "adopted", "cites_evidence", "cites_experience", "dispute", "unheard")
    found = {name: F(name) for name in names}
    return Subquery(text.values(fact=JSONObject(**found))[:1])


def _baseline_known():
    return Exists(Indicator.objects.filter(partnership=OuterRef("pk"), baseline__isnull=False))


# stage -> name -> the fact, as a part of a query of partnerships
FACTS = {
    Stage.DEFINE: {"definition_written": _definition_written(), "baseline_known": _baseline_known()},
}
