"""What the clock does for stages."""

from celery import shared_task
from django.utils import timezone

from ..actions import stages


@shared_task
def remind_stage_due():
    """Remind those who lead of a stage that is due."""
    stages.remind_stage_due(at=timezone.now())
