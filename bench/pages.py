"""Requests a second and SQL queries of the main pages, with 20 and with 2,000 partnerships.

Beside a bare Django view (one query, 20 rows, a template) under the same server, the same middleware, the same run.
Rounds are interleaved and the median of the ratios is given: the machine's own noise hits both alike.

    python -m bench.pages [--rounds 5] [--sizes 20 2000]
"""

import argparse
import json

from bench._servers import median, rate, site, web

BARE = "/bench/bare/"
AIM = {"anonymous": 0.6, "signed in": 0.3}


def pages(arena, proposal):
    """{name: path} of what is measured."""
    home = f"/partnerships/{arena.slug}/"
    return {
        "home": "/",
        "list": "/partnerships/",
        "overview": home,
        "problem": f"{home}problem/",
        "proposal": f"{home}solutions/{proposal.pk}/",
        "people": f"{home}people/",
    }


def sign_in(person):
    """The cookie of a signed-in reader."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def queries(client, path):
    """SQL statements of one page, session, user and savepoints included."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path, headers={"host": "localhost"})
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path, headers={"host": "localhost"})
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return len(seen)


def measure(port, path, cookie, rounds):
    """Median requests a second, and median ratio to the bare view measured next to it."""
    rates, ratios = [], []
    for _ in range(rounds):
        bare = rate(port, BARE)
        own = rate(port, path, cookie)
        rates.append(own)
        ratios.append(own / bare)
    return median(rates), median(ratios)


def main():
    """Seed, count, measure, print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 2000])
    options = parser.parse_args()
    with site("bench._settings"):
        from django.test import Client

        from bench import _seed

        platform, people = _seed.everyone()
        made, arena, proposal = 0, None, None
        figures = []
        for size in options.sizes:
            while made < size:
                made += 1
                new = _seed.partnership(platform, people, made)
                arena, proposal = (arena, proposal) if arena else new
            _seed.settle()
            client, cookie = sign_in(people[1])
            with web() as port:
                rate(port, BARE)
                for name, path in pages(arena, proposal).items():
                    for who, reader, jar in (("anonymous", Client(), ""), ("signed in", client, cookie)):
                        rate(port, path, jar, requests=20)
                        per_second, ratio = measure(port, path, jar, options.rounds)
                        row = {
                            "page": name,
                            "reader": who,
                            "partnerships": size,
                            "queries": queries(reader, path),
                            "per_second": round(per_second, 1),
                            "ratio": round(ratio, 2),
                            "aim": AIM[who],
                        }
                        figures.append(row)
                        print(
                            f"{size:>5} {who:<10} {name:<9} {row['queries']:>3} queries "
                            f"{row['per_second']:>7}/s  {row['ratio']:.2f} of bare (aim {AIM[who]})",
                            flush=True,
                        )
    print(json.dumps({"bench": "pages", "figures": figures}))


if __name__ == "__main__":
    main()
