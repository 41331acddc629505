"""An SDK client that sends through the spool, independent of the global client of the process."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sentry_sdk import Client

from services.monitoring.delivery.transport import SpoolTransport, spooling_in


class Capturing:
    """A client with helpers for tests."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.client = Client(
            dsn=dsn,
            transport=spooling_in(folder),
            default_integrations=False,
            auto_enabling_integrations=False,
            release="epicevents@0.1.0",
            server_name="epicevents",
        )
        assert isinstance(self.client.transport, SpoolTransport)
        self.transport = self.client.transport

    def message(self, text: str, attachments: tuple[Any, ...] = ()) -> str:
        """Capture a message. Return its id."""
        event_id = self.client.capture_event({"message": text}, {"attachments": list(attachments)})
        assert event_id is not None
        return event_id

    def waiting(self) -> list[Path]:
        """The files of queued envelopes."""
        return sorted(self.transport.folder.glob("*/*.envelope"))


@contextmanager
def capturing(dsn: str, folder: Path) -> Iterator[Capturing]:
    """Open a client for the length of a block."""
    capturing = Capturing(dsn, folder)
    try:
        yield capturing
    finally:
        capturing.client.close(timeout=1)


def eventually(condition: Callable[[], object], timeout: float = 5.0) -> None:
    """Wait until the condition is true; fails after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)
