"""Who may say something, and write down what was said elsewhere."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .standing import in_stage, leaders_only, member_in_stage, members_only


def can_say(place):
    """Members say; in the first stage the conveners prepare alone."""
    return member_in_stage(place, "say")


def can_reply(place, contribution):
    """Members reply to what can be read."""
    return can_say(place) and shown(contribution)


def can_quote(place, contribution):
    """Members quote what can be read."""
    return can_reply(place, contribution)


def can_withhold_name(place):
    """Whether a member may show their name only to members here."""
    if place.partnership.may_withhold_names:
        return YES
    return no(
        _("Here everybody speaks with their name."), _("A convener can allow it otherwise, in the settings.")
    )


def can_change_contribution(place, contribution):
    """Who said it, or typed it in, may change the words while they are shown; what they were is kept."""
    return _own(place, contribution) and can_say(place) and shown(contribution)


def can_retract_contribution(place, contribution):
    """Who said it, or typed it in, may take it back; its place stays."""
    return _own(place, contribution) and in_stage(place, "say") and shown(contribution)


def _own(place, contribution):
    if place.member and place.member.person_id == contribution.member.person_id:
        return YES
    return members_only(place) and no(_("Only who said this can change it or take it back."))


def shown(contribution):
    """Whether its words can be read; if not, why they are gone."""
    if contribution.hidden_at:
        return no(_("This is hidden by the ground rules."))
    if contribution.retracted_at:
        return no(_("This was taken back by who said it."))
    return YES


def can_record_contribution(place):
    """Leaders type in what was said in a room or on paper, marked so."""
    return members_only(place) and can_say(place) and leaders_only(place)
