"""What the clock does for meetings."""

from celery import shared_task
from django.utils import timezone

from ..actions import meetings


@shared_task
def remind_meetings():
    """Remind members a day before a meeting."""
    meetings.remind_meetings(at=timezone.now())
