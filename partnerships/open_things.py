"""What is open in a partnership and could be talked about: offered for the agenda of a meeting."""

from dataclasses import dataclass

from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .models import AgendaItem, Commitment, Contribution, Decision, Meeting, Text

MOST = 30  # of each kind: more than a meeting has time for
LONGEST_TITLE = 140
Purpose = AgendaItem.Purpose


@dataclass(frozen=True)
class Offered:
    """One open thing: the key of its box, what it is called, its page, and the item that it would be."""

    key: str
    title: str
    url: str
    item: dict


@dataclass(frozen=True)
class Group:
    """Open things of one kind, under a heading."""

    heading: str
    things: list


def open_for(meeting):
    """The Groups of what is open and not on this meeting's agenda yet; six queries."""
    slug, on = meeting.partnership.slug, list(meeting.items.taken())
    groups = [
        Group(_("Not reached last time"), _left_over(meeting)),
        Group(_("Members wait for an answer"), _contributions(meeting, slug, on)),
        Group(_("Texts that are not adopted"), _texts(meeting, slug, on)),
        Group(_("Decisions that are open"), _decisions(meeting, slug, on)),
        Group(_("Promises that are due"), _commitments(meeting, slug, on)),
    ]
    return [group for group in groups if group.things]


def _short(words):
    return Truncator(" ".join(words.split())).chars(LONGEST_TITLE)


def _left_over(meeting):
    """What the meeting before did not reach, whatever it is about."""
    before = Meeting.objects.filter(partnership=meeting.partnership_id, cancelled_at=None)
    before = before.filter(starts_at__lt=meeting.starts_at).exclude(pk=meeting.pk).order_by("-starts_at")
    taken = set(meeting.items.taken().values_list("title", flat=True))
    rows = AgendaItem.objects.taken().filter(meeting__in=before.values("pk")[:1], left_over=True)
    kept = ("title", "purpose", "minutes", "words", "contribution", "text", "decision", "commitment")
    rows = rows.select_related("contribution", "text", "decision", "commitment")
    return [
        Offered(f"item-{row.pk}", row.shown_title, "", {name: getattr(row, name) for name in kept})
        for row in rows
        if row.title not in taken
    ]


def _contributions(meeting, slug, on):
    rows = Contribution.objects.owed_a_response().filter(partnership=meeting.partnership_id)
    rows = rows.exclude(pk__in=[item.contribution_id for item in on if item.contribution_id])
    return [
        Offered(
            f"contribution-{row.pk}",
            _short(row.body),
            reverse("contribution", args=[slug, row.pk]),
            {"title": _short(row.body), "purpose": Purpose.DISCUSS, "contribution": row},
        )
        for row in rows.order_by("created_at", "pk")[:MOST]
    ]


def _texts(meeting, slug, on):
    """Texts with words of which the newest are not adopted."""
    rows = Text.objects.filter(partnership=meeting.partnership_id, revisions__isnull=False)
    rows = rows.exclude(pk__in=[item.text_id for item in on if item.text_id])
    fresh = Q(adopted_revision=None) | Q(revisions__number__gt=F("adopted_revision__number"))
    return [
        Offered(
            f"text-{row.pk}",
            row.title,
            reverse("text", args=[slug, row.pk]),
            {"title": _short(row.title), "purpose": Purpose.DISCUSS, "text": row},
        )
        for row in rows.filter(fresh).distinct().order_by("created_at", "pk")[:MOST]
    ]


def _decisions(meeting, slug, on):
    rows = Decision.objects.open().filter(partnership=meeting.partnership_id)
    rows = rows.exclude(pk__in=[item.decision_id for item in on if item.decision_id])
    return [
        Offered(
            f"decision-{row.pk}",
            row.question,
            reverse("decision", args=[slug, row.pk]),
            {"title": _short(row.question), "purpose": Purpose.DECIDE, "decision": row},
        )
        for row in rows.order_by("closes_at", "pk")[:MOST]
    ]


def _commitments(meeting, slug, on):
    """What was promised for a day before the meeting."""
    rows = Commitment.objects.standing().filter(partnership=meeting.partnership_id)
    rows = rows.filter(due_on__lte=meeting.starts_at.date())
    rows = rows.exclude(pk__in=[item.commitment_id for item in on if item.commitment_id])
    return [
        Offered(
            f"commitment-{row.pk}",
            row.what,
            reverse("commitment", args=[slug, row.pk]),
            {"title": _short(row.what), "purpose": Purpose.INFORM, "commitment": row},
        )
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]
