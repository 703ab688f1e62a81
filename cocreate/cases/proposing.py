"""The options of a case, the one that was chosen, and the value proposition that its members stand behind."""

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from actors.models import Sector
from partnerships import actions
from partnerships.actions.decisions import last_settled
from solutions.actions import propose, put_to_choice, start_value_proposition

from .run import INFERRED, STATED, is_elected_kind
from .talking import say, settle, voices, write_in_turn


def options_of(case):
    """The options that were weighed: the case's own, else the one solution that it tells of."""
    if case.get("options"):
        return case["options"]
    who = case["design"]["who"]
    made = next((actor["id"] for actor in case["actors"] if actor["id"] in who), case["actors"][0]["id"])
    return [
        {
            "title": Truncator(case["name"]).chars(140),
            "by": made,
            "novelty": "new_here",
            "what": case["design"].get("note") or case["name"],
            "how": case["implementation"].get("note") or "",
            "src": case["design"].get("src"),
        }
    ]


def design(run):
    """The options, each written by who proposed it; the first is the one that was chosen."""
    case, who = run.case, run.case["design"]["who"]
    said = voices(run, "design", who, _("took part in designing the solution"))
    said += contested(run, "design")
    run.proposals = [
        _proposal(run, option, said if number == 0 else []) for number, option in enumerate(options_of(case))
    ]


def contested(run, phase):
    """What was in dispute in a phase, each point brought up by somebody whom it worries."""
    return [
        say(run, _worried(run), "concern", point["text"], STATED, point.get("src"))
        for point in in_dispute(run.case, phase)
    ]


def in_dispute(case, phase):
    """The contested points of a phase; before the authorization unless the case says otherwise."""
    return [point for point in case["contested_points"] if point.get("phase", "design") == phase]


def _worried(run):
    """Who brings up a contested point: an opponent with a seat, else a resident, else whoever convened."""
    for wanted in (lambda a: "opponent" in a["role"], lambda a: a["sector"] == Sector.CITIZENS):
        for actor in run.case["actors"]:
            if wanted(actor) and actor["id"] in run.members:
                return actor["id"]
    return run.host["id"]


def _proposal(run, option, cites):
    run.seat(option["by"])
    proposal = propose(
        partnership=run.partnership,
        title=option["title"],
        novelty=option["novelty"],
        by=run.person(option["by"]),
        at=run.clock.at(),
    )
    run.mark(proposal.text, INFERRED, option.get("src"))
    body = {key: option.get(key, "") for key in ("what", "how", "new", "costs", "lose")}
    write_in_turn(run, proposal.text, body, [option["by"]], cites, option.get("src"))
    return proposal


def choose(run):
    """The members choose the first option."""
    decision = put_to_choice(
        proposal=run.proposals[0],
        closes_at=run.clock.closing(run.periods.authorize),
        by=run.convener,
        at=run.clock.at(),
    )
    settle(run, decision, run.case["design"]["who"])


def propose_value(run):
    """The dossier: what changes, who stands behind it, what it takes and who gives it."""
    value = start_value_proposition(
        partnership=run.partnership, proposal=run.proposals[0], by=run.convener, at=run.clock.at()
    )
    run.mark(value.text, INFERRED)
    run.value = actions.texts.write_revision(
        text=value.text,
        body=value_body(run),
        cites=[],
        note="",
        based_on=None,
        by=run.convener,
        at=run.clock.at(),
    )
    run.mark(run.value, INFERRED, run.case["design"].get("src"))


def stand_behind(run, before):
    """The members take a decision on the value proposition as it now reads, so that it goes on as theirs."""
    if last := last_settled(run.value.text):
        reason = _("It is put to a body again, in words of its own.")
        actions.rounds.reopen_decision(decision=last, reason=reason, by=run.convener, at=run.clock.at())
    decision = actions.decisions.open_decision(
        revision=run.value,
        question=_("Do we ask for a decision on this proposition?"),
        closes_at=run.clock.closing(before),
        by=run.convener,
        at=run.clock.at(),
    )
    settle(run, decision, run.case["design"]["who"])


def value_body(run):
    """The three corners, from the case's facts. What elected bodies answered is not in what they are asked."""
    case = run.case
    targets = {
        told["name"]: f"- {told['name']}: {_figure(told['target'])} {told['unit']}"
        for told in case["indicators"]
        if told["target"] is not None
    }
    behind = [run.actor(key)["name"] for key in case["design"]["who"]]
    legitimacy = [_("Designed by: %(names)s.") % {"names": ", ".join(behind)}] if behind else []
    legitimacy += [
        f"- {one['body']}: {one['decision']}"
        for one in case["authorization"]
        if not is_elected_kind(one["body_kind"])
    ]
    disputed = in_dispute(case, "design")
    legitimacy += [_("- In dispute: %(what)s") % {"what": one["text"]} for one in disputed]
    return {
        "value": "\n".join([case["problem"], "", *targets.values()]).strip(),
        "legitimacy": "\n".join(legitimacy) or _("The sources do not tell who stood behind it."),
        "capacity": "\n".join(_need(run, one) for one in case["resources"])
        or _("- Missing in the sources: who covers what."),
        "lose": options_of(case)[0].get("lose", ""),
    }


def _figure(number):
    return number_format(number, use_l10n=True, force_grouping=True)


def _need(run, resource):
    amount = f" ({_figure(resource['amount'])} {resource['unit'] or ''})" if resource["amount"] else ""
    facts = {"what": resource["what"], "amount": amount}
    if not resource["from"]:
        return _("- %(what)s%(amount)s: missing in the sources who covers it") % facts
    facts["giver"] = run.actor(resource["from"])["name"]
    if resource in run.unpromised:
        return _("- %(what)s%(amount)s: asked of %(giver)s") % facts
    return _("- %(what)s%(amount)s: committed by %(giver)s") % facts
