"""Meet: put an agenda together from what is open and what members propose."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..forms.agendas import AnswerItemForm, ArrangeAgendaForm, ItemForm, PickItemsForm, ProposeItemForm
from ..models import AgendaItem
from ..open_things import open_for
from ..rules import meetings as may
from .meetings import open_meeting

deeds = actions.agendas


def _arranging(request, slug, pk):
    place, shown = open_meeting(request, slug, pk)
    may.can_arrange_agenda(place, shown, timezone.now()).enforce()
    return place, shown


def _items(shown):
    return list(shown.items.taken().select_related("contribution", "text", "decision", "commitment"))


def _show(request, place, shown, *, status=200, form=None, arranged=None, answered=None):
    """The page on which an agenda is put together; bound forms keep what was typed. answered: (item, form)."""
    items = _items(shown)
    proposed = shown.items.proposed().select_related("proposed_by__person", "proposed_by__organization")
    context = {
        "place": place,
        "meeting": shown,
        "arranged": arranged or ArrangeAgendaForm(items=items),
        "planned": sum(item.minutes for item in items),
        "form": form or ItemForm(),
        "proposed": [
            (item, answered[1] if answered and answered[0] == item else AnswerItemForm(prefix=str(item.pk)))
            for item in proposed
        ],
        "at": timezone.now(),
    }
    return render(request, "partnerships/agenda.html", context, status=status)


def _done(form, deed):
    """Whether the deed was done; else the form says why not."""
    try:
        deed()
    except ValidationError as error:
        form.add_error(None, error.messages)
    return not form.errors


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request, slug, pk):
    """The agenda as whoever leads puts it together; a form adds an item of one's own."""
    place, shown = _arranging(request, slug, pk)
    if request.method != "POST":
        return _show(request, place, shown)
    form = ItemForm(request.POST)
    facts = {"meeting": shown, "by": request.user, "at": timezone.now()}
    if form.is_valid() and _done(form, lambda: deeds.add_items(items=[form.cleaned_data], **facts)):
        messages.success(request, _("It is on the agenda."))
        return redirect("agenda", slug, pk)
    return _show(request, place, shown, form=form, status=422)


@login_required
@require_POST
def arrange_agenda(request, slug, pk):
    """Put the items in another order: by numbers in boxes, or one step up or down."""
    place, shown = _arranging(request, slug, pk)
    items = _items(shown)
    form = ArrangeAgendaForm(request.POST, items=items)
    if not form.is_valid():
        return _show(request, place, shown, arranged=form, status=422)
    way, _dash, key = request.POST.get("move", "").partition("-")
    moved = next((item for item in items if str(item.pk) == key), None)
    deeds.arrange_agenda(
        meeting=shown,
        order=form.order(moved=moved, by=-1 if way == "up" else 1),
        minutes=form.minutes,
        by=request.user,
        at=timezone.now(),
    )
    return redirect("agenda", slug, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pick_items(request, slug, pk):
    """Tick what is open, and it is on the agenda."""
    place, shown = _arranging(request, slug, pk)
    groups = open_for(shown)
    form = PickItemsForm(request.POST or None, offered=[one for group in groups for one in group.things])
    if request.method == "POST":
        form = PickItemsForm(request.POST, offered=[one for group in groups for one in group.things])
        facts = {"meeting": shown, "by": request.user, "at": timezone.now()}
        if form.is_valid() and _done(form, lambda: deeds.add_items(items=form.chosen, **facts)):
            messages.success(request, _("It is on the agenda."))
            return redirect("agenda", slug, pk)
    context = {"place": place, "meeting": shown, "form": form, "groups": groups}
    return render(request, "partnerships/pick_items.html", context, status=422 if form.is_bound else 200)


def _one(shown, item):
    rows = AgendaItem.objects.filter(meeting=shown).select_related("proposed_by__person", "contribution")
    found = get_object_or_404(rows, pk=item)
    found.meeting = shown
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_item(request, slug, pk, item):
    """Say otherwise what an item is about."""
    place, shown = _arranging(request, slug, pk)
    one = _one(shown, item)
    form = ItemForm(request.POST or None, instance=one, initial={"title": one.shown_title})
    if request.method == "POST" and form.is_valid():
        deeds.change_item(item=one, by=request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("agenda", slug, pk)
    context = {"place": place, "meeting": shown, "item": one, "form": form}
    return render(request, "partnerships/change_item.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def remove_item(request, slug, pk, item):
    """Take an item off the agenda."""
    _place, shown = _arranging(request, slug, pk)
    deeds.remove_item(item=_one(shown, item), by=request.user, at=timezone.now())
    messages.success(request, _("It is off the agenda."))
    return redirect("agenda", slug, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose_item(request, slug, pk):
    """Propose what the meeting should be about."""
    place, shown = open_meeting(request, slug, pk)
    may.can_propose_item(place, shown, timezone.now()).enforce()
    form = ProposeItemForm(request.POST or None)
    facts = {"meeting": shown, "by": request.user, "at": timezone.now()}
    posted = request.method == "POST" and form.is_valid()
    if posted and _done(form, lambda: deeds.propose_item(**form.cleaned_data, **facts)):
        messages.success(request, _("Thank you. Those who lead are told, and answer you."))
        return redirect("meeting", slug, pk)
    context = {"place": place, "meeting": shown, "form": form}
    return render(request, "partnerships/propose_item.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def answer_item(request, slug, pk, item):
    """Take what a member proposes on the agenda, or say why not."""
    place, shown = _arranging(request, slug, pk)
    one = _one(shown, item)
    form = AnswerItemForm(request.POST, prefix=str(one.pk))
    if not form.is_valid():
        return _show(request, place, shown, answered=(one, form), status=422)
    deeds.answer_item(
        item=one,
        take=form.cleaned_data["take"] == "yes",
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Whoever proposed it is told."))
    return redirect("agenda", slug, pk)


@login_required
@require_POST
def send_agenda(request, slug, pk):
    """Send the agenda to every member, and into their calendars."""
    _place, shown = _arranging(request, slug, pk)
    actions.meetings.send_agenda(meeting=shown, by=request.user, at=timezone.now())
    messages.success(request, _("Every member gets the agenda, and their calendars follow."))
    return redirect("meeting", slug, pk)
