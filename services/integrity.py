"""Integrity checks by the database engine: file, indexes, foreign keys, constraints, word index.

They run before :mod:`services.denormalized.consistency`, since queries on a damaged database give wrong
results. SQLite runs ``integrity_check``, not ``quick_check``: for 321 MB it takes 10.2 s instead of 0.6 s,
but only it finds an index that lacks rows of its table. A search by such an index would silently miss rows.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, ForeignKeyConstraint, Table, and_, func, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from services.crm import Crm
from services.errors import DatabaseUnavailable
from services.lists.search.sqlite import is_usable
from services.migrations.foreign_database import require_ours
from services.persistence import sqlite_fts
from services.persistence.database import BUSY_TIMEOUT, Database
from services.persistence.diagnosis import unavailable
from services.persistence.faults import Cause

MOST: Final = 100
"""The maximum number of reported damages of a file; even one means that it must be restored."""
_SHOWN_IDS: Final = 5


class Part(StrEnum):
    """The part of a database that is damaged."""

    FILE = "file"
    TABLE = "table"
    INDEX = "index"
    CONSTRAINT = "constraint"
    LINK = "link"
    WORD_INDEX = "word index"


@dataclass(frozen=True)
class Damage:
    """A damaged part. ``name`` is that of a table, index, constraint or page, never a value of a row.

    ``ids`` are the first damaged rows, if known, and ``count`` is their number.
    """

    part: Part
    name: str = ""
    count: int = 1
    ids: Sequence[int] = ()

    @property
    def mendable(self) -> bool:
        """Whether ``epicevents check --repair`` can rebuild the part from intact data."""
        return self.part is Part.WORD_INDEX


# The engine


def check_engine(database: Database) -> list[Damage]:
    """The damages that the engine finds. Reads the whole database and does not change it.

    Raises :class:`services.errors.DatabaseUnavailable` and :class:`services.errors.DatabaseForeign`.
    """
    require_ours(database, may_be_empty=False)
    if database.path is not None:
        return _of_file(database, database.path)
    with database.read() as connection:
        return list(_of_server(connection))


def has_amcheck(database: Database) -> bool:
    """Whether a server has the extension ``amcheck``; always true for SQLite."""
    if database.path is not None:
        return True
    with database.read() as connection:
        return _amcheck(connection) is not None


_SAID: Final = (
    (re.compile(r"inverted index for FTS\d+ table (?:main\.)?(\w+)"), Part.WORD_INDEX),
    (re.compile(r"(?:missing from|entries in|entry in) index (\w+)"), Part.INDEX),
    (re.compile(r"(?:value|constraint failed|row) in (\w+)"), Part.TABLE),
    (re.compile(r"(?:[Pp]age|cell) (\d+)"), Part.FILE),
)
"""The messages of SQLite. They may quote values of rows, so only these names are taken from them."""


def _of_file(database: Database, path: Path) -> list[Damage]:
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT)) as connection:
            said = [row[0] for row in connection.execute(f"PRAGMA integrity_check({MOST})")]
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
            return [Damage(Part.FILE)]
        refusal = unavailable(database.url, path, error)
        if refusal is None:
            raise
        raise refusal from None
    lines = [line for row in said for line in row.splitlines() if line and not line.startswith("***")]
    return _count_damage(_damage_said(line) for line in lines if line != "ok")


def _damage_said(line: str) -> tuple[Part, str]:
    known = {*SQLModel.metadata.tables, *_index_names()}
    for pattern, part in _SAID:
        found = pattern.search(line)
        if found is not None:
            name = found[1] if found[1].isdigit() or found[1].removesuffix("_search") in known else ""
            return part, name
    return Part.FILE, ""


def _index_names() -> Iterator[str]:
    for table in SQLModel.metadata.tables.values():
        yield from (str(index.name) for index in table.indexes)
        yield from (f"sqlite_autoindex_{table.name}_{number}" for number in range(1, 9))


def _count_damage(found: Iterable[tuple[Part, str]]) -> list[Damage]:
    return [Damage(part, name, count) for (part, name), count in Counter(found).items()]


_INVALID_INDEXES: Final = """
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND i.indisready AND i.indislive)
"""
_UNCHECKED: Final = """
SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated
"""
_AMCHECK: Final = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'amcheck'"
_INDEXES: Final = """
SELECT c.oid, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND i.indisvalid
AND c.relnamespace = current_schema()::regnamespace
"""
# Casting a row to text reads all its values, including TOASTed ones; the values do not leave the server.
_READ_ALL: Final = "SELECT count(*), sum(length(whole::text)) FROM {table} AS whole"
_CHECK_INDEX: Final = "SELECT {schema}.bt_index_check(CAST(:index AS oid)::regclass, true)"
_CHECK_TABLE: Final = "SELECT count(*) FROM {schema}.verify_heapam(CAST(:name AS text)::regclass)"
_FORBIDDEN: Final = "42501"


def _of_server(connection: Connection) -> Iterator[Damage]:
    for name in connection.execute(text(_INVALID_INDEXES)).scalars():
        yield Damage(Part.INDEX, name)
    for name in connection.execute(text(_UNCHECKED)).scalars():
        yield Damage(Part.CONSTRAINT, name)
    connection.execute(text("SET enable_indexonlyscan = off"))
    tables = inspect(connection).get_table_names()
    for table in tables:
        quoted = connection.dialect.identifier_preparer.quote(table)
        if not _is_answered(connection, _READ_ALL.format(table=quoted)):
            yield Damage(Part.TABLE, table)
    schema = _amcheck(connection)
    if schema is not None:
        yield from _of_amcheck(connection, schema, tables)
    connection.execute(text("RESET enable_indexonlyscan"))


def _amcheck(connection: Connection) -> str | None:
    return connection.execute(text(_AMCHECK)).scalar()


def _of_amcheck(connection: Connection, schema: str, tables: Sequence[str]) -> Iterator[Damage]:
    for oid, name in connection.execute(text(_INDEXES)).all():
        if not _is_answered(connection, _CHECK_INDEX.format(schema=schema), index=oid):
            yield Damage(Part.INDEX, name)
    for table in tables:
        if not _is_answered(connection, _CHECK_TABLE.format(schema=schema), right=0, name=table):
            yield Damage(Part.TABLE, table)


def _is_answered(connection: Connection, sql: str, *, right: object = None, **values: object) -> bool:
    try:
        answer = connection.execute(text(sql), values).scalar()
    except DBAPIError as error:
        code = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated or code.startswith(("57", "08", "53")):
            raise
        return code == _FORBIDDEN  # a check without permission proves no damage
    return right is None or answer == right


# Links


def check_links(crm: Crm) -> list[Damage]:
    """The records with a foreign key to a missing record, which no engine's check reports."""
    with crm.database.read() as connection:
        return [
            damage
            for table in SQLModel.metadata.sorted_tables
            for constraint in table.foreign_key_constraints
            if (damage := _broken(connection, table, constraint)) is not None
        ]


