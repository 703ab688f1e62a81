"""The page to write a text on. Nothing typed is ever lost: not to a mistake, a refusal, or a faster writer."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from boundary.answer import Refused

from .. import actions
from ..actions.drafts import Clashed, pairs_of, standing_of
from ..charter import first_draft
from ..diff import Merged, merge, merge_ticks
from ..forms.texts import WriteForm, box, starting_from, was
from ..models import Citation, Contribution, Decision, DraftSection, Text, shown_at
from ..rules import texts as may
from .arena import PAGE_SIZE
from .texts import open_text


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, slug, pk):
    """A box for each section, what one can cite, a preview; kept as a draft that the authors share, or published."""
    place, text = open_text(request, slug, pk)
    if request.method == "POST":
        return _posted(request, place, text)
    _may_write(place, text).enforce()
    now = standing_of(text)
    shown = {key: now.words.get(key, "") for key in text.sections}
    first = starting_from(_words(now), now.latest, now.cites, shown=shown, pairs_shown=now.cites)
    return _page(request, place, WriteForm(text=text, initial=first), base=now.latest, now=now)


def _may_write(place, text):
    is_author = bool(place.member) and text.authors.filter(member=place.member).exists()
    open_decision = Decision.objects.open().filter(text=text).first()
    return may.can_write(place, text, is_author=is_author, open_decision=open_decision)


def _words(now):
    """What the boxes hold at first: how far the text is; for ground rules that nobody has begun, a first draft."""
    if now.latest or now.draft or now.text.kind != Text.Kind.CHARTER:
        return now.words
    return first_draft(now.text.partnership)


def _posted(request, place, text):
    form, do = WriteForm(request.POST, text=text), request.POST.get("do", "save")
    if do not in DEEDS:  # search, more, preview: nothing is written
        return _page(request, place, form, preview=do == "preview")
    if not form.is_valid():
        return _page(request, place, form, status=422)
    try:
        return DEEDS[do](request, place, form)
    except Clashed as lost:
        return _overtaken(request, place, form, lost.now)
    except Refused as refused:
        return _page(request, place, form, refusal=refused.answer, status=403)
    except ValidationError as found:
        form.add_error(None, found)
        return _page(request, place, form, status=422)


def _typed(form):
    """What was typed and what was shown before, as the actions take it."""
    base = form.cleaned_data["base"]
    return {
        "text": form.text,
        "body": form.body(),
        "shown": form.shown(base.body if base else {}),
        "cites": form.pairs(),
        "cites_shown": form.pairs_shown(pairs_of(base)),
    }


def _publish(request, place, form):
    saved = actions.drafts.publish_draft(
        note=form.cleaned_data["note"], by=request.user, at=timezone.now(), **_typed(form)
    )
    messages.success(request, _("Revision %(number)s is saved.") % {"number": saved.number})
    return redirect("text", slug=place.partnership.slug, pk=form.text.pk)


def _keep(request, place, form):
    actions.drafts.save_draft(by=request.user, at=timezone.now(), **_typed(form))
    messages.success(request, _("The draft is saved. All authors of this text can go on with it."))
    return redirect("write", slug=place.partnership.slug, pk=form.text.pk)


DEEDS = {"save": _publish, "draft": _keep}


@login_required
@require_POST
def save_draft(request, slug, pk):
    """Keep what is typed while its writer goes on typing: a line that says so, and what the boxes then count from.

    What others wrote is joined in the draft and not put into the boxes: somebody is typing there.
    """
    place, text = open_text(request, slug, pk)
    form = WriteForm(request.POST, text=text)
    context = {"place": place, "text": text, "kept_at": None, "why_not": "", "sent": {}, "clashing": []}
    if not form.is_valid():
        context["why_not"] = next(iter(form.errors.values()))[0]
        return render(request, "partnerships/draft_kept.html", context)
    given = _typed(form)
    try:
        _draft, clashing = actions.drafts.save_draft(by=request.user, at=timezone.now(), partly=True, **given)
    except Refused as refused:
        context["why_not"] = refused.answer.why_not
        return render(request, "partnerships/draft_kept.html", context)
    left = {one.key for one in clashing}
    kept = {key: words for key, words in given["body"].items() if key not in left}
    changed = {was(key): words for key, words in kept.items() if words != given["shown"].get(key, "")}
    context |= {"kept_at": timezone.now(), "clashing": clashing, "sent": changed}
    context["cites_sent"] = " ".join(f"{pk}:{key}" for pk, key in sorted(given["cites"]))
    return render(request, "partnerships/draft_kept.html", context)


@login_required
@require_POST
def discard_draft(request, slug, pk):
    """Drop the draft of a text."""
    _place, text = open_text(request, slug, pk)
    actions.drafts.discard_draft(text=text, by=request.user, at=timezone.now())
    messages.success(request, _("The draft is gone. The newest revision stands."))
    return redirect("text", slug, pk)


def _overtaken(request, place, form, now):
    """Theirs and yours side by side, and a form that goes on from theirs with what you wrote in it."""
    base, text, given = form.cleaned_data["base"], form.text, _typed(form)
    sections = merge(given["shown"], now.words, given["body"], text.sections)
    ticks = merge_ticks(given["cites_shown"], now.cites, given["cites"])
    shown = {one.key: one.theirs for one in sections}
    words = {one.key: one.words for one in sections}
    first = starting_from(words, now.latest, ticks, shown=shown, pairs_shown=now.cites)
    going_on = WriteForm(initial=first | {"note": form.cleaned_data["note"]}, text=text)
    newer = now.latest if now.latest != base else None
    writers = [row.changed_by for row in now.rows.values()]
    if newer:
        writers = [row.member for row in newer.authors.select_related("member__person")]
    return _page(
        request,
        place,
        going_on,
        base=now.latest,
        now=now,
        merged={one.key: one for one in sections},
        theirs=newer,
        moved=True,
        writers=list({one.pk: one for one in writers}.values()),
        status=409,
    )


def _ground(revision):
    """The ids of the shown contributions that a revision rests on."""
    cited = Citation.objects.filter(shown_at("contribution__"), revision=revision)
    return set(cited.values_list("contribution", flat=True)) if revision else set()


@dataclass(frozen=True)
class Row:
    """One section on the page: its box, its words for the preview, both versions where two wrote, the draft's."""

    key: str
    field: object
    was: object
    words: str
    merged: Merged | None
    drafted: DraftSection | None


