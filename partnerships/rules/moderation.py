"""Who may report, hide, show, pause somebody's writing, appeal and decide about an appeal; never in one's own case."""

import datetime

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from ..models import Member
from ..settings.together import APPEAL_DAYS
from .standing import can_read, conveners_only, in_stage, leaders_only


def can_report_contribution(place, contribution=None):
    """Any signed-in reader may point at what breaks the ground rules; visitors call."""
    if place.person is None:
        return no(_("Sign in to report this."), _("You can also call the partnership's contact person."))
    if contribution is not None and contribution.hidden_at:
        return no(_("This is hidden already."))
    if contribution is not None and contribution.retracted_at:
        return no(_("This was taken back by who said it."))
    return can_read(place) and in_stage(place, "report")


def leaders_of(partnership):
    """The ids of the people who convene or facilitate here."""
    return set(Member.objects.leading().filter(partnership=partnership).values_list("person", flat=True))


def can_settle_reports(place, *, author, reporters, leaders):
    """Leaders settle reports; not of their own words nor their own reports, while another leader could.

    author: the id of the person whose words they are; reporters: ids of who reported them and waits; leaders: as
    leaders_of.
    """
    answer, involved = leaders_only(place), {author, *reporters}
    if answer and place.person.pk in involved and leaders - involved:
        return no(
            _("You are a part of this: you said it, or you reported it."),
            _("Another convener or facilitator settles it."),
        )
    return answer


def can_hide_contribution(place, contribution, *, reporters=(), leaders=frozenset()):
    """Leaders hide by the ground rules, with a public reason; reported words only who may settle the reports."""
    if contribution.hidden_at:
        return no(_("This is hidden already."))
    if not reporters:
        answer = leaders_only(place)
        if answer and contribution.retracted_at:
            return no(_("This was taken back by who said it."))
        return answer
    author = contribution.member.person_id
    return can_settle_reports(place, author=author, reporters=reporters, leaders=leaders)


def can_show_contribution(place, contribution, *, leaders=frozenset()):
    """What was hidden can be shown again by those who may hide; their own words by another leader, if there is one."""
    if not contribution.hidden_at:
        return no(_("This is not hidden."))
    author = contribution.member.person_id
    return can_settle_reports(place, author=author, reporters=(), leaders=leaders)


def can_pause_writing(place, member, at):
    """Conveners pause the writing of a member who does not lead; once at a time."""
    answer = conveners_only(place) and in_stage(place, "report")
    if answer and member.leads:
        return no(
            _("Who convenes or facilitates cannot be paused."), _("Change their role first, with a word why.")
        )
    if answer and member.left_at:
        return no(_("This member has left."))
    if answer and (until := member.writes_again_at) and until > at:
        return no(_("Their writing is paused already."))
    return answer


def _is_over(intervention, at):
    return bool(intervention.ended_at or (intervention.until and intervention.until <= at))


def can_end_writing_pause(place, intervention, at):
    """A convener ends a pause from writing early."""
    if _is_over(intervention, at):
        return no(_("This is over already."))
    return conveners_only(place)


def can_appeal(place, intervention, at):
    """Whose words were hidden, or whose writing is paused, may appeal once, in time, while it lasts."""
    if place.person is None or intervention.member.person_id != place.person.pk:
        return no(_("Only the person whose words or writing this is about can appeal."))
    if hasattr(intervention, "appeal"):
        return no(_("You have appealed already. Somebody else than who did it decides."))
    if _is_over(intervention, at):
        return no(_("This is over already."))
    days = APPEAL_DAYS.of(place.partnership)
    if at > intervention.at + datetime.timedelta(days=days):
        return no(
            _("An appeal is open for %(days)s days, and they are over.") % {"days": days},
            _("You can still call the partnership's contact person."),
        )
    return YES


def can_decide_appeal(place, appeal, *, leaders):
    """Another leader than who did it decides; where there is none, who holds an office on the platform."""
    if appeal.state != appeal.State.OPEN:
        return no(_("This appeal is decided already."))
    intervention = appeal.intervention
    involved = {intervention.by_id, intervention.member.person_id}
    if place.person is None or place.person.pk in involved:
        return no(
            _("Nobody decides in their own case."), _("Another convener, facilitator or case officer does.")
        )
    if place.leads:
        return YES
    if place.offices and not leaders - involved:
        return YES
    return no(
        _("Another convener or facilitator of the partnership decides this."),
        _("They are listed under People."),
    )


def can_see_moderation(place):
    """Leaders see what waits; so do those who may have to decide an appeal because nobody else here can."""
    return YES if place.leads or place.offices else leaders_only(place)
