"""The line with a reminder, which stays until the person has read it."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from services import formats
from services.i18n import _
from tui.key_labels import key_of
from tui.runtime.stylesheets import sheet_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.read_models import TaskRead


class ReminderBanner(Static):
    """Hidden while there is no reminder."""

    DEFAULT_CSS = sheet_beside(__file__)

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.tasks: Sequence[TaskRead] = ()

    def show(self, tasks: "Sequence[TaskRead]") -> None:
        """Show the first of these reminders, and how many follow; none hides the banner."""
        self.tasks = tasks
        self.set_class(bool(tasks), "-shown")
        if tasks:
            self.update(Content(_line(tasks[0], len(tasks) - 1, key_of(self, "reminder.read"))))

    def private_values(self) -> list[str]:
        """The titles."""
        return [task.title for task in self.tasks]


def _line(task: "TaskRead", others: int, key: str) -> str:
    due = formats.show_due(task.due)
    parts = [" ".join(task.title.split()), *filter(None, (task.about, due))]
    text = _("Reminder: {task}").format(task=", ".join(parts))
    more = _("{number} more").format(number=others) if others else ""
    return " · ".join(filter(None, (f"! {text}", more, _("{key}: read").format(key=key))))
