"""Queries whose SQL is written once per process; the rows are asked for anew each time.

Writing a wide query costs Django several times what PostgreSQL takes to answer it: docs/adr/0007 has the figures.
"""

import datetime
import threading
import uuid
from functools import lru_cache, wraps

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections

MOST = 64  # statements of one query: an address may ask for any page of a list

# What stands for a value while the SQL is written: nothing that a queryset would hold by itself.
STAND_INS = {
    uuid.UUID: lambda number: uuid.UUID(int=2**100 + number),
    str: lambda number: f"\ufffd{number}",
    datetime.datetime: lambda number: datetime.datetime(1, 1, 2, 3, 4, 5, number, datetime.UTC),
    datetime.date: lambda number: datetime.date(1, 1, 2 + number),
}


def kept(build):
    """A function that returns a queryset becomes one that returns its rows as a list, from SQL written once.

        @kept
        def _authors(text):
            return TextAuthor.objects.filter(text=text).select_related("member__person")

        _authors(text.pk)

    UUIDs, texts, days and moments are values, put into the SQL that is there. None, numbers and truth values shape it
    (a slice, a reader who is nobody), so each has SQL of its own. The queryset depends on nothing but the arguments.
    """
    own = threading.local()  # a statement is used by one thread: it holds the values of the reading under way

    @wraps(build)
    def rows(*values):
        if not hasattr(own, "statement"):
            own.statement = lru_cache(MOST, typed=True)(lambda *shape: Statement(build, shape))
        return own.statement(*map(_shape, values)).rows(values)

    return rows


def _shape(value):
    return next((kind for kind in STAND_INS if isinstance(value, kind)), value)


class Statement:
    """One queryset, written for arguments of one shape."""

    def __init__(self, build, shape):
        stand_ins = {at: STAND_INS[kind](at) for at, kind in enumerate(shape) if kind in STAND_INS}
        queryset = build(*(stand_ins.get(at, given) for at, given in enumerate(shape)))
        if queryset._prefetch_related_lookups:
            raise TypeError(f"{build.__name__}: prefetch_related cannot be kept.")
        self.compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.places, self.values = "", [], ()
        try:
            self.sql, written = self.compiler.as_sql()
        except EmptyResultSet:
            return  # no row can ever be like that
        places = {stand_in: at for at, stand_in in stand_ins.items()}
        self.places = [
            (places.get(one) if isinstance(one, tuple(STAND_INS)) else None, one) for one in written
        ]
        if {at for at, _one in self.places if at is not None} != set(stand_ins):
            raise TypeError(f"{build.__name__}: a value does not reach the SQL as it was given.")
        self.compiler.as_sql = lambda *_args, **_kwargs: (self.sql, self.values)
        queryset.query.get_compiler = lambda *_args, **_kwargs: self.compiler
        self.iterable = queryset._iterable_class(queryset)

    def rows(self, values):
        """The rows for these values, as the database has them now."""
        if not self.sql:
            return []
        self.compiler.connection = connections[DEFAULT_DB_ALIAS]
        self.values = tuple(one if at is None else values[at] for at, one in self.places)
        return list(self.iterable)
