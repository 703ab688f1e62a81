"""Say: the conversation of an arena, one thread of it, and what its authors do with their words."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import actions
from ..actions.contributions import CHANGED
from ..actions.swaps import as_it_is
from ..forms.contributions import MOST_ENTRIES, ChangeContributionForm, EntryForms, SayForm, SittingForm
from ..forms.conversation import ConversationFilter
from ..models import Citation, Contribution
from ..rules import answering as may_answer
from ..rules import contributions as may
from ..rules import moderation as may_moderate
from . import answering, moderation
from .arena import open_arena, page_of
from .conversation import page_of_thread, threads, told, told_with_replies
from .ground import used_in
from .two_windows import settle, status_of

FEW = 5  # versions on a page: each is compared word by word
MORE = 5  # empty entries that are added at once


def said(request, place, pk):
    """The contribution of this id in this arena, with all that stands around it; else 404."""
    visible = Contribution.objects.visible_to(request.user).told().select_related("thread")
    found = get_object_or_404(visible, pk=pk, partnership=place.partnership)
    found.partnership = place.partnership
    return found


def link_to(contribution):
    """The address of a contribution in its thread, on the page where it stands."""
    page = reverse("contribution", args=[contribution.partnership.slug, contribution.pk])
    return f"{page}#c-{contribution.pk}"


def _form(request, place):
    """The form to say something, with what the address asks to quote."""
    if request.method == "POST":
        return SayForm(request.POST, request.FILES, place=place)
    return SayForm(place=place, quotes=_quoted(request, place))


def _quoted(request, place):
    """The contribution that the address asks to quote; what cannot be read here is not quoted."""
    try:
        rows = Contribution.objects.shown().filter(partnership=place.partnership)
        return rows.select_related("member__person").filter(pk=request.GET.get("quote") or None).first()
    except ValidationError:
        return None


def _say(request, place, form, reply_to=None):
    """The new contribution, or None where the form has something to mend; nothing that was typed is lost."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        done = actions.contributions.say(
            partnership=place.partnership,
            reply_to=reply_to,
            by=request.user,
            at=timezone.now(),
            **form.facts(),
        )
    except ValidationError as error:
        form.add_error(None, error)
        form.choose_again()
        return None
    messages.success(request, _("Thank you. Everyone who reads this partnership can read it now."))
    _tell_unknown(request, form)
    return done


def _tell_unknown(request, form):
    if form.unknown:
        names = ", ".join(f"@{name}" for name in form.unknown)
        messages.warning(
            request, _("Nobody here is called %(names)s, so nobody was told.") % {"names": names}
        )


