"""Thank somebody, once for a thing; whoever is thanked decides whether others read it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Member, Partnership, Thanks
from ..places import place_of
from ..rules import thanks as may
from .memory import remember


@transaction.atomic
def thank(*, to, words, by, at, commitment=None, contribution=None, meeting=None):
    """Thank a member for one kept promise, contribution or meeting; they are told once a day. Returns the Thanks."""
    partnership = Partnership.objects.locked(to.partnership_id)
    place = place_of(partnership, by)
    to = Member.objects.get(pk=to.pk)
    may.can_thank(place, to, commitment=commitment).enforce()
    thing = {"commitment": commitment, "contribution": contribution, "meeting": meeting}
    try:
        with transaction.atomic():
            thanks = Thanks.objects.create(
                partnership=partnership, to=to, by=place.member, words=words, at=at, **thing
            )
    except IntegrityError:
        raise Conflict(_("You have said thank you for this.")) from None
    remember(partnership, "thanks.given", by=by, at=at, audience="conveners", thanks=thanks.pk)
    tell(
        kind="thanked",
        recipients=[to.person_id],
        scope=partnership.pk,
        occurrence=str(thanks.pk),
        ids={"thanks": str(thanks.pk)},
        at=at,
    )
    return thanks


@transaction.atomic
def answer_thanks(*, thanks, shown, by, at):
    """Let others read what one was thanked for, or keep it to oneself; it can be changed. Returns the Thanks."""
    partnership = Partnership.objects.locked(thanks.partnership_id)
    may.can_answer_thanks(place_of(partnership, by), thanks).enforce()
    if not Thanks.objects.filter(pk=thanks.pk).exclude(shown=shown).update(shown=shown):
        return thanks
    thanks.shown = shown
    if shown:
        remember(partnership, "thanks.shown", by=by, at=at, member=thanks.to_id)
    else:
        remember(partnership, "thanks.kept", by=by, at=at, audience="conveners", member=thanks.to_id)
    return thanks
