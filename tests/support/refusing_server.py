"""A server on loopback that refuses every connection in PostgreSQL's protocol."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_SSL_REQUESTS: Final = (80877103, 80877104)


@contextmanager
def refusing(code: str, said: str, severity: str = "FATAL") -> Iterator[int]:
    """The port at which each connection is refused with this SQLSTATE and this message."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=_refuse, args=(listener, stopped, _error(code, said, severity)))
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            stopped.set()
            thread.join()


def _error(code: str, said: str, severity: str) -> bytes:
    fields = (("S", severity), ("V", "FATAL"), ("C", code), ("M", said))
    body = b"".join(name.encode() + value.encode() + b"\0" for name, value in fields) + b"\0"
    return b"E" + struct.pack("!i", len(body) + 4) + body


def _refuse(listener: socket.socket, stopped: threading.Event, answer: bytes) -> None:
    while not stopped.is_set():
        with suppress(TimeoutError, OSError):
            connection, _address = listener.accept()
            with connection:
                connection.settimeout(5)
                while _is_ssl_request(connection):
                    connection.sendall(b"N")
                connection.sendall(answer)


def _is_ssl_request(connection: socket.socket) -> bool:
    length, code = struct.unpack("!ii", connection.recv(8, socket.MSG_WAITALL))
    connection.recv(length - 8, socket.MSG_WAITALL)
    return code in _SSL_REQUESTS
