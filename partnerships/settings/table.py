"""The table of what this app lets a platform set. Each default is ours unless its reason names another source."""

import datetime

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .kinds import (
    Choice,
    Colour,
    Days,
    LetterWords,
    Picture,
    Setting,
    TimeOfDay,
    Whole,
    Words,
    register,
    threshold,
)

DAYS, PERCENT = _("days"), "%"
SCHEMES = (
    ("auto", _("As the reader’s device has it")),
    ("light", _("Light")),
    ("dark", _("Dark")),
)


def _register(part, kind, key, label, **more):
    return register(Setting(key, part, kind, label, **more))


# --- what it says about itself, and how it looks ----------------------------------------------------------------

_register("words", Words(120), "name", _("Name"))
_register(
    "words",
    Words(120),
    "area",
    _("Area"),
    optional=True,
    empty=_("no place"),
)
_register(
    "words",
    Words(4000, rows=6),
    "introduction",
    _("Introduction"),
    optional=True,
    empty=_("none"),
    help=_("It stands at the top of the platform’s page."),
)
_register("words", Words(120), "contact_name", _("Whom readers can call"))
_register("words", Words(30), "contact_phone", _("Telephone"))
_register(
    "words",
    Words(254, check="email"),
    "contact_email",
    _("E-mail address"),
    optional=True,
    empty=_("none"),
)
_register(
    "words",
    Words(120),
    "sender_name",
    _("The name that mail comes from"),
    default="",
    empty=_("the platform’s name"),
    reason=_("Readers open mail from a name they know."),
)
_register(
    "words",
    Choice(tuple(settings.LANGUAGES)),
    "language",
    _("Language"),
    default="da",
    reason=_("Most who read here read Danish. Everyone can choose another language for themselves."),
)
_register(
    "words",
    Words(64, check="zone"),
    "time_zone",
    _("Time zone"),
    default="Europe/Copenhagen",
    reason=_("Reminders come in the morning of this place."),
    help=_("A place, like Europe/Copenhagen."),
)

_register(
    "look",
    Colour(),
    "accent",
    _("Colour"),
    default="",
    empty=_("the site’s own green"),
    reason=_("It reads well in light and dark."),
    help=_(
        "As # and six digits, like #0f5b52. Lighter and darker shades are made from it, so that all words can be read."
    ),
)
_register(
    "look",
    Choice(SCHEMES),
    "scheme",
    _("Light or dark"),
    default="auto",
    reason=_("The reader has chosen already, for eyes and battery."),
)
_register(
    "look",
    Picture(),
    "logo",
    _("Logo"),
    default="",
    empty=_("the site’s own sign"),
    reason=_("The six seats stand for the six sectors."),
    help=_("An SVG, PNG or JPEG file. It stands at the top of the pages."),
)
_register(
    "look",
    Words(120),
    "logo_alt",
    _("What the logo says"),
    optional=True,
    empty=_("nothing"),
    help=_("For those who cannot see it: Solrød Municipality."),
)

_register(
    "rules",
    Words(8000, rows=12),
    "ground_rules",
    _("Ground rules of the platform"),
    default="",
    empty=_("none of its own"),
    reason=_("Members agree best on rules that they wrote themselves. A first draft is ready for them."),
    help=_("How people treat each other here. You can use **bold** and lists with -."),
)

# --- when we remind people: a settled habit of municipal hearings -----------------------------------------------

_register(
    "reminders",
    TimeOfDay(),
    "morning",
    _("The hour when reminders go out"),
    default=datetime.time(8),
    reason=_("In the morning, where their reader is: nobody is reminded at night."),
)
INVITATION_REMINDER_DAYS = _register(
    "reminders",
    Days(),
    "invitation_reminder_days",
    _("Reminders of an invitation, so many days after it went out"),
    default=[3, 7],
    unit=DAYS,
    reason=_(
        "The first comes while it lies on the table, the second before it is forgotten. More are a nuisance."
    ),
)
INVITATION_EXPIRY_DAYS = _register(
    "reminders",
    Whole(1, 365),
    "invitation_expiry_days",
    _("How long an invitation can be answered"),
    default=30,
    unit=DAYS,
    reason=_("A month leaves room for a holiday, and the seat is not kept for ever."),
)
STAGE_DUE_DAYS = _register(
    "reminders",
    Days(),
    "stage_due_days",
    _("Before a stage is due, those who lead hear of it so many days ahead"),
    default=[7, 1],
    unit=DAYS,
    reason=_("A week is enough to call a meeting, a day to send a word."),
)
COMMITMENT_REMINDER_DAYS = threshold(
    "commitment_reminder_days",
    Days(60),
    [7, 1],
    _("Before a promise is due, its owner hears of it so many days ahead"),
    _("A week to do it in, and a day to say that it will be late."),
    DAYS,
    part="reminders",
    at_once=True,
)

# --- sending ----------------------------------------------------------------------------------------------------

