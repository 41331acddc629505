"""One clock for each database; every rule that compares moments uses it.

On PostgreSQL it is the server's clock, read at the start of the transaction. SQLite has only the clock of the
machine: a stored moment that lies in the future was written by a clock ahead of this one and counts as now.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from models.column_types import UtcDateTime

SQLITE_FUNCTION = "epicevents_now"
"""The name under which SQLite asks for the machine's clock: seconds to add, in; the moment as text, out."""


def machine_now() -> datetime:
    """The clock of this machine, in UTC. Nothing else of the database layer reads it."""
    return datetime.now(UTC)


def sqlite_now(seconds: int) -> str:
    """The machine's clock and some seconds, as SQLite keeps a moment."""
    moment = machine_now() + timedelta(seconds=seconds)
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


class DatabaseNow(FunctionElement[datetime]):
    """The clock of the database within a statement, and some seconds: see :func:`now`."""

    type = UtcDateTime()
    inherit_cache = True


def now(after: timedelta = timedelta(0)) -> DatabaseNow:
    """The clock of the database in SQL, or a moment so long after it."""
    return DatabaseNow(literal_column(str(int(after.total_seconds()))))


@compiles(DatabaseNow)
def _of_the_server(element: DatabaseNow, compiler: Any, **options: Any) -> str:
    return f"(now() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(DatabaseNow, "sqlite")
def _of_the_machine(element: DatabaseNow, compiler: Any, **options: Any) -> str:
    return f"{SQLITE_FUNCTION}({compiler.process(element.clauses, **options)})"


class Clock:
    """The clock of one database, as Python asks for it. Moments are in UTC."""

    def __init__(self, kind: str) -> None:
        self._is_own = kind == "postgresql"
        self._ahead = timedelta(0)

    def now(self, connection: Connection) -> datetime:
        """The exact moment; on PostgreSQL one statement within the caller's transaction."""
        if not self._is_own:
            return machine_now()
        moment: datetime = connection.execute(select(now())).scalar_one()
        self.learn(moment)
        return moment

    def learn(self, moment: datetime) -> None:
        """Remember how far the database is ahead of this machine; ``moment`` has just been read from it."""
        if self._is_own:
            self._ahead = moment - machine_now()

    def estimate(self) -> datetime:
        """The moment without a statement: for filters of lists. Locks and sessions need the exact one."""
        return machine_now() + self._ahead
