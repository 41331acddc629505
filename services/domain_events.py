"""Domain events and the bus that carries them to telemetry and to the screens.

A use case publishes after its transaction has committed. A listener that fails is reported and never harms
the use case or the other listeners.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from models.enums import LoginOutcome, Operation, RecordKind
from services.actor import Actor


@dataclass(frozen=True)
class RecordChanged:
    """A committed write to one record; names the fields, never their values.

    ``undone`` says that the write undid or redid an earlier one: ``action`` is then the action of that one.
    """

    actor: Actor
    action: str
    kind: RecordKind
    record_id: int
    operation: Operation
    fields: frozenset[str]
    undone: bool = False


@dataclass(frozen=True)
class PermissionRefused:
    """A rule refused an actor."""

    actor: Actor
    rule: str


@dataclass(frozen=True)
class SignInAttempted:
    """An attempt to sign in, after its outcome is known. ``username`` is as typed."""

    username: str
    outcome: LoginOutcome
    actor: Actor | None


@dataclass(frozen=True)
class SignedOut:
    """A session that was ended by its owner."""

    actor: Actor


@dataclass(frozen=True)
class IntegrityViolated:
    """The database refused a write by one of its constraints.

    ``action`` is the refused action, ``trace`` the traceback. The database's own error is left out, since
    its text quotes the row.
    """

    table: str
    constraint: str
    action: str = ""
    trace: TracebackType | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class BruteForceSuspected:
    """So many sign-ins were refused within the window that a person may be guessing passwords.

    Published once for each window, by one terminal of all.
    """

    count: int


DomainEvent = (
    RecordChanged | PermissionRefused | SignInAttempted | SignedOut | IntegrityViolated | BruteForceSuspected
)
Listener = Callable[[DomainEvent], None]


class EventBus:
    """Passes each event to every listener, in the thread that published it.

    ``on_error`` is given the exception of a listener that failed.
    """

    def __init__(self, on_error: Callable[[Exception], object]) -> None:
        self._on_error = on_error
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """Call ``listener`` for every event from now on."""
        self._listeners.append(listener)

    def publish(self, event: DomainEvent) -> None:
        """Pass the event to every listener."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception as error:  # the write is committed, so it must not seem to fail
                self._on_error(error)
