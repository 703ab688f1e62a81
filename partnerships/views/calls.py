"""The open call: what it says, how one puts oneself forward, and who did."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..actions.calls import sought
from ..forms.calls import ChooseVolunteersForm, FreezeForm, VolunteerForm, WriteCallForm
from ..models import Call, CallGroup, Draw, Invitation, Letter, Partnership, Volunteer, letter_for
from ..rules import calls as may
from ..rules.lots import can_freeze_list
from .arena import open_arena, page_of

State = Volunteer.State
DRAWS = 20  # shown on one page, the newest first


def _call_of(place):
    """The call of a partnership, or None."""
    call = Call.objects.filter(partnership=place.partnership).first()
    if call:
        call.partnership = place.partnership
    return call


def _called(place):
    """The call of a partnership; where there is none, there is no page."""
    call = _call_of(place)
    if call is None:
        raise Http404
    return call


def _mine(call, person):
    """What this reader last said in the call, or None."""
    rows = Volunteer.objects.filter(call=call, person=person.pk).exclude(state=State.WITHDRAWN)
    return rows.select_related("group").order_by("-at").first()


# --- for everybody ------------------------------------------------------------------------------------------


@require_safe
def call(request, slug):
    """What it is about, whom it seeks, what it takes and what is offered: for somebody who has never done this."""
    place = open_arena(request, slug, reading=False)
    shown, at = _called(place), timezone.now()
    letters = Letter.objects.filter(partnership=place.partnership, group=None)
    context = {
        "call": shown,
        "open": shown.is_open(at),
        "groups": shown.groups.select_related("group"),
        "letter": letter_for(letters, Invitation(language=shown.language)),
        "mine": _mine(shown, request.user) if place.person else None,
        "may_volunteer": may.can_volunteer(place, shown, at),
        "may_write": may.can_write_call(place),
        "draws": Draw.objects.filter(call=shown).select_related("group")[:DRAWS],
    }
    return render(request, "partnerships/call.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def volunteer(request, slug):
    """Put oneself forward, or change what one said, while the call is open."""
    place = open_arena(request, slug, reading=False)
    shown, at = _called(place), timezone.now()
    answer, mine = may.can_volunteer(place, shown, at), _mine(shown, request.user)
    waiting = mine and mine.state == State.WAITING
    first = {"group": mine.group_id, "words": mine.words} if waiting else None
    form = VolunteerForm(request.POST if request.method == "POST" else None, call=shown, initial=first)
    if request.method == "POST" and answer.enforce() and form.is_valid():
        actions.calls.volunteer(call=shown, by=request.user, at=at, **form.cleaned_data)
        messages.success(request, _("Thank you. You have put yourself forward."))
        return redirect("call", slug)
    context = {"call": shown, "form": form, "may_volunteer": answer, "mine": mine if waiting else None}
    return render(request, "partnerships/volunteer.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def step_back(request, slug):
    """Take it back, also where the partnership is not shown to them any more."""
    rows = Volunteer.objects.waiting().select_related("call")
    mine = get_object_or_404(rows, person=request.user, call__partnership__slug=slug)
    actions.calls.step_back(volunteer=mine, by=request.user, at=timezone.now())
    messages.success(request, _("You have stepped back. What you wrote is gone."))
    shown = Partnership.objects.visible_to(request.user).filter(slug=slug).exists()
    return redirect("call", slug) if shown else redirect("/")


# --- for conveners ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_call(request, slug):
    """Open a call, change it, or open it again."""
    place = open_arena(request, slug)
    may.can_write_call(place).enforce()
    shown, at = _call_of(place), timezone.now()
    form = WriteCallForm(
        request.POST if request.method == "POST" else None,
        partnership=place.partnership,
        at=at,
        initial=WriteCallForm.initial_of(shown, place.partnership),
    )
    if request.method == "POST" and form.is_valid():
        actions.calls.write_call(partnership=place.partnership, by=request.user, at=at, **form.facts())
        messages.success(request, _("The call is open. Share the address of this page."))
        return redirect("call", slug)
    context = {"form": form, "call": shown, "again": bool(shown) and not shown.is_open(at)}
    return render(request, "partnerships/write_call.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def close_call(request, slug):
    """End a call early."""
    place = open_arena(request, slug)
    actions.calls.close_call(call=_called(place), by=request.user, at=timezone.now())
    messages.success(request, _("The call is over. Nobody can put themselves forward any more."))
    return redirect("volunteers", slug)


def _groups_of(call):
    """The groups of a call, each with how many wait and how many are chosen."""
    of_call = Q(group__volunteers__call=call)
    waiting = of_call & Q(group__volunteers__state=State.WAITING)
    chosen = of_call & Q(group__volunteers__state=State.CHOSEN, group__volunteers__member__left_at=None)
    rows = CallGroup.objects.filter(call=call).select_related("group")
    return list(
        rows.annotate(
            waiting=Count("group__volunteers", filter=waiting),
            chosen=Count("group__volunteers", filter=chosen),
        )
    )


def _asked(request, place):
    """(call, its groups, the one that the address asks for); a group that is not in the call is 404."""
    may.can_see_volunteers(place).enforce()
    call = _called(place)
    groups, key = _groups_of(call), request.GET.get("group", "")
    one = next((one for one in groups if not key or str(one.group_id) == key), None)
    if one is None:
        raise Http404
    return call, groups, one


def _volunteers_page(request, place, asked, *, choose=None, freeze=None):
    """Who put themselves forward for one group; the form that was filled in comes back as it was typed."""
    (call, groups, one), at = asked, timezone.now()
    rows = Volunteer.objects.filter(call=call, group=one.group).exclude(state=State.WITHDRAWN)
    page = page_of(request, rows.select_related("person").order_by("-state", "at", "pk"))
    ticked = set(choose.data.getlist("people")) if choose else set()
    for row in page:
        row.waits, row.ticked = row.state == State.WAITING, str(row.pk) in ticked
    draws = list(Draw.objects.filter(call=call).select_related("group")[:DRAWS])
    left = sought(call, one.group)
    frozen = next((draw for draw in draws if draw.group_id == one.group_id and not draw.drawn_at), None)
    context = {
        "call": call,
        "open": call.is_open(at),
        "groups": groups,
        "one": one,
        "page": page,
        "left": left,
        "frozen": frozen,
        "draws": draws,
        "choose": choose,
        "freeze": freeze or FreezeForm(initial={"seats": max(min(left, one.waiting), 1)}),
        "may_choose": may.can_choose_volunteers(place, left=left, frozen=bool(frozen)),
        "may_freeze": can_freeze_list(place, call, at, waiting=one.waiting, seats=1, left=left),
        "may_decline": may.can_decline_volunteers(place, call, at, frozen=bool(frozen)),
        "may_write": may.can_write_call(place),
    }
    bound = bool(choose or freeze)
    return render(request, "partnerships/volunteers.html", context, status=422 if bound else 200)


@login_required
@require_safe
def volunteers(request, slug):
    """Who put themselves forward, group by group."""
    place = open_arena(request, slug)
    return _volunteers_page(request, place, _asked(request, place))


def _back(slug, group):
    answer = redirect("volunteers", slug)
    answer["Location"] += f"?group={group.pk}"
    return answer


@login_required
@require_POST
def choose_volunteers(request, slug):
    """Take in those who are ticked."""
    place = open_arena(request, slug)
    asked = call, _groups, one = _asked(request, place)
    form = ChooseVolunteersForm(request.POST, call=call, group=one.group)
    if not form.is_valid():
        return _volunteers_page(request, place, asked, choose=form)
    chosen = actions.calls.choose_volunteers(
        call=call,
        group=one.group,
        people=[row.pk for row in form.cleaned_data["people"]],
        by=request.user,
        at=timezone.now(),
    )
    number = len(chosen)
    done = ngettext("%(number)s person is a member now.", "%(number)s people are members now.", number)
    messages.success(request, done % {"number": number})
    return _back(slug, one.group)


@login_required
@require_POST
def decline_volunteers(request, slug):
    """Thank those who were not chosen."""
    place = open_arena(request, slug)
    call, _groups, one = _asked(request, place)
    number = actions.calls.decline_volunteers(call=call, group=one.group, by=request.user, at=timezone.now())
    done = ngettext("%(number)s person is thanked.", "%(number)s people are thanked.", number)
    messages.success(request, done % {"number": number})
    return _back(slug, one.group)


@login_required
@require_POST
def freeze_volunteers(request, slug):
    """Freeze the list of a group, to draw lots."""
    place = open_arena(request, slug)
    asked = call, _groups, one = _asked(request, place)
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _volunteers_page(request, place, asked, freeze=form)
    draw = actions.lots.freeze_volunteers(
        call=call, group=one.group, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    return redirect("draw", slug, draw.pk)
