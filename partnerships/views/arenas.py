"""Convene a partnership; its mandate, the promise, and how it is shown."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from boundary.local_time import zone_named

from .. import actions
from ..actions.arenas import PROMISED, SHOWN, WRITTEN
from ..actions.swaps import as_it_is
from ..forms.arenas import (
    AskPromiseForm,
    ChangeSettingsForm,
    ConveneForm,
    MandateForm,
    PlanStagesForm,
    RecordPromiseForm,
)
from ..models import Mandate, Member, Partnership
from ..places import desk_of
from ..rules import arenas as may
from ..rules.platforms import can_convene
from .arena import open_arena
from .platforms import open_platform
from .two_windows import settle, status_of


def _prepared_by(person, platform):
    """The partnerships that this person has begun to prepare here, to be taken up again."""
    if not person.is_authenticated:
        return []
    leading = Member.objects.leading().filter(person=person).values("partnership")
    return Partnership.objects.filter(platform=platform, begun_at=None, pk__in=leading)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def convene(request, slug):
    """Begin to prepare a partnership: what kind, its name, its question."""
    platform = open_platform(request, slug)
    answer = can_convene(desk_of(platform, request.user))
    form = ConveneForm(request.POST or None, platform=platform)
    if request.method == "POST" and answer.enforce() and form.is_valid():
        begun = actions.arenas.convene(
            platform=platform, by=request.user, at=timezone.now(), prepare=True, **form.facts()
        )
        messages.success(request, _("You have begun. Only you see it until you open it."))
        return redirect(begun)
    context = {
        "form": form,
        "shown": platform,
        "may_convene": answer,
        "prepared": _prepared_by(request.user, platform),
    }
    return render(request, "partnerships/convene.html", context, status=422 if form.is_bound else 200)


def mandate(request, slug):
    """The question, what stands around it, and what was promised."""
    place = open_arena(request, slug)
    shown = Mandate.objects.select_related("sponsor", "recipient", "competent_body").get(
        partnership=place.partnership
    )
    today = timezone.now().astimezone(zone_named(place.partnership.time_zone)).date()
    context = {
        "mandate": shown,
        "gains": shown.gains,
        "interests": shown.interests,
        "readiness": shown.answers_to_readiness,
        "promise_overdue": shown.promise_overdue(today) and not place.partnership.reconstructed_from,
        "may_change": may.can_change_mandate(place),
        "may_ask": may.can_ask_promise(place),
        "may_record": may.can_record_promise(place),
        "may_change_settings": may.can_change_settings(place),
    }
    return render(request, "partnerships/mandate.html", context)


def _form_page(request, slug, *, name, rule, form_of, act, done, now):
    """A page with one form that does one deed to a partnership and returns to its mandate.

    now: what the deed changes, as it is, for its action to compare; looked at before the form does.
    """

    def look():
        place = open_arena(request, slug)
        rule(place).enforce()
        expected, form = now(place.partnership), form_of(place, request.POST or None)

        def save():
            facts = form.facts() if hasattr(form, "facts") else form.cleaned_data
            who = {"by": request.user, "at": timezone.now()}
            act(partnership=place.partnership, expected=expected, **who, **facts)

        return form, save

    form, saved = settle(look)
    if saved:
        messages.success(request, done)
        arena = request.place.partnership
        return redirect("mandate", slug) if arena.begun_at else redirect(arena)
    return render(request, f"partnerships/{name}.html", {"form": form}, status=status_of(form))


def _full_mandate(place):
    rows = Mandate.objects.select_related("sponsor", "recipient", "competent_body")
    return rows.get(partnership=place.partnership)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_mandate(request, slug):
    """Change the mandate before the work on it begins."""
    return _form_page(
        request,
        slug,
        name="change_mandate",
        rule=may.can_change_mandate,
        form_of=lambda place, data: MandateForm(
            data, part=request.GET.get("part", ""), initial=MandateForm.initial_of(_full_mandate(place))
        ),
        act=actions.arenas.change_mandate,
        done=_("The mandate is changed."),
        now=lambda partnership: as_it_is(partnership.mandate, WRITTEN),
    )


def _promise_of(partnership):
    """The kind of promise asked for so far, else the one that the template proposes."""
    template = partnership.template
    return partnership.mandate.promise_kind or (template.promise_kind if template else "")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_promise(request, slug):
    """Ask the recipient for a promise."""
    return _form_page(
        request,
        slug,
        name="ask_promise",
        rule=may.can_ask_promise,
        form_of=lambda place, data: AskPromiseForm(data, initial={"kind": _promise_of(place.partnership)}),
        act=actions.arenas.ask_promise,
        done=_("It is noted that you have asked. The page says: not yet promised."),
        now=lambda partnership: as_it_is(partnership.mandate, PROMISED),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_promise(request, slug):
    """Write down what was promised, by whom, and where that is minuted."""
    return _form_page(
        request,
        slug,
        name="record_promise",
        rule=may.can_record_promise,
        form_of=lambda place, data: RecordPromiseForm(
            data, initial=RecordPromiseForm.initial_of(place.partnership.mandate)
        ),
        act=actions.arenas.record_promise,
        done=_("The promise is recorded."),
        now=lambda partnership: as_it_is(partnership.mandate, PROMISED),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_stages(request, slug):
    """Plan how long each stage takes, and when the work ends."""
    return _form_page(
        request,
        slug,
        name="plan_stages",
        rule=may.can_plan_stages,
        form_of=lambda place, data: PlanStagesForm(data, partnership=place.partnership),
        act=actions.arenas.plan_stages,
        done=_("The time is planned."),
        now=lambda partnership: {
            "lengths": partnership.lengths,
            "ends_on": partnership.mandate.ends_on,
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_settings(request, slug):
    """Change how the partnership is called, shown and joined."""
    return _form_page(
        request,
        slug,
        name="change_settings",
        rule=may.can_change_settings,
        form_of=lambda place, data: ChangeSettingsForm(data, instance=place.partnership),
        act=actions.arenas.change_settings,
        done=_("The settings are changed."),
        now=lambda partnership: as_it_is(partnership, SHOWN),
    )
