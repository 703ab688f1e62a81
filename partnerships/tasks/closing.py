"""What the clock does for accounts that are owed."""

from celery import shared_task
from django.utils import timezone

from ..actions import closing


@shared_task
def remind_of_accounts():
    """Remind of accounts that are owed at the end of a partnership."""
    closing.remind_of_accounts(at=timezone.now())
