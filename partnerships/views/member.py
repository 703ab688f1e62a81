"""One member's page: what they said, wrote, decided, promised, attended and carried, as this reader may know it."""

from dataclasses import dataclass

from django.db.models import CharField, Count, Q, Value
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_safe

from ..models import (
    Attendance,
    Commitment,
    Contribution,
    Leadership,
    Member,
    Position,
    RevisionAuthor,
    Text,
    Thanks,
)
from ..models.leadership import WHAT, Function
from ..rules.thanks import SETTLED_WELL
from .arena import open_arena, page_of


@dataclass(frozen=True)
class Part:
    """One part of a member's page: its word in the row of links, its count in words, and its rows."""

    key: str
    word: str
    counted: str
    rows: object  # (place, member) -> queryset, or None where this reader may not know


def _inside(place):
    return bool(place.member) or place.keeps_cases


def _said(place, member):
    """Their own words: not those of others that they wrote down, nor what they said without their name."""
    rows = Contribution.objects.signed_for(_inside(place)).filter(
        member=member, on_behalf_of="", recorded_by=None
    )
    return rows.order_by("-created_at", "-pk")


def _wrote(place, member):
    """Revisions that they wrote, of texts that this reader may read."""
    texts = Text.objects.filter(partnership=place.partnership)
    rows = RevisionAuthor.objects.filter(member=member, revision__text__in=texts)
    return rows.select_related("revision__text").order_by("-revision__created_at", "-pk")


def _decided(place, member):
    """Positions as the pages of their decisions show them: once they are closed."""
    rows = Position.objects.told().filter(member=member)
    return rows.select_related("decision").order_by("-at", "-pk")


def _promised(place, member):
    """What they promised, also what they handed on."""
    handed_on = Q(reliefs__member=member, reliefs__taken_by__isnull=False)
    rows = Commitment.objects.filter(Q(member=member) | handed_on).distinct()
    return rows.select_related("member__person").order_by("-created_at", "-pk")


def _attended(place, member):
    """Meetings they came to: who came is for members."""
    if not place.member:
        return None
    rows = Attendance.objects.filter(member=member, attended=True)
    return rows.select_related("meeting").order_by("-meeting__starts_at", "-pk")


def _carried(place, member):
    """Functions that they said yes to."""
    states = [Leadership.State.HELD, Leadership.State.ENDED]
    rows = Leadership.objects.filter(member=member, state__in=states, answered_at__isnull=False)
    return rows.order_by("-answered_at", "-pk")


def _thanked(place, member):
    """Thanks that they let others read; all of them for themselves, and for whoever gave them."""
    known = Q(shown=True)
    if place.member:
        known |= Q(to=place.member) | Q(by=place.member)
    signed = Contribution.objects.signed_for(_inside(place))
    rows = Thanks.objects.filter(known, Q(contribution=None) | Q(contribution__in=signed), to=member)
    related = ("by__person", "by__organization", "commitment", "contribution", "meeting")
    return rows.select_related(*related).order_by("-at", "-pk")


PARTS = [
    Part(
        "said",
        gettext_lazy("Said"),
        ngettext_lazy("%(number)d contribution", "%(number)d contributions", "number"),
        _said,
    ),
    Part(
        "wrote",
        gettext_lazy("Wrote"),
        ngettext_lazy("%(number)d revision written", "%(number)d revisions written", "number"),
        _wrote,
    ),
    Part(
        "decided",
        gettext_lazy("Decided"),
        ngettext_lazy("%(number)d position taken", "%(number)d positions taken", "number"),
        _decided,
    ),
    Part(
        "promised",
        gettext_lazy("Promised"),
        ngettext_lazy("%(number)d promise", "%(number)d promises", "number"),
        _promised,
    ),
    Part(
        "attended",
        gettext_lazy("Attended"),
        ngettext_lazy("%(number)d meeting", "%(number)d meetings", "number"),
        _attended,
    ),
    Part(
        "carried",
        gettext_lazy("Carried"),
        ngettext_lazy("%(number)d function", "%(number)d functions", "number"),
        _carried,
    ),
    Part("thanks", gettext_lazy("Thanks"), "", _thanked),
]


def _counts(place, member, parts):
    """{key: how many rows} in one query; thanks are not counted."""
    counted = [
        part.rows(place, member)
        .order_by()
        .annotate(part=Value(part.key, output_field=CharField()))
        .values("part")
        .annotate(number=Count("pk", distinct=True))
        .values_list("part", "number")
        for part in parts
        if part.counted
    ]
    return dict(counted[0].union(*counted[1:], all=True))


def _in_words(parts, counts):
    """What there is of everything, in one sentence's worth of words; "" where there is nothing."""
    told = [part.counted % {"number": counts[part.key]} for part in parts if counts.get(part.key)]
    return ", ".join(told)


@require_safe
def member(request, slug, pk):
    """Who this is in the partnership, and what they did in it; people who left keep their page."""
    place = open_arena(request, slug)
    rows = Member.objects.filter(partnership=place.partnership).select_related("person", "organization")
    shown = get_object_or_404(rows, pk=pk)
    parts = [part for part in PARTS if part.rows(place, shown) is not None]
    key = request.GET.get("show", parts[0].key)
    part = next((one for one in parts if one.key == key), None)
    if part is None:
        raise Http404
    page = page_of(request, part.rows(place, shown))
    counts = _counts(place, shown, parts)
    context = {
        "place": place,
        "shown": shown,
        "is_me": bool(place.member) and place.member.pk == shown.pk,
        "parts": [(one.key, one.word, one.key == part.key) for one in parts],
        "part": part.key,
        "heading": part.word,
        "told": _in_words(parts, counts),
        "page": page,
        "may_thank": bool(place.member)
        and shown.left_at is None
        and place.member.person_id != shown.person_id,
        "settled_well": SETTLED_WELL,
        "title": _("%(name)s in this partnership") % {"name": shown.shown_name},
    }
    if part.key == "carried":
        for one in page.object_list:
            one.what = WHAT[Function(one.function)]
    return render(request, "partnerships/member.html", context)
