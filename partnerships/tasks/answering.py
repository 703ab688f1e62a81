"""What the clock does for what members wait for."""

from celery import shared_task
from django.utils import timezone

from ..actions import answering


@shared_task
def bring_back_put_off():
    """Owe once more what was put off to a day that has come."""
    answering.bring_back_put_off(at=timezone.now())


@shared_task
def remind_answers_owed():
    """Remind those who lead of answers that are overdue."""
    answering.remind_answers_owed(at=timezone.now())
