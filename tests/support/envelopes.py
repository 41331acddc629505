"""A Sentry-compatible server on loopback that records every envelope."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import sentry_sdk
from sentry_sdk.envelope import Envelope

from services import monitoring
from services.settings import load_settings

PUBLIC_KEY: Final = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Reply:
    """An answer, sent ``after`` seconds after the request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    after: float = 0.0


class EnvelopeRecorder:
    """Listens from its creation until :meth:`close`; ``events`` are the accepted error events and messages.

    It answers with ``replies`` first, one after the other, and then accepts everything. ``asked`` counts all
    requests; ``bodies`` are the accepted envelopes.
    """

    def __init__(self, replies: Iterable[Reply] = (), port: int = 0) -> None:
        self.bodies: list[bytes] = []
        self.refused: list[bytes] = []
        self.headers: list[Message] = []
        self._replies = iter(replies)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        # A daemon thread, so that a failed test which does not close this cannot block the exit.
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def dsn(self) -> str:
        """The DSN of this server."""
        return f"http://{PUBLIC_KEY}@127.0.0.1:{self._server.server_port}/7"

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events received so far, in order."""
        return self.items("event")

    @property
    def asked(self) -> int:
        """The number of requests, accepted or not."""
        return len(self.headers)

    def items(self, kind: str) -> list[dict[str, Any]]:
        """The JSON items of one type received so far, in order."""
        envelopes = [Envelope.deserialize(body) for body in list(self.bodies)]
        found = [item for envelope in envelopes for item in envelope.items if item.headers["type"] == kind]
        return [json.loads(item.get_bytes()) for item in found]

    def wait_for(self, count: int, timeout: float = 5.0) -> list[dict[str, Any]]:
        """Wait for this number of events and return them; fails after ``timeout`` seconds."""
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

    def receive(self, body: bytes, headers: Message) -> Reply:
        """Record an envelope and return the answer to it."""
        self.headers.append(headers)
        reply = next(self._replies, Reply())
        (self.bodies if 200 <= reply.status < 300 else self.refused).append(body)
        return reply

    def _handler(self) -> Callable[..., BaseHTTPRequestHandler]:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # the sender was killed meanwhile; a server accepts no partial envelope
                zipped = self.headers.get("Content-Encoding") == "gzip"
                self._answer(recorder.receive(gzip.decompress(body) if zipped else body, self.headers))

            def _answer(self, reply: Reply) -> None:
                time.sleep(reply.after)
                with suppress(OSError):  # the client may be gone
                    self.send_response(reply.status)
                    for name, value in {"Content-Length": len(reply.body), **reply.headers}.items():
                        self.send_header(name, str(value))
                    self.end_headers()
                    self.wfile.write(reply.body)

            def log_message(self, *arguments: object) -> None:
                pass

        return Handler


@contextmanager
def recording(folder: Path, **variables: str) -> Iterator[EnvelopeRecorder]:
    """Start Sentry with a recorder for the length of a block; ``folder`` holds no ``.env``."""
    recorder = EnvelopeRecorder()
    variables = {"EPICEVENTS_LANGUAGE": "fr", "SENTRY_DSN": recorder.dsn, **variables}
    status = monitoring.init_sentry(load_settings(variables, folder, folder))
    assert status.outcome == "started"
    try:
        yield recorder
    finally:
        monitoring.close_sentry()
        sentry_sdk.get_isolation_scope().clear()  # remove data that a test set with the SDK's own functions
        recorder.close()
