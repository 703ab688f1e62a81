"""Propose, choose, and carry what was chosen into a value proposition."""

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict
from partnerships.actions.decisions import open_decision, rival_of
from partnerships.actions.memory import remember
from partnerships.actions.texts import start_text
from partnerships.models import Decision, Partnership, Text
from partnerships.places import place_of

from ..models import Proposal, ValueProposition, chosen_proposal
from ..rules import proposals as may


@transaction.atomic
def propose(*, partnership, title, novelty, by, at):
    """Open a proposal for writing; who proposes is its first author. Returns the Proposal."""
    partnership = Partnership.objects.locked(partnership.pk)
    may.can_propose(place_of(partnership, by)).enforce()
    text = start_text(partnership=partnership, kind=Text.Kind.PROPOSAL, title=title, by=by, at=at)
    proposal = Proposal.objects.create(text=text, partnership=partnership, novelty=novelty)
    remember(partnership, "proposal.made", by=by, at=at, text=text.pk, novelty=novelty)
    return proposal


@transaction.atomic
def put_to_choice(*, proposal, closes_at, by, at):
    """Ask the members to choose a proposal, in its latest words. Returns the Decision.

    One option at a time: while another is chosen or being decided on, a second choice would make two winners.
    """
    partnership = Partnership.objects.locked(proposal.partnership_id)
    text = proposal.text
    latest = text.revisions.order_by("-number").first()
    undecided = Decision.objects.open().filter(text=text).first()
    may.can_put_to_choice(place_of(partnership, by), latest, undecided, rival_of(text)).enforce()
    question = _("Do we choose “%(title)s”?") % {"title": text.title}
    return open_decision(revision=latest, question=question, closes_at=closes_at, by=by, at=at)


@transaction.atomic
def start_value_proposition(*, partnership, proposal, by, at):
    """Open the dossier for authorization, from the chosen proposal. Returns the ValueProposition."""
    partnership = Partnership.objects.locked(partnership.pk)
    place = place_of(partnership, by)
    chosen = chosen_proposal(partnership)
    existing = ValueProposition.objects.filter(partnership=partnership).first()
    if existing and may.can_start_value_proposition(place, chosen):
        raise Conflict(_("Somebody else has started the value proposition in the meantime."))
    may.can_start_value_proposition(place, chosen, existing).enforce()
    if proposal.pk != chosen.pk:
        raise Conflict(_("The members have chosen “%(title)s”.") % {"title": chosen.text.title})
    text = start_text(
        partnership=partnership, kind=Text.Kind.VALUE, title=_("Value proposition"), by=by, at=at
    )
    value = ValueProposition.objects.create(text=text, partnership=partnership, proposal=chosen)
    remember(partnership, "value.started", by=by, at=at, text=text.pk, proposal=chosen.pk)
    return value
