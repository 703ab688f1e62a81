"""What the clock starts in this app."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task
def remind_steps():
    """Tell the owners of steps that are due or overdue."""
    actions.remind_steps(at=timezone.now())


@shared_task
def remind_owed_reports():
    """Ask for the reports that are owed."""
    actions.remind_owed_reports(at=timezone.now())


@shared_task
def remind_requests():
    """Tell bodies that meet soon, and secretaries whose answer is owed."""
    actions.remind_requests(at=timezone.now())
