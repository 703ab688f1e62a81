"""Pausing and resuming, for tests."""

import datetime

from django.utils import timezone

from cocreate import stages
from partnerships import actions
from partnerships.models import Partnership

NOON = datetime.time(12)


def noon(days=0):
    """Noon of today in UTC, or so many days later."""
    return timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + datetime.timedelta(days=days)


def pause(cast, *, by=None, at=None, expected=None, reason="The money is not voted yet.", look_again_on=None):
    arena = Partnership.objects.get(pk=cast.partnership.pk)
    return actions.pauses.pause_partnership(
        partnership=arena,
        reason=reason,
        look_again_on=look_again_on,
        expected=arena.stage_version if expected is None else expected,
        by=by or cast.convener,
        at=at or timezone.now(),
    )


def resume(cast, *, by=None, at=None, expected=None):
    arena = Partnership.objects.get(pk=cast.partnership.pk)
    return stages.resume(
        partnership=arena,
        expected=arena.stage_version if expected is None else expected,
        by=by or cast.convener,
        at=at or timezone.now(),
    )
