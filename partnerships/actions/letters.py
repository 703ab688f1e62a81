"""The words of the invitations: written before they are sent, for each group and language."""

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..models import Letter, Partnership, Tally
from ..places import place_of
from ..rules.invitations import can_invite
from .memory import remember
from .swaps import compare

SAID = ("opening", "asks", "support")

AN_HOUR = 20  # previews that a convener mails themselves


@transaction.atomic
def write_letter(*, partnership, group, language, opening, asks, support, by, at, expected=None):
    """Write what an invitation says to a group (None: to all others) in a language. Returns the Letter.

    expected: as_it_is(letter, SAID) as it was seen, of no letter nothing; raises Changed where it is otherwise by now.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    can_invite(place_of(partnership, by)).enforce()
    which = {"partnership": partnership, "group": group, "language": language}
    compare(expected, Letter.objects.filter(**which).first(), SAID)
    letter, _created = Letter.objects.update_or_create(
        **which,
        defaults={"opening": opening, "asks": asks, "support": list(support)},
    )
    remember(partnership, "letter.written", by=by, at=at, audience="conveners", letter=letter.pk)
    return letter


@transaction.atomic
def preview_invitation(*, invitation, by, at):
    """Mail a convener the invitation that this draft's reader would get; its link answers nothing. One per call."""
    partnership = invitation.partnership
    can_invite(place_of(partnership, by)).enforce()
    if not by.email:
        raise Conflict(_("You have no e-mail address here."))
    hour = at.replace(minute=0, second=0, microsecond=0)
    if not Tally.objects.take(key=f"preview:{partnership.pk}:{by.pk}", since=hour, amount=1, limit=AN_HOUR):
        raise Conflict(
            _("You have sent yourself %(number)s of these within an hour. Wait a little.")
            % {"number": AN_HOUR}
        )
    tell(
        kind="invitation_preview",
        recipients=[by.pk],
        scope=partnership.pk,
        occurrence=at.isoformat(),
        ids={"invitation": str(invitation.pk)},
        at=at,
    )


def letters_from(partnership, template):
    """The first letters of a new partnership, one per language: the template's words, else the platform's."""
    own = template.texts if template else {}
    said = {
        language: words["letter"] for language, words in own.items() if any(words.get("letter", {}).values())
    }
    said = partnership.platform.letters | said
    Letter.objects.bulk_create(
        Letter(partnership=partnership, language=language, **words)
        for language, words in said.items()
        if any(words.values())
    )
