"""Say: contributions, whom they name, what they quote, how their words change, and how they are taken back."""

import re
from uuid import uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from notices.actions import tell

from ..mentions import MOST
from ..models import Contribution, ContributionVersion, Member, Mention, Partnership
from ..places import place_of
from ..rules import contributions as may
from .attaching import attach
from .memory import remember
from .swaps import compare

CHANGED = ("kind", "body")  # what two windows may change at once, as swaps.as_it_is takes it


@transaction.atomic
def say(
    *,
    partnership,
    kind,
    body,
    by,
    at,
    reply_to=None,
    wants_answer=False,
    meeting=None,
    on_behalf_of="",
    way="",
    behalf_sector="",
    anonymous=False,
    quotes=None,
    quoted="",
    mentions=(),
    files=(),
    key=None,
):
    """Say something in the arena, perhaps in answer to another contribution. Returns the Contribution.

    way, on_behalf_of, behalf_sector: how it came in, who said it and from which sector, where `by` only types it in;
    anonymous: visitors read the sector and no name; quotes, quoted: a contribution, and words that stand in it;
    mentions: Members to tell; files: (attachments.Taken, what the picture shows); key: the id it will have, so that a
    form that is sent twice says it once. Raises ValidationError for words that do not stand in what is quoted, and for
    files without room.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    if already := _said_already(partnership, by, [key]):
        return already[0]
    behalf = bool(on_behalf_of or way)
    (may.can_record_contribution(place) if behalf else may.can_say(place)).enforce()
    _may_stand_beside(place, reply_to, quotes, quoted, anonymous)
    contribution = Contribution.objects.create(
        **{"id": key} if key else {},
        partnership=partnership,
        member=place.member,
        kind=kind,
        body=body,
        reply_to=reply_to,
        thread=reply_to and (reply_to.thread or reply_to),
        meeting=meeting,
        wants_answer=wants_answer,
        anonymous=anonymous and not behalf,
        quotes=quotes,
        quoted=quoted,
        on_behalf_of=on_behalf_of,
        way=way,
        behalf_sector=behalf_sector,
        recorded_by=by if behalf else None,
        created_at=at,
    )
    attach(contribution, files)
    _remember(contribution, "contribution.said", by, at)
    mentioned = _mention(contribution, mentions, by, at)
    _tell_who_is_answered(contribution, mentioned, by, at)
    return contribution


def _said_already(partnership, by, keys):
    """What a form sent before has said under these ids. An id that is somebody else's is no id to choose."""
    found = list(Contribution.objects.filter(pk__in=[key for key in keys if key]).select_related("member"))
    if any((one.partnership_id, one.member.person_id) != (partnership.pk, by.pk) for one in found):
        raise Conflict(_("This form has been used already. Open the page anew."))
    return found


def _may_stand_beside(place, reply_to, quotes, quoted, anonymous):
    """Refuse what is answered or quoted from elsewhere or can no longer be read, and names that may not be withheld."""
    for other in filter(None, (reply_to, quotes)):
        if other.partnership_id != place.partnership.pk:
            raise ValidationError(_("What this answers belongs to another partnership."))
        other.refresh_from_db(fields=["hidden_at", "retracted_at"])
        may.can_reply(place, other).enforce()
    if quotes and not stands_in(quoted, quotes.body):
        raise ValidationError(
            _("Quote only words that stand there. Put … in the place of what you leave out.")
        )
    if anonymous:
        may.can_withhold_name(place).enforce()


def stands_in(quoted, body):
    """Whether these words stand in a body as they are, apart from spaces and from what … stands for."""
    rest = " ".join(body.split())
    for part in re.split(r"…|\[\.\.\.\]|\.\.\.", quoted):
        part = " ".join(part.split())
        _before, found, rest = rest.partition(part) if part else ("", True, rest)
        if not found:
            return False
    return True


def _remember(contribution, verb, by, at):
    """What was said without a name is in the record for members: a public line would name its author."""
    audience = "members" if contribution.anonymous else None
    remember(contribution.partnership, verb, by=by, at=at, audience=audience, contribution=contribution.pk)


