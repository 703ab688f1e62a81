"""What a digest nearly took in or left, and what follows an end that changed in the meantime."""

import pytest

from notices.actions import drain, sweep, sweeping
from notices.models import Notice
from tests.notices.kinds import address, person
from tests.notices.test_digests import MINUTE, THURSDAY_MORNING, WEDNESDAY, gathered, states, wants

pytestmark = pytest.mark.django_db


def test_what_could_not_be_written_into_a_digest_does_not_share_its_fate(owe, post_office, world):
    gathered(owe)
    owe(1, kind="law", at=THURSDAY_MORNING - MINUTE)
    Notice.objects.filter(occurrence="a").update(kind="forgotten")
    drain("bulk", at=THURSDAY_MORNING)
    digest = Notice.objects.get(kind="digest")
    assert [n.gathered_in for n in Notice.objects.filter(occurrence__in="ab").order_by("occurrence")] == [
        None,
        digest.id,
    ]


def test_what_follows_an_end_is_chosen_by_the_end_that_it_has_now(owe, post_office, world):
    owe(1, at=WEDNESDAY)
    (note,) = Notice.objects.all()
    Notice.objects.update(state="sent", sent_at=WEDNESDAY)
    ends = []
    sweeping._follow(lambda rows, at: ends.extend(rows), "failed", [note.id], WEDNESDAY)
    assert ends == []
    assert not Notice.objects.get().followed
    sweep(at=WEDNESDAY)
    assert (world.sent, world.failed) == ([(1, "note")], [])


def test_what_is_taken_a_little_late_goes_into_the_digest_it_was_meant_for_while_that_waits(owe, post_office):
    gathered(owe)
    at_eight = THURSDAY_MORNING - 5 * MINUTE
    post_office.stop()
    drain("bulk", at=THURSDAY_MORNING)  # the digest is tried again later
    owe(1, occurrence="c", at=at_eight)
    owe([2], at=at_eight)
    wants(2, "daily")
    Notice.objects.filter(kind="digest").update(try_at=THURSDAY_MORNING + MINUTE)
    post_office.start()
    claimed = Notice.objects.filter(kind="note", state="queued").update(try_at=at_eight)
    assert claimed == 2
    drain("bulk", at=THURSDAY_MORNING + MINUTE)
    sweep(at=THURSDAY_MORNING + MINUTE)
    (message,) = [message for to, message in post_office.accepted if to == address(1)]
    assert message["Subject"][:1] == "3"
    assert states(recipient=person(2)) == [(2, "", "gathered")]  # nothing waited for this morning: tomorrow
