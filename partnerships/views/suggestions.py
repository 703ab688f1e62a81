"""Suggestions about a text: make one, read them, take them up or say why not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.answer import Refused

from .. import actions
from ..actions.drafts import standing_of
from ..actions.suggestions import Moved
from ..diff import join
from ..forms.suggestions import HideSuggestionForm, SuggestForm, SuggestionsForm, TakeUpForm, TurnDownForm
from ..models import Decision, Suggestion
from ..rules import suggestions as may
from .arena import open_arena, page_of
from .texts import open_text

WITH_ALL = ("text", "revision", "member__person", "member__organization", "answered_by__person", "taken_into")


@require_safe
def suggestions(request, slug, pk):
    """What was suggested about a text, newest first, with what became of it."""
    place, text = open_text(request, slug, pk)
    form = SuggestionsForm(request.GET, text=text)
    rows = text.suggestions.select_related("revision", "member__person", "member__organization", "taken_into")
    form.is_valid()
    asked = form.cleaned_data
    if asked.get("state"):
        rows = rows.filter(state__in=form.STATES[asked["state"]])
    if asked.get("section"):
        rows = rows.filter(section=asked["section"])
    page = page_of(request, rows)
    for row in page.object_list:
        row.text = text
    context = {"place": place, "text": text, "form": form, "page": page}
    return render(request, "partnerships/suggestions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request, slug, pk, number, section):
    """Suggest other words for a section of one revision, or remark on a passage."""
    place, text = open_text(request, slug, pk)
    revision = get_object_or_404(text.revisions, number=number)
    revision.text = text
    if section not in revision.body:
        raise Http404
    may.can_suggest(place, text).enforce()
    form = SuggestForm(request.POST or None, initial={"words": revision.body[section]})

    def deed(said):
        made = actions.suggestions.suggest(
            revision=revision, section=section, by=request.user, at=timezone.now(), **said
        )
        messages.success(request, _("Thank you. The authors have your suggestion."))
        return made

    answer = _said(form, deed)
    if answer:
        return redirect("suggestion", slug, answer.pk)
    newest = text.revisions.values_list("number", flat=True).first()
    context = {
        "place": place,
        "text": text,
        "revision": revision,
        "newest": newest,
        "heading": revision.sections[section],
        "words": revision.body[section],
        "form": form,
    }
    return render(request, "partnerships/suggest.html", context, status=422 if form.is_bound else 200)


def _said(form, deed):
    """What the deed comes to with what the form says; a mistake that only the action sees is put beside it."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return deed(form.said())
    except ValidationError as found:
        form.add_error("quote" if form.cleaned_data["kind"] == "remark" else "words", found)
        return None


def _open_suggestion(request, slug, pk):
    place = open_arena(request, slug)
    rows = Suggestion.objects.visible_to(request.user).select_related(*WITH_ALL)
    found = get_object_or_404(rows, pk=pk, text__partnership=place.partnership)
    found.text.partnership = place.partnership
    return place, found


@require_safe
def suggestion(request, slug, pk):
    """One suggestion beside the words it is about and those that stand now, and what the authors may do with it."""
    place, shown = _open_suggestion(request, slug, pk)
    return _page(request, place, shown)


def _page(request, place, shown, *, take_up=None, turn_down=None, refusal=None, moved=None, status=200):
    latest = shown.text.revisions.first()
    latest.text = shown.text
    now = latest.body.get(shown.section, "")
    may_answer = _may_answer(place, shown)
    if may_answer and not shown.is_remark:
        now = standing_of(shown.text).words.get(shown.section, "")
    joined, passages = join(shown.base, now, shown.words)
    gone = shown.section not in shown.text.sections or not now
    first = {"shown": now, "words": joined}
    context = {
        "place": place,
        "text": shown.text,
        "suggestion": shown,
        "latest": latest,
        "now": now,
        "gone": gone,
        "rewritten": shown.base != now,
        "passages": passages if moved is None else moved.passages,
        "moved": moved,
        "refusal": refusal,
        "may_answer": may_answer,
        "may_change": may.can_change_suggestion(place, shown),
        "may_hide": may.can_hide_suggestion(place, shown),
        "take_up": take_up or TakeUpForm(initial=first, prefix="take"),
        "turn_down": turn_down or TurnDownForm(prefix="down"),
    }
    return render(request, "partnerships/suggestion.html", context, status=status)


