"""The value proposition in its three corners: what politicians will read, seen by those who write it."""

from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.models import Decision, TextAuthor
from partnerships.rules.standing import leader_in_stage
from partnerships.rules.texts import can_join_authors, can_write
from partnerships.views.arena import open_arena

from ..facts import dossier_facts
from ..models import ValueProposition, chosen_proposal
from ..rules import authorizations as may
from ..rules import proposals as may_propose
from .authorization import latest_revision


def _value_of(place):
    """The value proposition with what the rules ask: is this reader an author, is a decision open."""
    author = TextAuthor.objects.filter(text=OuterRef("pk"), member=place.member.pk if place.member else None)
    undecided = Decision.objects.open().filter(text=OuterRef("pk"))
    rows = ValueProposition.objects.filter(partnership=place.partnership)
    rows = rows.annotate(reader_writes=Exists(author), is_undecided=Exists(undecided))
    return rows.select_related("text", "proposal__text").first()


@require_safe
def value_proposition(request, slug):
    """Value, legitimacy and support, capacity; and what else a body must know before it decides."""
    place = open_arena(request, slug)
    value = _value_of(place)
    if value is None:
        chosen = chosen_proposal(place.partnership)
        may_start = may_propose.can_start_value_proposition(place, chosen)
        context = {"place": place, "chosen": chosen, "may_start_value": may_start}
        return render(request, "solutions/value_proposition_none.html", context)
    latest = latest_revision(place.partnership)
    text = value.text
    context = {
        "place": place,
        "value": value,
        **dossier_facts(place.partnership, latest),
        "may_write": can_write(
            place, text, is_author=value.reader_writes, open_decision=value.is_undecided or None
        ),
        "may_join": can_join_authors(place, text, is_author=value.reader_writes),
        "asks_members": bool(latest)
        and latest.pk != text.adopted_revision_id
        and not value.is_undecided
        and bool(leader_in_stage(place, "decide_value")),
        "may_request": may.can_request_authorization(place, latest, latest),
    }
    return render(request, "solutions/value_proposition.html", context)
