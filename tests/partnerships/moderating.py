"""What tests of the ground rules begin with: a second leader, a report, a hiding, an appeal."""

import datetime

from django.utils import timezone

from partnerships import actions
from partnerships.models import Intervention, Member
from tests.cast import join, person

DAY = datetime.timedelta(days=1)


def facilitator(cast, name="Fran Facilitator"):
    """A second leader. Returns the Person."""
    made = person(name)
    join(cast.partnership, made, role=Member.Role.FACILITATOR)
    return made


def report(contribution, *, by, ground="insult", reason="", at=None):
    facts = {"ground": ground, "reason": reason, "at": at or timezone.now()}
    return actions.moderation.report_contribution(contribution=contribution, by=by, **facts)


def hide(contribution, *, by, reason="It calls people fools.", ground="insult"):
    """Hide it. Returns the Intervention."""
    facts = {"reason": reason, "ground": ground, "at": timezone.now()}
    actions.moderation.hide_contribution(contribution=contribution, by=by, **facts)
    return Intervention.objects.get(contribution=contribution, ended_at=None)


def show(contribution, *, by):
    return actions.moderation.show_contribution(contribution=contribution, by=by, at=timezone.now())


def dismiss(contribution, *, by, reason="It is rude, and allowed."):
    facts = {"reason": reason, "at": timezone.now()}
    actions.moderation.dismiss_reports(contribution=contribution, by=by, **facts)


def pause(cast, who, *, by=None, days=7, at=None):
    """Pause somebody's writing. Returns the Intervention."""
    return actions.moderation.pause_writing(
        member=cast.member(who),
        ground="insult",
        reason="Three insults in a day.",
        days=days,
        by=by or cast.convener,
        at=at or timezone.now(),
    )


def appeal(intervention, *, by, words="It was a joke.", at=None):
    at = at or timezone.now()
    return actions.moderation.make_appeal(intervention=intervention, words=words, by=by, at=at)


def decide(made, *, by, state="taken_back", reason="A joke it was."):
    facts = {"state": state, "reason": reason, "at": timezone.now()}
    return actions.moderation.decide_appeal(appeal=made, by=by, **facts)
