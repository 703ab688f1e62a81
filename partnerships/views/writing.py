"""The page to write a text on. Nothing typed is ever lost: not to a mistake, a refusal, or a faster writer."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from boundary.answer import Refused

from .. import actions
from ..actions.texts import Overtaken
from ..charter import first_draft
from ..diff import Merged, merge, merge_ticks
from ..forms.texts import WriteForm, box, starting_from
from ..models import Citation, Contribution, Decision, Text, shown_at
from ..rules import texts as may
from .arena import PAGE_SIZE
from .texts import open_text


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, slug, pk):
    """A box for each section, what one can cite, a preview; saving adds a revision."""
    place, text = open_text(request, slug, pk)
    if request.method == "POST":
        return _posted(request, place, text)
    _may_write(place, text).enforce()
    latest = text.revisions.first()
    first = starting_from(_words(text, latest), latest, _ground(latest))
    return _page(request, place, WriteForm(text=text, initial=first), base=latest)


def _may_write(place, text):
    is_author = bool(place.member) and text.authors.filter(member=place.member).exists()
    open_decision = Decision.objects.open().filter(text=text).first()
    return may.can_write(place, text, is_author=is_author, open_decision=open_decision)


def _words(text, latest):
    """What the boxes hold at first: the newest words; for ground rules that nobody has begun, a first draft."""
    if latest:
        return latest.body
    return first_draft(text.partnership) if text.kind == Text.Kind.CHARTER else {}


def _posted(request, place, text):
    form = WriteForm(request.POST, text=text)
    if request.POST.get("do", "save") != "save":  # search, more, preview: nothing is written
        return _page(request, place, form, preview=request.POST["do"] == "preview")
    if not form.is_valid():
        return _page(request, place, form, status=422)
    try:
        saved = actions.texts.write_revision(
            text=text,
            body=form.body(),
            cites=form.cleaned_data["cites"],
            note=form.cleaned_data["note"],
            based_on=form.cleaned_data["base"],
            by=request.user,
            at=timezone.now(),
        )
    except Overtaken as lost:
        return _overtaken(request, place, form, lost.latest)
    except Refused as refused:
        return _page(request, place, form, refusal=refused.answer, status=403)
    except ValidationError as found:
        form.add_error(None, found)
        return _page(request, place, form, status=422)
    messages.success(request, _("Revision %(number)s is saved.") % {"number": saved.number})
    return redirect("text", slug=place.partnership.slug, pk=text.pk)


def _overtaken(request, place, form, latest):
    """Theirs and yours side by side, and a form that goes on from theirs with what you wrote in it."""
    base, text = form.cleaned_data["base"], form.text
    base_body = base.body if base else {}
    sections = merge(base_body, latest.body, form.body(), text.sections)
    ticks = merge_ticks(_ground(base), _ground(latest), {one.pk for one in form.cleaned_data["cites"]})
    words = starting_from({one.key: one.words for one in sections}, latest, ticks)
    going_on = WriteForm(initial=words | {"note": form.cleaned_data["note"]}, text=text)
    writers = [row.member for row in latest.authors.select_related("member__person")]
    return _page(
        request,
        place,
        going_on,
        base=latest,
        merged={one.key: one for one in sections},
        theirs=latest,
        writers=writers,
        status=409,
    )


def _ground(revision):
    """The ids of the shown contributions that a revision rests on."""
    cited = Citation.objects.filter(shown_at("contribution__"), revision=revision)
    return set(cited.values_list("contribution", flat=True)) if revision else set()


@dataclass(frozen=True)
class Row:
    """One section on the page: its box, its words for the preview, and both versions where two people wrote."""

    field: object
    words: str
    merged: Merged | None


def _page(request, place, form, *, base=None, preview=False, merged=None, status=200, **more):
    keys = list(form.text.sections)
    if form.is_bound:
        form.is_valid()  # searching and previewing have not asked yet
        base = form.cleaned_data.get("base")
    context = {
        "place": place,
        "text": form.text,
        "base": base,
        "form": form,
        "rows": [Row(form[box(key)], form.typed(key), (merged or {}).get(key)) for key in keys],
        "preview": preview,
        "refusal": None,
        "theirs": None,
        **_to_cite(request, form),
        **more,
    }
    return render(request, "partnerships/write.html", context, status=status)


def _to_cite(request, form):
    """What can be cited: what is ticked, then the newest that fit the words to find; one query."""
    words = request.POST.get("find", "").replace("\x00", "").strip()
    asked = request.POST.get("shown", "")
    size = min(int(asked), 10 * PAGE_SIZE) if asked.isdecimal() and int(asked) else PAGE_SIZE
    size += PAGE_SIZE if request.POST.get("do") == "more" else 0
    ticked = form.ticked
    offered = form.fields["cites"].queryset
    fitting = offered.filter(body__icontains=words) if words else offered
    newest = fitting.exclude(pk__in=ticked).order_by("-created_at", "-id").values("pk")[: size + 1]
    rows = list(
        Contribution.objects.filter(Q(pk__in=ticked) & Q(pk__in=offered.values("pk")) | Q(pk__in=newest))
        .select_related("member__person", "member__organization")
        .order_by("-created_at", "-id")
    )
    chosen = [row for row in rows if row.pk in ticked]
    others = [row for row in rows if row.pk not in ticked]
    return {
        "chosen": chosen,
        "others": others[:size],
        "has_more": len(others) > size,
        "shown": size,
        "find": words,
    }