CONVENER_DAILY_INVITATIONS = _register(
    "sending",
    Whole(1, 1_000_000),
    "convener_daily_invitations",
    _("Invitations that one convener may send in a day"),
    default=5000,
    reason=_("A whole municipality in some days, and a mistake is noticed before it has reached everyone."),
)
SECOND_LOOK = threshold(
    "second_look",
    Whole(1, 1_000_000),
    500,
    _("So many invitations at once are asked about twice"),
    _("A committee never invites so many; a slip of the mouse does."),
    part="sending",
    at_once=True,
)
QUESTIONS_A_DAY = threshold(
    "questions_a_day",
    Whole(1, 100),
    5,
    _("Questions from one invitation in a day"),
    _("Who has more to ask is better served by a call."),
    part="sending",
    at_once=True,
)

# --- what counts as enough --------------------------------------------------------------------------------------

SECTORS_THAT_GAIN = threshold(
    "sectors_that_gain",
    Whole(1, 6),
    2,
    _("Sectors that must say what they gain"),
    _("With one, the others would come as a favour."),
)
ANSWERED_SHARE = threshold(
    "answered_share",
    Whole(0, 100),
    90,
    _("Contributions that must have their answer before the design is done"),
    _("A tenth may be under way."),
    PERCENT,
)
QUORUM_SHARE = threshold(
    "quorum_share",
    Whole(1, 100),
    50,
    _("Members of each side who must take part in a decision"),
    _("A side is bound by its half, not by a few."),
    PERCENT,
)
CONSENT_ROUNDS = threshold(
    "consent_rounds",
    Whole(1, 9),
    2,
    _("Rounds with objections before a majority on each side decides"),
    _("Once to hear the objection, once to meet it. After that one could stop all."),
)
DAYS_TO_DECIDE = threshold(
    "days_to_decide",
    Whole(1, 366),
    7,
    _("How long a decision is open, as a first proposal"),
    _("Everyone meets a weekday and a weekend."),
    DAYS,
)
ENOUGH_TO_TELL = threshold(
    "enough_to_tell",
    Whole(1, 1000),
    5,
    _("Members, before we say anything about how they were chosen"),
    _("Fewer say nothing about it."),
)
SEEN_ELSEWHERE = threshold(
    "seen_elsewhere",
    Whole(2, 100),
    2,
    _("Partnerships that somebody sits in, to be one of the same people"),
    _("This one, and another one here."),
)
SAME_PEOPLE_SHARE = threshold(
    "same_people_share",
    Whole(1, 100),
    50,
    _("The same people among the members, to be worth a question"),
    _("When every second member sits elsewhere, too, new voices are missing."),
    PERCENT,
)

ACCOUNT_DAYS = threshold(
    "account_days",
    Whole(1, 366),
    30,
    _("After a partnership is closed, the account of what came of it is owed within"),
    _("Long enough to ask those who took part, short enough that they remember."),
    DAYS,
)
DAYS_TO_CORRECT = threshold(
    "days_to_correct",
    Whole(1, 90),
    14,
    _("Both sides can correct facts so long before what they set aside together takes effect"),
    _("A fortnight spans a holiday week."),
    DAYS,
)

# --- the letters ------------------------------------------------------------------------------------------------

for _language, _name in settings.LANGUAGES:
    for _key, _label, _kind in (
        ("opening", _("First words of the invitation"), Words(1500, rows=4)),
        ("asks", _("What is asked, and how much time it takes"), Words(1000, rows=3)),
    ):
        register(
            LetterWords(
                f"{_key}_{_language}",
                "letters",
                _kind,
                format_lazy("{} ({})", _label, _name),
                default="",
                reason=_(
                    "Conveners know best why they ask. Where a template has words of its own, those are used."
                ),
                empty=_("nothing beforehand"),
            )
        )

# --- the law ----------------------------------------------------------------------------------------------------

_register("law", Words(200), "controller", _("Who answers for personal data"))
_register(
    "law",
    Words(200),
    "processor",
    _("Who runs the machines"),
    optional=True,
    empty=_("nobody else"),
)
_register("law", Words(2000, rows=3), "legal_basis", _("Legal basis"))
_register("law", Words(200), "data_protection_contact", _("Data protection contact"))
_register(
    "law",
    Whole(0, 366),
    "keep_needs_days",
    _("How long after a meeting we keep what people needed there"),
    default=30,
    unit=DAYS,
    reason=_("Long enough to pay the interpreter, and nobody’s needs stand here for years."),
)
_register(
    "law",
    Whole(1, 60),
    "keep_unanswered_months",
    _("How long addresses of people who did not join are kept"),
    default=6,
    unit=_("months"),
    reason=_("Long enough to answer a complaint about who was asked."),
)
_register(
    "law",
    Whole(1, 10),
    "register_years",
    _("How long people stand in the register, unless they take it back"),
    default=2,
    unit=_("years"),
    reason=_(
        "Long enough to be asked more than once, short enough that what people said of themselves still holds."
    ),
)
_register(
    "law",
    Whole(1, 100),
    "keep_arena_years",
    _("How long a partnership is kept after it closed"),
    default=5,
    unit=_("years"),
    reason=_("As long as municipalities keep most of their cases."),
)
_register(
    "law",
    Whole(13, 18),
    "youngest_age",
    _("Youngest age to take a seat alone"),
    default=15,
    unit=_("years"),
    reason=_("At that age most speak for themselves in a meeting of grown-ups."),
)
