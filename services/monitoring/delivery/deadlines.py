"""A limit on the whole time of an exchange with a server, which urllib3 knows for single waits only."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class Lease:
    """The connection that is in use, by one exchange at a time."""

    def __init__(self) -> None:
        self.connection: Any = None
        self._is_over = False

    @contextmanager
    def ending_after(self, seconds: float) -> Iterator[None]:
        """Cut the connection off after so many seconds. Raises :class:`TimeoutError` where that was done."""
        self.connection, self._is_over = None, False
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        with suppress(RuntimeError):  # an interpreter that ends starts no thread; nobody waits for it then
            timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.connection = None
            if self._is_over:  # headers that were cut off look like headers that have ended
                raise TimeoutError

    def _end(self) -> None:
        self._is_over = True
        with suppress(Exception):
            self.connection.sock.shutdown(socket.SHUT_RDWR)


def leased(pool_class: type[Any], lease: Lease) -> type[Any]:
    """A class of connection pools that tells the lease which connection is in use."""

    class LeasedPool(pool_class):  # type: ignore[misc]
        def _get_conn(self, timeout: float | None = None) -> Any:
            lease.connection = super()._get_conn(timeout)
            return lease.connection

    return LeasedPool
