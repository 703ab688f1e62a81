"""Soundings: the list of them, asking, answering from the site or from a phone in the room, and what came of it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions
from ..forms.soundings import FORMS, OpenSoundingForm, SoundingsFilter
from ..models import Sounding, SoundingMark, SoundingVoter
from ..rules import soundings as may
from ..soundings import result_of, shuffled
from .arena import open_arena, page_of
from .decision_page import shown_names
from .phones import in_room, known_to_all

LINES = 50  # of a result, on one page
Method = Sounding.Method


@require_safe
def soundings(request, slug):
    """Every sounding of the arena, the newest first; filters live in the address."""
    place = open_arena(request, slug)
    form, at = SoundingsFilter(request.GET), timezone.now()
    chosen = form.cleaned_data if form.is_valid() else {}
    mine = SoundingVoter.objects.filter(sounding=OuterRef("pk"), member=place.member)
    rows = Sounding.objects.filter(partnership=place.partnership).annotate(is_mine=Exists(mine))
    if chosen.get("q"):
        rows = rows.filter(question__icontains=chosen["q"])
    page = page_of(request, _wanted(rows, chosen.get("state"), place, at))
    voters = SoundingVoter.objects.filter(sounding__in=[one.pk for one in page]).values_list("sounding")
    answered = dict(voters.annotate(number=Count("pk")))
    for one in page:
        one.open, one.answered = one.is_open(at), answered.get(one.pk, 0)
    context = {
        "form": form,
        "page": page,
        "filtered": any(chosen.values()),
        "may_open": may.can_open_sounding(place),
    }
    return render(request, "partnerships/soundings.html", context)


def _wanted(rows, state, place, at):
    if state == "open":
        return rows.open(at)
    if state == "mine":
        return rows.open(at).filter(is_mine=False) if place.decides else rows.none()
    return rows.over(at) if state == "closed" else rows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_sounding(request, slug):
    """Ask the members about a list."""
    place = open_arena(request, slug)
    may.can_open_sounding(place).enforce()
    form = OpenSoundingForm(request.POST if request.method == "POST" else None, partnership=place.partnership)
    if request.method == "POST" and form.is_valid():
        facts = {"partnership": place.partnership, "by": request.user, "at": timezone.now()}
        opened = actions.soundings.open_sounding(**facts, **form.facts)
        messages.success(request, _("The sounding is open, and the members are told."))
        return redirect("sounding", slug, opened.pk)
    return render(
        request, "partnerships/open_sounding.html", {"form": form}, status=422 if form.is_bound else 200
    )


# --- answering ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One reader of a sounding: the member or the phone, and what they have marked."""

    key: object  # what shuffles the list for them
    marks: dict  # {id of an option: value}


def _asked(sounding, member=None, phone=None):
    member = phone.member if phone and phone.member else member
    who = {"voter__member": member} if member else {"voter__phone": phone}
    if not member and not phone:
        return Asked("", {})
    rows = SoundingMark.objects.filter(voter__sounding=sounding, **who)
    return Asked((member or phone).pk, dict(rows.values_list("option", "value")))


def _sheet(request, sounding, asked, options, form=None):
    """What the part with the form shows: for agreeing one by one, the line whose turn it is."""
    order = shuffled(options, asked.key)
    facts = {"sounding": sounding, "options": order, "marks": asked.marks}
    form = form or FORMS[sounding.method](**facts)
    sheet = {"form": form, "marked": len(asked.marks), "of": len(options)}
    if sounding.method == Method.AGREE:
        sheet |= _turn(request, order, asked.marks)
    return sheet


