"""Who may suggest other words for a text, change or withdraw that, and answer it."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .standing import in_stage, leaders_only, may_write, members_only
from .texts import can_write


def can_suggest(place, text):
    """Every member may, observers too, while the stage lets the text be written; also while it is decided on."""
    return members_only(place) and in_stage(place, f"write_{text.kind}") and may_write(place)


def waits(suggestion):
    """Whether the authors have not answered, and nobody has taken it back or hidden it."""
    if suggestion.hidden_at:
        return no(_("This suggestion is hidden by the ground rules."))
    if suggestion.is_open:
        return YES
    return no(_("This suggestion is settled: %(state)s.") % {"state": suggestion.get_state_display()})


def can_change_suggestion(place, suggestion):
    """Who made it may change it or take it back while it waits."""
    if not place.member or suggestion.member_id != place.member.pk:
        return no(_("Only who made a suggestion can change it or take it back."))
    return waits(suggestion)


def can_reword_suggestion(place, suggestion):
    """Who made it may say it in other words while it waits and their writing is not paused."""
    return can_change_suggestion(place, suggestion) and may_write(place)


def can_answer_suggestion(place, suggestion, *, is_author=False, open_decision=None):
    """Those who may write the text now answer; while the members decide on it, its words stand still."""
    return waits(suggestion) and can_write(
        place, suggestion.text, is_author=is_author, open_decision=open_decision
    )


def can_hide_suggestion(place, suggestion):
    """Conveners and facilitators hide by the ground rules, with a public reason."""
    if suggestion.hidden_at:
        return no(_("This is hidden already."))
    return leaders_only(place)
