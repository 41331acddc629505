"""The engine of one database, and what differs between SQLite and PostgreSQL.

SQLite writes run under ``BEGIN IMMEDIATE``: SQLAlchemy's default leaves a SELECT outside the transaction,
and two people's updates overwrite each other without an error. Errors that mean "the database is not
there" become :class:`DatabaseUnavailable`; everything else passes through.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import uniform
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, FromClause, create_engine, event, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from models.columns import set_currency_digits
from services import clock
from services.cancelling import interruptible
from services.errors import DatabaseUnavailable, SettingsError
from services.i18n import N_

BUSY_TIMEOUT: Final = 5.0
"""Seconds that a write waits for another one to finish."""

ROW_LOCK: Final[dict[str, Any]] = {"key_share": True}
"""How PostgreSQL locks a row: against other writers, not against those who only refer to it by its id.

Else an audit entry, which refers to its actor, and the deactivation of that actor wait for each other.
"""

_PATIENCE: Final = 3.0
"""How many times as long a write of SQLite waits until it may begin: a whole queue may be before it."""

_LOOKS: Final = 0.0005, 0.002
"""Seconds between two looks at whether SQLite lets one write: SQLite's own grow to a tenth of a second, and
whoever has waited long comes after all who came later."""

_RESTED: Final = 1.0
"""Seconds after which a connection is asked whether it is still there, before it is used."""

_BEGIN_WRITE: Final = "BEGIN IMMEDIATE"

# Any number that nothing else of ours uses as a PostgreSQL advisory lock.
_ADVISORY_LOCK: Final = 7_216_041_903

_UNAVAILABLE_SQLITE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_PERM,
})  # fmt: skip


def is_record_id(number: int) -> bool:
    """Whether a record can have this id; beyond 32 bits one engine refuses the very comparison."""
    return 0 < number < 2**31


class Database:
    """A database by its URL; the engine is made at first use, in whichever thread needs it."""

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.kind = self.url.get_backend_name()
        self.clock = clock.Clock(self.kind)
        self._engine: Engine | None = None
        self._currency_digits = 2
        self._lock = Lock()

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database) if self.kind == "sqlite" and self.url.database else None

    @property
    def engine(self) -> Engine:
        """The engine, one for each database object."""
        with self._lock:
            if self._engine is None:
                self._engine = _sqlite_engine(self.path) if self.path else _postgresql_engine(self.url)
                set_currency_digits(self._engine.dialect, self._currency_digits)
            return self._engine

    def set_currency_digits(self, digits: int) -> None:
        """Say how many decimals the amounts of this database have."""
        with self._lock:
            self._currency_digits = digits
            if self._engine is not None:
                set_currency_digits(self._engine.dialect, digits)

    def create_file(self) -> None:
        """Make the empty SQLite file, readable by its owner only, where it does not exist yet."""
        if self.path is None or self.path.exists():
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return
        except OSError as error:
            raise DatabaseUnavailable from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only transaction on Core: one state of the database from its first query on.

        Raises :class:`Cancelled` where the cancellation that covers this thread is used.
        """
        with self._translated(), self.engine.connect() as connection, interruptible(connection.connection):
            yield connection.execution_options(read_only=True)

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """A connection for one statement that only reads, which is a transaction of its own.

        Raises :class:`Cancelled` as :meth:`reading`.
        """
        alone = {"isolation_level": "AUTOCOMMIT"} if self.kind == "postgresql" else {"glance": True}
        with self._translated(), self.engine.connect() as connection, interruptible(connection.connection):
            yield connection.execution_options(**alone)

    @contextmanager
    def driver(self) -> Iterator[Any]:
        """A connection of the driver itself, outside any transaction, for one statement that only reads.

        Raises :class:`Cancelled` as :meth:`reading`; errors are those of the driver.
        """
        with self._translated():
            pooled = self.engine.raw_connection()
        driver: Any = pooled.driver_connection
        try:
            with interruptible(pooled):
                if self.kind == "postgresql":
                    driver.autocommit = True
                yield driver
        finally:
            if self.kind == "postgresql" and not driver.closed:
                driver.autocommit = False
            pooled.close()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits when the block ends, and rolls back whole when it raises."""
        with self._translated(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """As :meth:`writing`, on Core: a session costs as much again as what is written."""
        with self._translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    def wait_until_alone(self, session: Session | Connection, matter: int = _ADVISORY_LOCK) -> None:
        """Let no other transaction that asks for this go on before this one ends.

        For what no lock of a row can guard; SQLite has but one writer anyway. Those who name another
        ``matter`` do not wait for each other.
        """
        if self.kind == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": matter})

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (PoolTimeout, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not _is_unavailable(error):
                raise
            # What is open may be of no use any more, such as a file that could only be read at that time.
            self.engine.dispose()
            raise DatabaseUnavailable from error

    def dispose(self) -> None:
        """Close every connection; the next use opens new ones."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is not None and parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed is None or parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise SettingsError(
            "EPICEVENTS_DATABASE_URL",
            N_("{variable} must be like sqlite:////path/to/file.db or postgresql://user@host/name."),
        ) from None
    return parsed


