"""One statement that only reads, run with as little around it as there can be: a list is read page by page.

It is a transaction of its own, compiled once for each database, and goes to the driver without SQLAlchemy's
own execution, which takes as long as a page itself. Where telemetry watches the queries it does not.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from services.database import Database

Row = tuple[Any, ...]


def rows(database: Database, statement: Executable, values: Mapping[str, Any]) -> Sequence[Row]:
    """The rows as the driver gives them. Raises errors of the driver or SQLAlchemy's of the same."""
    engine = database.engine
    if engine.dispatch.before_cursor_execute:
        with database.glancing() as connection:
            result: Any = connection.execute(statement, values)
            watched: Sequence[Row] = result.cursor.fetchall()
            result.close()
            return watched
    ready = prepared(statement, engine.dialect)
    with database.driver() as driver:
        cursor = driver.cursor()
        cursor.execute(ready.sql, ready.bound(values))
        found: Sequence[Row] = cursor.fetchall()
        cursor.close()
        return found


class Prepared:
    """A statement as the driver takes it, with what makes its values those of the driver."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - a query, no DDL
        self.sql = str(compiled)
        self._positions = compiled.positiontup
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
        return known if self._positions is None else [known[name] for name in self._positions]


@lru_cache(maxsize=1024)
def prepared(statement: Executable, dialect: Dialect) -> Prepared:
    """A statement for the driver of a database, made once."""
    return Prepared(statement, dialect)
