"""Draining a lane: claim, check that it is still true, render, hand over, write the end state; batch by batch."""

import logging
import time
from contextlib import closing, contextmanager
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from ..kinds import BATCH, BULK, DIGEST, NOWHERE, OFF, PROMPT, all_kinds
from ..letters import write_letter
from ..models import Notice, Suppression, address_digest
from ..post import DOUBT, FAILED, RETRY, SENT, Post, Unreachable
from . import steps
from .choices import GATHERING, chosen_by, suppress
from .dispatcher import may_send
from .gathering import digests_of, gather, take_in
from .sweeping import follow

log = logging.getLogger(__name__)

SLOTS = 2  # drains of one lane at work at once, over all machines
LOCK_CLASS = 0x6E6F7469
FRESH = 5  # seconds for which "still true" is believed
GLANCE = 0.1  # seconds between two looks of a drain that stays
# Who works on a lane also takes what somebody waits for at the screen, even where one worker serves both lanes.
SERVES = {PROMPT: (PROMPT,), BULK: (PROMPT, BULK)}


def drain(lane, *, at=None, seconds=50, stay=0):
    """Send what is due in a lane until nothing is, or `seconds` have passed; returns how many were accepted.

    `at` moves the clock (tests, and drills of what happens later). Who finds nothing due stays for `stay` seconds, to
    begin at once with what comes. Returns 0 at once when enough drains of this lane are at work or the dispatcher is
    paused.
    """
    shift = at - timezone.now() if at else timedelta(0)
    with slot(lane) as free:
        return Drain(lane, lambda: timezone.now() + shift, seconds).run(stay) if free else 0


@contextmanager
def slot(lane):
    """One of the lane's places for a drain, or False. The database gives it back when a worker dies."""
    first = list(SERVES).index(lane) * SLOTS
    taken = next(
        (number for number in range(first, first + SLOTS) if _lock("pg_try_advisory_lock", number)), None
    )
    try:
        yield taken is not None
    finally:
        if taken is not None:
            _lock("pg_advisory_unlock", taken)


def _lock(function, number):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK_CLASS, number])
        return cursor.fetchone()[0]


class Drain:
    """One worker's work on one lane, over one connection to the mail server."""

    def __init__(self, lane, clock, seconds):
        self.lanes, self.clock = SERVES[lane], clock
        self.ends = time.monotonic() + seconds
        self.accepted = 0

    def run(self, stay):
        """Batch after batch; the number of letters accepted."""
        # `may_send` even if nothing is due: a restored copy must be known as one before anything new is owed in it.
        if stay and not (may_send(self.clock()) and self._comes(time.monotonic() + stay)):
            return 0
        self.by = steps.session()
        with steps.at_work(), closing(Post()) as self.post:
            while time.monotonic() < self.ends and may_send(self.clock()):
                batch = self._claim()
                if not batch or not self._batch(batch):
                    break
        return self.accepted

    def _comes(self, leaves):
        """Whether something falls due before it is time to leave."""
        while not any(Notice.objects.claimable(lane, self.clock()).exists() for lane in self.lanes):
            if time.monotonic() >= leaves:
                return False
            time.sleep(GLANCE)
        return True

    def _claim(self):
        claims = (steps.claim(lane=lane, size=BATCH, at=self.clock(), by=self.by) for lane in self.lanes)
        return next((batch for batch in claims if batch), [])

    def _batch(self, batch):
        """Send one batch; False when the mail server is out of reach, so that going on makes no sense."""
        checked = time.monotonic()
        try:
            letters = prepare(batch, self.clock())
            if letters:
                self._hand_over(letters, checked + FRESH)
            return True
        except Unreachable as error:
            log.warning("The mail server cannot be reached: %s", error)
            waiting = [letter.notice for letter in letters]
            steps.again(waiting, reason="unreachable", at=self.clock(), longest=timedelta(minutes=1))
            return False
        finally:
            steps.release(batch, by=self.by)
            follow(at=self.clock(), ids=[notice.id for notice in batch])

    def _hand_over(self, letters, until):
        """Intent, dialogue, end state for each; an end and the next intent share a commit."""
        done = None
        try:
            for letter in letters:
                if letter is not letters[0] and time.monotonic() > until:
                    break  # what was true may have changed: the rest goes back and is checked anew
                self.post.open()
                go = steps.sent_and_next(done, letter.notice, at=self.clock(), by=self.by)
                done = None
                if go:
                    done = self._settle(letter, self.post.hand_over(letter))
        finally:
            if done:
                steps.sent_and_next(done, None, at=self.clock(), by=self.by)

    def _settle(self, letter, outcome):
        """Write any end but "sent"; a sent notice is returned, to be written with the next intent."""
        notice, at = letter.notice, self.clock()
        if outcome.result == SENT:
            self.accepted += 1
            return notice
        if outcome.result == RETRY:
            steps.again([notice], reason=outcome.reason, at=at, longest=timedelta(hours=1))
        elif outcome.result == DOUBT:
            steps.doubt([notice], at=at)
        elif outcome.result == FAILED:
            if outcome.nobody_there:
                suppress(address=letter.address, reason="bounced", at=at)
            steps.fail([notice], reason=outcome.reason, at=at)
        return None


# --- from rows to letters ---------------------------------------------------------------------------------------


def prepare(batch, at):
    """The letters of those that are still true, wanted and have an address; the others end here."""
    letters = []
    for name in dict.fromkeys(notice.kind for notice in batch):
        notices = [notice for notice in batch if notice.kind == name]
        kind = all_kinds().get(name)
        if kind:
            letters += _of_one_kind(kind, notices, at)
        else:
            _undeclared(name, notices, at)
    return letters


