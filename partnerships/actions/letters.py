"""The words of the invitations: written before they are sent, for each group and language."""

from django.db import transaction

from ..models import Letter, Partnership
from ..places import place_of
from ..rules.invitations import can_invite
from .memory import remember


@transaction.atomic
def write_letter(*, partnership, group, language, opening, asks, support, by, at):
    """Write what an invitation says to a group (None: to all others) in a language. Returns the Letter."""
    partnership = Partnership.objects.locked(partnership.pk)
    can_invite(place_of(partnership, by)).enforce()
    letter, _created = Letter.objects.update_or_create(
        partnership=partnership,
        group=group,
        language=language,
        defaults={"opening": opening, "asks": asks, "support": list(support)},
    )
    remember(partnership, "letter.written", by=by, at=at, audience="conveners", letter=letter.pk)
    return letter


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
