"""What the clock does for registers, calls and draws: what people said of themselves does not stay for ever."""

from celery import shared_task
from django.utils import timezone

from .. import actions


@shared_task
def remind_register():
    """Ask those whose entry lapses soon whether they are still willing."""
    actions.register.remind_register(at=timezone.now())


@shared_task
def end_lapsed():
    """End the entries whose time is over."""
    actions.register.end_lapsed(at=timezone.now())


@shared_task
def tell_free_seats():
    """Tell conveners of seats that are free again, so that the next on the reserve list is asked."""
    actions.lots.tell_free_seats(at=timezone.now())


@shared_task
def forget_words():
    """Erase what people wrote who put themselves forward and were not chosen, when their time is over."""
    actions.calls.forget_words(at=timezone.now())
