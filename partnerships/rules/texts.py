"""Who may write which text, and when."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import LONGEST_SECTION, Text
from .standing import member_in_stage

WRITTEN_BY_ALL = frozenset({Text.Kind.CHARTER, Text.Kind.PROBLEM})


def can_start_text(place, kind):
    """Members start a text in the stages that open its kind."""
    return member_in_stage(place, f"write_{kind}")


def not_being_decided(text, open_decision):
    """While the members decide on a text its words stand still, so that everyone answers about the same ones."""
    if open_decision is None:
        return YES
    return no(
        _("The members are deciding on this text, so it cannot change now."),
        _("Write again when the decision is closed or withdrawn."),
    )


def an_author(place, text, is_author):
    """Ground rules and the problem are everyone's; what else is written belongs to its authors and the leaders."""
    if text.kind in WRITTEN_BY_ALL or is_author or place.leads:
        return YES
    return no(_("Only its authors and the conveners write this text."), _("Join the authors first."))


def can_write(place, text, *, is_author=False, open_decision=None):
    """Whether this person may add a revision to the text now."""
    return (
        member_in_stage(place, f"write_{text.kind}")
        and an_author(place, text, is_author)
        and not_being_decided(text, open_decision)
    )


def can_change_headings(place, text, *, is_author=False, open_decision=None):
    """Who writes an other text gives it its sections; those of the kinds that the process knows are given."""
    if text.kind != Text.Kind.NOTE:
        return no(_("The sections of this text are given."))
    return can_write(place, text, is_author=is_author, open_decision=open_decision)


def can_join_authors(place, text, *, is_author=False):
    """Any member with a say may join in writing."""
    if is_author:
        return no(_("You are one of the authors."))
    return member_in_stage(place, f"write_{text.kind}")


def too_long(words):
    """What to do about a section that is longer than anyone reads."""
    return _(
        "This section has %(length)s characters; at most %(most)s fit. "
        "Shorten it, or say part of it in the conversation and cite that."
    ) % {"length": len(words), "most": LONGEST_SECTION}