def _turn(request, order, marks):
    """The line to answer: the one asked for, else the next without an answer, those put off last."""
    skipped = _number(request.GET.get("skip"))
    chosen = request.GET.get("line")
    left = [one for one in order if one.pk not in marks]
    turn = next((one for one in order if chosen and str(one.number) == chosen), None)
    if turn is None and left:
        turn = left[skipped % len(left)]
    answered = [(one, marks[one.pk]) for one in order if one.pk in marks]
    return {
        "turn": turn,
        "value": marks.get(turn.pk) if turn else None,
        "skip": skipped + 1,
        "answered": answered,
    }


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 5 else 0


def _bound(request, sounding, asked, options):
    facts = {"sounding": sounding, "options": shuffled(options, asked.key), "marks": asked.marks}
    return FORMS[sounding.method](request.POST, **facts)


def _one(request, slug, pk):
    place = open_arena(request, slug)
    rows = Sounding.objects.select_related("workshop__meeting")
    found = get_object_or_404(rows, pk=pk, partnership=place.partnership)
    found.partnership = place.partnership
    return place, found


def _show(request, place, shown, *, form=None, status=200):
    at, options = timezone.now(), list(shown.options.told())
    asked = _asked(shown, member=place.member)
    may_see = may.can_see_result(shown, bool(asked.marks), at)
    result = result_of(shown) if may_see else None
    context = {
        "sounding": shown,
        "asked_by": shown_names(place, {shown.opened_by_id}).get(shown.opened_by_id, ""),
        "open": shown.is_open(at),
        "may_sound": may.can_sound(place, shown, at),
        "may_close": may.can_close_sounding(place, shown, at),
        "may_see": may_see,
        "result": result,
        "page": page_of(request, result.lines, LINES) if result else None,
        **_sheet(request, shown, asked, options, form),
    }
    return render(request, "partnerships/sounding.html", context, status=status)


@require_safe
def sounding(request, slug, pk):
    """The question, one's answer, and what came of it."""
    return _show(request, *_one(request, slug, pk))


@login_required
@require_POST
def answer_sounding(request, slug, pk):
    """Answer, or answer anew."""
    place, shown = _one(request, slug, pk)
    form = _bound(request, shown, _asked(shown, member=place.member), list(shown.options.told()))
    if not form.is_valid():
        return _show(request, place, shown, form=form, status=422)
    facts = {"sounding": shown, "marks": form.marks, "at": timezone.now()}
    actions.soundings.answer_sounding(by=request.user, **facts)
    if shown.method != Method.AGREE:
        messages.success(request, _("Your answer is noted. You can change it until the sounding closes."))
    return redirect("sounding", slug, pk)


@login_required
@require_POST
def close_sounding(request, slug, pk):
    """Close it: the result is for everybody."""
    _place, shown = _one(request, slug, pk)
    actions.soundings.close_sounding(sounding=shown, by=request.user, at=timezone.now())
    messages.success(request, _("The sounding is closed."))
    return (
        redirect("workshop", slug, shown.workshop_id) if shown.workshop_id else redirect("sounding", slug, pk)
    )


# --- from a phone in the room ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@in_room
def phone_sounding(request, workshop, phone, pk):
    """Answer what the room is asked."""
    if phone is None:
        raise Http404
    shown = get_object_or_404(Sounding, pk=pk, workshop=workshop)
    at, options = timezone.now(), list(shown.options.told())
    asked, form = _asked(shown, phone=phone), None
    if request.method == "POST":
        form = _bound(request, shown, asked, options)
        if form.is_valid():
            facts = {"sounding": shown, "marks": form.marks, "at": at}
            actions.soundings.answer_sounding(phone=phone, **facts)
            one_by_one = shown.method == Method.AGREE
            return (
                redirect("phone_sounding", workshop.code, pk)
                if one_by_one
                else redirect("phone", workshop.code)
            )
    context = {
        "workshop": workshop,
        "title": known_to_all(workshop),
        "sounding": shown,
        "may_sound": may.can_sound_by_phone(phone, shown, at),
        **_sheet(request, shown, asked, options, form),
    }
    return render(request, "partnerships/phone_sounding.html", context, status=422 if form else 200)
