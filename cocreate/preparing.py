"""What it takes to prepare a partnership: a list of small tasks, in any order, to be left and taken up again.

Nothing here is stored: whether a task is done is read from what is there.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships import actions
from partnerships.models import Group, Invitation, Letter, Mandate, Partnership
from partnerships.models.groups import Rating
from partnerships.stages import Stage

from .arena import url_of_arena
from .stages import advance, gate


@dataclass(frozen=True)
class Task:
    """One thing to prepare: its name, what is there so far, whether that is enough, and where to do it."""

    name: str
    told: str
    done: bool
    url: str
    needed: bool = False  # the partnership cannot begin without it


@dataclass(frozen=True)
class Counts:
    """How much is there: groups, those hit hardest among them, drafts of invitations, letters."""

    groups: int
    hit_hardest: int
    drafts: int
    letters: int


def counts_of(partnership):
    """The Counts of a partnership: three queries."""
    rated = Group.objects.filter(partnership=partnership).aggregate(
        all=Count("pk"), hit=Count("pk", filter=Q(affectedness=Rating.MUCH))
    )
    drafts = Invitation.objects.filter(partnership=partnership, state=Invitation.State.DRAFT).count()
    letters = Letter.objects.filter(partnership=partnership).exclude(opening="").count()
    return Counts(rated["all"], rated["hit"], drafts, letters)


def tasks_of(partnership, counts):
    """[(heading, Tasks)] in the order in which most people do them."""
    mandate, slug = partnership.mandate, partnership.slug
    return [
        (_("What it is about"), _about(mandate, slug)),
        (_("Who should be there"), _who(partnership, counts, slug)),
        (_("When, and how open"), _when(partnership, mandate, slug)),
    ]


def _part(slug, part):
    return url_of_arena("change_mandate", slug) + f"?part={part}"


def _about(mandate, slug):
    State = Mandate.PromiseState
    asked = mandate.promise_state != State.NOT_ASKED
    promise = {
        State.NOT_ASKED: _("Not asked for yet."),
        State.ASKED: _("Asked for, not yet promised."),
        State.GIVEN: _("Given by %(who)s.") % {"who": mandate.promise_by},
        State.DECLINED: _("Declined by %(who)s.") % {"who": mandate.promise_by},
    }[mandate.promise_state]
    return [
        Task(
            _("The question"),
            mandate.question,
            mandate.names_no_solution,
            _part(slug, "question"),
            needed=True,
        ),
        Task(
            _("Who stands behind it, and who can say yes"),
            mandate.sponsor.name if mandate.sponsor else "",
            bool(mandate.sponsor_id and mandate.recipient_id),
            _part(slug, "backing"),
            needed=True,
        ),
        Task(
            _("The promise"),
            promise,
            asked,
            url_of_arena("record_promise" if asked else "ask_promise", slug),
            needed=True,
        ),
        Task(
            _("What each sector gains, and whether you are ready"),
            "",
            bool(mandate.incentives and mandate.readiness),
            _part(slug, "gains"),
        ),
        Task(_("Later interests"), "", mandate.later_interests is not None, _part(slug, "interests")),
    ]


def _who(partnership, counts, slug):
    groups = ngettext("%(number)s group on the map.", "%(number)s groups on the map.", counts.groups)
    drafts = ngettext(
        "%(number)s invitation is written.", "%(number)s invitations are written.", counts.drafts
    )
    return [
        Task(
            _("Groups and seats"),
            groups % {"number": counts.groups},
            counts.hit_hardest > 0,
            url_of_arena("groups", slug),
        ),
        Task(_("What the invitation says"), "", counts.letters > 0, url_of_arena("write_letter", slug)),
        Task(
            _("People to invite"),
            drafts % {"number": counts.drafts} if counts.drafts else "",
            counts.drafts > 0,
            url_of_arena("invite", slug),
        ),
    ]


def _when(partnership, mandate, slug):
    return [
        Task(_("The time"), "", mandate.ends_on is not None, url_of_arena("plan_stages", slug)),
        Task(
            _("Who may read it, and who may join"),
            f"{partnership.get_visibility_display()}. {partnership.get_join_policy_display()}.",
            True,
            url_of_arena("change_settings", slug),
        ),
    ]


def missing(tasks):
    """The names of what no partnership begins without, and this one lacks."""
    return [task.name for _heading, some in tasks for task in some if task.needed and not task.done]


@transaction.atomic
def begin(*, partnership, by, at):
    """Open a prepared partnership, and go on to convening where the gate allows it. Returns the partnership."""
    arena = Partnership.objects.locked(partnership.pk)
    tasks = tasks_of(arena, counts_of(arena))
    begun = actions.arenas.begin_partnership(partnership=arena, missing=missing(tasks), by=by, at=at)
    if begun.stage == Stage.INITIATE and gate(begun, at=at).passable:
        advance(partnership=begun, to=Stage.CONVENE, expected=begun.stage_version, by=by, at=at)
    return begun
