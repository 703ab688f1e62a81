"""Solutions: the options that members propose, and the one that they choose."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, OuterRef, Prefetch, Subquery
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.kept import kept, together
from partnerships.actions.decisions import rival_of
from partnerships.models import Decision, Revision, TextAuthor
from partnerships.views.arena import open_arena, page_of
from partnerships.views.texts import parts_of, text_facts

from .. import actions
from ..forms.proposals import ProposeForm, PutToChoiceForm
from ..models import Proposal, chosen_proposal
from ..rules import proposals as may
from .authorization import value_of


def _proposals(partnership):
    """Proposals, the chosen one first, then the newest; with authors, latest revision and open decision."""
    latest = Revision.objects.filter(text=OuterRef("pk")).order_by("-number")
    authors = TextAuthor.objects.select_related("member__person", "member__organization")
    undecided = Decision.objects.open()
    return (
        Proposal.objects.filter(partnership=partnership)
        .select_related("text")
        .annotate(
            latest_number=Subquery(latest.values("number")[:1]),
            latest_at=Subquery(latest.values("created_at")[:1]),
            what=Subquery(latest.values("body__what")[:1]),
        )
        .prefetch_related(
            Prefetch("text__authors", queryset=authors, to_attr="shown_authors"),
            Prefetch("text__decisions", queryset=undecided, to_attr="undecided"),
        )
        .order_by(F("text__adopted_revision").asc(nulls_last=True), "-text__created_at", "pk")
    )


def _chosen(page, partnership):
    """The chosen proposal: it stands first, so only later pages must ask for it."""
    if page.number > 1:
        return chosen_proposal(partnership)
    return next((row for row in page if row.text.adopted_revision_id), None)


@require_safe
def solutions(request, slug):
    """The options on the table, which one is chosen, and the way from it to those who can authorize it."""
    place = open_arena(request, slug)
    page = page_of(request, _proposals(place.partnership))
    chosen = _chosen(page, place.partnership)
    value = value_of(place.partnership)
    context = {
        "place": place,
        "page": page,
        "chosen": chosen,
        "value": value,
        "may_propose": may.can_propose(place),
        "may_start_value": may.can_start_value_proposition(place, chosen, value),
    }
    return render(request, "solutions/solutions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request, slug):
    """Put an option on the table."""
    place = open_arena(request, slug)
    may.can_propose(place).enforce()
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.propose(
            partnership=place.partnership, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Your proposal is on the table. Now write what it is."))
        return redirect("proposal", slug, made.pk)
    context = {"place": place, "form": form}
    return render(request, "solutions/propose.html", context, status=422 if form.is_bound else 200)


@kept
def _one(partnership, pk):
    return Proposal.objects.filter(partnership=partnership, pk=pk).select_related("text")


def _found(place, pk):
    """(the proposal, the TextFacts of its words); one query where nothing is being decided."""
    found, *parts = together(_one.of(place.partnership.pk, pk), *parts_of(pk))
    if not found:
        raise Http404
    return found[0], text_facts(found[0].text, place, parts)


def _may_choose(place, proposal, facts):
    """Whether this reader may put the proposal to the choice, from facts that the page has."""
    rival = rival_of(proposal.text) if place.leads else None  # others are refused for another reason first
    return may.can_put_to_choice(place, facts.latest, facts.open_decision, rival, facts.settled)


@require_safe
def proposal(request, slug, pk):
    """One option: its words, whose they are, what they rest on, and what the members decide."""
    place = open_arena(request, slug, mandate=False)
    shown, facts = _found(place, pk)
    context = {
        "place": place,
        "proposal": shown,
        "facts": facts,
        "may_choose": _may_choose(place, shown, facts),
    }
    return render(request, "solutions/proposal.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def put_to_choice(request, slug, pk):
    """Ask the members to choose this proposal."""
    place = open_arena(request, slug)
    shown, facts = _found(place, pk)
    _may_choose(place, shown, facts).enforce()
    form = PutToChoiceForm(request.POST or None, partnership=place.partnership)
    if request.method == "POST" and form.is_valid():
        decision = actions.put_to_choice(
            proposal=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The members are asked. They can take a position now."))
        return redirect("decision", slug, decision.pk)
    context = {"place": place, "proposal": shown, "facts": facts, "form": form}
    return render(request, "solutions/put_to_choice.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def start_value_proposition(request, slug):
    """Start the dossier for authorization, from the chosen proposal."""
    place = open_arena(request, slug)
    chosen = chosen_proposal(place.partnership)
    may.can_start_value_proposition(place, chosen, value_of(place.partnership)).enforce()
    actions.start_value_proposition(
        partnership=place.partnership, proposal=chosen, by=request.user, at=timezone.now()
    )
    messages.success(request, _("The value proposition is open for writing."))
    return redirect("value_proposition", slug)
