"""The services that the application offers to its screens, and the screens to the application."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen

from services.errors import CrmError

if TYPE_CHECKING:
    from models.enums import RecordKind
    from models.read_models import SharedSettingsRead, TaskRead
    from services.actor import Actor
    from services.crm import Crm
    from services.lists.query import Preset
    from services.settings import Settings
    from tui.places import AgendaPlace, Origin
    from tui.security_alerts import Alerts

SampleAccounts = Sequence[tuple[str, str, str]]
"""Username, password and department of the accounts of a demo database."""

LookAround = Callable[[], tuple["Settings", SampleAccounts]]
"""Makes sample data; in a thread. Raises :class:`CrmError`."""


class AppServices(Protocol):
    """The application as its screens and its parts know it; see ``EpicEventsApp``."""

    @property
    def settings(self) -> "Settings": ...
    @property
    def opening(self) -> "OpeningServices": ...
    @property
    def session(self) -> "SessionServices": ...
    @property
    def navigator(self) -> "NavigatorServices": ...
    @property
    def notices(self) -> "ShownNotices": ...
    @property
    def crm(self) -> "Crm": ...
    @property
    def actor(self) -> "Actor": ...
    @property
    def viewer(self) -> "Actor": ...

    def say(self, text: str) -> None: ...
    def refuse(self, reason: str) -> None: ...
    def show_error(self, error: CrmError) -> None: ...
    def handle(self, error: CrmError, retry: Callable[[], object]) -> None: ...
    def forget_keys(self) -> None: ...


def the_app(node: MessagePump | App[Any]) -> AppServices:
    """The running application, as far as its screens and its parts may know it."""
    # ``node.app`` is the active application, which is another one while this one is built in a test.
    return cast("AppServices", node if isinstance(node, App) else node.app)


class OpeningServices(Protocol):
    """The CRM while it is opened; see ``Opening``."""

    look_around: LookAround | None
    sample_accounts: SampleAccounts
    status: str

    @property
    def settings(self) -> "Settings": ...
    @property
    def currency(self) -> str: ...
    @property
    def is_painted(self) -> bool: ...
    @property
    def token(self) -> str | None: ...

    def wait(self) -> "Crm": ...
    def retry(self) -> None: ...
    def use(
        self, settings: "Settings", sample_accounts: SampleAccounts = (), *, message: str = ""
    ) -> None: ...


class SessionServices(Protocol):
    """The signed-in person; see ``Session``."""

    @property
    def actor(self) -> "Actor | None": ...
    @property
    def resuming(self) -> int | None: ...
    @property
    def alerts(self) -> "Alerts": ...
    @property
    def reminders(self) -> "ReminderServices": ...
    @property
    def drafts(self) -> "DraftServices": ...

    def sign_in(
        self, username: str, password: str, *, then: Callable[[], None], failed: Callable[[CrmError], None]
    ) -> None: ...
    def resume(self, token: str, *, failed: Callable[[CrmError], None]) -> None: ...
    def sign_in_again(self, then: Callable[[], object]) -> None: ...
    def sign_out(self) -> None: ...
    def leave(self, message: str) -> None: ...
    def left_behind(self) -> str: ...


class ReminderServices(Protocol):
    """The reminders of the person; see ``Reminders``."""

    @property
    def unread(self) -> "list[TaskRead]": ...

    def look(self) -> None: ...
    def read(self) -> None: ...


class ShownNotices(Protocol):
    """The notices in the corner; see ``Notices``."""

    def is_shown(self, text: str) -> bool: ...


class DraftServices(Protocol):
    """The drafts of the open forms, each a ``RecordForm``; see ``Drafts``."""

    def keep_soon(self, form: Any) -> None: ...
    def saving(self, form: Any) -> AbstractContextManager[None]: ...
    def give_up(self, form: Any) -> None: ...


class NavigatorServices(Protocol):
    """The way between the sections; see ``Navigator``."""

    def enter(self) -> None: ...
    def go(self, name: str, preset: "Preset | None" = None) -> None: ...
    def create(self, name: str) -> None: ...
    def open_record(
        self,
        kind: "RecordKind",
        record_id: int,
        origin: "Origin",
        come_back: Callable[[], None] | None = None,
    ) -> None: ...
    def back(self) -> bool: ...
    def leave(self, message: str) -> None: ...
    def open_telemetry(self) -> None: ...
    def show_chain(self, kind: "RecordKind", record_id: int, seen: Callable[[bool | None], None]) -> None: ...
    def show_agenda(self, place: "AgendaPlace", seen: Callable[[bool | None], None]) -> None: ...
    def offer_paper(self, kind: "RecordKind", record: Any) -> None: ...
    def change_settings(self, settings: "SharedSettingsRead", saved: Callable[[object], None]) -> None: ...
    def change_password(self) -> None: ...
    def is_section(self, screen: Screen[Any]) -> bool: ...


@runtime_checkable
class ShowsStatus(Protocol):
    """A screen with a status line."""

    def show_status(self, text: str) -> None:
        """Replace the text of the line."""
        ...


@runtime_checkable
class ShowsWaiting(Protocol):
    """A screen that shows the reason for waiting while it is at work."""

    def show_waiting(self, text: str) -> None:
        """Say this while the work lasts."""
        ...


@runtime_checkable
class LosesDatabase(Protocol):
    """A screen that can say that the database is out of reach, and try again."""

    def database_lost(self, error: CrmError) -> None:
        """Say so until the database answers."""
        ...
