"""The engine of one database, and the differences between SQLite and PostgreSQL.

SQLite writes run under ``BEGIN IMMEDIATE``: SQLAlchemy's default leaves a SELECT outside the transaction, and
two people's updates overwrite each other without an error. Errors that mean "the database is not there"
become :class:`DatabaseUnavailable` with their cause; all other errors pass through.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOTDIR
from functools import partial
from pathlib import Path
from random import uniform
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import Connection, Engine, FromClause, create_engine, event, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import Pool, QueuePool
from sqlmodel import Session

from models.column_types import set_currency_digits
from services import clock
from services.errors import DatabaseNotUtf8, SettingsError
from services.files import PRIVATE_FILE, make_folders
from services.i18n import N_
from services.persistence.cancellation import interruptible
from services.persistence.diagnosis import file_trouble, not_made, server_names, unavailable
from services.persistence.poolers import LOCK_TIMEOUT, Pooler

BUSY_TIMEOUT: Final = LOCK_TIMEOUT
"""Seconds that a write waits for another one to finish."""

ROW_LOCK: Final[dict[str, Any]] = {"key_share": True}
"""How PostgreSQL locks a row: against other writers, not against those who only refer to it by its id.

Else an audit entry, which refers to its actor, and the deactivation of that actor wait for each other.
"""

_PATIENCE: Final = 3.0
"""Multiple of ``BUSY_TIMEOUT`` that an SQLite write waits for its start: a whole queue may be before it."""

_SHORT_PATIENCE: Final = 0.3
"""Seconds that a write waits which can as well be made later; shorter than the silence."""

_LOOKS: Final = 0.0005, 0.002
"""Seconds between two attempts at SQLite's write lock. SQLite's own pauses grow to a tenth of a second, so
that a writer who has waited long is overtaken by those who came later."""

_RESTED: Final = 1.0
"""Seconds after which a connection is asked whether it is still there, before it is used."""

# A network that drops every packet ends no connection by itself. The URL may set other values.
_KEEPALIVES: Final = {
    "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000,
}  # fmt: skip

_BEGIN_WRITE: Final = "BEGIN IMMEDIATE"
_TRY_TO_WRITE: Final = "BEGIN IMMEDIATE TRANSACTION"

# Any number that nothing else of ours uses as a PostgreSQL advisory lock.
_ADVISORY_LOCK: Final = 7_216_041_903

_SILENCE: Final = 1.0
"""Seconds of waiting for another program after which the person is told."""


def is_record_id(number: int) -> bool:
    """Whether a record can have this id; PostgreSQL refuses to compare an id with a number over 32 bits."""
    return 0 < number < 2**31


class Database:
    """A database by its URL; the engine is made at first use, in the thread that needs it.

    ``pooled`` says that a pooler is in front of a PostgreSQL server; without it, a pooler is detected.
    """

    def __init__(self, url: str, *, pooled: bool = False) -> None:
        self.url = _parse(url)
        self._pooler = Pooler(given=pooled)
        self.kind = self.url.get_backend_name()
        self.clock = clock.Clock(self.kind)
        self.on_busy: Callable[[], None] = lambda: None
        """Called, in the thread that waits, once another program has held an SQLite file for a second."""
        self.may_be_empty = True
        """Whether an SQLite file without a byte is opened; SQLite makes a database of it."""
        self._engine: Engine | None = None
        self._is_closed = False
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
                self._engine = self._made_engine()
                set_currency_digits(self._engine.dialect, self._currency_digits)
                if self.path:
                    _tie_to_file(self._engine, self, self.path)
                if self._is_closed:
                    _keep_none(self._engine.pool)
            return self._engine

    def _made_engine(self) -> Engine:
        return _sqlite_engine(self.path) if self.path else _postgresql_engine(self.url, self._pooler)

    def set_currency_digits(self, digits: int) -> None:
        """Say how many decimals the amounts of this database have."""
        with self._lock:
            self._currency_digits = digits
            if self._engine is not None:
                set_currency_digits(self._engine.dialect, digits)

    def create_file(self) -> None:
        """Make the empty SQLite file, readable by its owner only, if it does not exist yet.

        Raises :class:`DatabaseUnavailable`.
        """
        if self.path is None or os.path.lexists(self.path):
            return
        try:
            make_folders(self.path.parent)
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
        except FileExistsError:
            if not os.path.lexists(self.path):  # it is a folder above that is a file
                raise not_made(self.path, NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))) from None
        except OSError as error:
            raise not_made(self.path, error) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on Core that only reads; on SQLite one state of the database from its first query on.

        On PostgreSQL each statement is a transaction: under read committed each has a state of its own
        anyway, and BEGIN and ROLLBACK cost two round trips. Raises :class:`Cancelled` if the cancellation
        that covers this thread is used.
        """
        with self._translated(), self.engine.connect() as connection, interruptible(connection.connection):
            if self.kind == "postgresql" and not self._pooler.is_there:
                yield connection.execution_options(isolation_level="AUTOCOMMIT")
            else:
                connection.begin()
                if self.kind == "sqlite":
                    # Through the driver: it locks nothing, so there is nothing to wait for or to measure.
                    driver: Any = connection.connection.driver_connection
                    driver.execute("BEGIN")
                yield connection

    @contextmanager
    def write_session(self) -> Iterator[Session]:
        """A transaction that commits when the block ends, and rolls back whole when it raises."""
        with self.write() as connection, Session(connection, expire_on_commit=False) as session:
            yield session
            session.flush()

    @contextmanager
    def write(self, *, patient: bool = True) -> Iterator[Connection]:
        """As :meth:`write_session`, on Core: a session of the ORM costs as much again as the write itself.

        One that is not ``patient`` soon gives up while another program holds an SQLite file, without a word.
        """
        with self._translated(), self.engine.connect() as connection, connection.begin():
            # Not by an event of the engine: a listener costs 40 µs a connection.
            if self.kind == "sqlite":
                connection.exec_driver_sql(_BEGIN_WRITE if patient else _TRY_TO_WRITE)
            yield connection

    def wait_until_alone(self, session: Session | Connection, lock_key: int = _ADVISORY_LOCK) -> None:
        """Take an advisory lock until the transaction ends, for rules that no lock of a row can guard.

        Transactions with different keys do not wait for each other. SQLite has one writer anyway.
        """
        if self.kind == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key})

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (PoolTimeout, DBAPIError, UnicodeError) as error:
            refusal = unavailable(self.url, self.path, error)
            if refusal is None:
                raise
            # Open connections may be useless by now, such as those to a file that was read-only at first.
            _empty_pool(self.engine)
            try:
                raise refusal from error
            finally:
                # Else error and frame hold each other, and with them the connection that was just closed.
                del refusal

    def dispose(self) -> None:
        """Close every connection, and one in use once it is given back. The next use opens new ones."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            _empty_pool(engine)
            _keep_none(engine.pool)  # a thread may have taken the engine and not connected yet

    def close(self) -> None:
        """As :meth:`dispose`, for good: a connection that a thread opens later closes when it comes back."""
        self._is_closed = True
        self.dispose()


def _empty_pool(engine: Engine) -> None:
    """Close all connections, those in use once they are given back; the engine gets a new pool."""
    pool = engine.pool
    engine.dispose()
    # SQLAlchemy would leave a connection that comes back to the old pool open until it is collected.
    _keep_none(pool)
    pool.dispose()


def _keep_none(pool: Pool) -> None:
    event.listen(pool, "checkin", lambda _connection, record: record.close())


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
    uri = f"{path.absolute().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)
    engine.dialect.statement_compiler = _NamingIndexes
    return engine


def _tie_to_file(engine: Engine, database: Database, path: Path) -> None:
    def look_first(connection: Any, record: Any) -> None:
        # SQLite itself opens a file at the first statement.
        trouble = file_trouble(path, may_be_empty=database.may_be_empty)
        if trouble is not None:
            connection.close()
            raise trouble
        record.info["file"] = _identity(path)

    def check_file(connection: Any, record: Any, proxy: Any) -> None:
        # A deleted file stays writable through an open connection, and the writes are lost. A file that was
        # cut to zero bytes would be filled with a part of its old content.
        if _identity(path) != record.info.get("file"):
            raise DisconnectionError

    event.listen(engine, "connect", look_first, insert=True)
    event.listen(engine, "connect", partial(_configure_sqlite, database))
    event.listen(engine, "do_execute", partial(_wait_for_turn, database))
    event.listen(engine, "checkout", check_file)


class _NamingIndexes(SQLiteCompiler):
    """Writes the hints of tables, such as the index to use; SQLAlchemy leaves them out for SQLite."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        return text


