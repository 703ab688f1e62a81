"""What a platform may set about working together: answers, rules, names, files, rooms, burdens. Defaults are ours."""

from django.utils.translation import gettext_lazy as _

from .kinds import Choice, Whole, threshold
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
WITHHOLD_NAMES = threshold(
    "withhold_names",
    Choice((("no", _("No")), ("yes", _("Yes")))),
    "no",
    _("In new partnerships, members may show their name only to members, for each thing they say"),
    _("Who speaks in public stands by it. Where people must fear for that, a convener can allow it."),
    part="rules",
    at_once=True,
)
MEGABYTES_OF_FILES = threshold(
    "megabytes_of_files",
    Whole(0, 100_000),
    1000,
    _("Space for the files beside what is said, in one partnership"),
    _("A thousand reports or photographs, and a backup still fits on a plain disk."),
    "MB",
    part="sending",
    at_once=True,
)
PHONES_KEPT_DAYS = threshold(
    "phones_kept_days",
    Whole(1, 90),
    7,
    _("How long the phones of a workshop are known after it, with the first names that were typed"),
    _("A note that was typed without a network can still be told apart. What was written stays."),
    DAYS,
    part="law",
    at_once=True,
)
FEWEST_OF_A_SIDE = threshold(
    "fewest_of_a_side",
    Whole(1, 100),
    5,
    _("Answers of each side to a sounding, before the sides are shown apart"),
    _("Among fewer, one could tell who thinks what."),
)
MUCH_PROMISES = threshold(
    "much_promises",
    Whole(2, 100),
    5,
    _("Open promises of one volunteer that are a lot"),
    _("Nobody keeps more than a handful in mind beside a job and a family."),
    at_once=True,
)
MUCH_HOURS = threshold(
    "much_hours",
    Whole(1, 1000),
    40,
    _("Hours promised by one volunteer for the coming time that are a lot"),
    _("A full week of work, given beside everything else."),
    _("hours"),
    at_once=True,
)
MUCH_DAYS = threshold(
    "much_days",
    Whole(7, 366),
    30,
    _("How far ahead those hours are counted"),
    _("A month is what people look ahead when they say yes."),
    DAYS,
    at_once=True,
)
