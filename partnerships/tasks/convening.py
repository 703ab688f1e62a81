"""What the clock does while an arena gathers."""

from celery import shared_task
from django.utils import timezone

from ..actions import convening


@shared_task
def remind_leadership():
    """Remind of functions that are offered and not answered."""
    convening.remind_leadership(at=timezone.now())


@shared_task
def remind_convening():
    """Tell leaders what the stage “convene” still needs."""
    convening.remind_convening(at=timezone.now())


@shared_task
def remind_promises():
    """Tell leaders that a promised answer is overdue."""
    convening.remind_promises(at=timezone.now())