def _may_answer(place, shown):
    is_author = bool(place.member) and shown.text.authors.filter(member=place.member).exists()
    open_decision = Decision.objects.open().filter(text=shown.text).first() if place.member else None
    return may.can_answer_suggestion(place, shown, is_author=is_author, open_decision=open_decision)


@login_required
@require_POST
def take_up_suggestion(request, slug, pk):
    """Put the words into the draft, as they are or as they were changed; where that does not join, show both."""
    place, shown = _open_suggestion(request, slug, pk)
    form = TakeUpForm(request.POST, prefix="take")
    if not form.is_valid():
        return _page(request, place, shown, take_up=form, status=422)
    given = form.cleaned_data
    words = {} if shown.is_remark else {"words": given["words"], "shown": given["shown"]}
    try:
        actions.suggestions.take_up_suggestion(
            suggestion=shown, answer=given["answer"], by=request.user, at=timezone.now(), **words
        )
    except Moved as moved:
        now = standing_of(shown.text).words.get(shown.section, "")
        going_on = TakeUpForm(initial=given | {"shown": now, "words": moved.words}, prefix="take")
        return _page(request, place, shown, take_up=going_on, moved=moved, status=409)
    except Refused as refused:
        return _page(request, place, shown, take_up=form, refusal=refused.answer, status=403)
    except ValidationError as found:
        form.add_error("words", found)
        return _page(request, place, shown, take_up=form, status=422)
    if shown.is_remark:
        messages.success(request, _("The answer is given."))
        return redirect("suggestion", slug, pk)
    messages.success(request, _("The words are in the draft. Publish it when it is ready."))
    return redirect("write", slug, shown.text_id)


@login_required
@require_POST
def turn_down_suggestion(request, slug, pk):
    """Say why a suggestion is not taken up."""
    place, shown = _open_suggestion(request, slug, pk)
    form = TurnDownForm(request.POST, prefix="down")
    if not form.is_valid():
        return _page(request, place, shown, turn_down=form, status=422)
    try:
        actions.suggestions.turn_down_suggestion(
            suggestion=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except Refused as refused:
        return _page(request, place, shown, turn_down=form, refusal=refused.answer, status=403)
    messages.success(request, _("The answer is given."))
    return redirect("suggestion", slug, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_suggestion(request, slug, pk):
    """Say a suggestion of one's own in another way."""
    place, shown = _open_suggestion(request, slug, pk)
    may.can_reword_suggestion(place, shown).enforce()
    form = SuggestForm(request.POST or None, initial=SuggestForm.of(shown))

    def deed(said):
        return actions.suggestions.change_suggestion(
            suggestion=shown, by=request.user, at=timezone.now(), **said
        )

    if _said(form, deed):
        messages.success(request, _("Your suggestion is changed."))
        return redirect("suggestion", slug, pk)
    context = {"place": place, "suggestion": shown, "text": shown.text, "form": form}
    return render(
        request, "partnerships/change_suggestion.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_POST
def withdraw_suggestion(request, slug, pk):
    """Take back a suggestion of one's own."""
    _place, shown = _open_suggestion(request, slug, pk)
    actions.suggestions.withdraw_suggestion(suggestion=shown, by=request.user, at=timezone.now())
    messages.success(request, _("You have taken it back. It stays to be read, marked so."))
    return redirect("suggestion", slug, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide_suggestion(request, slug, pk):
    """Hide a suggestion with a public reason."""
    place, shown = _open_suggestion(request, slug, pk)
    may.can_hide_suggestion(place, shown).enforce()
    form = HideSuggestionForm(request.POST or None)
    if form.is_bound and form.is_valid():
        actions.suggestions.hide_suggestion(
            suggestion=shown, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("It is hidden. The reason stands in its place."))
        return redirect("suggestion", slug, pk)
    context = {"place": place, "suggestion": shown, "text": shown.text, "form": form}
    return render(request, "partnerships/hide_suggestion.html", context, status=422 if form.is_bound else 200)