def _sqlite_engine(path: Path) -> Engine:
    # mode=rw: a database that has gone away is an error, never a fresh empty file in its place.
    uri = f"file:{quote(str(path.absolute()))}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)
    engine.dialect.statement_compiler = _NamingIndexes
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "do_execute", _wait_for_turn)

    def remember_file(connection: Any, record: Any) -> None:
        record.info["file"] = _identity(path)

    def check_file(connection: Any, record: Any, proxy: Any) -> None:
        # A deleted file stays writable through an open connection; what is written there is lost.
        if _identity(path) != record.info.get("file"):
            raise DisconnectionError

    event.listen(engine, "connect", remember_file)
    event.listen(engine, "checkout", check_file)
    return engine


class _NamingIndexes(SQLiteCompiler):
    """Writes what a statement asks of SQLite beside a table, such as the index to use."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        return text


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _configure_sqlite(connection: sqlite3.Connection, record: object) -> None:
    # FULL: a power cut must not take a payment that was shown as recorded.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
    connection.create_function(clock.SQLITE_FUNCTION, 1, clock.sqlite_now)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("glance", False):
        connection.exec_driver_sql("BEGIN" if options.get("read_only", False) else _BEGIN_WRITE)


def _wait_for_turn(cursor: sqlite3.Cursor, statement: str, parameters: object, context: object) -> bool:
    # In the place of the statement itself, so that the wait is part of it for whoever measures queries.
    if statement != _BEGIN_WRITE:
        return False
    end = monotonic() + _PATIENCE * BUSY_TIMEOUT
    cursor.execute("PRAGMA busy_timeout = 0")
    try:
        while not _begun(cursor, last=monotonic() > end):
            sleep(uniform(*_LOOKS))  # noqa: S311 - guards nothing
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT * 1000)}")
    return True


def _begun(cursor: sqlite3.Cursor, *, last: bool) -> bool:
    try:
        cursor.execute(_BEGIN_WRITE)
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_timeout=BUSY_TIMEOUT,
        connect_args={
            "connect_timeout": int(BUSY_TIMEOUT),
            "application_name": "epicevents",
            # What is asked takes less time than it takes to compile it.
            "options": f"-c lock_timeout={int(BUSY_TIMEOUT * 1000)} -c timezone=UTC -c jit=off",
        },
    )

    def remember_use(connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    def ask_when_rested(connection: Any, record: Any, proxy: Any) -> None:
        # One that has just answered is there: to ask it before each page costs as much as a short page.
        if monotonic() - record.info.get("used", 0.0) > _RESTED:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    event.listen(engine, "connect", remember_use)
    event.listen(engine, "checkin", remember_use)
    event.listen(engine, "checkout", ask_when_rested)
    return engine


def _is_unavailable(error: DBAPIError) -> bool:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0)
        # An empty database in the place of ours has none of our tables.
        return (code & 0xFF) in _UNAVAILABLE_SQLITE or str(cause).startswith("no such table")
    # psycopg: connection lost or refused, lock timeout, too many connections, disk full, stopped, emptied.
    return error.connection_invalidated or _is_operational(cause)


def _is_operational(cause: BaseException | None) -> bool:
    import psycopg

    gone = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.UndefinedTable)
    return isinstance(cause, gone)
