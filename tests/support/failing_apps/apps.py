"""Helpers for small failing Textual apps, and a transport that keeps the envelopes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, ClassVar, NoReturn

import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.transport import Transport
from textual.app import App
from textual.binding import BindingType
from textual.pilot import Pilot
from textual.worker import WorkerFailed

from tui.textual_sentry.integration import TextualIntegration

USER = {"id": "7", "username": "durand"}


class Receiver(Transport):
    """A transport that keeps the envelopes of the SDK in memory."""

    def __init__(self) -> None:
        super().__init__(None)
        self.envelopes: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep the envelope."""
        self.envelopes.append(envelope)

    def record_lost_event(self, *args: object, **kwargs: object) -> None:
        """Ignore lost events."""

    @property
    def events(self) -> list[dict[str, Any]]:
        """Errors and messages."""
        return self._of_type("event")

    @property
    def transactions(self) -> list[dict[str, Any]]:
        """Transactions with their spans."""
        return self._of_type("transaction")

    @property
    def attachments(self) -> dict[str, str]:
        """Attached texts by file name."""
        items = [item for envelope in self.envelopes for item in envelope.items if item.type == "attachment"]
        return {str(item.headers["filename"]): bytes(item.get_bytes()).decode() for item in items}

    @property
    def event(self) -> dict[str, Any]:
        """The only event."""
        (event,) = self.events
        return event

    def _of_type(self, kind: str) -> list[dict[str, Any]]:
        items = [item for envelope in self.envelopes for item in envelope.items if item.type == kind]
        return [item.payload.json for item in items if item.payload.json is not None]


def start_sentry(
    app: App[Any] | None = None, *, propagate_scope: bool = True, textual: Any = None, **options: Any
) -> Receiver:
    """Start the SDK with a receiver as its transport, from any thread.

    ``app`` is a running app, ``textual`` are options of the integration, and ``options`` those of the SDK.
    """
    sentry_sdk.get_isolation_scope().clear()  # an app of an earlier test may have made its scope the default
    receiver = Receiver()
    # A high threshold, so that a busy machine does not report slow frames.
    integration = TextualIntegration(app=app, **{"slow_frame": 60, **(textual or {})})
    threading = ThreadingIntegration(propagate_scope=propagate_scope)
    sentry_sdk.init(
        "http://key@127.0.0.1/1",
        transport=receiver,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[integration, threading, ExcepthookIntegration()],
        **options,
    )
    return receiver


@contextmanager
def sentry_on(**options: Any) -> Iterator[Receiver]:
    """Start the SDK for the length of a block, with empty scopes before and after."""
    stop_sentry()  # a thread of an earlier test may have added a breadcrumb later
    try:
        yield start_sentry(**options)
    finally:
        stop_sentry()


def stop_sentry() -> None:
    """Close the client and clear the scopes."""
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(None)
    for scope in (sentry_sdk.get_global_scope(), sentry_sdk.get_isolation_scope()):
        scope.clear()


def leave_traces() -> None:
    """Set a user and five breadcrumbs."""
    sentry_sdk.set_user(USER)
    for number in range(5):
        sentry_sdk.add_breadcrumb(category="before", message=f"step {number}")


class Crash(Exception):
    """The exception of these apps."""


def crash(*_args: object) -> NoReturn:
    """Raise ``Crash``; this is the innermost frame of every traceback here."""
    raise Crash("on purpose")


async def crash_later() -> NoReturn:
    """Raise ``Crash`` in a coroutine."""
    crash()


class Plain(App[None]):
    """Base of the apps: x, or F2 beside an input, makes them fail. They print nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [("x,f2", "go", "Go")]

    def action_go(self) -> None:
        """Overridden by most apps to fail."""

    def _fatal_error(self) -> None:
        # Textual's own method renders a traceback with variables, which is slow.
        self._close_messages_no_wait()


@asynccontextmanager
async def failing(app: App[Any]) -> AsyncIterator[Pilot[Any]]:
    """Run the app; only its own crash may end it."""
    with suppress(Crash, WorkerFailed):
        async with app.run_test(size=(60, 20)) as pilot:
            yield pilot


async def run_into(app: App[Any], *keys: str) -> None:
    """Press these keys, and run the app until it fails, or for 50 ms."""
    async with failing(app) as pilot:
        await pilot.press(*keys)
        await pilot.pause(0.05)
