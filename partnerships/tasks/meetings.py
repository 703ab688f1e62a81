"""What the clock does for meetings."""

from celery import shared_task
from django.utils import timezone

from ..actions import attending, meetings, polls


@shared_task
def remind_meetings():
    """Remind members a day before a meeting."""
    meetings.remind_meetings(at=timezone.now())


@shared_task
def remind_polls():
    """Remind of polls about a time that close soon, and of those where a time is to be chosen."""
    polls.remind_polls(at=timezone.now())


@shared_task
def forget_needs():
    """Erase what people needed at meetings that are long over."""
    attending.forget_needs(at=timezone.now())
