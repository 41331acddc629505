"""The reminders of the signed-in person: asked for at sign-in, at the time of the next, and after changes."""

from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from textual.app import App
from textual.timer import Timer

from tui.protocols import the_app
from tui.runtime.workers import run_in_background

if TYPE_CHECKING:
    from models.read_models import TaskRead
    from services.reminders import Reminders as Found
    from tui.screens.base.status_banners import StatusBanners

_LONGEST_SLEEP: Final = 24 * 3600.0
"""Seconds; a timer of a year would not survive a clock that is set."""


@runtime_checkable
class ShowsReminders(Protocol):
    """A screen with a line for reminders."""

    banners: "StatusBanners"


class Reminders:
    """The reminders that have come and are not read yet; each is shown once in a run to a person."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._services = the_app(app)
        self._found: list[TaskRead] = []
        self._read: set[tuple[object, ...]] = set()
        self._timer: Timer | None = None

    @property
    def unread(self) -> "list[TaskRead]":
        """The tasks of which the person has not read the reminder."""
        return [task for task in self._found if self._key(task) not in self._read]

    def look(self) -> None:
        """Ask for the reminders in a thread. A query that fails is asked again at the next change."""
        actor = self._services.session.actor
        if actor is None:
            return

        def work() -> "Found":
            from services.reminders import look_for_reminders

            return look_for_reminders(self._services.crm, actor)

        run_in_background(self._app, work, then=self._answered, failed=lambda _error: None, group="reminders")

    def _answered(self, found: "Found") -> None:
        if self._services.session.actor is None:
            return
        self._found = list(found.tasks)
        self._stop()
        if found.next_at is not None:
            wait = min((found.next_at - found.now).total_seconds(), _LONGEST_SLEEP)
            self._timer = self._app.set_timer(max(wait, 0.0), self.look)
        self._show()

    def read(self) -> None:
        """The person has read the first one."""
        for task in self.unread[:1]:
            self._read.add(self._key(task))
        self._show()

    def forget(self) -> None:
        """The person has left."""
        self._found = []
        self._stop()

    def _show(self) -> None:
        if isinstance(self._app.screen, ShowsReminders):
            self._app.screen.banners.show_reminders()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    @staticmethod
    def _key(task: "TaskRead") -> tuple[object, ...]:
        return task.assignee_id, task.id, task.remind_at
