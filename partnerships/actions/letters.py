"""The words of the invitations: written before they are sent, for each group and language."""

from django.db import transaction

from ..models import Letter, Partnership
from ..places import place_of
from ..rules.invitations import can_invite
from .memory import remember
from .swaps import compare

SAID = ("opening", "asks", "support")


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


def letters_from(partnership, template):
    """The template's letters for a new partnership, one per language that it knows."""
    rows = [
        Letter(partnership=partnership, language=language, **said["letter"])
        for language, said in template.texts.items()
        if said.get("letter")
    ]
    Letter.objects.bulk_create(rows)
