"""The list of partnerships, a platform with its register, and its offices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, Value
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.kept import kept, together

from .. import actions
from ..cards import cards, on_cards
from ..forms.platforms import GiveOfficeForm
from ..models import Office, Partnership, Platform
from ..places import desk_of
from ..rules import platforms as may
from ..stages import Stage
from .arena import PageRows, page_of, part_asked, reader


def _asked(values):
    """The search and the filters of an address, cleaned."""
    return {
        "q": values.get("q", "").strip()[:200].replace("\x00", ""),
        "stage": values.get("stage", ""),
        "platform": values.get("platform", "")[:60],
        "open": values.get("open", "") == "yes",
    }


def _found(rows, asked):
    """Those of the partnerships that are asked for."""
    if words := asked["q"]:
        rows = rows.filter(
            Q(title__icontains=words) | Q(summary__icontains=words) | Q(mandate__question__icontains=words)
        )
    if asked["stage"] in Stage.values:
        rows = rows.filter(stage=asked["stage"])
    if asked["platform"]:
        rows = rows.filter(platform__slug=asked["platform"])
    if asked["open"]:
        rows = rows.filter(join_policy=Partnership.JoinPolicy.OPEN).exclude(stage=Stage.CLOSED)
    return rows


def _visible_to(person):
    """What the person with this id (None: nobody) may know of, as cards show it."""
    return on_cards(Partnership.objects.visible_to(reader(person)))


@kept
def _number_of(person):
    rows = Partnership.objects.visible_to(reader(person)).order_by().values(all=Value(1))
    return rows.annotate(number=Count("pk")).values_list("number", flat=True)


@kept
def _newest(person, start, stop):
    return _visible_to(person)[start:stop]


@kept
def _platforms():
    return Platform.objects.only("slug", "name")


@require_safe
def partnerships(request):
    """Every partnership this reader may know of, with search and filters that live in the address."""
    person, asked = request.user.pk, _asked(request.GET)
    if any(asked.values()):
        rows, platforms = _found(_visible_to(person), asked), _platforms()
    else:
        newest = _newest.of(person, *part_asked(request))
        (number,), rows, platforms = together(_number_of.of(person), newest, _platforms.of())
        rows = PageRows(number, rows)
    page = page_of(request, rows)
    context = {
        "page": page,
        "cards": cards(page),
        "asked": asked,
        "filtered": any(asked.values()),
        "stages": Stage.choices,
        "platforms": platforms,
        "here": reverse("partnerships"),
    }
    return render(request, "partnerships/partnerships.html", context)


def open_platform(request, slug):
    """The platform of this address; from here on the page has its name and its look."""
    request.platform = get_object_or_404(Platform.objects.select_related("owner"), slug=slug)
    return request.platform


@require_safe
def platform(request, slug):
    """A platform: what it is for, who runs it, whom to call, how it treats data, and its register."""
    shown = open_platform(request, slug)
    return _platform_page(request, shown, desk_of(shown, request.user))


def _given_by(desk):
    """The kinds of office that this reader can give and end."""
    return [kind for kind in Office.Kind if may.can_give_office(desk, kind)]


def _platform_page(request, shown, desk, form=None):
    rows = on_cards(Partnership.objects.visible_to(request.user).filter(platform=shown))
    asked = _asked(request.GET) | {"platform": ""}
    rows = _found(rows, asked)
    page, gives = page_of(request, rows), _given_by(desk)
    form = form or GiveOfficeForm(kinds=gives)
    offices = Office.objects.filter(platform=shown, until=None).select_related("person")
    context = {
        "shown": shown,
        "page": page,
        "cards": cards(page, level=3),
        "asked": asked,
        "filtered": any(asked.values()),
        "stages": Stage.choices,
        "here": reverse("platform", args=[shown.slug]),
        "conveners": offices.filter(kind=Office.Kind.CONVENER).order_by("person__sort_key"),
        "officers": offices.filter(kind=Office.Kind.CASE_OFFICER).order_by("person__sort_key"),
        "form": form,
        "may_convene": may.can_convene(desk),
        "keeps_cases": Office.Kind.CASE_OFFICER in desk.offices,
        "may_give_office": bool(gives),
        "may_end_officers": Office.Kind.CASE_OFFICER in gives,
        "may_change": may.can_change_platform(desk),
        "desk_url": f"/platforms/{shown.slug}/desk/" if desk.offices else "",
    }
    return render(request, "partnerships/platform.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["POST"])
def give_office(request, slug):
    """Let somebody convene on a platform, or keep its cases."""
    shown = open_platform(request, slug)
    desk = desk_of(shown, request.user)
    may.can_give_office(desk, request.POST.get("kind", "")).enforce()
    form = GiveOfficeForm(request.POST, kinds=_given_by(desk))
    if not form.is_valid():
        return _platform_page(request, shown, desk, form)
    actions.platforms.give_office(
        platform=shown, person=form.person, kind=form.cleaned_data["kind"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("%(name)s holds the office now.") % {"name": form.person})
    return redirect("platform", slug)


@login_required
@require_POST
def end_office(request, slug, pk):
    """End an office."""
    office = get_object_or_404(Office, pk=pk, platform__slug=slug, until=None)
    actions.platforms.end_office(office=office, by=request.user, at=timezone.now())
    messages.success(request, _("The office has ended."))
    return redirect("platform", slug)