def _undeclared(name, notices, at):
    log.error("Notices of kind %s are owed, but no app declares it.", name)
    for notice in notices:
        steps.strike(notice, at=at)
    return {}


def _of_one_kind(kind, notices, at):
    notices = _in_time(notices, at)
    if kind.name == DIGEST:
        _fill(notices, at)
    notices = _still_true(kind, notices, at)
    notices, choices = _wanted(kind, notices)
    notices, recipients = _reachable(kind, notices, at)
    notices = _at_once(kind, notices, choices, recipients, at)
    notices, facts = _told(kind, notices, at)
    shared = {}

    def write(some):
        return {n.id: write_letter(n, kind, recipients[n.id], facts[n.id], shared) for n in some}

    _written, letters = _ask(write, notices, at)
    return [letters[notice.id] for notice in notices if notice.id in letters]


def _ask(function, notices, at):
    """(notices it could be asked about, its {id: answer}); what it chokes on alone gets a strike."""
    try:
        return notices, function(notices) if notices else {}
    except Exception:
        if len(notices) == 1:
            log.exception("Notice %s of kind %s cannot be written.", notices[0].id, notices[0].kind)
            steps.strike(notices[0], at=at)
            return [], {}
    fine, answers = [], {}
    for notice in notices:
        asked, answer = _ask(function, [notice], at)
        fine, answers = fine + asked, answers | answer
    return fine, answers


def _in_time(notices, at):
    late = [notice for notice in notices if at - notice.due_at >= steps.NEWS]
    if late:
        steps.fail(late, reason="too_late", at=at)
    return [notice for notice in notices if notice not in late]


def _still_true(kind, notices, at):
    asked, true = _ask(lambda some: dict.fromkeys(kind.still_true(some), True), notices, at)
    return _or_drop(asked, true, "untrue")


def _told(kind, notices, at):
    asked, facts = _ask(kind.context, notices, at)
    facts = {key: value for key, value in facts.items() if value is not None}
    return _or_drop(asked, facts, "untrue"), facts


def _or_drop(notices, wanted, reason):
    """The notices that are among the wanted; the others are dropped."""
    others = [notice for notice in notices if notice.id not in wanted]
    if others:
        steps.drop(others, reason=reason)
    return [notice for notice in notices if notice.id in wanted]


def _wanted(kind, notices):
    """(notices but for those that their reader does not want, {notice id: what the reader chose})."""
    if not kind.switchable or not notices or kind.name == DIGEST:
        return notices, {}
    chosen = chosen_by([n.recipient for n in notices], [kind.name])
    choices = {n.id: chosen(n.recipient, n.scope, kind) for n in notices}
    for unwanted in (OFF, NOWHERE):
        wanted = {n.id for n in notices if choices[n.id] != unwanted}
        notices = _or_drop(notices, wanted, unwanted)
    return notices, choices


def _reachable(kind, notices, at):
    """(notices with an address that takes mail, {notice id: Recipient}); the others fail, so that somebody calls."""

    def recipients(some):
        found = kind.recipients([notice.recipient for notice in some])
        return {notice.id: found[notice.recipient] for notice in some if notice.recipient in found}

    asked, found = _ask(recipients, notices, at)
    unknown = [notice for notice in asked if notice.id not in found or not found[notice.id].address]
    shut = _suppressed(kind, [notice for notice in asked if notice not in unknown], found)
    for reason, some in (("no_address", unknown), ("suppressed", shut)):
        if some:
            steps.fail(some, reason=reason, at=at)
    return [notice for notice in asked if notice not in unknown and notice not in shut], found


def _suppressed(kind, notices, found):
    """Those whose address mail came back from. Who asks for a sign-in mail is always written to."""
    if kind.lane == PROMPT or not notices:
        return []
    digests = {notice.id: address_digest(found[notice.id].address) for notice in notices}
    shut = Suppression.objects.filter(address_digest__in=digests.values())
    shut = set(shut.values_list("address_digest", flat=True))
    return [notice for notice in notices if digests[notice.id] in shut]


# --- digests -------------------------------------------------------------------------------------------------------


def _at_once(kind, notices, choices, recipients, at):
    """Those that go now. The others wait for their reader's digest: but not what it would tell too late, nor what may
    have arrived already."""
    wanted = {
        notice: (choices[notice.id], recipients[notice.id].time_zone)
        for notice in notices
        if choices.get(notice.id) in GATHERING and not notice.doubts
    }
    mornings = digests_of(wanted, at)
    broken = []
    if kind.until and mornings:
        asked, ends = _ask(kind.until, list(mornings), at)
        broken = [notice for notice in mornings if notice not in asked]
        mornings = {n: mornings[n] for n in asked if (ends.get(n.id) or mornings[n]) >= mornings[n]}
    if mornings:
        gather(mornings, at=at)
    return [notice for notice in notices if notice not in mornings and notice not in broken]


def _fill(digests, at):
    """Put into each digest what waits for its reader and is still true and wanted; the rest ends here."""
    for digest in digests:
        digest.inside = []
    by_id = {digest.id: digest for digest in digests}
    items = take_in(digests, at=at) if digests else []
    told = {}
    for name in dict.fromkeys(item.kind for item in items):
        told |= _to_tell(name, [item for item in items if item.kind == name], at)
    for item in items:
        if item.id in told:
            by_id[item.gathered_in].inside.append((item, *told[item.id]))


def _to_tell(name, items, at):
    """{item id: (its Kind, what it tells)}."""
    kind = all_kinds().get(name)
    if not kind:
        return _undeclared(name, items, at)
    items = _still_true(kind, items, at)
    items, _choices = _wanted(kind, items)
    _items, facts = _told(kind, items, at)
    return {pk: (kind, told) for pk, told in facts.items()}
