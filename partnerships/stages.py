"""The process as a table: the stages, and what each of them opens. A new stage is a line and a column here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    INITIATE = "initiate", _("Initiate")
    CONVENE = "convene", _("Convene")
    DEFINE = "define", _("Define the problem")
    DESIGN = "design", _("Design a solution")
    AUTHORIZE = "authorize", _("Authorize")
    IMPLEMENT = "implement", _("Implement")
    EVALUATE = "evaluate", _("Evaluate")
    CLOSED = "closed", _("Closed")


ORDER = list(Stage)
DEFAULT_LENGTH_DAYS = {  # (default) lengths, ours: a year from mandate to authorization, a year to carry out
    Stage.INITIATE: 30,
    Stage.CONVENE: 45,
    Stage.DEFINE: 60,
    Stage.DESIGN: 120,
    Stage.AUTHORIZE: 60,
    Stage.IMPLEMENT: 365,
    Stage.EVALUATE: 60,
}

_WORKING = frozenset(Stage) - {Stage.CLOSED}
_TOGETHER = _WORKING - {Stage.INITIATE}

OPENS = {
    "change_mandate": frozenset({Stage.INITIATE, Stage.CONVENE}),
    "invite": _WORKING,
    "join": _WORKING,
    "lead": _WORKING,
    "say": _TOGETHER,
    "respond": _TOGETHER,
    "report": frozenset(Stage),
    "write_charter": _TOGETHER,
    "write_problem": frozenset({Stage.CONVENE, Stage.DEFINE, Stage.DESIGN}),
    "write_proposal": frozenset({Stage.DEFINE, Stage.DESIGN}),
    "write_value": frozenset({Stage.DESIGN, Stage.AUTHORIZE}),
    "write_note": _TOGETHER,
    "decide_charter": _TOGETHER,
    "decide_problem": frozenset({Stage.DEFINE, Stage.DESIGN}),
    "decide_proposal": frozenset({Stage.DESIGN}),
    "decide_value": frozenset({Stage.DESIGN, Stage.AUTHORIZE}),
    "decide_note": _TOGETHER,
    "take_position": _WORKING,
    "close_decision": frozenset(Stage),
    "commit": _TOGETHER,
    "answer_commitment": _TOGETHER,
    "meet": _WORKING,
    "measure_problem": _TOGETHER,
    "request_authorization": frozenset({Stage.AUTHORIZE}),
    "enter_authorization": frozenset({Stage.AUTHORIZE, Stage.IMPLEMENT}),
    "plan": frozenset({Stage.DESIGN, Stage.AUTHORIZE, Stage.IMPLEMENT}),
    "report_step": frozenset({Stage.IMPLEMENT, Stage.EVALUATE}),
    "measure_result": frozenset({Stage.IMPLEMENT, Stage.EVALUATE, Stage.CLOSED}),
    "move_stage": frozenset(Stage),
    "waive": _WORKING,
    "plan_time": _WORKING,
    "account": frozenset({Stage.CLOSED}),
}

# What goes on while a partnership is paused, whatever its stage. People speak, answer and leave; they meet to talk
# about going on; what happens outside (a body answers, a step is done, a value is measured) is still written down.
# All else that a stage opens rests: nobody's words are rewritten, nothing is decided, promised or moved.
WHILE_PAUSED = frozenset(
    {
        *("join", "say", "respond", "report", "answer_commitment", "meet"),
        *("enter_authorization", "report_step", "measure_result"),
    }
)


def next_stage(stage):
    """The stage after `stage`, or None after the last."""
    index = ORDER.index(Stage(stage)) + 1
    return ORDER[index] if index < len(ORDER) else None


def opens(stage, deed):
    """Whether `stage` opens `deed`."""
    return Stage(stage) in OPENS[deed]


def first_stage_for(deed):
    """The earliest stage that opens `deed`."""
    return min(OPENS[deed], key=ORDER.index)
