"""What the clock does for workshops."""

from celery import shared_task
from django.utils import timezone

from ..actions import workshops


@shared_task
def forget_phones():
    """Erase the phones of workshops that are over long enough."""
    workshops.forget_phones(at=timezone.now())
