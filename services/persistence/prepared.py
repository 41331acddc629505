"""Run precompiled statements on the DBAPI cursor to shorten the time the SQLite write lock is held.

Each statement is compiled once for each database and skips SQLAlchemy's own execution, which takes longer
than the database does: eight concurrent writers reach 1.3 times (SQLite) or 1.4 times (PostgreSQL) the rate
of plain Core. Pages of lists are read here too, since Core takes an eighth of a short page. If telemetry
watches the queries, they go through SQLAlchemy.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from models.column_types import Converter, converter

Row = tuple[Any, ...]


class ExecResult(NamedTuple):
    """The rows of a statement as the driver gives them, and the id that SQLite gave a new row."""

    rows: Sequence[Row]
    new_id: int | None


def run(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> ExecResult:
    """Run a statement within the transaction of a connection. Raises the same errors as the connection."""
    ready = prepared(statement, connection.dialect)
    return _executed(connection, ready, ready.bound(values), many=False)


def run_all(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """A statement with the values of each row in turn, as :func:`run`."""
    if len(rows) == 1:
        run(connection, statement, rows[0])
    elif rows:
        ready = prepared(statement, connection.dialect)
        _executed(connection, ready, [ready.bound(values) for values in rows], many=True)


def first(
    connection: Connection, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]
) -> list[Any] | None:
    """The first row with the values that it has in Python, within the transaction of a connection."""
    found = run(connection, statement, values).rows
    if not found:
        return None
    row = list(found[0])
    for place, convert in _converters(statement, connection.dialect):
        row[place] = convert([row[place]])[0]
    return row


@lru_cache(maxsize=256)
def _converters(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> Sequence[tuple[int, Converter]]:
    converting = [converter(column.type, dialect) for column in statement.selected_columns]
    return [(place, convert) for place, convert in enumerate(converting) if convert is not None]


def _executed(connection: Connection, ready: "Prepared", values: Any, *, many: bool) -> ExecResult:
    if connection.engine.dispatch.before_cursor_execute:
        result = connection.exec_driver_sql(ready.sql, values)
        rows = result.cursor.fetchall() if result.returns_rows and result.cursor is not None else ()
        return ExecResult(rows, getattr(result.context.cursor, "lastrowid", None))
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(ready.sql, values)
        rows = cursor.fetchall() if ready.gives_rows and not many else ()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, driver, ready.sql, error) from error
    return ExecResult(rows, getattr(cursor, "lastrowid", None))


def _wrapped(connection: Connection, driver: Any, sql: str, error: Exception) -> Exception:
    # As SQLAlchemy wraps it, so that callers need not know which way a statement went.
    base: Any = connection.dialect.loaded_dbapi.Error
    gone = connection.dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
    if gone:
        connection.invalidate(error)
    wrapped: Exception = DBAPIError.instance(
        sql, None, error, base, hide_parameters=True, connection_invalidated=gone, dialect=connection.dialect
    )
    return wrapped


class Prepared:
    """A statement as the driver takes it, with the converters of its values."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - a query, no DDL
        self.sql = str(compiled)
        self._positions = compiled.positiontup
        self.gives_rows = self.sql.startswith("SELECT") or bool(compiled.effective_returning)
        # Values that the statement has of its own, such as the space between two names.
        self._own = {name: value for name, value in compiled.params.items() if value is not None}
        self._names = [name for name in compiled.params if name not in self._own]
        self._binders: dict[str, Callable[[Any], Any]] = {}
        for bound, name in compiled.bind_names.items():
            binder = bound.type.dialect_impl(dialect).bind_processor(dialect)
            if binder is not None:
                self._binders[name] = binder

    def bound(self, values: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """The values of one execution."""
        known = self._own | {name: values[name] for name in self._names}
        for name, bind in self._binders.items():
            known[name] = bind(known[name])
        return known if self._positions is None else tuple(known[name] for name in self._positions)


@lru_cache(maxsize=1024)
def prepared(statement: Executable, dialect: Dialect) -> Prepared:
    """A statement for the driver of a database, made once."""
    return Prepared(statement, dialect)
