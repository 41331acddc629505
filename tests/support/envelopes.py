"""A Sentry-compatible end on loopback that keeps every envelope it receives, to be looked at."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from services import monitoring
from services.settings import load_settings

PUBLIC_KEY: Final = "0123456789abcdef0123456789abcdef"


class EnvelopeRecorder:
    """Listens from its making until :meth:`close`; ``events`` are the error events and messages."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def dsn(self) -> str:
        """Where to send to."""
        return f"http://{PUBLIC_KEY}@127.0.0.1:{self._server.server_port}/7"

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events received so far, in their order."""
        return [event for body in list(self.bodies) for event in _events(body)]

    def wait_for(self, count: int, timeout: float = 5.0) -> list[dict[str, Any]]:
        """The events, once there are so many; fails after the timeout in seconds."""
        deadline = time.monotonic() + timeout
        while len(self.events) < count:
            assert time.monotonic() < deadline, f"{len(self.events)} of {count} events came"
            time.sleep(0.005)
        return self.events

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> Callable[..., BaseHTTPRequestHandler]:
        bodies = self.bodies

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                zipped = self.headers.get("Content-Encoding") == "gzip"
                bodies.append(gzip.decompress(body) if zipped else body)
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *arguments: object) -> None:
                pass

        return Handler


@contextmanager
def recording(folder: Path) -> Iterator[EnvelopeRecorder]:
    """Sentry, started on a recorder for the length of a block; ``folder`` holds no ``.env``."""
    recorder = EnvelopeRecorder()
    variables = {"EPICEVENTS_LANGUAGE": "fr", "SENTRY_DSN": recorder.dsn}
    status = monitoring.init_sentry(load_settings(variables, folder, folder))
    assert status.outcome == "started"
    try:
        yield recorder
    finally:
        monitoring.close_sentry()
        recorder.close()


def _events(body: bytes) -> list[dict[str, Any]]:
    lines = body.split(b"\n")
    found = []
    position = 1
    while position < len(lines) - 1 and lines[position]:
        if json.loads(lines[position]).get("type") == "event":
            found.append(json.loads(lines[position + 1]))
        position += 2
    return found
