"""Counts against spam and guessing: how much of something was done in a window of time."""

from django.db import connection, models

# One statement counts and refuses, so that two at once cannot both take what is left.
COUNT = """
    INSERT INTO partnerships_tally (key, since, count) SELECT %(key)s, %(since)s, %(amount)s
    WHERE %(amount)s <= %(limit)s
    ON CONFLICT (key, since) DO UPDATE SET count = partnerships_tally.count + %(amount)s
    WHERE partnerships_tally.count + %(amount)s <= %(limit)s
    RETURNING count
"""
FIRSTS = """
    INSERT INTO partnerships_tally (key, since, count) SELECT unnest(%(keys)s::text[]), %(since)s, 1
    ON CONFLICT (key, since) DO NOTHING RETURNING key
"""


class TallyManager(models.Manager):
    def take(self, *, key, since, amount, limit):
        """Count `amount` more under `key` in the window that began at `since`; False when that passes `limit`."""
        facts = {"key": key, "since": since, "amount": amount, "limit": limit}
        with connection.cursor() as cursor:
            cursor.execute(COUNT, facts)
            return cursor.fetchone() is not None

    def take_each(self, *, keys, since):
        """Count one under each of these keys that has none in this window; returns those keys."""
        with connection.cursor() as cursor:
            cursor.execute(FIRSTS, {"keys": list(keys), "since": since})
            return {key for (key,) in cursor.fetchall()}

    def taken(self, *, key, since):
        """How much is counted under `key` in this window."""
        return sum(self.filter(key=key, since=since).values_list("count", flat=True))


class Tally(models.Model):
    """How often something was done in one window of time. Keys hold ids or keyed digests, never an address."""

    key = models.CharField(max_length=120)
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    objects = TallyManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one tally per key and window", fields=["key", "since"]),
        ]

    def __str__(self):
        return f"{self.key}: {self.count}"
