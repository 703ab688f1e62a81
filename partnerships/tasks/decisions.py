"""Decisions whose time comes."""

from celery import shared_task
from django.utils import timezone

from ..actions import decisions, rounds


@shared_task
def open_due_decisions():
    """Open what was set to open later."""
    rounds.open_due_decisions(at=timezone.now())


@shared_task
def close_due_decisions():
    """Close what is due; adopted words become the text's."""
    decisions.close_due_decisions(at=timezone.now())


@shared_task
def remind_undecided():
    """Remind those who have not answered, a day before a decision closes."""
    decisions.remind_undecided(at=timezone.now())


@shared_task
def remind_of_objections():
    """Remind those who answer objections of decisions that are held until they do."""
    rounds.remind_of_objections(at=timezone.now())
