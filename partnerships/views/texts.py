"""A text: what stands, whose it is, what it rests on, its revisions side by side."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q, Subquery, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actors.models import Side, called
from boundary.answer import Answer
from boundary.kept import kept, together

from .. import actions
from ..models import Contribution, Decision, Line, Member, Response, Revision, Text, TextAuthor
from ..models.decisions import SETTLED
from ..rules import decisions as may_decide
from ..rules import suggestions as may_suggest
from ..rules import texts as may
from .arena import PAGE_SIZE, number_asked, open_arena
from .sections import sections_of


@dataclass
class TextFacts:
    """What templates/partnerships/text_body.html and decision_card.html show of one text to one reader."""

    text: Text
    latest: Revision | None = None  # the newest revision
    adopted: Revision | None = None  # the one that stands, perhaps an older one
    authors: list = field(default_factory=list)  # Lines, in the order in which they joined
    cited: list = field(default_factory=list)  # Cited: what the newest revision rests on
    decision: Decision | None = None  # the open one, else the last one
    sides: list = field(default_factory=list)  # SideFacts, public first
    own_choice: str = ""  # this reader's position in the open decision
    may_write: Answer | None = None
    may_join_authors: Answer | None = None
    may_decide: Answer | None = None  # whether this reader may put the newest words to the members

    @property
    def parts(self):
        """(key, heading, Markdown) of the newest words, section by section."""
        return self.latest.parts if self.latest else []

    @property
    def told(self):
        """The newest words and how far they are, as plain facts: what {% once %} draws them from."""
        if not self.latest:
            return {}
        return {
            "text": self.text.pk,
            "number": self.latest.number,
            "created_at": self.latest.created_at,
            "adopted": self.adopted.number if self.adopted else 0,
            "being_decided": bool(self.open_decision),
            "parts": self.parts,
        }

    @property
    def is_adopted(self):
        """The newest words are those that were adopted."""
        return bool(self.adopted and self.latest and self.adopted.pk == self.latest.pk)

    @property
    def settled(self):
        """The last decision, where it has settled what these words are."""
        return self.decision if self.decision and self.decision.outcome in SETTLED else None

    @property
    def open_decision(self):
        return self.decision if self.decision and self.decision.is_under_way else None

    @property
    def last_decision(self):
        return self.decision if self.decision and not self.decision.is_under_way else None


@dataclass(frozen=True)
class SideFacts:
    """One side in a decision: how many have a say, have answered, must answer, and are still to answer."""

    side: str
    members: int
    answered: int
    quorum: int
    waiting: int

    @property
    def label(self):
        return Side(self.side).label

    @property
    def missing(self):
        return max(0, self.quorum - self.answered)


def text_facts(text, place, parts=None):
    """Everything that a page shows of `text` to the reader of `place`: two queries at most, however long its life.

    `parts` are the rows of parts_by(…)(…), where a page has asked for them together with more. Pass the result as
    `facts` to the includes: {% include "partnerships/text_body.html" %} draws the newest words with what they rest on,
    their authors and what this reader may do; {% include "partnerships/decision_card.html" %} draws the open decision
    with its progress, or the last result, or the way to ask for one. Both need `partnership`
    and `place` in the context, as every page of an arena has them. `text` is a visible Text of place.partnership.
    """
    text.partnership = place.partnership
    revisions, cited, authors, decisions = parts or together(*parts_of(text.pk))
    facts = TextFacts(text=text)
    facts.latest, facts.adopted = _newest_and_adopted(text, revisions)
    facts.cited = [_line(*row) for row in cited]
    facts.authors = [Line(*row) for row in authors]
    facts.decision = _decision(text, decisions)
    facts.sides, facts.own_choice, members = sides_of(place, facts.open_decision)
    is_author = bool(place.member) and any(line.pk == str(place.member.pk) for line in facts.authors)
    facts.may_write = may.can_write(place, text, is_author=is_author, open_decision=facts.open_decision)
    facts.may_join_authors = may.can_join_authors(place, text, is_author=is_author)
    facts.may_decide = may_decide.can_open_decision(
        place,
        text,
        revision=facts.latest,
        latest=facts.latest,
        members=members,
        open_decision=facts.open_decision,
        last=facts.settled,
    )
    return facts


# What a line about somebody shows; the rest of a person's row is nobody's business here.
SHOWN_OF_MEMBER = ("member__sector", "member__function", "member__shown_by_function", "member__person__name")


def parts_by(path, **fixed):
    """What asks for the parts of a text (its revisions, what they rest on, authors, decision) by a value of its own.

    charter_of = parts_by("partnership", kind="charter"); together(*charter_of(arena.pk), …) gives text_facts its parts.
    """
    fixed = {f"text__{name}": value for name, value in fixed.items()}

    def by(value):
        return fixed | {f"text__{path}": value}

    def newest(value):
        return Revision.objects.filter(**by(value)).order_by("-number")

    @kept
    def revisions(value):
        standing = Q(pk=F("text__adopted_revision"))
        return newest(value).filter(standing | Q(pk=Subquery(newest(value).values("pk")[:1])))

    @kept
    def cited(value):
        return _lines_of(Contribution.objects.filter(citations__revision=newest(value).values("pk")[:1]))

    @kept
    def authors(value):
        rows = TextAuthor.objects.filter(**by(value))
        return rows.values_list(*Line.of("member__"))

    @kept
    def decisions(value):
        rows = Decision.objects.filter(**by(value)).select_related("revision", "reopening")
        return rows.order_by(F("closed_at").desc(nulls_first=True), "-opened_at")[:1]

    return lambda value: [part.of(value) for part in (revisions, cited, authors, decisions)]


parts_of = parts_by("pk")


def _newest_and_adopted(text, rows):
    """(newest, adopted), each or both None."""
    for row in rows:
        row.text = text
    adopted = next((row for row in rows if row.pk == text.adopted_revision_id), None)
    return (rows[0] if rows else None), adopted


class Cited(NamedTuple):
    """A contribution that a revision rests on, as a line: of one that is hidden or taken back no word.

    gone: "hidden", "retracted" or ""; anonymous: its author is named to members only.
    """

    pk: str
    kind: str
    body: str
    gone: str
    anonymous: bool
    sector: str
    who: str


def _lines_of(contributions):
    told = ("kind", "body", "hidden_at", "retracted_at", "anonymous")
    behalf = ("recorded_by", "on_behalf_of", "behalf_sector")
    return contributions.order_by("created_at", "pk").values_list(
        Cast("pk", TextField()), *told, *behalf, *SHOWN_OF_MEMBER
    )


@kept
def _cited(revision):
    return _lines_of(Contribution.objects.filter(citations__revision=revision))


def cited_by(revision):
    """What a revision (or None) rests on, as Cited, oldest first."""
    return [_line(*row) for row in _cited(revision and revision.pk)]


@kept
def _taken_up(decision):
    answers = Response.objects.taken_up_in(decision=decision).order_by().values("contribution")
    return _lines_of(Contribution.objects.filter(pk__in=answers))[:PAGE_SIZE]


def carrying(decision):
    """(what its revision rests on, what else went into a decision), both as Cited: one query."""
    rows = together(_cited.of(decision.revision_id), _taken_up.of(decision.pk))
    return [[_line(*row) for row in part] for part in rows]


def _line(pk, kind, body, hidden_at, retracted_at, anonymous, recorded_by, *of):
    on_behalf_of, behalf_sector, sector, function, by_function, name = of
    gone = "hidden" if hidden_at else "retracted" if retracted_at else ""
    if recorded_by:
        who, sector = on_behalf_of or _("Somebody"), behalf_sector
    else:
        who = function if by_function else called(name)
    return Cited(pk, kind, "" if gone else body, gone, anonymous, sector, who)


def _decision(text, rows):
    """The open decision on a text, else the last one that was closed, else None."""
    decision = next(iter(rows), None)
    if decision:
        decision.text = text
        decision.revision.text = text
    return decision


@kept
def _counted_by_side(partnership, decision, reader):
    answered = Q(positions__decision=decision)
    with_a_say = ~Q(role=Member.Role.OBSERVER)
    return (
        Member.objects.present()
        .filter(partnership=partnership)
        .order_by()
        .values("side")
        .annotate(
            members=Count("pk", filter=with_a_say, distinct=True),
            answered=Count("positions", filter=answered, distinct=True),
            heard=Count("positions", filter=answered & with_a_say, distinct=True),
            own=Max("positions__choice", filter=answered & Q(pk=reader)),
        )
    )


def sides_of(place, decision):
    """([SideFacts], this reader's choice, {side: members with a say}); one query. `decision` is open or None.

    Where nothing is open, only members could ask for a decision: nobody is counted for others.
    """
    if decision is None and place.member is None:
        return [], "", {}
    rows = _counted_by_side(place.partnership.pk, decision and decision.pk, place.member and place.member.pk)
    found = {row["side"]: row for row in rows}
    members = {side: row["members"] for side, row in found.items()}
    own = next((row["own"] for row in found.values() if row["own"]), "")
    return (_side_facts(decision, found) if decision else []), own, members


def _side_facts(decision, found):
    quorums = {Side.PUBLIC: decision.quorum_public, Side.NON_PUBLIC: decision.quorum_non_public}
    nobody = {"members": 0, "answered": 0, "heard": 0}
    return [
        SideFacts(side, row["members"], row["answered"], quorum, row["members"] - row["heard"])
        for side, quorum in quorums.items()
        for row in [found.get(side, nobody)]
    ]


# --- pages ----------------------------------------------------------------------------------------------------


def open_text(request, slug, pk):
    """(place, text) for a page about one text; what this reader may not see is 404."""
    place = open_arena(request, slug)
    text = get_object_or_404(Text, pk=pk, partnership=place.partnership)
    text.partnership = place.partnership
    return place, text


def history_page(request, text, facts):
    """The page of revisions that the address asks for, newest first, each with its writers; one query.

    Revisions are numbered without gaps, so the newest number says how many there are.
    """
    revisions = Revision.objects.filter(text=text).defer("body").order_by("-number")
    pages = Paginator(
        revisions.annotate(writers=ArrayAgg("authors__member", distinct=True, default=None)), PAGE_SIZE
    )
    pages.count = facts.latest.number if facts.latest else 0
    number = number_asked(request)
    if number > pages.num_pages:
        raise Http404
    page = pages.page(number)
    page.object_list = list(page.object_list)
    written = {str(pk) for revision in page.object_list for pk in revision.writers or [] if pk}
    members = {line.pk: line for line in facts.authors}
    if others := written - members.keys():  # who suggested what was taken up
        members |= {
            row[0]: Line(*row) for row in Member.objects.filter(pk__in=others).values_list(*Line.of())
        }
    for revision in page.object_list:
        revision.shown_writers = [members[pk] for pk in map(str, revision.writers or []) if pk in members]
    return page


@require_safe
def text(request, slug, pk):
    """One text: its newest words, what they rest on, who writes it, its decision, its revisions."""
    place, shown = open_text(request, slug, pk)
    facts = text_facts(shown, place)
    context = {
        "place": place,
        "facts": facts,
        "text": shown,
        "page": history_page(request, shown, facts),
        "sections": sections_of(shown, facts.latest, facts.cited) if facts.latest else None,
        "may_suggest": may_suggest.can_suggest(place, shown),
        "taken_up": Response.objects.taken_up_in(revision__text=shown)[:PAGE_SIZE],
    }
    return render(request, "partnerships/text.html", context)


@require_safe
def charter(request, slug):
    """The ground rules, or the way to begin them."""
    place = open_arena(request, slug)
    found = Text.objects.filter(partnership=place.partnership, kind=Text.Kind.CHARTER).first()
    context = {
        "place": place,
        "facts": text_facts(found, place) if found else None,
        "may_start": may.can_start_text(place, Text.Kind.CHARTER),
    }
    return render(request, "partnerships/charter.html", context)


@login_required
@require_POST
def start_charter(request, slug):
    """Open the ground rules for writing; the writing page offers a first draft."""
    place = open_arena(request, slug)
    with translation.override(place.partnership.language):
        title = _("Ground rules")
    started = actions.texts.start_text(
        partnership=place.partnership, kind=Text.Kind.CHARTER, title=title, by=request.user, at=timezone.now()
    )
    return redirect("write", slug, started.pk)


@login_required
@require_POST
def join_authors(request, slug, pk):
    """Join in writing a text."""
    _place, shown = open_text(request, slug, pk)
    actions.texts.join_authors(text=shown, by=request.user, at=timezone.now())
    messages.success(request, _("You are one of the authors now."))
    return redirect("write", slug, pk)


@require_safe
def revision(request, slug, pk, number):
    """One revision as it was written, with its digest."""
    place, shown = open_text(request, slug, pk)
    found = get_object_or_404(
        shown.revisions.select_related("based_on").prefetch_related("authors__member__person"), number=number
    )
    found.text = shown
    latest_number = shown.revisions.values_list("number", flat=True).first()
    context = {
        "place": place,
        "text": shown,
        "revision": found,
        "sections": sections_of(shown, found, cited_by(found)),
        "latest_number": latest_number,
        "may_suggest": may_suggest.can_suggest(place, shown),
    }
    return render(request, "partnerships/revision.html", context)
