"""Queries whose SQL is written once per process; the rows are asked for anew each time.

Writing a wide query costs Django several times what PostgreSQL takes to answer it, and planning it costs PostgreSQL
several times what running it takes: a statement that is used again is prepared on its connection (docs/adr/0007).
"""

import datetime
import threading
import uuid
from functools import lru_cache, wraps
from itertools import count
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from psycopg2.extensions import AsIs

MOST = 64  # statements of one query: an address may ask for any page of a list
PREPARED_AFTER = 3  # readings: what is asked once or twice is not worth a place in the database's memory
MOST_PREPARED = 512  # statements of one connection

# What stands for a value while the SQL is written: nothing that a queryset would hold by itself.
STAND_INS = {
    uuid.UUID: lambda number: uuid.UUID(int=2**100 + number),
    str: lambda number: f"\ufffd{number}",
    datetime.datetime: lambda number: datetime.datetime(1, 1, 2, 3, 4, 5, number, datetime.UTC),
    datetime.date: lambda number: datetime.date(1, 1, 2 + number),
}
TYPES = {uuid.UUID: "uuid", str: "text", datetime.datetime: "timestamptz", datetime.date: "date"}

_numbers = count(1)
_prepared = WeakKeyDictionary()  # the database's connection -> names of the statements it has prepared


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
        self.sql, self.uses, self.name = "", 0, f"kept_{next(_numbers)}"
        try:
            self.sql, written = self.compiler.as_sql()
        except EmptyResultSet:
            return  # no row can ever be like that
        places = {stand_in: at for at, stand_in in stand_ins.items()}
        self.written = [
            (places.get(one) if isinstance(one, tuple(STAND_INS)) else None, one) for one in written
        ]
        if {at for at, _one in self.written if at is not None} != set(stand_ins):
            raise TypeError(f"{build.__name__}: a value does not reach the SQL as it was given.")
        self.types = {at: TYPES[kind] for at, kind in enumerate(shape) if kind in TYPES}
        fields = [column for column, *_rest in self.compiler.select[: self.compiler.col_count]]
        converters = self.compiler.get_converters(fields)
        self.compiler.get_converters = lambda _fields: converters
        self.values = ()
        self.compiler.execute_sql = self._fetch
        queryset.query.get_compiler = lambda *_args, **_kwargs: self.compiler
        self.iterable = queryset._iterable_class(queryset)

    def rows(self, values):
        """The rows for these values, as the database has them now."""
        if not self.sql:
            return []
        self.values = values
        self.uses += 1
        return list(self.iterable)

    def _fetch(self, *_args, **_kwargs):
        """What Django's compiler would fetch, in one piece."""
        self.compiler.connection = connection = connections[DEFAULT_DB_ALIAS]
        try:
            return self._ask(connection)
        except NotSupportedError:  # a migration has changed a table under what was prepared
            if connection.in_atomic_block:
                connection.close_at = 0  # obsolete: replaced when this request has ended
                raise
            connection.close()
            return self._ask(connection)

    def _ask(self, connection):
        with connection.cursor() as cursor:  # which has seen to it that the connection lives
            cursor.execute(*(self._execute() if self._is_prepared_on(connection) else self._select()))
            return [cursor.fetchall()]

    def _select(self):
        return self.sql, tuple(one if at is None else self.values[at] for at, one in self.written)

    def _execute(self):
        given = tuple(self.values[at] for at in self.types)
        places = ", ".join(["%s"] * len(given))
        return f"EXECUTE {self.name}" + (f" ({places})" if given else ""), given

    def _is_prepared_on(self, connection):
        """Prepare it here if it is used often enough; False behind a pooler, which shares connections out."""
        if self.uses <= PREPARED_AFTER or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return False
        names = _prepared.setdefault(connection.connection, set())
        if self.name not in names and len(names) < MOST_PREPARED:
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} AS {self.sql}", self._marks())
            names.add(self.name)
        return self.name in names

    def _marks(self):
        """What stands in the prepared SQL: $1, $2 … for what is given at each reading, all else as it is."""
        numbers = {at: AsIs(f"${n}::{self.types[at]}") for n, at in enumerate(self.types, 1)}
        return tuple(one if at is None else numbers[at] for at, one in self.written)
