"""The arena with much in it, beside one with little: queries, and how long one reader waits for each page.

The large partnership has 200 members, 5,000 contributions (one thread 500 deep), 300 revisions, 50 decisions and 100
meetings; the small one 20 contributions and as little of the rest. Both stand in one database and are asked through
the same web server in the same run, page by page in turn, beside the bare view; medians of all requests.

    python -m bench.arena [--rounds 7] [--page NAME]
"""

import argparse
import json

from bench._servers import fetch, median, site, web
from bench.desk import milliseconds, settle
from bench.pages import BARE, queries, sign_in

SIZES = {
    "small": {"members": 12, "contributions": 20, "revisions": 9, "decisions": 3, "meetings": 3},
    "large": {"members": 200, "contributions": 5000, "revisions": 300, "decisions": 50, "meetings": 100},
}

PERSONAL = {"mine", "notices"}  # pages that a visitor has not


def pages(things):
    """{name: path} of what is measured in one partnership."""
    here = f"/partnerships/{things['partnership'].slug}/"
    newest = things["text"].revisions.first().number
    text = f"{here}texts/{things['text'].pk}/"
    return {
        "overview": here,
        "people": f"{here}people/",
        "say": f"{here}say/",
        "say, searched": f"{here}say/?q=seaweed&kind=idea",
        "thread": f"{here}say/{things['thread'].pk}/",
        "text": text,
        "revision": f"{text}revisions/{newest}/",
        "compare": f"{text}compare/?older={newest - 1}&newer={newest}",
        "whose words": f"{text}ground/",
        "suggestions": f"{text}suggestions/",
        "decisions": f"{here}decisions/",
        "decision": f"{here}decisions/{things['decision'].pk}/",
        "answers owed": f"{here}answers/",
        "ground rules": f"{here}moderation/",
        "commitments": f"{here}commitments/",
        "meetings": f"{here}meetings/",
        "meeting": f"{here}meetings/{things['meeting'].pk}/",
        "record": f"{here}record/",
        "feed": f"{here}record/feed.atom",
        "a member": f"{here}people/{things['member'].pk}/",
        "mine": "/mine/",
        "notices": "/mine/notices/",
    }


def measure(port, paths, cookie, rounds):
    """{path: milliseconds of each request}, the bare view's under BARE; interleaved, so that noise hits all alike."""
    for path in [BARE, *paths]:
        for _warm in range(6):
            fetch(port, path, cookie, seconds=60)
    took = {path: [] for path in [BARE, *paths]}
    for _round in range(rounds):
        for path in took:
            took[path] += milliseconds(port, path, cookie)
    return took


def main():
    """Seed, count, measure, print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--page", help="only this page")
    options = parser.parse_args()
    with site("bench._settings"):
        from bench import _arena, _seed

        platform, _people = _seed.everyone()
        made = {}
        for size, numbers in SIZES.items():
            numbers = dict(numbers)
            everyone = _arena.people(numbers.pop("members"), size)
            made[size] = _arena.arena(platform, everyone, size, **numbers)
        settle()
        figures = []
        for who, place in (("a convener", 0), ("a member", 1), ("a visitor", None)):
            figures += _one_reader(who, place, made, options)
    print(json.dumps({"bench": "arena", "figures": figures}))


def _wanted(name, place, options):
    return options.page in (None, name) and (place is not None or name not in PERSONAL)


def _one_reader(who, place, made, options):
    """Every page of both partnerships for one kind of reader: rows of figures, printed as they come."""
    from django.test import Client

    from partnerships.models import Member

    readers = {}
    for size, things in made.items():
        seats = Member.objects.filter(partnership=things["partnership"]).order_by("person__sort_key")
        readers[size] = (Client(), "") if place is None else sign_in(seats[place].person)
    paths = {
        size: {name: path for name, path in pages(things).items() if _wanted(name, place, options)}
        for size, things in made.items()
    }
    found, took = [], {}
    with web() as port:
        for size, (_client, cookie) in readers.items():
            took[size] = measure(port, list(paths[size].values()), cookie, options.rounds)
    for name in paths["small"]:
        row = {"page": name, "reader": who}
        for size in made:
            row[f"{size}_queries"] = queries(readers[size][0], paths[size][name])
            row[f"{size}_ms"] = round(median(took[size][paths[size][name]]), 1)
            row[f"{size}_of_bare"] = round(row[f"{size}_ms"] / median(took[size][BARE]), 1)
        row["large_of_small"] = round(row["large_ms"] / row["small_ms"], 2)
        found.append(row)
        print(
            f"{who:<11} {name:<14} queries {row['small_queries']:>2} | {row['large_queries']:>2}   "
            f"ms {row['small_ms']:>6} | {row['large_ms']:>6}   large is {row['large_of_small']} of small, "
            f"{row['large_of_bare']} of bare",
            flush=True,
        )
    return found


if __name__ == "__main__":
    main()
