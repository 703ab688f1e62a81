"""What the clock does for partnerships that rest."""

from celery import shared_task
from django.utils import timezone

from ..actions import pauses


@shared_task
def remind_to_look_again():
    """Remind conveners of a paused partnership on the day they chose."""
    pauses.remind_to_look_again(at=timezone.now())
