"""A limit on the total time of a request; the timeouts of urllib3 limit single reads only."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class Lease:
    """The connection in use by the current request; there is one request at a time."""

    def __init__(self) -> None:
        self.connection: Any = None
        self._is_over = False

    @contextmanager
    def ending_after(self, seconds: float) -> Iterator[None]:
        """Shut the connection down after so many seconds, and then raise :class:`TimeoutError`."""
        self.connection, self._is_over = None, False
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        with suppress(RuntimeError):  # the interpreter is shutting down and starts no thread
            timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.connection = None
            if self._is_over:  # urllib3 takes truncated headers for complete ones
                raise TimeoutError

    def _end(self) -> None:
        self._is_over = True
        with suppress(Exception):
            self.connection.sock.shutdown(socket.SHUT_RDWR)


def leased(pool_class: type[Any], lease: Lease) -> type[Any]:
    """A subclass of the pool class that stores the connection in use in the lease."""

    class LeasedPool(pool_class):  # type: ignore[misc]
        def _get_conn(self, timeout: float | None = None) -> Any:
            lease.connection = super()._get_conn(timeout)
            return lease.connection

    return LeasedPool
