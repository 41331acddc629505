"""The one place where everything that happened is announced: to telemetry, to the screens.

A use case announces after its transaction has committed. A listener that fails is reported and
never harms the use case or the other listeners.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from types import TracebackType

from models.enums import Department, LoginOutcome, Operation, RecordKind
from services import monitoring


@dataclass(frozen=True)
class Actor:
    """Who acts, as last read from the database; every transaction reads it anew."""

    id: int
    username: str
    full_name: str
    department: Department
    session_id: str


@dataclass(frozen=True)
class RecordChanged:
    """A committed write to one record; names the fields, never their values.

    ``undone`` says that the write took an earlier one back: ``action`` is then what was taken back.
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

    ``action`` is what was tried; ``trace`` leads to the place. The database's own error stays behind: its
    text quotes the row.
    """

    table: str
    constraint: str
    action: str = ""
    trace: TracebackType | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class BruteForceSuspected:
    """So many sign-ins were refused within the window that somebody may be guessing passwords.

    Announced once for each window, by one terminal of all.
    """

    count: int


Announcement = (
    RecordChanged | PermissionRefused | SignInAttempted | SignedOut | IntegrityViolated | BruteForceSuspected
)
Listener = Callable[[Announcement], None]


class Announcer:
    """Passes each announcement to every listener, in the thread that made it."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for every announcement from now on; the result ends it."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._unsubscribe(listener)

    def _unsubscribe(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def announce(self, announcement: Announcement) -> None:
        """Tell every listener."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(announcement)
            except Exception as error:  # a broken listener must not undo what is committed
                monitoring.capture_exception(error)
