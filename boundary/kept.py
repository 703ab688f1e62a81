"""Queries whose SQL is written once per process; the rows are asked for anew each time.

Writing a wide query costs Django several times what PostgreSQL takes to answer it, and planning it costs PostgreSQL
several times what running it takes: a statement that is used again is prepared on its connection (docs/adr/0007).
And a way to the database and back costs as much as a small query: what a page needs is asked for together.
"""

import datetime
import json
import threading
import uuid
from decimal import Decimal
from functools import lru_cache, wraps
from itertools import count
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import ArrayField
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

# How a column comes back through JSON. What is not here comes as it is; of columns of other kinds nobody asks so far.
READ = {
    "UUIDField": uuid.UUID,
    "DateTimeField": datetime.datetime.fromisoformat,
    "DateField": datetime.date.fromisoformat,
    "TimeField": datetime.time.fromisoformat,
    "DecimalField": Decimal,
}
AS_TEXT = {"DecimalField", "JSONField"}  # a decimal would lose its places, and Django reads JSON itself
AS_IT_IS = {"CharField", "TextField", "SlugField", "EmailField", "URLField", "BooleanField", "JSONField"}
AS_IT_IS |= {f"{size}IntegerField" for size in ("", "Big", "Small", "Positive", "PositiveSmall")}
AS_IT_IS |= {"AutoField", "BigAutoField"}
ROWS = "(SELECT coalesce(json_agg(json_build_array({columns})), '[]') FROM ({sql}) AS part ({names}))"

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
    own = threading.local()  # a statement is used by one thread: it holds the rows of the reading under way

    def statement(values):
        if not hasattr(own, "statement"):
            own.statement = lru_cache(MOST, typed=True)(lambda *shape: Statement(build, shape))
        return own.statement(*map(_shape, values))

    @wraps(build)
    def rows(*values):
        return statement(values).rows(values)

    rows.of = lambda *values: (statement(values), values)
    return rows


def together(*asked):
    """The rows of several kept queries, each as if asked alone, in one way to the database and back.

    authors, decisions = together(_authors.of(text.pk), _decisions.of(text.pk))
    """
    statements = tuple(statement for statement, _values in asked)
    return _joint(statements).rows([values for _statement, values in asked])


@lru_cache(512)
def _joint(statements):
    return Joint(statements)


def _shape(value):
    return next((kind for kind in STAND_INS if isinstance(value, kind)), value)


class Prepared:
    """SQL with places for values, prepared on each connection that asks for it often enough."""

    def __init__(self, sql, written, types):
        self.sql = sql
        self.written = written  # of each %s: (the place of the value given, or None; what stands there)
        self.types = types  # {place: PostgreSQL's type}
        self.uses, self.name = 0, f"kept_{next(_numbers)}"

    def fetch(self, values):
        """The database's rows for these values, as they are now."""
        self.uses += 1
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            return self._ask(connection, values)
        except NotSupportedError:  # a migration has changed a table under what was prepared
            if connection.in_atomic_block:
                connection.close_at = 0  # obsolete: replaced when this request has ended
                raise
            connection.close()
            return self._ask(connection, values)

    def _ask(self, connection, values):
        with connection.cursor() as cursor:  # which has seen to it that the connection lives
            if self._is_prepared_on(connection):
                given = tuple(values[at] for at in self.types)
                places = ", ".join(["%s"] * len(given))
                cursor.execute(f"EXECUTE {self.name}" + (f" ({places})" if given else ""), given)
            else:
                cursor.execute(self.sql, tuple(one if at is None else values[at] for at, one in self.written))
            return cursor.fetchall()

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
        numbers = {at: AsIs(f"${n}::{kind}") for n, (at, kind) in enumerate(self.types.items(), 1)}
        return tuple(one if at is None else numbers[at] for at, one in self.written)


