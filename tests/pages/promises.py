"""Which need, promise and member the site map shows."""

from partnerships.models import Commitment, Need, Relief


def need(arena):
    return Need.objects.filter(partnership=arena).earliest("created_at", "id").pk


def handed_on(arena):
    """A promise with changes in the open, one of them that it was handed on."""
    rows = Relief.objects.filter(commitment__partnership=arena, taken_by__isnull=False)
    return rows.earliest("asked_at", "id").commitment_id


def a_volunteer(arena):
    return arena.members.get(person__name="Bo Citizen").pk


def a_thing_to_thank_for(world):
    kept = Commitment.objects.filter(partnership=world.arenas["seaweed"], state="kept")
    kept = kept.filter(member__person=world.cast.citizen).earliest("created_at", "id")
    return ["seaweed", kept.member_id, "commitment", kept.pk]