def _page(request, place, form, *, base=None, now=None, preview=False, merged=None, status=200, **more):
    keys = list(form.text.sections)
    if now is None and _may_write(place, form.text):  # nobody else hears that there is a draft
        now = standing_of(form.text)
    drafted = now.rows if now else {}
    if form.is_bound:
        form.is_valid()  # searching and previewing have not asked yet
        base = form.cleaned_data.get("base")
    rows = [
        Row(key, form[box(key)], form[was(key)], form.typed(key), (merged or {}).get(key), drafted.get(key))
        for key in keys
    ]
    context = {
        "place": place,
        "text": form.text,
        "base": base,
        "draft": now.draft if now else None,
        "form": form,
        "rows": rows,
        "preview": preview,
        "refusal": None,
        "theirs": None,
        "moved": False,
        **_to_cite(request, form),
        **more,
    }
    return render(request, "partnerships/write.html", context, status=status)


def _to_cite(request, form):
    """What can be cited: what is ticked, then the newest that fit the words to find; one query."""
    words = request.POST.get("find", "").replace("\x00", "").strip()
    asked = request.POST.get("shown", "")
    size = min(int(asked[:4]), 10 * PAGE_SIZE) if asked.isdecimal() and int(asked[:4]) else PAGE_SIZE
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
    for row in rows:
        chosen = form.sections_of(row.pk)
        row.places = [(key, heading, key in chosen) for key, heading in form.text.sections.items()]
    chosen = [row for row in rows if row.pk in ticked]
    others = [row for row in rows if row.pk not in ticked]
    return {
        "chosen": chosen,
        "others": others[:size],
        "has_more": len(others) > size,
        "shown": size,
        "find": words,
    }
