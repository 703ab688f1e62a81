"""Who calls whom mail does not reach, and who reads what was sent."""

from boundary.answer import YES

from .standing import conveners_only


def can_see_messages(place):
    """Conveners, and who keeps the case: to whom something was sent is not for everybody."""
    return YES if place.keeps_cases else conveners_only(place)


def can_note_call(place):
    """Whoever may see whom to call may say that it is done."""
    return can_see_messages(place)