class Statement:
    """One queryset, written for arguments of one shape."""

    def __init__(self, build, shape):
        stand_ins = {at: STAND_INS[kind](at) for at, kind in enumerate(shape) if kind in STAND_INS}
        queryset = build(*(stand_ins.get(at, given) for at, given in enumerate(shape)))
        if queryset._prefetch_related_lookups:
            raise TypeError(f"{build.__name__}: prefetch_related cannot be kept.")
        self.called = build.__name__
        self.compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.prepared = None
        try:
            sql, written = self.compiler.as_sql()
        except EmptyResultSet:
            return  # no row can ever be like that
        places = {stand_in: at for at, stand_in in stand_ins.items()}
        written = [(places.get(one) if isinstance(one, tuple(STAND_INS)) else None, one) for one in written]
        if {at for at, _one in written if at is not None} != set(stand_ins):
            raise TypeError(f"{build.__name__}: a value does not reach the SQL as it was given.")
        types = {at: TYPES[kind] for at, kind in enumerate(shape) if kind in TYPES}
        self.prepared = Prepared(sql, written, types)
        self.columns = [column for column, *_rest in self.compiler.select[: self.compiler.col_count]]
        converters = self.compiler.get_converters(self.columns)
        self.compiler.get_converters = lambda _fields: converters
        self.compiler.execute_sql = lambda *_args, **_kwargs: [self.fetched]
        queryset.query.get_compiler = lambda *_args, **_kwargs: self.compiler
        self.iterable = queryset._iterable_class(queryset)

    def rows(self, values):
        """The rows for these values, as the database has them now."""
        return self.made_of(self.prepared.fetch(values)) if self.prepared else []

    def made_of(self, fetched):
        """What the queryset makes of rows as the database gives them."""
        self.fetched, self.compiler.connection = fetched, connections[DEFAULT_DB_ALIAS]
        return list(self.iterable)

    def kinds(self):
        """The kind of field in each column. Raises TypeError for one that cannot come back through JSON."""
        kinds = [_kind(column.output_field) for column in self.columns]
        for kind in kinds:
            if kind not in AS_IT_IS and kind not in READ:
                raise TypeError(f"{self.called}: a {kind} cannot be read together with other rows.")
        return kinds


def _kind(field):
    """The kind of a field; of a key the kind of what it points to, of a list of texts or numbers theirs."""
    if hasattr(field, "target_field"):
        return _kind(field.target_field)
    inner = _kind(field.base_field) if isinstance(field, ArrayField) else ""
    return inner if inner in AS_IT_IS - AS_TEXT else field.get_internal_type()


class Joint:
    """Several statements as one, which answers with one JSON text: for each its rows, for each row its columns."""

    def __init__(self, statements):
        self.statements = statements
        self.asking = [(at, one) for at, one in enumerate(statements) if one.prepared]
        self.readers, parts, written, types = [], [], [], {}
        for at, statement in self.asking:
            kinds = statement.kinds()
            names = [f"c{number}" for number in range(len(kinds))]
            columns = (f"{n}::text" if kind in AS_TEXT else n for n, kind in zip(names, kinds, strict=True))
            parts.append(
                ROWS.format(columns=", ".join(columns), sql=statement.prepared.sql, names=", ".join(names))
            )
            written += [
                (None if place is None else (at, place), one) for place, one in statement.prepared.written
            ]
            types |= {(at, place): kind for place, kind in statement.prepared.types.items()}
            self.readers.append([(number, READ[kind]) for number, kind in enumerate(kinds) if kind in READ])
        self.prepared = Prepared(f"SELECT json_build_array({', '.join(parts)})::text", written, types)

    def rows(self, values):
        """Of each statement its rows."""
        given = {(at, place): one for at, some in enumerate(values) for place, one in enumerate(some)}
        ((text,),) = self.prepared.fetch(given)
        answers = [[] for _statement in self.statements]
        for (at, statement), readers, fetched in zip(
            self.asking, self.readers, json.loads(text), strict=True
        ):
            answers[at] = statement.made_of(_read(fetched, readers))
        return answers


def _read(rows, readers):
    for number, read in readers:
        for row in rows:
            if row[number] is not None:
                row[number] = read(row[number])
    return list(map(tuple, rows))
