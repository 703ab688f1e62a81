"""What the clock calls. Losing a call costs a second; any number of calls is harmless."""

import gc
import time

from celery import shared_task
from celery.signals import worker_init
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation

from notices import actions
from notices.kinds import all_kinds
from notices.links import EVERYWHERE, NOBODY

STAY = 0.7  # of each second, a process may spend so much on waiting for what is not there yet


@shared_task
def drain(lane):
    """Send what is due in a lane, until it is empty or 50 seconds have passed; wait a little for what may come."""
    actions.drain(lane, stay=_time_to_spare())


_last = -1.0


def _time_to_spare():
    """How long to wait for something to send: once a second, however many lanes and ticks this process serves."""
    global _last
    now = time.monotonic()
    if now - _last < 1:
        return 0
    _last = now
    return STAY


@shared_task
def sweep():
    """Take back what dead workers held."""
    actions.sweep(at=timezone.now())


@shared_task
def take_bounces():
    """Take in reports of failures and answers of programs, where a folder for them is named."""
    if settings.BOUNCE_MAILDIR:
        actions.take_bounces(folder=settings.BOUNCE_MAILDIR, at=timezone.now())


@worker_init.connect
def make_ready(**_signal):
    """Load addresses and templates before a worker takes tasks: else the first reader waits for them."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("unsubscribe", args=[NOBODY, "any", EVERYWHERE, "any"])
            for kind in all_kinds().values():
                for name in [*kind.templates, *kind.part_templates]:
                    get_template(name)
    gc.freeze()  # what is loaded now stays: looking through it for garbage would take a tenth of the time of a mail
