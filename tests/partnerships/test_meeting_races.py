"""Meetings when two deeds come at the same moment: whoever answers holds up nobody who writes down what was said."""

import datetime
import threading

import pytest
from django.db import transaction
from django.utils import timezone

from partnerships import actions
from partnerships.actions.attending import _locked
from partnerships.models import MeetingDeed
from tests.partnerships.meeting import call
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_promise_is_written_down_while_somebody_answers(cast):
    """Both end in the record: were one to wait for the meeting and the other for the record, neither would end."""
    now, hour = timezone.now(), datetime.timedelta(hours=1)
    meeting = call(cast, at=now - 2 * hour, starts_at=now - hour, ends_at=now + hour)
    answering, written = threading.Event(), threading.Event()

    def answer():
        with transaction.atomic():
            _locked(meeting, cast.citizen)
            answering.set()
            return written.wait(5)

    def write_down():
        answering.wait(5)
        promise = {"member": cast.member(cast.official), "kind": "task", "what": "Measure the smell"}
        actions.minutes.promise_in_meeting(
            meeting=meeting, item=None, by=cast.convener, at=timezone.now(), **promise
        )
        written.set()

    assert race(answer, write_down) == [True, None]
    assert MeetingDeed.objects.count() == 1
