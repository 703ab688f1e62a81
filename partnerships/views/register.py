"""The platform's register: say that one may be asked, take it back; and, for conveners, choose from it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..actions.register import SOON
from ..forms.register import (
    FOUND,
    TICKED,
    FreezeRegisterForm,
    InviteFromRegisterForm,
    JoinRegisterForm,
    RegisterFilter,
)
from ..models import Draw, Platform, Willingness
from ..register import found_in_register, proven_addresses, with_history
from ..rules import register as may
from .arena import open_arena, page_of

SAID = ("sector", "brings", "area", "language")
DRAWS = 20  # shown on one page, the newest first


def _own(platform, person, at):
    return Willingness.objects.standing(at).filter(platform=platform, person=person).first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_register(request, slug):
    """Say that one may be asked on a platform, change it, or say it again for the years to come."""
    shown = get_object_or_404(Platform.objects.select_related("owner"), slug=slug)
    at, person = timezone.now(), request.user
    answer = may.can_join_register(person, proven=person.pk in proven_addresses([person.pk]))
    entry = _own(shown, person, at)
    first = {name: getattr(entry, name) for name in SAID} if entry else {"language": person.language}
    form = JoinRegisterForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and answer.enforce() and form.is_valid():
        entry = actions.register.join_register(platform=shown, by=person, at=at, **form.cleaned_data)
        messages.success(request, _("Thank you. You are in the register, until you take it back."))
        return redirect("join_register", slug)
    context = {
        "shown": shown,
        "form": form,
        "may_join": answer,
        "entry": entry,
        "lapses_soon": bool(entry) and entry.lapses_at <= at + SOON,
    }
    return render(request, "partnerships/join_register.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def leave_register(request, slug):
    """Take it back."""
    shown = get_object_or_404(Platform, slug=slug)
    actions.register.leave_register(platform=shown, by=request.user, at=timezone.now())
    messages.success(request, _("You are out of the register, and what you wrote is gone."))
    return redirect("join_register", slug)


# --- for conveners ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_from_register(request, slug):
    """Search, tick some or take all who were found, and draft their invitations."""
    place = open_arena(request, slug)
    may.can_choose_from_register(place).enforce()
    search, at = RegisterFilter(request.GET), timezone.now()
    rows = found_in_register(place=place, at=at, **search.found())
    page = page_of(request, rows)
    shown = [entry.person_id for entry in page]
    data = request.POST if request.method == "POST" else None
    form = InviteFromRegisterForm(data, partnership=place.partnership, page=shown, found=page.paginator.count)
    if request.method == "POST" and form.is_valid():
        drafted = actions.register.invite_from_register(
            partnership=place.partnership,
            people=_chosen(form, rows),
            by=request.user,
            at=at,
            **{name: form.cleaned_data[name] for name in ("why_you", "group", "seat")},
        )
        return _say(request, slug, drafted)
    return _register_page(request, place, search, page, form)


def _chosen(form, rows):
    """The ids of those who are meant; of a page, those who stood on it when it was looked at, and are still found."""
    whom = form.cleaned_data["whom"]
    if whom == TICKED:
        return form.cleaned_data["people"]
    found, seen = rows.values_list("person", flat=True), set(form.data.getlist("shown"))
    return [pk for pk in found if whom == FOUND or str(pk) in seen]


def _say(request, slug, drafted):
    """Say how many are drafted, and who was left out."""
    number = len(drafted.invitations)
    done = ngettext("%(number)s invitation is written.", "%(number)s invitations are written.", number)
    said = [done % {"number": number}]
    if drafted.invited:
        left = ngettext(
            "%(number)s person is invited already and was left out.",
            "%(number)s people are invited already and were left out.",
            drafted.invited,
        )
        said.append(left % {"number": drafted.invited})
    if drafted.gone:
        left = ngettext(
            "%(number)s person has joined, left the register or has no confirmed address, and was left out.",
            "%(number)s people have joined, left the register or have no confirmed address, and were left out.",
            drafted.gone,
        )
        said.append(left % {"number": drafted.gone})
    (messages.success if number else messages.warning)(request, " ".join(said))
    return redirect("send_invitations" if number else "invite_from_register", slug)


def _register_page(request, place, search, page, form, freeze=None):
    """The page with its forms: the one that was filled in comes back as it was typed."""
    arena = place.partnership
    ticked = set(form.data.getlist("people")) if form.is_bound else set()
    for entry in with_history(page.object_list, place):
        entry.ticked = str(entry.person_id) in ticked
    context = {
        "search": search,
        "page": page,
        "form": form,
        "freeze": freeze or FreezeRegisterForm(partnership=arena, prefix="lot"),
        "draws": Draw.objects.filter(partnership=arena, call=None).select_related("group")[:DRAWS],
        "found": search.found(),
    }
    bound = form.is_bound or bool(freeze)
    return render(request, "partnerships/invite_from_register.html", context, status=422 if bound else 200)


@login_required
@require_POST
def freeze_register(request, slug):
    """Freeze the list of all who were found, to draw lots among them."""
    place = open_arena(request, slug)
    may.can_choose_from_register(place).enforce()
    search, at = RegisterFilter(request.GET), timezone.now()
    form = FreezeRegisterForm(request.POST, partnership=place.partnership, prefix="lot")
    if form.is_valid():
        draw = actions.lots.freeze_register(
            partnership=place.partnership, found=search.found(), by=request.user, at=at, **form.cleaned_data
        )
        return redirect("draw", slug, draw.pk)
    page = page_of(request, found_in_register(place=place, at=at, **search.found()))
    shown = [entry.person_id for entry in page]
    invite = InviteFromRegisterForm(partnership=place.partnership, page=shown, found=page.paginator.count)
    return _register_page(request, place, search, page, invite, form)
