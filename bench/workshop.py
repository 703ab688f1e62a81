"""A room of 100 phones: every note arrives once, and how long it takes to the wall.

gunicorn with two workers, as in production. Each phone sends five notes within a minute and looks at the room every
four seconds; a third of them lose the network now and then, before the note leaves or after it has arrived. One wall
renews itself every two seconds. Beside it, in the same run, a bare view that writes one row.

    python -m bench.workshop [--phones 100] [--notes 5] [--seconds 60]
"""

import argparse
import datetime
import json
import statistics
import time
import uuid

import psutil

from bench._phones import FORM, MARK, Client, Phone, Trouble, Wall, fill_the_room
from bench._servers import median, site, web

INSERT = "/bench/insert/"
ONES = 60  # requests of each kind, one after the other


def percentile(values, share):
    """The value below which so many per cent lie."""
    return statistics.quantiles(values, n=100)[share - 1]


def open_room():
    """A workshop with a question on the wall: (workshop, its convener)."""
    from django.utils import timezone

    from bench import _seed
    from partnerships.actions import meetings, workshops
    from partnerships.models import Member

    platform, people = _seed.everyone()
    arena, _proposal = _seed.partnership(platform, people, 1)
    Member.objects.filter(partnership=arena, person=people[0]).update(role=Member.Role.CONVENER)
    now = {"by": people[0], "at": timezone.now()}
    hours = {"starts_at": now["at"], "ends_at": now["at"] + datetime.timedelta(hours=2)}
    where = {
        "title": "An evening",
        "time_zone": "Europe/Copenhagen",
        "place": "Hall",
        "link": "",
        "agenda": "",
    }
    meeting = meetings.call_meeting(partnership=arena, **hours, **where, **now)
    room = workshops.start_workshop(meeting=meeting, prompts=[("What matters?", "experience")], **now)
    workshops.open_prompt(prompt=room.prompts.get(), **now)
    _seed.settle()
    return room, people[0]


def counted(phones):
    """How many notes were sent, are there once, more often, not at all; stop with words if a promise is broken."""
    from partnerships.actions.notes import key_of
    from partnerships.models import Note

    expected = {
        key_of(uuid.UUID(phone.key), note.given, note.body) for phone in phones for note in phone.sent
    }
    rows = dict(Note.objects.values_list("pk", "body"))
    bodies = list(rows.values())
    found = {
        "sent": len(expected),
        "there": len(rows),
        "lost": len(expected - set(rows)),
        "unknown": len(set(rows) - expected),
        "doubled": len(bodies) - len(set(bodies)),
        "sent_more_than_once": sum(note.tries > 1 for phone in phones for note in phone.sent),
    }
    if found["lost"] or found["unknown"] or found["doubled"]:
        raise SystemExit(f"A promise is broken: {found}")
    return found


def beside_bare(port, phone, wall):
    """Milliseconds of one client at a time: a phone's look, the wall with and without news, and the bare view."""
    asked = f"{phone.room}now/?since={phone.now.replace('/', '%2F')}"
    _status, page = wall.client.ask("GET", wall.path, **{"HX-Request": "true"})
    still = f"{wall.path}?since={page.split('since=')[1].split(chr(34))[0]}"
    kinds = {
        "look": lambda n: phone.client.ask("GET", asked),
        "wall_unchanged": lambda n: wall.client.ask("GET", still, **{"HX-Request": "true"}),
        "wall": lambda n: wall.client.ask("GET", wall.path, **{"HX-Request": "true"}),
    }
    found = {name: [] for name in (*kinds, "bare")}
    bare = Client(port)
    for number in range(ONES):
        for name, deed in (*kinds.items(), ("bare", lambda n: bare.ask("POST", INSERT, f"n={n}", **FORM))):
            began = time.perf_counter()
            status, _page = deed(number)
            found[name].append((time.perf_counter() - began) * 1000)
            if status not in (200, 204):
                raise SystemExit(f"{name} answered {status}")
    return {name: round(median(values), 2) for name, values in found.items()}


def notes_beside_bare(port, phone):
    """Milliseconds of a note beside those of the bare view, one after the other; a phone's minute holds twelve."""
    bare, own, plain = Client(port), [], []
    for number in range(12):
        phone._send(f"One at a time. mark-{phone.number}-{100 + number}")
        own.append(phone.answers[-1] * 1000)
        began = time.perf_counter()
        bare.ask("POST", INSERT, f"n={number}", **FORM)
        plain.append((time.perf_counter() - began) * 1000)
    return round(median(own), 2), round(median(plain), 2)


def main():
    """Fill a room, watch its wall, count; print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=100)
    parser.add_argument("--notes", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    with site("bench._settings"):
        from bench.pages import sign_in

        room, convener = open_room()
        _client, cookie = sign_in(convener)
        path = f"/partnerships/{room.partnership.slug}/workshops/{room.pk}/wall/"
        with web() as port:
            Client(port, seconds=60).ask("GET", "/")  # the workers are up
            weak = Trouble(offline=0.3, answer_lost=0.3)
            phones = [
                Phone(number, port, room.code, weak if number % 3 == 0 else Trouble())
                for number in range(options.phones)
            ]
            with Wall(port, path, dict([cookie.split("=", 1)])) as wall:
                fill_the_room(phones, notes=options.notes, seconds=options.seconds)
            found = counted(phones)
            waits = waits_of(phones, wall)
            last = Phone(options.phones, port, room.code)
            last.come_in()
            note, bare = notes_beside_bare(port, last)
            costs = beside_bare(port, last, wall)
    found |= {
        "errors": sum(len(phone.errors) for phone in phones),
        "first_error": next((phone.errors[0] for phone in phones if phone.errors), ""),
        **waits,
        "looks_of_the_wall": len(wall.looks),
        "slowest_look_seconds": round(max(wall.looks), 2),
        "looks_without_an_answer": wall.missed,
        "unchanged": wall.unchanged,
        "note_ms": note,
        "bare_insert_ms": bare,
        "note_ratio": round(bare / note, 2),
        **{f"{name}_ms": cost for name, cost in costs.items()},
        "load_at_end": [round(one, 1) for one in psutil.getloadavg()],
    }
    print(json.dumps({"bench": "workshop", **vars(options), **found}))


def waits_of(phones, wall):
    """Seconds from the press to the yes, and to the wall, of phones with a network and of those that lost it."""
    told = {}
    for name, weak in (("steady", False), ("weak", True)):
        notes = [note for phone in phones if bool(phone.trouble.offline) == weak for note in phone.sent]
        to_wall = [
            wall.seen[MARK.search(note.body)[0]] - note.pressed
            for note in notes
            if MARK.search(note.body)[0] in wall.seen
        ]
        to_yes = [note.arrived - note.pressed for note in notes]
        told |= {
            f"{name}_seconds_to_yes": [round(median(to_yes), 3), round(percentile(to_yes, 95), 3)],
            f"{name}_seconds_to_wall": [round(median(to_wall), 2), round(percentile(to_wall, 95), 2)],
            f"{name}_never_on_the_wall": len(notes) - len(to_wall),
        }
    return told


if __name__ == "__main__":
    main()
