"""Two or more deeds at the same moment, each on a database connection of its own."""

import threading
import time

from django.db import connection

from boundary.answer import Conflict, Refused


def race(*deeds, ahead=None):
    """Do the deeds together: what each came to, or the refusal that it met.

    ahead: the number of the deed that starts a hair earlier.
    """
    ends, ready = [None] * len(deeds), threading.Barrier(len(deeds))

    def run(number, deed):
        try:
            connection.ensure_connection()
            ready.wait(10)
            if ahead not in (None, number):
                time.sleep(0.003)
            ends[number] = deed()
        except (Conflict, Refused) as lost:
            ends[number] = lost
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number, deed]) for number, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def at_once(*deeds, ahead=None):
    """Do the deeds together; the refusal of each, or None."""
    return [end if isinstance(end, Conflict | Refused) else None for end in race(*deeds, ahead=ahead)]
