"""Phones in a room and its wall as real HTTP clients, which do what static/js/workshop.js and htmx do.

A phone keeps a note until the site says yes, and sends it again under the same number. Some lose the network now and
then: nothing goes out, or the answer is lost after the note has arrived, or it comes too late.
"""

import contextlib
import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PROMPT = re.compile(r'name="prompt" value="([^"]+)"')
NOW = re.compile(r'data-now="([^"]*)"')
SINCE = re.compile(r"\?since=([^\"]+)")
MARK = re.compile(r"mark-\d+-\d+")
LOOK = 4.0  # seconds between two looks of a phone at what the room is asked
WALL_LOOK = 2.0  # and of the wall
LONGEST_PAUSE = 10.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Client:
    """Somebody with a browser: keeps cookies, opens a connection for each request."""

    def __init__(self, port, cookies=None, seconds=15):
        self.port, self.cookies, self.seconds = port, dict(cookies or {}), seconds

    def open(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, {"Host": "localhost", "Cookie": jar, **headers})
        return connection

    def ask(self, method, path, body=None, **headers):
        """(status, page)."""
        with contextlib.closing(self.open(method, path, body, **headers)) as connection:
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, value = line.split(";")[0].split("=", 1)
                self.cookies[name] = value
            return answer.status, answer.read().decode()


@dataclass
class Sent:
    """One note: what it says, its number, when it was pressed, when the site said yes, and how often it went out."""

    body: str
    given: str
    pressed: float
    arrived: float = 0.0
    tries: int = 0


@dataclass
class Trouble:
    """How a phone loses the network: the share of tries that never leave it, and of answers that never reach it."""

    offline: float = 0.0
    answer_lost: float = 0.0


@dataclass
class Phone:
    """A phone that comes in and sends notes at its own moments."""

    number: int
    port: int
    code: str
    trouble: Trouble = field(default_factory=Trouble)
    sent: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    answers: list = field(default_factory=list)  # seconds that the site took to say yes

    def __post_init__(self):
        self.client, self.luck = Client(self.port), random.Random(self.number)
        self.room = f"/w/{self.code}/"

    @property
    def key(self):
        """The id of this phone, as its signed cookie says it."""
        return self.client.cookies["phone"].strip('"').split(":")[0]

    def come_in(self):
        """Open the room, join, and read the question."""
        _status, page = self.client.ask("GET", self.room)
        form = urlencode({"csrfmiddlewaretoken": TOKEN.search(page)[1]})
        self.client.ask("POST", f"{self.room}enter/", form, **FORM)
        status, page = self.client.ask("GET", self.room)
        if status != 200:
            raise SystemExit(f"Phone {self.number} did not get in: {status}")
        self.token, self.prompt, self.now = (found.search(page)[1] for found in (TOKEN, PROMPT, NOW))

    def take_part(self, notes, seconds):
        """Send so many notes within so many seconds, looking at the room meanwhile."""
        ends = time.monotonic() + seconds
        moments = sorted(self.luck.uniform(0, seconds) for _note in range(notes))
        began = time.monotonic()
        for number, moment in enumerate(moments):
            self._look_until(began + moment)
            self._send(f"Something that came to mind here. mark-{self.number}-{number}")
        self._look_until(ends)

    def _look_until(self, moment):
        while (left := moment - time.monotonic()) > 0:
            time.sleep(min(left, LOOK))
            if left > LOOK:
                self._look()

    def _look(self):
        try:
            status, _page = self.client.ask("GET", f"{self.room}now/?{urlencode({'since': self.now})}")
        except OSError as error:
            status = error
        if status not in (200, 204):
            self.errors.append(f"now: {status}")

    def _send(self, body):
        note = Sent(body, f"{self.number}-{len(self.sent)}-{self.luck.random()}", time.monotonic())
        self.sent.append(note)
        pause = 1.0
        while not note.arrived:
            note.tries += 1
            try:
                self._try(note)
            except (OSError, http.client.HTTPException):
                time.sleep(pause * self.luck.uniform(0.5, 1))
                pause = min(pause * 2, LONGEST_PAUSE)

    def _try(self, note):
        if self.luck.random() < self.trouble.offline:
            raise OSError("no network")
        facts = {
            "csrfmiddlewaretoken": self.token,
            "given": note.given,
            "prompt": self.prompt,
            "body": note.body,
        }
        ask = ("POST", f"{self.room}notes/", urlencode(facts))
        headers = {**FORM, "Accept": "application/json"}
        if self.luck.random() < self.trouble.answer_lost:
            self.client.open(*ask, **headers).close()  # the site has all of it; the yes goes nowhere
            raise OSError("the answer is lost")
        began = time.monotonic()
        status, page = self.client.ask(*ask, **headers)
        if status != 200:
            self.errors.append(f"note: {status} {page[:200]}")
            raise OSError("later")
        note.arrived = time.monotonic()
        self.answers.append(note.arrived - began)


class Wall:
    """A wall that renews itself, and notes when each note is there for the first time."""

    def __init__(self, port, path, cookies):
        self.client, self.path = Client(port, cookies), path
        self.seen, self.looks, self.unchanged, self.missed = {}, [], 0, 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        time.sleep(2 * WALL_LOOK)  # what came last is seen, too
        self.over.set()
        self.thread.join()

    def _watch(self):
        address = self.path
        while not self.over.wait(WALL_LOOK):
            began = time.monotonic()
            try:
                status, page = self.client.ask("GET", address, **{"HX-Request": "true"})
            except OSError:
                self.missed += 1
                continue
            self.looks.append(time.monotonic() - began)
            if status == 204:
                self.unchanged += 1
            elif status == 200:
                address = f"{self.path}?since={SINCE.search(page)[1]}"
                for mark in set(MARK.findall(page)) - set(self.seen):
                    self.seen[mark] = time.monotonic()
            else:
                raise SystemExit(f"The wall answered {status}")


def fill_the_room(phones, *, notes, seconds):
    """Let all phones come in, then take part at once."""
    for phone in phones:
        phone.come_in()
    threads = [threading.Thread(target=phone.take_part, args=[notes, seconds]) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
