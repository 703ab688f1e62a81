"""What a platform may set about what people say. Each default is ours."""

from django.utils.translation import gettext_lazy as _

from .kinds import Choice, Whole, threshold

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
