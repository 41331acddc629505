"""Bad Sentry servers on loopback, as context managers that yield a DSN."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from itertools import repeat
from typing import Final

from tests.support.envelopes import PUBLIC_KEY, EnvelopeRecorder, Reply


def dsn_of(port: int) -> str:
    """The DSN of a server at this port."""
    return f"http://{PUBLIC_KEY}@127.0.0.1:{port}/7"


def free_port() -> int:
    """A port without a listener."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def unreachable() -> Iterator[str]:
    """Refuses every connection."""
    yield dsn_of(free_port())


@contextmanager
def unknown_host() -> Iterator[str]:
    """Has a host name that never resolves."""
    yield f"http://{PUBLIC_KEY}@sentry.invalid/7"


@contextmanager
def mute() -> Iterator[str]:
    """Accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield dsn_of(listener.getsockname()[1])


@contextmanager
def dripping(first_words: bytes = b"HTTP/1.1 200 OK\r\n") -> Iterator[str]:
    """Answers byte by byte, so that no single read times out."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=_drip, args=(listener, stopped, first_words))
        thread.start()
        try:
            yield dsn_of(listener.getsockname()[1])
        finally:
            stopped.set()
            thread.join()


def dripping_its_answer() -> AbstractContextManager[str]:
    """Sends its headers at once, and its body byte by byte."""
    return dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")


def _drip(listener: socket.socket, stopped: threading.Event, first_words: bytes) -> None:
    connections: list[socket.socket] = []
    while not stopped.is_set():
        with suppress(TimeoutError):
            connections.append(listener.accept()[0])
            connections[-1].sendall(first_words)
        for connection in connections:
            with suppress(OSError):
                connection.sendall(b"X")
    for connection in connections:
        connection.close()


@contextmanager
def hanging_up(last_words: bytes = b"") -> Iterator[str]:
    """Accepts and closes the connection, after some bytes that are no HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_hang_up, args=(listener, last_words))
        thread.start()
        try:
            yield dsn_of(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _hang_up(listener: socket.socket, last_words: bytes) -> None:
    with suppress(OSError):
        while True:
            connection, _address = listener.accept()
            with connection:
                connection.sendall(last_words)


@contextmanager
def answering(reply: Reply) -> Iterator[str]:
    """Gives the same answer to every request."""
    recorder = EnvelopeRecorder(repeat(reply))
    try:
        yield recorder.dsn
    finally:
        recorder.close()


BAD_SERVERS: Final[Mapping[str, Callable[[], AbstractContextManager[str]]]] = {
    "unreachable": unreachable,
    "unknown host": unknown_host,
    "mute": mute,
    "dripping": dripping,
    "hanging up": hanging_up,
    "another service": partial(hanging_up, b"SSH-2.0-OpenSSH_9.6\r\n"),
    "429": partial(answering, Reply(429, {"Retry-After": "60"})),
    "413": partial(answering, Reply(413)),
    "400": partial(answering, Reply(400)),
    "403": partial(answering, Reply(403)),
    "500": partial(answering, Reply(500)),
    "a hotel's network": partial(answering, Reply(200, body=b"<html>Bienvenue</html>")),
}
"""Every way in which a server can be bad, by name."""
