"""Who may say something, and write down what was said elsewhere."""

from .standing import leaders_only, member_in_stage, members_only


def can_say(place):
    """Members say; in the first stage the conveners prepare alone."""
    return member_in_stage(place, "say")


def can_record_contribution(place):
    """Leaders type in what was said in a room or on paper, marked so."""
    return members_only(place) and can_say(place) and leaders_only(place)
