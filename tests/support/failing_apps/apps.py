"""Small Textual apps, each of which fails in one way, and a receiver that keeps what would be sent."""

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
    """Takes the place of the network: what the SDK hands over for sending stays here, as it would go out."""

    def __init__(self) -> None:
        super().__init__(None)
        self.envelopes: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep it."""
        self.envelopes.append(envelope)

    def record_lost_event(self, *args: object, **kwargs: object) -> None:
        """Nothing is counted."""

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
        """The one event there is."""
        (event,) = self.events
        return event

    def _of_type(self, kind: str) -> list[dict[str, Any]]:
        items = [item for envelope in self.envelopes for item in envelope.items if item.type == kind]
        return [item.payload.json for item in items if item.payload.json is not None]


def start_sentry(
    app: App[Any] | None = None, *, propagate_scope: bool = True, textual: Any = None, **options: Any
) -> Receiver:
    """Start the SDK as a program does, with a receiver for its transport. Any thread may do so.

    ``app`` is one that runs already, ``textual`` the options of the integration, the others those of the SDK.
    """
    receiver = Receiver()
    # How busy the machine is must not be seen in what is sent.
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
    """The SDK for as long as this lasts, with nothing in its scopes before and afterwards."""
    stop_sentry()  # a thread of an earlier test may have left a breadcrumb after its end
    try:
        yield start_sentry(**options)
    finally:
        stop_sentry()


def stop_sentry() -> None:
    """Leave no client and no scope behind."""
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(None)
    for scope in (sentry_sdk.get_global_scope(), sentry_sdk.get_isolation_scope()):
        scope.clear()


def leave_traces() -> None:
    """Somebody signs in and does five things."""
    sentry_sdk.set_user(USER)
    for number in range(5):
        sentry_sdk.add_breadcrumb(category="before", message=f"step {number}")


class Crash(Exception):
    """What these apps raise, and nothing else does."""


def crash(*_args: object) -> NoReturn:
    """Raise it: the innermost frame of every stack here."""
    raise Crash("on purpose")


async def crash_later() -> NoReturn:
    """Raise it in a coroutine."""
    crash()


class Plain(App[None]):
    """Pressing x, or F2 beside a field, makes these apps fail, if they did not before. They print nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [("x,f2", "go", "Go")]

    def action_go(self) -> None:
        """Fail, in most."""

    def _fatal_error(self) -> None:
        # Textual's own draws every frame with its variables, which takes longer than all the rest.
        self._close_messages_no_wait()


@asynccontextmanager
async def failing(app: App[Any]) -> AsyncIterator[Pilot[Any]]:
    """Run the app to its bad end, which is all that may end it badly."""
    with suppress(Crash, WorkerFailed):
        async with app.run_test(size=(60, 20)) as pilot:
            yield pilot


async def run_into(app: App[Any], *keys: str) -> None:
    """Press these keys and run on until the app fails, or for a moment."""
    async with failing(app) as pilot:
        await pilot.press(*keys)
        await pilot.pause(0.05)