def _mention(contribution, members, by, at):
    """Keep whom the words name, and tell those who are named for the first time. Returns the ids of their persons.

    Only members hear of it: whoever is named may read it. Who was told that they are answered is not told twice.
    """
    members = Member.objects.present().filter(
        partnership=contribution.partnership, pk__in=[one.pk for one in members]
    )
    members = list(members[: MOST + 1])
    if len(members) > MOST:
        raise ValidationError(_("Name at most %(most)s members.") % {"most": MOST})
    before = dict(contribution.mentions.values_list("member", "member__person"))
    contribution.mentions.exclude(member__in=members).delete()
    fresh = [one for one in members if one.pk not in before]
    Mention.objects.bulk_create(Mention(contribution=contribution, member=one) for one in fresh)
    told = {one.person_id for one in fresh} - {by.pk}
    if contribution.edited_at and contribution.reply_to:
        told -= {contribution.reply_to.member.person_id}
    _tell("mentioned", told, contribution, at)
    return {one.person_id for one in members}


def _tell_who_is_answered(contribution, mentioned, by, at):
    if contribution.reply_to:
        _tell("replied", {contribution.reply_to.member.person_id} - mentioned - {by.pk}, contribution, at)


def _tell(kind, persons, contribution, at):
    tell(
        kind=kind,
        recipients=sorted(persons),
        scope=contribution.partnership_id,
        occurrence=str(contribution.pk),
        ids={"contribution": str(contribution.pk)},
        at=at,
    )


@transaction.atomic
def record_contributions(*, partnership, entries, by, at, meeting=None, key=None):
    """Type in what others said in a room, on paper or by telephone: all of it, or nothing. Returns the Contributions.

    entries: dicts with kind, body, way and perhaps on_behalf_of, behalf_sector, wants_answer; key: a UUID of this
    sitting, so that a form that is sent twice is typed in once.
    """
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    may.can_record_contribution(place).enforce()
    keys = [uuid5(key, str(number)) if key else uuid4() for number in range(len(entries))]
    if already := _said_already(partnership, by, keys):
        return already
    made = Contribution.objects.bulk_create(
        Contribution(
            id=own,
            partnership=partnership,
            member=place.member,
            meeting=meeting,
            recorded_by=by,
            created_at=at,
            **entry,
        )
        for own, entry in zip(keys, entries, strict=True)
    )
    remember(partnership, "contribution.recorded", by=by, at=at, contributions=[str(one.pk) for one in made])
    return made


def _own(contribution, by, rule):
    """The contribution with its row locked, after its partnership's, where `by` may do this with it."""
    partnership = Partnership.objects.locked(contribution.partnership_id)
    found = Contribution.objects.select_for_update(of=("self",)).select_related("member", "reply_to__member")
    contribution = found.get(pk=contribution.pk)
    contribution.partnership = partnership
    rule(place_of(partnership, by), contribution).enforce()
    return contribution


@transaction.atomic
def change_contribution(*, contribution, kind, body, by, at, mentions=(), expected=None):
    """Change one's own words. What they were is kept, and everybody can read it. Returns the Contribution.

    expected: as_it_is(contribution, CHANGED) as it was seen; raises Changed where it is otherwise by now.
    """
    contribution = _own(contribution, by, may.can_change_contribution)
    compare(expected, contribution, CHANGED)
    if (contribution.kind, contribution.body) == (kind, body):
        return contribution
    ContributionVersion.objects.create(
        contribution=contribution,
        number=contribution.versions.count() + 1,
        kind=contribution.kind,
        body=contribution.body,
        from_at=contribution.edited_at or contribution.created_at,
        until_at=at,
    )
    contribution.kind, contribution.body, contribution.edited_at = kind, body, at
    contribution.save(update_fields=["kind", "body", "edited_at"])
    _remember(contribution, "contribution.changed", by, at)
    _mention(contribution, mentions, by, at)
    return contribution


@transaction.atomic
def remove_attachment(*, attachment, by, at):
    """Take a file away from what one said; the case keeps it. Returns the Contribution."""
    contribution = _own(attachment.contribution, by, may.can_change_contribution)
    if contribution.attachments.filter(pk=attachment.pk, removed_at=None).update(removed_at=at):
        _remember(contribution, "contribution.file_removed", by, at)
    return contribution


@transaction.atomic
def retract_contribution(*, contribution, by, at):
    """Take back what one said: its place stays, its words and files are no longer shown. Returns the Contribution."""
    contribution = _own(contribution, by, may.can_retract_contribution)
    if contribution.retracted_at:
        raise Conflict(_("This was taken back already."))
    contribution.retracted_at = at
    contribution.save(update_fields=["retracted_at"])
    _remember(contribution, "contribution.retracted", by, at)
    return contribution
