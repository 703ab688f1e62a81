"""Meet: the minutes, and what was decided, promised and said in the room."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from boundary.answer import Conflict, Refused

from .. import actions
from ..actions.minutes import MinutesOvertaken
from ..forms.minutes import (
    ChooseTextForm,
    CompareMinutesForm,
    DecideInMeetingForm,
    PromiseInMeetingForm,
    SaidInMeetingForm,
    WriteMinutesForm,
)
from ..models import Decision, Member, Text
from ..rules import meetings as may
from ..signers import function_of
from .meetings import open_meeting

deeds = actions.minutes


def _writing(request, slug, pk):
    place, shown = open_meeting(request, slug, pk)
    may.can_write_minutes(place, shown, timezone.now()).enforce()
    return place, shown


def _deeds_of(shown):
    return list(shown.deeds.select_related("decision", "commitment", "contribution", "item__contribution"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_minutes(request, slug, pk):
    """Write the minutes: keep them as a draft, or publish them."""
    place, shown = _writing(request, slug, pk)
    form = WriteMinutesForm(request.POST or None, meeting=shown)
    if request.method == "POST":
        form = WriteMinutesForm(request.POST, meeting=shown)
        publish = request.POST.get("deed") != "draft"
        if form.is_valid() and _written(request, shown, form, publish):
            told = (
                _("The minutes are published, and members are told.") if publish else _("The draft is saved.")
            )
            messages.success(request, told)
            return redirect("meeting" if publish else "write_minutes", slug, pk)
    last = shown.versions.first()
    context = {
        "place": place,
        "form": form,
        "meeting": shown,
        "deeds": _deeds_of(shown),
        "draft": last if last and last.published_at is None else None,
    }
    return render(request, "partnerships/write_minutes.html", context, status=422 if form.is_bound else 200)


def _written(request, shown, form, publish):
    try:
        deeds.write_minutes(meeting=shown, by=request.user, at=timezone.now(), publish=publish, **form.facts)
    except ValidationError as error:
        form.add_error(None, error.messages)
    except MinutesOvertaken as overtaken:
        form.theirs = shown.versions.first()
        form.data = form.data.copy()
        form.data["expected"] = deeds.version_of(shown)  # whoever saves again has read theirs, and means it
        form.add_error(None, overtaken.sentence)
    return not form.errors


@require_safe
def minutes_versions(request, slug, pk):
    """What was published before, and what a correction changed."""
    place, shown = open_meeting(request, slug, pk)
    versions = shown.versions.exclude(published_at=None).select_related("published_by")
    versions = list(versions.annotate(function=function_of("published_by", "meeting__partnership")))
    for version in versions:
        version.by_name = version.function or str(version.published_by)
    if not versions:
        raise Http404
    numbers = {version.number: version for version in versions}
    newest = versions[0].number
    asked = {"older": versions[min(1, len(versions) - 1)].number, "newer": newest} | request.GET.dict()
    form = CompareMinutesForm(asked)
    pair = []
    if form.is_valid():
        pair = [numbers.get(form.cleaned_data[name]) for name in ("older", "newer")]
    if None in pair:
        raise Http404
    context = {"place": place, "meeting": shown, "versions": versions, "form": form, "pair": pair}
    return render(request, "partnerships/minutes_versions.html", context, status=200 if pair else 422)


# --- from the room into the arena ---------------------------------------------------------------------------------


def _item(request, shown):
    """The item at which something was done: its id is in the address, or none is."""
    key = request.GET.get("item", "")
    if not key:
        return None
    try:
        return get_object_or_404(shown.items.taken(), pk=key)
    except ValidationError:
        raise Http404 from None


def _deed(form, deed):
    """Whether a deed was done as a whole; if not, the form keeps what was typed and says why."""
    try:
        deed()
    except ValidationError as error:
        form.add_error(None, error.messages)
    except Refused as refused:
        form.add_error(None, f"{refused.answer.why_not} {refused.answer.what_would_help}".strip())
    except Conflict as conflict:
        form.add_error(None, conflict.sentence)
    return not form.errors


def _render(request, name, place, shown, item, form, **more):
    context = {"place": place, "meeting": shown, "item": item, "form": form, **more}
    return render(request, f"partnerships/{name}.html", context, status=422 if form.is_bound else 200)


def _texts(place):
    """Texts with words about which nobody is being asked."""
    asked = Decision.objects.open().filter(partnership=place.partnership).values("text")
    rows = Text.objects.filter(partnership=place.partnership, revisions__isnull=False)
    return rows.exclude(pk__in=asked).distinct().order_by("created_at", "pk")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide_in_meeting(request, slug, pk):
    """Put a text to the members and write down at once what those present said."""
    place, shown = _writing(request, slug, pk)
    item, texts = _item(request, shown), _texts(place)
    about = item.text_id if item and item.text_id else None
    chosen = ChooseTextForm({"text": request.GET.get("text") or about}, texts=texts)
    if not chosen.is_valid():
        chosen = ChooseTextForm(texts=texts)
        context = {"place": place, "meeting": shown, "item": item, "choose": chosen, "none": not texts}
        return render(request, "partnerships/decide_in_meeting.html", context)
    text = chosen.cleaned_data["text"]
    latest = text.revisions.first()
    facts = {"kind": text.kind, "partnership": place.partnership, "members": _who_was_there(shown)}
    form = DecideInMeetingForm(request.POST or None, **facts)
    if request.method == "POST" and form.is_valid():
        shown_then = text.revisions.filter(number=_number(request)).first() or latest
        done = _deed(
            form,
            lambda: deeds.decide_in_meeting(
                meeting=shown,
                item=item,
                revision=shown_then,
                question=form.cleaned_data["question"],
                closes_at=form.cleaned_data["closes_at"],
                positions=form.positions,
                by=request.user,
                at=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("The members are asked, and what was said here is written down."))
            return redirect("write_minutes", slug, pk)
    return _render(request, "decide_in_meeting", place, shown, item, form, text=text, latest=latest)


def _number(request):
    number = request.POST.get("number", "")
    return int(number) if number.isdecimal() and len(number) < 9 else 0


def _who_was_there(shown):
    """Members with a say who came; all of them where nobody was noted yet."""
    rows = Member.objects.deciding().filter(partnership=shown.partnership_id)
    came = rows.filter(attendances__meeting=shown, attendances__attended=True)
    found = list(came.select_related("person", "organization").order_by("person__sort_key", "pk"))
    return found or list(rows.select_related("person", "organization").order_by("person__sort_key", "pk"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def promise_in_meeting(request, slug, pk):
    """Write down what a member promised in the room."""
    place, shown = _writing(request, slug, pk)
    item = _item(request, shown)
    form = PromiseInMeetingForm(request.POST or None, place=place)
    facts = {"meeting": shown, "item": item, "by": request.user, "at": timezone.now()}
    posted = request.method == "POST" and form.is_valid()
    if posted and _deed(form, lambda: deeds.promise_in_meeting(**form.cleaned_data, **facts)):
        messages.success(request, _("It is written down. They are told, and can correct it."))
        return redirect("write_minutes", slug, pk)
    return _render(request, "promise_in_meeting", place, shown, item, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def say_in_meeting(request, slug, pk):
    """Write down what somebody said in the room."""
    place, shown = _writing(request, slug, pk)
    item = _item(request, shown)
    form = SaidInMeetingForm(request.POST or None)
    facts = {"meeting": shown, "item": item, "by": request.user, "at": timezone.now()}
    posted = request.method == "POST" and form.is_valid()
    if posted and _deed(form, lambda: deeds.say_in_meeting(**form.cleaned_data, **facts)):
        messages.success(request, _("It is written down, marked as said in the room."))
        return redirect("write_minutes", slug, pk)
    return _render(request, "say_in_meeting", place, shown, item, form)
