"""Taking positions: one's own, as a substitute, and written down for one member or for a whole room."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from boundary.answer import Conflict, Refused, no

from .. import actions
from ..forms.positions import PositionForm, RecordPositionForm, RoomForm
from ..models import Member, Position, Substitution
from ..rules import decisions as may
from .arena import page_of
from .decision_page import decision_page, open_one

IN_THE_ROOM = 50  # rows of the form for a whole room


def _take(request, place, shown, form, name, done, **told):
    """Take a position from a form; what was typed is kept whatever happens."""
    forms = {name: form}
    if not form.is_valid():
        return decision_page(request, place, shown, status=422, **forms)
    told |= {"decision": shown, "by": request.user, "at": timezone.now()}
    try:
        actions.positions.take_position(**told, **form.cleaned_data)
    except Refused as refused:
        return decision_page(request, place, shown, refusal=refused.answer, status=403, **forms)
    except Conflict as conflict:
        return decision_page(request, place, shown, refusal=no(conflict.sentence), status=409, **forms)
    messages.success(request, done)
    return redirect("decision", place.partnership.slug, shown.pk)


@login_required
@require_POST
def take_position(request, slug, pk):
    """Say where you stand on the words that were shown. What was typed is kept whatever happens."""
    place, shown = open_one(request, slug, pk)
    done = _("Your position is noted. You can change it until the decision closes.")
    return _take(request, place, shown, PositionForm(request.POST), "form", done)


@login_required
@require_POST
def answer_for(request, slug, pk, substitution):
    """Answer for the seat of somebody whom you stand in for."""
    place, shown = open_one(request, slug, pk)
    rows = Substitution.objects.select_related("member__person")
    found = get_object_or_404(
        rows, pk=substitution, partnership=place.partnership, substitute__person=request.user
    )
    form = PositionForm(request.POST, auto_id="seat_%s")
    done = _("It is noted for %(name)s. They are told.") % {"name": found.member.shown_name}
    return _take(request, place, shown, form, "seat_form", done, substitution=found)


def _not_in_person(place, shown):
    """Members with a say who have not answered in person."""
    in_person = Position.objects.filter(decision=shown, recorded_by=None, substitute=None).values("member")
    members = Member.objects.deciding().filter(partnership=place.partnership).exclude(pk__in=in_person)
    return members.select_related("person", "organization")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_position(request, slug, pk):
    """Write down what a member said on paper, by voice or by telephone."""
    place, shown = open_one(request, slug, pk)
    may.can_record_positions(place, shown, at=timezone.now(), latest_number=shown.latest_number).enforce()
    members = _not_in_person(place, shown)
    form = RecordPositionForm(
        request.POST or None, members=members, initial={"digest": shown.revision.digest}
    )
    if request.method == "POST" and form.is_valid():
        actions.positions.take_position(
            decision=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("It is written down, with your name beside it."))
        return redirect("decision", slug, pk)
    context = {"place": place, "decision": shown, "form": form}
    return render(request, "partnerships/record_position.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_positions(request, slug, pk):
    """Write down what the members in a room said, one row for each who has not answered in person."""
    place, shown = open_one(request, slug, pk)
    may.can_record_positions(place, shown, at=timezone.now(), latest_number=shown.latest_number).enforce()
    members = Member.objects.deciding().filter(partnership=place.partnership)
    waiting = _not_in_person(place, shown)
    if request.method == "POST":  # the rows that were shown, so that nothing typed is lost
        typed = [name.removeprefix("choice_") for name in request.POST if name.startswith("choice_")]
        members = members.filter(pk__in=_ids(typed)).select_related("person", "organization")
        form = RoomForm(request.POST, members=members or waiting[:IN_THE_ROOM])
        if form.is_valid():
            return _recorded(request, slug, shown, form)
    page = page_of(request, waiting.order_by("person__sort_key", "pk"), IN_THE_ROOM)
    if request.method != "POST":
        form = RoomForm(members=page.object_list, initial={"digest": shown.revision.digest})
    context = {"place": place, "decision": shown, "form": form, "page": page}
    return render(
        request, "partnerships/record_positions.html", context, status=422 if form.is_bound else 200
    )


def _ids(typed):
    """Those of the typed keys that can be one."""
    field = Member._meta.pk
    found = []
    for value in typed[:IN_THE_ROOM]:
        try:
            found.append(field.to_python(value))
        except ValidationError:
            continue
    return found


def _recorded(request, slug, shown, form):
    told = {"decision": shown, "said": form.said, "by": request.user, "at": timezone.now()}
    told |= {name: form.cleaned_data[name] for name in ("way", "digest")}
    positions, themselves = actions.positions.record_positions(**told)
    number = len(positions)
    words = ngettext("%(number)s answer is written down.", "%(number)s answers are written down.", number)
    messages.success(request, words % {"number": number})
    if themselves:
        names = ", ".join(member.shown_name for member in themselves)
        messages.info(
            request,
            _("These have answered in person meanwhile, and that counts: %(names)s") % {"names": names},
        )
    return redirect("decision", slug, shown.pk)
