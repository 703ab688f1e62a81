"""The desk of a platform with 500 partnerships and 50,000 invitations, beside the same desk with 5 and 500.

Both platforms stand in one database, and are asked through the same web server in the same run, beside the bare view:
queries, milliseconds for one reader at a time (median of all), and the memory of the web's workers.

    python -m bench.desk [--rounds 7] [--sizes 5 500] [--invitations 100]
"""

import argparse
import json
import os
import time
from pathlib import Path

from bench._servers import fetch, median, site, web
from bench.pages import BARE, queries, sign_in

ONES = 6  # requests of one page in a round, one after the other


def milliseconds(port, path, cookie=""):
    """How long one reader waits, for each of some requests in a row."""
    found = []
    for _one in range(ONES):
        began = time.perf_counter()
        status, _size = fetch(port, path, cookie)
        found.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
    return found


def workers_memory():
    """Megabytes of the largest web worker of this run: now, and at its peak."""
    mine = {str(os.getpid())}
    found = []
    for _generation in range(2):
        mine = {child for pid in mine for child in _children(pid)}
    for pid in mine:
        facts = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        found.append(tuple(int(facts[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")))
    return max(found)


def _children(pid):
    return [one for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]


def settle():
    """What autovacuum does within a minute of so many new rows: statistics, and which pages everybody sees."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def pages(platform):
    """{name: path} of what is measured."""
    desk = f"/platforms/{platform.slug}/desk/"
    return {
        "desk": desk,
        "filtered": f"{desk}?health=late&q=partnership",
        "dates": f"{desk}dates/",
        "file": f"{desk}partnerships.csv",
    }


def main():
    """Seed, count, measure, print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5, 500])
    parser.add_argument("--invitations", type=int, default=100)
    options = parser.parse_args()
    with site("bench._settings"):
        from bench import _desk

        made, people = _desk.platforms(options.sizes, options.invitations)
        settle()
        figures = []
        for who, person in (("convener", people[0]), ("case officer", people[1])):
            client, cookie = sign_in(person)
            with web() as port:
                paths = {(name, size): p for size in made for name, p in pages(made[size]).items()}
                for path in [BARE, *paths.values()]:
                    for _warm in range(8):  # both workers have written and prepared what they ask
                        fetch(port, path, cookie, seconds=60)
                took, before = {key: [] for key in ["bare", *paths]}, workers_memory()
                for _round in range(options.rounds):  # interleaved: the machine's noise hits all alike
                    took["bare"] += milliseconds(port, BARE)
                    for key, path in paths.items():
                        took[key] += milliseconds(port, path, cookie)
                now, peak = workers_memory()
            bare = median(took["bare"])
            for (name, size), path in paths.items():
                ms = median(took[name, size])
                row = {
                    "page": name,
                    "reader": who,
                    "partnerships": size,
                    "invitations": size * options.invitations,
                    "queries": queries(client, path) if name != "file" else None,
                    "ms": round(ms, 1),
                    "of_bare": round(ms / bare, 1),
                    "of_smallest": round(ms / median(took[name, options.sizes[0]]), 2),
                }
                figures.append(row)
                print(
                    f"{who:<12} {name:<9} {size:>4} partnerships, {row['invitations']:>6} invitations: "
                    f"{row['queries'] or '':>3} queries {row['ms']:>6} ms, {row['of_bare']} of bare, "
                    f"{row['of_smallest']} of the smallest",
                    flush=True,
                )
            print(
                f"bare {bare:.1f} ms; a worker holds {now:.0f} MB (before {before[0]:.0f}), at most {peak:.0f} MB"
            )
    print(json.dumps({"bench": "desk", "figures": figures}))


if __name__ == "__main__":
    main()
