"""Check a draw by lot with nothing but Python: `python check_lots.py lots.json`.

First the list of lots was frozen, and its fingerprint written down: SHA-256 over the sorted lots, one a line. Only
then was the seed made. Each lot's number is SHA-256 of "seed:lot"; the lots are drawn from the smallest number up, and
those who had stepped back before the draw are passed over. So nobody could choose who comes first.
"""

import hashlib
import json
import sys


def digest_of(lots):
    """The fingerprint of a list of lots, whatever order it comes in: 64 hexadecimal digits."""
    return hashlib.sha256("\n".join(sorted(lots)).encode()).hexdigest()


def order_of(lots, seed):
    """The lots in the order in which the seed draws them."""
    return sorted(lots, key=lambda lot: (hashlib.sha256(f"{seed}:{lot}".encode()).hexdigest(), lot))


def drawn_of(order, seats, out):
    """The lots that are drawn: so many from the front as there are seats, but for those that stepped back (out)."""
    return [lot for lot in order if lot not in set(out)][:seats]


def faults(told):
    """What in a published draw does not follow from its list and its seed, as sentences."""
    found = []
    if len(set(told["lots"])) != len(told["lots"]):
        found.append("a lot stands twice in the list")
    if digest_of(told["lots"]) != told["fingerprint"]:
        found.append("the list is not the one that was frozen")
    order = order_of(told["lots"], told["seed"])
    if order != told["order"]:
        found.append("the order does not follow from the seed")
    if drawn_of(order, told["seats"], told["stepped_back"]) != told["drawn"]:
        found.append("other lots are drawn than those that come first")
    return found


def main(arguments):
    """Check the file named on the command line; exit code 0 when all is right, 1 when not, 2 when unreadable."""
    try:
        with open(arguments[0], encoding="utf-8") as file:
            told = json.load(file)
        found = faults(told)
    except (IndexError, OSError, ValueError, KeyError, TypeError) as error:
        print(f"The draw cannot be read: {error!r}", file=sys.stderr)  # noqa: T201
        return 2
    print("\n".join(found) if found else f"The draw is right: {len(told['drawn'])} of {len(told['lots'])}.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
