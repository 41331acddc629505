"""Cancelling a query whose result is no longer needed.

A reader covers its reads with a :class:`Cancellation`; any other thread may cancel it. The database then
stops at once, and the read raises :class:`services.errors.Cancelled`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from services.errors import Cancelled

if TYPE_CHECKING:
    from sqlalchemy import PoolProxiedConnection


_TIMEOUT: Final = 2.0
"""Seconds in which the server must confirm a cancellation."""


class Cancellation:
    """One chance to stop the queries that run under it. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connections: list[Any] = []
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether the query was cancelled."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop the query under way, and refuse those that have not begun. Doing it twice is no error.

        Returns at once: another thread asks the server, over a connection of its own.
        """
        self._cancelled = True
        if self._connections:
            Thread(target=self._interrupt, name="cancel a query", daemon=True).start()

    def _interrupt(self) -> None:
        with self._lock:
            for connection in self._connections:
                _interrupt(connection)

    @contextmanager
    def covering(self) -> Iterator[None]:
        """Let this stop the queries of this thread in the block. Raises :class:`Cancelled`."""
        token = _covering.set(self)
        try:
            self._refuse_when_cancelled()
            yield
        finally:
            _covering.reset(token)

    @contextmanager
    def _using(self, connection: Any) -> Iterator[None]:
        with self._lock:
            self._connections.append(connection)
        try:
            self._refuse_when_cancelled()
            yield
        except Exception as error:
            if self._cancelled:
                raise Cancelled from error
            raise
        finally:
            # Under the lock: an interrupt must not reach the next query on this connection.
            with self._lock:
                self._connections.remove(connection)

    def _refuse_when_cancelled(self) -> None:
        if self._cancelled:
            raise Cancelled


_covering: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


@contextmanager
def interruptible(connection: "PoolProxiedConnection") -> Iterator[None]:
    """Let the cancellation that covers this thread, if any, stop the query on a connection of the pool."""
    cancellation = _covering.get()
    if cancellation is None:
        yield
        return
    with cancellation._using(connection.driver_connection):
        yield


def _interrupt(connection: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.interrupt()
    else:
        # The driver's own connection to the server, so at most for so long.
        connection.cancel_safe(timeout=_TIMEOUT)
