"""What screens may ask of the application, and the application of screens."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from textual.message_pump import MessagePump

from services.errors import CrmError

if TYPE_CHECKING:
    from services.settings import Settings
    from tui.app import EpicEventsApp

SampleAccounts = Sequence[tuple[str, str, str]]
"""Username, password and department of the accounts of a demo database."""

LookAround = Callable[[], tuple["Settings", SampleAccounts]]
"""Makes sample data; in a thread. Raises :class:`CrmError`."""


def the_app(node: MessagePump) -> "EpicEventsApp":
    """The running application, typed."""
    return cast("EpicEventsApp", node.app)


@runtime_checkable
class ShowsStatus(Protocol):
    """A screen with a status line."""

    def show_status(self, text: str) -> None:
        """Show this instead of what the line said."""
        ...


@runtime_checkable
class ShowsWaiting(Protocol):
    """A screen that says what it waits for while it is at work."""

    def show_waiting(self, text: str) -> None:
        """Say this while the work lasts."""
        ...


@runtime_checkable
class LosesDatabase(Protocol):
    """A screen that can say that the database is out of reach, and try again."""

    def database_lost(self, error: CrmError) -> None:
        """Say so until the database answers."""
        ...
