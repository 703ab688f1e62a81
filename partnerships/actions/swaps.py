"""Compare and swap for what a form changes: the action compares, under the lock, with what the form was joined with."""

from django.utils.translation import gettext as _

from boundary.answer import Conflict


class Changed(Conflict):
    """Somebody else has saved between the look and the lock: look again, nothing is lost."""

    def __init__(self):
        super().__init__(_("Somebody else has just changed this. Look at it again, then save."))


def as_it_is(row, names):
    """{field: value} of a row, as an action later compares it; of no row, nothing."""
    return {name: getattr(row, name) for name in names} if row else {}


def compare(expected, row, names):
    """Raise Changed unless the row is as it was seen. expected: what as_it_is gave; None: whoever comes last, wins."""
    if expected is not None and expected != as_it_is(row, names):
        raise Changed
