"""What a person owes others: steps, answers, what those who lead settle."""

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from actors.models import called
from partnerships.models import (
    AgendaItem,
    Appeal,
    ClosingAccount,
    Commitment,
    Contribution,
    ContributionReport,
    Decision,
    JoinRequest,
    Partnership,
    Relief,
    Suggestion,
    TextAuthor,
)
from partnerships.models.commitments import STANDING
from partnerships.stages import OPENS
from solutions.models import Ownership, StepReport, StepStatus

from ..arena import url_of_arena
from .kinds import Item, convened_by, day_of, led_by


def steps(person, until):
    """Unfinished steps of the person with this id that are due by `until`."""
    last = StepReport.objects.filter(step=OuterRef("step")).order_by("-at", "-id").values("status")[:1]
    rows = Ownership.objects.filter(
        commitment__member__person=person,
        commitment__member__left_at=None,
        commitment__state__in=STANDING,
        step__due_on__lte=until,
        step__partnership__stage__in=OPENS["report_step"],
    )
    rows = rows.annotate(now=Coalesce(Subquery(last), Value("")))  # "": nothing reported yet
    return rows.exclude(now__in=[StepStatus.DONE, StepStatus.STOPPED]).order_by("step__due_on", "pk")


def step_item(pk, what, due, paused_at, zone, slug, where, today):
    late = due < Partnership(paused_at=paused_at, time_zone=zone).overdue_by(today)
    when = _("due %(day)s") % {"day": day_of(due)}
    return Item(what, url_of_arena("step", slug, pk), where, when, late, due)


def answers(person):
    """Contributions that wait for an answer where the person with this id leads."""
    rows = Contribution.objects.owed_a_response().filter(
        partnership__in=led_by(person), partnership__stage__in=OPENS["respond"]
    )
    return rows.order_by("created_at", "pk")


def answer_item(pk, body, said, slug, where, _today):
    when = _("said on %(day)s") % {"day": day_of(said)}
    return Item(body[:100], url_of_arena("respond", slug, pk), where, when)


def suggestions(person):
    """Suggestions that the person with this id owes an answer, as an author or as one who leads."""
    return Suggestion.objects.waiting_for(person).order_by("made_at", "pk")


def suggestion_item(pk, reason, title, made, slug, where, _today):
    when = _("made on %(day)s") % {"day": day_of(made)}
    return Item(reason[:100] or title, url_of_arena("suggestion", slug, pk), where, when)


def objections(person):
    """Majorities that wait for answers to objections, where the person with this id leads or wrote the text."""
    wrote = TextAuthor.objects.filter(text=OuterRef("text"), member__person=person, member__left_at=None)
    rows = Decision.objects.held().filter(Q(partnership__in=led_by(person)) | Exists(wrote))
    return rows.filter(partnership__paused_at=None).order_by("closes_at", "pk")


def objection_item(pk, question, closed, slug, where, _today):
    when = _("closed on %(day)s") % {"day": day_of(closed)}
    return Item(question, url_of_arena("decision", slug, pk), where, when)


def reports(person):
    """Contributions with a report that the person with this id can settle."""
    open_ones = ContributionReport.objects.waiting_for(person).filter(contribution=OuterRef("pk"))
    return Contribution.objects.filter(Exists(open_ones)).order_by("created_at", "pk")


def report_item(_pk, said, slug, where, _today):
    title = _("Something said on %(day)s was reported") % {"day": day_of(said)}
    return Item(title, url_of_arena("moderation_queue", slug), where)


def appeals(person):
    """Appeals that the person with this id can decide."""
    return Appeal.objects.waiting_for(person).order_by("at", "pk")


def appeal_item(intervention, at, slug, where, _today):
    when = _("made on %(day)s") % {"day": day_of(at)}
    return Item(_("Somebody appeals"), url_of_arena("intervention", slug, intervention), where, when)


def proposed_items(person):
    """Items that members propose for meetings that the person with this id arranges."""
    rows = AgendaItem.objects.proposed().filter(meeting__partnership__in=led_by(person))
    return rows.filter(meeting__cancelled_at=None, meeting__partnership__stage__in=OPENS["meet"])


def proposal_item(meeting, title, starts, slug, where, _today):
    when = _("for the meeting on %(day)s") % {"day": day_of(starts)}
    return Item(title, url_of_arena("agenda", slug, meeting), where, when, due=starts)


def reliefs(person):
    """Promises that somebody would hand on, where the person with this id leads."""
    rows = Relief.objects.open().filter(commitment__partnership__in=led_by(person))
    return rows.exclude(member__person=person).order_by("asked_at", "pk")


def left_behind(person):
    """Promises whose owner has left, where the person with this id leads."""
    rows = Commitment.objects.filter(state__in=STANDING, member__left_at__isnull=False)
    return rows.filter(partnership__in=led_by(person)).order_by("due_on", "pk")


def promise_item(pk, what, _when, slug, where, _today):
    return Item(what, url_of_arena("commitment", slug, pk), where)


def join_requests(person):
    """Requests to join what the person with this id convenes."""
    rows = JoinRequest.objects.filter(state=JoinRequest.State.WAITING, partnership__in=convened_by(person))
    return rows.order_by("created_at", "pk")


def join_request_item(_pk, name, asked, slug, where, _today):
    when = _("asked on %(day)s") % {"day": day_of(asked)}
    title = _("%(name)s asks to join") % {"name": called(name)}
    return Item(title, url_of_arena("join_requests", slug), where, when)


def accounts(person):
    """Accounts that the person with this id owes, as its writer or as one who convenes."""
    mine = Q(writer__person=person) | Q(visit__partnership__in=convened_by(person))
    return ClosingAccount.objects.owed().filter(mine).order_by("due_on", "pk")


def account_item(_pk, due, slug, where, today):
    title = _("What came of “%(title)s”") % {"title": where}
    when = _("due %(day)s") % {"day": day_of(due)}
    return Item(title, url_of_arena("closing_account", slug), where, when, due < today, due)