def _broken(connection: Connection, table: Table, constraint: ForeignKeyConstraint) -> Damage | None:
    other = constraint.referred_table.alias("other")
    pairs = [(element.parent, other.c[element.column.name]) for element in constraint.elements]
    found = and_(*(mine == theirs for mine, theirs in pairs))
    broken = (
        select(table)
        .where(*(mine.is_not(None) for mine, _theirs in pairs), ~select(other).where(found).exists())
        .subquery()
    )
    count = connection.execute(select(func.count()).select_from(broken)).scalar_one()
    if not count:
        return None
    name = ".".join((table.name, *constraint.column_keys))
    first = select(broken.c.id).order_by(broken.c.id).limit(_SHOWN_IDS)
    ids = tuple(key for key in connection.execute(first).scalars() if isinstance(key, int))
    return Damage(Part.LINK, name, count, ids)


# The word index


def check_words(crm: Crm) -> list[Damage] | None:
    """The word indexes of SQLite that do not match their tables.

    ``None`` if the database is read-only: the check of FTS5 needs write access.
    """
    if crm.database.kind != "sqlite":
        return []
    try:
        with crm.database.write() as connection:
            # A search without a usable index reads the rows themselves.
            tables = sqlite_fts.broken(connection) if is_usable(connection) else []
            broken = [Damage(Part.WORD_INDEX, table) for table in tables]
            connection.rollback()
    except DatabaseUnavailable as refusal:
        if refusal.cause in (Cause.READ_ONLY_FILE, Cause.READ_ONLY_FOLDER, Cause.READ_ONLY_SYSTEM):
            return None
        raise
    return broken
