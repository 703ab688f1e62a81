"""What a platform may set about answers and the ground rules: how soon, how long, how many. All defaults are ours."""

from django.utils.translation import gettext_lazy as _

from .kinds import Whole, threshold
from .table import DAYS

ANSWER_DAYS = threshold(
    "answer_days",
    Whole(1, 366),
    14,
    _("An answer is owed within"),
    _("Two weeks leave time to ask whoever knows. Who waits longer thinks that nobody listens."),
    DAYS,
)
MODERATION_DAYS = threshold(
    "moderation_days",
    Whole(1, 60),
    3,
    _("Reports and appeals are looked at within"),
    _("What hurts somebody should not stand for a week."),
    DAYS,
)
APPEAL_DAYS = threshold(
    "appeal_days",
    Whole(1, 366),
    30,
    _("How long somebody can appeal when their words are hidden or their writing is paused"),
    _("A month leaves room for a holiday, and for a talk with somebody one trusts."),
    DAYS,
)
LONGEST_WRITING_PAUSE = threshold(
    "longest_writing_pause",
    Whole(1, 90),
    14,
    _("The longest pause from writing"),
    _("Long enough to calm down, too short to shut somebody out."),
    DAYS,
)
REPORTS_A_DAY = threshold(
    "reports_a_day",
    Whole(1, 1000),
    10,
    _("Reports by one person in a day"),
    _("Who finds more than that should call: then more is wrong than single words."),
)