def _may(place):
    return {
        "may_say": may.can_say(place),
        "may_respond": may_answer.can_respond(place),
        "may_report": may_moderate.can_report_contribution(place),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def say(request, slug):
    """The conversation, and a form to add to it."""
    place = open_arena(request, slug)
    form = _form(request, place)
    if done := _say(request, place, form):
        return redirect(link_to(done))
    filters = ConversationFilter(request.GET, place=place)
    asked = filters.asked()
    rows = threads(place.partnership) if not asked else filters.found_in(place.partnership.contributions)
    page = page_of(request, filters.sorted(rows).values_list("pk", flat=True))
    page.object_list = told(page.object_list) if asked else told_with_replies(page.object_list)
    context = {
        "place": place,
        "form": form,
        "page": page,
        "filters": filters,
        "asked": asked,
        "may_record": may.can_record_contribution(place),
        **_may(place),
    }
    return render(request, "partnerships/say.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contribution(request, slug, pk):
    """One thread, on the page where this contribution stands, and a form to reply to it."""
    place = open_arena(request, slug)
    shown = said(request, place, pk)
    form = _form(request, place)
    if done := _say(request, place, form, reply_to=shown):
        return redirect(link_to(done))
    first = said(request, place, shown.thread_id) if shown.thread_id else shown
    page = page_of_thread(request, first, shown)
    context = {
        "place": place,
        "form": form,
        "first": first,
        "shown": shown,
        "page": page,
        "may_reply": may.can_reply(place, shown),
        "may_retract": may.can_retract_contribution(place, shown),
        "used_in": used_in(shown),
        **_may(place),
        **answering.of_contribution(place, shown),
        **moderation.of_contribution(place, shown),
    }
    return render(request, "partnerships/contribution.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_contribution(request, slug, pk):
    """Change one's own words or their kind; what they were stays to be read."""

    def look():
        place = open_arena(request, slug)
        shown = said(request, place, pk)
        may.can_change_contribution(place, shown).enforce()
        expected = as_it_is(shown, CHANGED)
        form = ChangeContributionForm(request.POST or None, instance=shown)
        form.place = place

        def save():
            who = {"by": request.user, "at": timezone.now()}
            actions.contributions.change_contribution(
                contribution=shown, expected=expected, **who, **form.facts()
            )

        return form, save

    form, saved = settle(look)
    if saved:
        messages.success(request, _("Your words are changed. What they were can still be read."))
        _tell_unknown(request, form)
        return redirect(link_to(form.instance))
    context = {"place": form.place, "form": form, "shown": form.instance}
    return render(request, "partnerships/change_contribution.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retract_contribution(request, slug, pk):
    """Take back what one said, after being asked once."""
    place = open_arena(request, slug)
    shown = said(request, place, pk)
    if request.method == "POST":
        actions.contributions.retract_contribution(contribution=shown, by=request.user, at=timezone.now())
        messages.success(request, _("It is taken back. Its place stays, without your words."))
        return redirect(link_to(shown))
    may.can_retract_contribution(place, shown).enforce()
    context = {"place": place, "shown": shown, "cited": shown.citations.exists()}
    return render(request, "partnerships/retract_contribution.html", context)


@require_safe
def contribution_history(request, slug, pk):
    """What a contribution said before, and which texts and answers were about which words."""
    place = open_arena(request, slug)
    shown = said(request, place, pk)
    if not shown.is_shown:
        raise Http404
    page = page_of(request, shown.versions.all(), FEW)
    versions = list(page.object_list)
    newer = shown.versions.filter(number=versions[0].number + 1).first() if versions else None
    for version in versions:
        version.then = newer or shown
        newer = version
    context = {"place": place, "shown": shown, "page": page, "versions": versions, **_about(shown, versions)}
    return render(request, "partnerships/contribution_history.html", context)


def _about(shown, versions):
    """Say of each wording, and of the present one, which revisions rest on it and whether the answer was about it."""
    cited = Citation.objects.filter(contribution=shown).select_related("revision__text")
    response = getattr(shown, "response", None)
    for version in versions:
        version.cited = [
            one.revision for one in cited if version.from_at <= one.revision.created_at < version.until_at
        ]
        version.answered = bool(response and version.from_at <= response.at < version.until_at)
    since = shown.edited_at or shown.created_at
    return {
        "cited_now": [one.revision for one in cited if one.revision.created_at >= since],
        "answered_now": bool(response and response.at >= since),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_contributions(request, slug):
    """Type in what was said in a room, on paper or by telephone: several entries in one sitting."""
    place = open_arena(request, slug)
    may.can_record_contribution(place).enforce()
    data = _with_more(request.POST) if request.POST.get("do") == "more" else request.POST or None
    sitting = SittingForm(data, partnership=place.partnership)
    entries = EntryForms(data, prefix="e")
    asks_more = data is not None and data is not request.POST
    if data is not None and not asks_more and sitting.is_valid() and entries.is_valid():
        typed = [one.cleaned_data for one in entries if one.cleaned_data.get("body")]
        if typed:
            facts = {"by": request.user, "at": timezone.now()}
            facts |= {name: sitting.cleaned_data[name] for name in ("meeting", "key")}
            way = {"way": sitting.cleaned_data["way"]}
            made = actions.contributions.record_contributions(
                partnership=place.partnership, entries=[one | way for one in typed], **facts
            )
            messages.success(request, _("Typed in: %(number)s.") % {"number": len(made)})
            return redirect("say", slug)
        sitting.add_error(None, _("Write what was said."))
    context = {
        "place": place,
        "sitting": sitting,
        "entries": entries,
        "quiet": asks_more,
        "full": entries.total_form_count() >= MOST_ENTRIES,
    }
    status = 422 if data is not None and not asks_more else 200
    return render(request, "partnerships/record_contributions.html", context, status=status)


def _with_more(data):
    """What was typed so far, with room for more entries."""
    data, key = data.copy(), "e-TOTAL_FORMS"
    total = int(data[key][:4]) if data.get(key, "").isdecimal() else 0
    data[key] = str(min(total + MORE, MOST_ENTRIES))
    return data
