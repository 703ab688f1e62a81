"""2,000 convening invitations from "send" to the last message accepted by a local SMTP server.

First undisturbed, for the rate, beside a bare loop that hands the same messages over one reused connection in the
same run. Then again with trouble: workers killed (SIGKILL) at random points and twice inside the SMTP dialogue, the
broker flushed once. Message-IDs are counted in the sink: each row there exactly once, or ambiguous and then sent
again with the same Message-ID, at most one per kill; none lost.

    python -m bench.invitations [--number 2000] [--rounds 5]
"""

import argparse
import collections
import contextlib
import json
import os
import random
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

from bench._servers import ROOT, median, site

# name -> queue; as docker-compose.yml starts them, but with a process of its own for each, to be killed by itself
WORKERS = {"prompt": "prompt", "bulk-1": "bulk", "bulk-2": "bulk"}


class Sink:
    """The SMTP server of this run: a process of its own, and what it wrote down."""

    def __init__(self, folder, name, *pauses):
        self.file, self.read, self.first = Path(folder, name), 0, {}
        command = [sys.executable, str(ROOT / "bench" / "_smtp_sink.py"), str(self.file), "--pause", "2"]
        for number in pauses:
            command += ["--pause-after", str(number)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def message_ids(self):
        return [line.split()[1] for line in self.file.read_text().splitlines()]

    def first_times(self):
        """{Message-ID: when it was first accepted}. Reads only what is new: it is asked all the time."""
        with self.file.open("rb") as file:
            file.seek(self.read)
            new = file.read()
        new = new[: new.rfind(b"\n") + 1]
        self.read += len(new)
        for line in new.splitlines():
            at, message_id, _recipient = line.split()
            self.first.setdefault(message_id, float(at))
        return self.first

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


class Crew:
    """Celery's clock and workers against one sink. A killed worker is started again at once, as a manager would."""

    def __init__(self, port):
        self.environment = {**os.environ, "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port)}
        self.kills = 0
        self.processes = {name: self._worker(name) for name in WORKERS}
        schedule = Path(tempfile.mkdtemp(prefix="beat-"), "schedule")
        self.clock = self._start("beat", "--pidfile=", "--schedule", str(schedule))

    def _start(self, *arguments):
        command = [
            sys.executable,
            "-m",
            "celery",
            "--quiet",
            "-A",
            "cocreate",
            *arguments,
            "--loglevel",
            "error",
        ]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)

    def _worker(self, name):
        options = ["--concurrency", "1", "--without-gossip", "--without-mingle"]
        return self._start("worker", "-Q", WORKERS[name], "-n", f"{name}@%h", *options)

    def kill(self):
        """SIGKILL each worker of the bulk lane and its child, wherever they are in their work."""
        for name in [name for name, queue in WORKERS.items() if queue == "bulk"]:
            self.kills += 1
            os.killpg(self.processes[name].pid, signal.SIGKILL)
            self.processes[name].wait()
            self.processes[name] = self._worker(name)

    def stop(self):
        for process in (self.clock, *self.processes.values()):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Trouble:
    """What goes wrong: workers killed twice inside a dialogue and three times anywhere, the broker emptied once."""

    def __init__(self, number):
        import redis

        self.inside = sorted(random.sample(range(number // 5, number * 4 // 5), 2))
        self.between = sorted(random.sample(range(number // 10, number * 9 // 10), 3))
        self.flush_at, self.flushed = number // 3, []
        self.broker, self.crew = redis.Redis.from_url(os.environ["REDIS_URL"]), None

    def __call__(self, accepted):
        """Do what is due when so many messages have been accepted."""
        if self.inside and accepted >= self.inside[0]:  # the sink has written it down and holds back its 250
            self.inside.pop(0)
            self.crew.kill()
        if self.between and accepted >= self.between[0]:
            self.between.pop(0)
            time.sleep(random.random() * 0.05)
            self.crew.kill()
        if not self.flushed and accepted >= self.flush_at:
            self.broker.flushall()
            self.flushed.append(accepted)


def convene(platform, convener, name, number):
    """A partnership with so many drafted invitations."""
    from django.utils import timezone

    from partnerships import actions

    now = timezone.now()
    arena = actions.arenas.convene(
        platform=platform,
        title=f"Invitations {name}",
        summary="Who will come?",
        question="How can it be better?",
        by=convener,
        at=now,
    )
    addresses = [
        {
            "name": f"Person {n}",
            "address": f"{name}-{n}@example.org",
            "sector": "citizens",
            "why_you": "You live here.",
            "language": "en" if n % 2 else "da",
        }
        for n in range(number)
    ]
    actions.invitations.draft_invitations(partnership=arena, addresses=addresses, by=convener, at=now)
    return arena


def send(arena, convener):
    """Press "send": rows only; returns the seconds the request took."""
    from django.utils import timezone

    from partnerships import actions

    began = time.perf_counter()
    actions.invitations.send_invitations(partnership=arena, by=convener, at=timezone.now())
    return time.perf_counter() - began


def wait_for(sink, number, *, watch=None, seconds=600):
    """Until the sink has accepted so many different messages; the time of the last first acceptance."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        accepted = len(sink.first_times())
        if watch:
            watch(accepted)
        if accepted >= number:
            break
        time.sleep(0.02)
    return max(sink.first_times().values(), default=0.0)


def letters_of(arena):
    """The same messages, rendered again."""
    from notices.kinds import kind_named
    from notices.letters import write_letter
    from notices.models import Notice

    kind, letters = kind_named("invitation"), []
    notices = list(Notice.objects.filter(scope=arena.pk, kind="invitation"))
    for start in range(0, len(notices), 50):
        batch = notices[start : start + 50]
        facts, readers = kind.context(batch), kind.recipients([n.recipient for n in batch])
        letters += [write_letter(n, kind, readers[n.recipient], facts[n.pk]) for n in batch]
    return letters


def bare_loop(letters, folder, name):
    """Messages a second of a loop that renders nothing and keeps no books, over one connection."""
    sink = Sink(folder, name)
    payloads = [(letter.sender, letter.address, letter.payload) for letter in letters]
    try:
        with smtplib.SMTP("127.0.0.1", sink.port, local_hostname="localhost") as connection:
            began = time.perf_counter()
            for sender, address, payload in payloads:
                connection.sendmail(sender, [address], payload)
            took = time.perf_counter() - began
    finally:
        sink.stop()
    return len(payloads) / took


def undisturbed(platform, convener, folder, number, rounds):
    """Rates of the product and of the bare loop, round by round.

    Others may be at work on this machine: the bare loop goes through its messages twice, to last about as long, and a
    round is compared with the mean of the loops before and after it.
    """
    ours, bare, requests, ratios = [], [], [], []
    for round_ in range(rounds):
        sink = Sink(folder, f"calm-{round_}")
        crew = Crew(sink.port)
        try:
            arena = convene(platform, convener, f"calm{round_}", number)
            time.sleep(3)  # workers are up and idle, as they are in production
            began = time.time()
            requests.append(send(arena, convener))
            ours.append(number / (wait_for(sink, number) - began))
            settle(arena, 30)
        finally:
            crew.stop()
            sink.stop()
        check(arena, sink, number, kills=0)
        bare.append(bare_loop(letters_of(arena) * 2, folder, f"bare-{round_}"))
        ratios.append(ours[-1] / mean(bare[-2:]))
        print(f"round {round_ + 1}: {ours[-1]:.0f}/s, bare loop {bare[-1]:.0f}/s, ratio {ratios[-1]:.2f}")
    return {
        "per_second": round(median(ours)),
        "bare_per_second": round(median(bare)),
        "ratio": round(median(ratios), 2),
        "request_seconds": round(median(requests), 2),
    }


def disturbed(platform, convener, folder, number):
    """The same with trouble; returns what the sink saw and what the rows say."""
    trouble = Trouble(number)
    sink = Sink(folder, "trouble", *trouble.inside)
    crew = trouble.crew = Crew(sink.port)
    try:
        arena = convene(platform, convener, "trouble", number)
        time.sleep(3)
        began = time.time()
        send(arena, convener)
        last = wait_for(sink, number, watch=trouble)
        settle(arena, 120)
    finally:
        crew.stop()
        sink.stop()
    found = check(arena, sink, number, kills=crew.kills)
    return {**found, "kills": crew.kills, "flushed_at": trouble.flushed, "seconds": round(last - began, 1)}


def settle(arena, seconds):
    """Until no row is on its way any more."""
    from notices.models import Notice

    ends = time.monotonic() + seconds
    while Notice.objects.filter(scope=arena.pk).unsent().exists() and time.monotonic() < ends:
        time.sleep(0.2)


def check(arena, sink, number, *, kills):
    """Count, and stop with words if a promise is broken."""
    from notices.models import Notice

    seen = collections.Counter(sink.message_ids())
    rows = dict(Notice.objects.filter(scope=arena.pk, kind="invitation").values_list("message_id", "state"))
    lost = [message_id for message_id in rows if not seen[message_id]]
    twice = {message_id: count for message_id, count in seen.items() if count > 1}
    doubted = Notice.objects.filter(scope=arena.pk, kind="invitation", doubts__gt=0).count()
    found = {
        "rows": len(rows),
        "accepted": sum(seen.values()),
        "once": sum(count == 1 for count in seen.values()),
        "twice_same_message_id": len(twice),
        "ambiguous": doubted,
        "lost": len(lost),
        "states": dict(collections.Counter(rows.values())),
    }
    print(found)
    broken = lost or len(rows) != number or set(seen) - set(rows) or len(twice) > kills
    if broken or any(count > 2 for count in twice.values()) or set(rows.values()) != {"sent"}:
        raise SystemExit(f"A promise is broken: {found}")
    return found


def main():
    """Measure, disturb, count; print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with site() as folder:
        from bench import _seed
        from partnerships.models import Office, Platform

        platform, people = _seed.everyone()
        Platform.objects.update(convener_daily_invitations=1_000_000)
        platform.refresh_from_db()
        Office.objects.create(platform=platform, person=people[0], kind=Office.Kind.CONVENER)
        calm = undisturbed(platform, people[0], folder, options.number, options.rounds)
        trouble = disturbed(platform, people[0], folder, options.number)
    print(
        json.dumps(
            {"bench": "invitations", "number": options.number, "undisturbed": calm, "disturbed": trouble}
        )
    )


if __name__ == "__main__":
    main()