def _identity(path: Path) -> tuple[int, int, bool] | None:
    """Which file this is, and whether it holds anything."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size > 0


def _configure_sqlite(database: Database, connection: sqlite3.Connection, record: object) -> None:
    # FULL: a power cut must not take a payment that was shown as recorded.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        _patiently(database, BUSY_TIMEOUT, partial(connection.execute, f"PRAGMA {pragma}"))
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT * 1000)}").close()
    connection.create_function(clock.SQLITE_FUNCTION, 1, clock.sqlite_now)


def _wait_for_turn(
    database: Database, cursor: sqlite3.Cursor, statement: str, parameters: object, context: object
) -> bool:
    # Instead of the statement itself, so that the wait is part of it when queries are measured.
    if statement not in (_BEGIN_WRITE, _TRY_TO_WRITE):
        return False
    seconds = _PATIENCE * BUSY_TIMEOUT if statement == _BEGIN_WRITE else _SHORT_PATIENCE
    cursor.execute("PRAGMA busy_timeout = 0")
    try:
        _patiently(database, seconds, lambda: cursor.execute(_BEGIN_WRITE))
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT * 1000)}")
    return True


def _patiently(database: Database, seconds: float, attempt: Callable[[], object]) -> None:
    """Try until no other program is in the way; tell the person who waits for longer than a moment."""
    began, told = monotonic(), False
    while True:
        try:
            attempt()
            return
        except sqlite3.OperationalError as error:
            waited = monotonic() - began
            if waited > seconds or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        if waited > _SILENCE and not told:
            told = True
            database.on_busy()
        sleep(uniform(*_LOOKS))  # noqa: S311 - guards nothing


def _postgresql_engine(url: URL, pooler: Pooler) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_timeout=BUSY_TIMEOUT,
        connect_args={
            "connect_timeout": int(BUSY_TIMEOUT),
            "application_name": "epicevents",
            "client_encoding": "utf8",
            **{name: value for name, value in _KEEPALIVES.items() if name not in url.query},
        },
    )

    def remember_use(connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    def ask_when_rested(connection: Any, record: Any, proxy: Any) -> None:
        # A connection that has just answered is alive: a ping before each page costs as much as a short page.
        if monotonic() - record.info.get("used", 0.0) > _RESTED:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    def refuse_other_encodings(connection: Any, record: Any) -> None:
        # The server reports it at each connection, without a query.
        encoding = connection.info.parameter_status("server_encoding")
        if encoding not in (None, "UTF8"):
            connection.close()
            raise DatabaseNotUtf8(encoding=encoding, **server_names(url))

    # Before SQLAlchemy's own first queries, which cannot read every answer in another encoding.
    event.listen(engine, "connect", refuse_other_encodings, insert=True)
    event.listen(engine, "do_connect", pooler.connect)
    event.listen(engine, "begin", pooler.begin)
    event.listen(engine, "connect", remember_use)
    event.listen(engine, "checkin", remember_use)
    event.listen(engine, "checkout", ask_when_rested)
    return engine
