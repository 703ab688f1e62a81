"""What a platform may set about solutions, their choice and their plan. Each default is ours."""

from django.utils.translation import gettext_lazy as _

from partnerships.settings import threshold
from partnerships.settings.kinds import Days, Whole

OPTIONS_WEIGHED = threshold(
    "options_weighed",
    Whole(1, 20),
    2,
    _("Proposals that are weighed before one is chosen"),
    _("With one there is nothing to choose."),
)
DAYS_TO_CHOOSE = threshold(
    "days_to_choose",
    Whole(1, 366),
    14,
    _("How long members can choose a proposal, as a first answer"),
    _("Two weeks: long enough for those whose association meets first."),
    _("days"),
)
DAYS_FOR_A_CONDITION = threshold(
    "days_for_a_condition",
    Whole(1, 3650),
    90,
    _("After a decision, its conditions are to be met within"),
    _("A quarter: the next report to those who decided."),
    _("days"),
)
STEP_REMINDER_DAYS = threshold(
    "step_reminder_days",
    Days(60),
    [7],
    _("Before a step is due or a body meets, those concerned hear of it so many days ahead"),
    _("A week to act in."),
    _("days"),
    part="reminders",
    at_once=True,
)
REPORT_DAYS = threshold(
    "report_days",
    Whole(7, 366),
    30,
    _("A step that nobody reports on is asked about after"),
    _("As often as a steering group meets."),
    _("days"),
    part="reminders",
    at_once=True,
)
SUPPORT_MARGIN = threshold(
    "support_margin",
    Whole(0, 100),
    80,
    _("Of what a task needs that was public before, so much is supplied by those who hand it over"),
    _("A fifth may be what volunteers gladly give."),
    "%",
)
