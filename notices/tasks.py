"""What the clock calls. Losing a call costs a second; any number of calls is harmless."""

from celery import shared_task
from django.utils import timezone

from notices import actions


@shared_task
def drain(lane):
    """Send what is due in a lane, until it is empty or 50 seconds have passed."""
    actions.drain(lane)


@shared_task
def sweep():
    """Take back what dead workers held."""
    actions.sweep(at=timezone.now())
