"""The map of groups: who is affected, who could help, who sits at the table, and who is missing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..actions.groups import is_called
from ..forms.groups import AddGroupForm, ChangeGroupForm
from ..missing import gathering, is_unheard, prompts
from ..models import Group
from ..rules import groups as may
from .arena import open_arena
from .two_windows import settle, status_of

MOST = 100  # groups; more than anybody keeps in mind, and one table


def groups_of(partnership):
    """The groups as map and table show them, each with its number, its seats, and whether it is unheard."""
    rows = Group.objects.filter(partnership=partnership).with_seats().select_related("advocate__person")
    shown = list(rows.order_by(*Group._meta.ordering)[:MOST])  # which a count would leave out
    for number, group in enumerate(shown, 1):
        group.number, group.unheard = number, is_unheard(group)
    return shown


@require_safe
def groups(request, slug):
    """The map as a picture and as a table, and what it gives reason to ask."""
    place = open_arena(request, slug)
    shown = groups_of(place.partnership)
    asked = prompts(shown, gathering(place.partnership)) if place.leads else []
    context = {
        "groups": shown,
        "urgent": [prompt for prompt in asked if prompt.urgent],
        "prompts": [prompt for prompt in asked if not prompt.urgent],
        "may_rate": may.can_rate_groups(place),
    }
    return render(request, "partnerships/groups.html", context)


def _status(form):
    return 422 if form.is_bound else 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_group(request, slug):
    """Put a group on the map."""
    place = open_arena(request, slug)
    may.can_rate_groups(place).enforce()
    form = AddGroupForm(request.POST if request.method == "POST" else None, partnership=place.partnership)
    if request.method == "POST" and form.is_valid():
        facts = {"partnership": place.partnership, "by": request.user, "at": timezone.now()}
        group = actions.groups.add_group(**facts, **form.cleaned_data)
        messages.success(request, _("%(group)s are on the map.") % {"group": group.name})
        return redirect("add_group" if "another" in request.POST else "groups", slug)
    return render(request, "partnerships/add_group.html", {"form": form}, status=_status(form))


def _taken(group):
    return group.seats.filter(holder__isnull=False).count()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_group(request, slug, pk):
    """Rate a group anew, give it seats, or say why it has none and who speaks for it."""
    place = open_arena(request, slug)
    may.can_rate_groups(place).enforce()
    rows = Group.objects.select_related("partnership", "advocate")

    def look():
        shown = get_object_or_404(rows, pk=pk, partnership=place.partnership)
        expected, taken = actions.groups.group_as_it_is(shown), _taken(shown)
        typed = request.POST if request.method == "POST" else None
        form = ChangeGroupForm(typed, partnership=place.partnership, group=shown)
        if form.is_valid() and not (enough := may.enough_seats(form.cleaned_data["seats"], taken)):
            form.add_error("seats", f"{enough.why_not} {enough.what_would_help}")

        def save():
            who = {"by": request.user, "at": timezone.now()}
            actions.groups.change_group(group=shown, expected=expected, **who, **form.cleaned_data)

        return form, save

    form, saved = settle(look)
    if saved:
        messages.success(request, _("The map is changed."))
        return redirect("groups", slug)
    shown = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    context = {"form": form, "shown": shown, "may_remove": _may_remove(place, shown)}
    return render(request, "partnerships/change_group.html", context, status=status_of(form))


def _may_remove(place, shown):
    return may.can_remove_group(place, _taken(shown), is_called(shown))


@login_required
@require_POST
def remove_group(request, slug, pk):
    """Take a group off the map."""
    place = open_arena(request, slug)
    shown = get_object_or_404(
        Group.objects.select_related("partnership"), pk=pk, partnership=place.partnership
    )
    actions.groups.remove_group(group=shown, by=request.user, at=timezone.now())
    messages.success(request, _("%(group)s are off the map.") % {"group": shown.name})
    return redirect("groups", slug)
