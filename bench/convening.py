"""10,000 invitations through the web: from the press on "Send now" to the last message in a local mail server.

gunicorn with two workers, the clock and three Celery workers as in production, processes of their own. A convener
types the number and sends; their page of how far it is is fetched every two seconds, as a browser does; half way,
somebody else asks for a sign-in mail. First undisturbed, beside a bare loop that hands the same messages over one
connection in the same run; then with workers killed (SIGKILL) and the broker emptied, and every Message-ID counted.

    python -m bench.convening [--number 10000]
"""

import argparse
import collections
import contextlib
import http.client
import json
import re
import threading
import time
from statistics import mean
from urllib.parse import urlencode

import psutil

from bench._servers import site, web
from bench.invitations import Crew, Sink, Trouble, bare_loop, convene, letters_of, settle, wait_for

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
A_LOOK = 2  # seconds between two looks at how far it is
ROLES = {"gunicorn": "web", "worker": "worker"}  # a word of the command line -> whose memory it is


class Browser:
    """Somebody at the site: keeps cookies, fills in forms."""

    def __init__(self, port, cookie=""):
        self.port, self.cookies = port, dict([cookie.split("=", 1)] if cookie else [])

    def _ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Host": "localhost", "Cookie": jar, **headers})
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, value = line.split(";")[0].split("=", 1)
                self.cookies[name] = value
            return answer.status, answer.read().decode()

    def get(self, path, **headers):
        """(status, page)."""
        return self._ask("GET", path, **headers)

    def fill(self, path, **typed):
        """Open a page, type, and press; the seconds from the press to the answer."""
        status, page = self.get(path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        body = urlencode({"csrfmiddlewaretoken": TOKEN.search(page)[1], **typed})
        began = time.perf_counter()
        status, page = self._ask("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})
        if status != 302:
            raise SystemExit(f"{path} answered {status}: {page[:500]}")
        return time.perf_counter() - began


class Memory:
    """The most memory (RSS, MB) that one web process and one worker process took; looked at ten times a second."""

    def __init__(self):
        self.peak, self.over = collections.Counter(), threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        self.thread.join()

    def _watch(self):
        while not self.over.wait(0.1):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    self._note(process)

    def _note(self, process):
        words = process.cmdline()
        role = next((role for word, role in ROLES.items() if word in words), None)
        if role:
            self.peak[role] = max(self.peak[role], round(process.memory_info().rss / 2**20))


class Convener:
    """Sends, and looks how far it is; half way, somebody else asks for a sign-in mail."""

    def __init__(self, port, cookie, arena, number, visitor):
        self.page, self.number, self.visitor = f"/partnerships/{arena.slug}/invite", number, visitor
        self.browser, self.stranger = Browser(port, cookie), Browser(port)
        self.looks, self.looked, self.asked_at = [], 0.0, None

    def send(self):
        """Type the number and press; the seconds until the web answers."""
        return self.browser.fill(f"{self.page}/send/", number=self.number)

    def watch(self, accepted):
        """What happens meanwhile."""
        if time.monotonic() - self.looked > A_LOOK:
            began = self.looked = time.monotonic()
            status, _part = self.browser.get(f"{self.page}/sent/", **{"HX-Request": "true"})
            if status != 200:
                raise SystemExit(f"The page of how far it is answered {status}")
            self.looks.append(time.monotonic() - began)
        if self.asked_at is None and accepted >= self.number // 2:
            self.asked_at = time.time()
            self.stranger.fill("/account/login/code/", email=self.visitor)


def one_round(platform, convener, visitor, folder, name, number, trouble=None):
    """Send once; what was seen."""
    from bench.pages import sign_in

    sink = Sink(folder, name, *(trouble.inside if trouble else ()))
    arena = convene(platform, convener, name, number)
    _client, cookie = sign_in(convener)
    with web() as port, Memory() as memory:
        crew = Crew(sink.port)
        if trouble:
            trouble.crew = crew
        at_work = Convener(port, cookie, arena, number, visitor)
        at_work.browser.get("/")  # a first page: the web has been used before

        def watch(accepted):
            at_work.watch(accepted)
            if trouble:
                trouble(accepted)

        try:
            time.sleep(4)  # workers are up and idle, as they are in production
            began = time.time()
            answered = at_work.send()
            last = wait_for(sink, number + 1, watch=watch)  # and the sign-in mail
            settle(arena, 120)
        finally:
            crew.stop()
            sink.stop()
    found = counted(arena, sink, number, visitor, kills=crew.kills)
    found |= {
        "answer_seconds": round(answered, 2),
        "last_in_sink_seconds": round(last - began, 1),
        "per_second": round(number / (last - began)),
        "sign_in_seconds": round(arrival(sink, visitor) - at_work.asked_at, 2),
        "looks": len(at_work.looks),
        "slowest_look_seconds": round(max(at_work.looks), 2),
        "peak_mb": dict(memory.peak),
    }
    if trouble:
        found |= {"kills": crew.kills, "flushed_at": trouble.flushed}
    print(name, found, flush=True)
    return arena, found


def lines_of(sink):
    """[(when, Message-ID, recipient)] of everything accepted."""
    return [line.split() for line in sink.file.read_text().splitlines()]


def arrival(sink, recipient):
    """When the first message for somebody was accepted."""
    return min(float(at) for at, _message_id, to in lines_of(sink) if to == recipient)


def counted(arena, sink, number, visitor, *, kills):
    """Each message once, or twice under the same Message-ID; stop with words if a promise is broken."""
    from notices.models import Notice

    seen = collections.Counter(message_id for _at, message_id, to in lines_of(sink) if to != visitor)
    rows = dict(Notice.objects.filter(scope=arena.pk, kind="invitation").values_list("message_id", "state"))
    found = {
        "rows": len(rows),
        "accepted": sum(seen.values()),
        "once": sum(count == 1 for count in seen.values()),
        "twice_same_message_id": sum(count == 2 for count in seen.values()),
        "more_often": sum(count > 2 for count in seen.values()),
        "lost": sum(not seen[message_id] for message_id in rows),
        "unknown": len(set(seen) - set(rows)),
        "states": dict(collections.Counter(rows.values())),
    }
    whole = len(rows) == number and set(rows.values()) == {"sent"}
    broken = (
        found["lost"] or found["unknown"] or found["more_often"] or found["twice_same_message_id"] > kills
    )
    if broken or not whole:
        raise SystemExit(f"A promise is broken: {found}")
    return found


def main():
    """Send, disturb, count; print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=10_000)
    number = parser.parse_args().number
    with site() as folder:
        from bench import _seed
        from partnerships.models import Office, Platform

        platform, people = _seed.everyone()
        Platform.objects.update(convener_daily_invitations=1_000_000)
        platform.refresh_from_db()
        convener, visitor = people[0], people[1].email
        Office.objects.create(platform=platform, person=convener, kind=Office.Kind.CONVENER)
        people[1].emailaddress_set.create(email=visitor, verified=True, primary=True)
        arena, calm = one_round(platform, convener, visitor, folder, "calm", number)
        letters = letters_of(arena)
        bare = [bare_loop(letters, folder, "bare-1")]
        _arena, disturbed = one_round(
            platform, convener, visitor, folder, "trouble", number, trouble=Trouble(number)
        )
        bare.append(bare_loop(letters, folder, "bare-2"))
    calm |= {
        "bare_per_second": [round(rate) for rate in bare],
        "ratio": round(calm["per_second"] / mean(bare), 2),
    }
    load = [round(one, 1) for one in psutil.getloadavg()]
    print(
        json.dumps(
            {
                "bench": "convening",
                "number": number,
                "load_at_end": load,
                "calm": calm,
                "disturbed": disturbed,
            }
        )
    )


if __name__ == "__main__":
    main()
