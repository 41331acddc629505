"""What screens may ask of the application, and the application of screens."""

from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from textual.message_pump import MessagePump

from services.errors import CrmError

if TYPE_CHECKING:
    from tui.app import EpicEventsApp


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
class LosesDatabase(Protocol):
    """A screen that can say that the database is out of reach, and try again."""

    def database_lost(self, error: CrmError) -> None:
        """Say so until the database answers."""
        ...
