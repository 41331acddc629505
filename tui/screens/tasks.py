"""The tasks: one's own open ones first."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from models.enums import Department, RecordKind
from models.read_models import TaskRead
from services import formats, tasks
from services.actor import Actor
from services.i18n import N_, _
from services.labels import kind_label
from services.rights import Action
from tui.key_labels import key_of
from tui.protocols import the_app
from tui.screens.base.form import RecordForm
from tui.screens.base.section import SectionScreen, on_records
from tui.screens.base.section_actions import RecordActions
from tui.screens.base.section_spec import Copied, KeyRule, SectionServices
from tui.screens.record_columns import created_column, updated_column
from tui.screens.record_references import link_to
from tui.screens.task_form import TaskForm
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import LinkGroup
from tui.widgets.record_table.columns import Column

if TYPE_CHECKING:
    from services.crm import Crm


class TaskActions(RecordActions):
    """Here Space marks a task done, or opens it again."""

    def finish(self) -> None:
        """Turn the state of the task."""
        task = self.section.record
        if task is None:
            return
        done = task.done_at is None
        said = _("{name} is done. {key}: undo.") if done else _("{name} is open again.")
        self.perform(
            lambda crm, actor: tasks.finish_task(crm, actor, task.id, done=done, version=task.version),
            said.format(name=task.title, key=key_of(self.screen, "record.undo")),
        )


class TasksScreen(SectionScreen[TaskRead]):
    """Every task; creator and assignee change and do it."""

    NAME = "tasks"
    TITLE_TEXT = N_("Tasks")
    KIND = RecordKind.TASK
    EMPTY = N_("There is no task yet. {new}: create one, or {task} on a record.")
    DEFAULT_SORT = ("due", False)
    HOME: ClassVar = dict.fromkeys(Department, "mine")
    PARENTS = frozenset({RecordKind.CLIENT, RecordKind.CONTRACT, RecordKind.EVENT, RecordKind.COLLABORATOR})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space", "finish", N_("Done"), id="record.finish",
            tooltip=N_("Mark the task done, or open it again"),
        ),
    ]  # fmt: skip
    COLUMNS = (
        Column[Any]("title", N_("Task"), lambda row: _title(row), width=14, weight=4, sort="title"),
        Column[Any]("due", N_("Due date"), lambda row: formats.show_due(row.due), width=16, sort="due"),
        Column[Any]("about", N_("About"), width=12, weight=2, rank=2, cut="middle"),
        Column[Any]("assignee_name", N_("Assigned to"), width=14, weight=1, rank=1),
        Column[Any]("creator_name", N_("Created by"), width=14, weight=1, is_optional=True),
        Column[Any](
            "remind_at", N_("Reminder"), lambda row: formats.show_value(row.remind_at),
            width=16, is_optional=True,
        ),
        Column[Any](
            "done_at", N_("Done"), lambda row: formats.show_value(row.done_at), width=16, is_optional=True
        ),
        created_column(),
        updated_column(),
    )  # fmt: skip
    COPIES = (
        Copied[Any](N_("Task"), lambda row: row.title),
        Copied[Any](N_("About"), lambda row: row.about),
    )
    SERVICES: ClassVar[SectionServices[TaskRead]] = SectionServices(
        get=tasks.get_task,
        trash=tasks.trash_task,
        restore=tasks.restore_task,
    )
    ACTIONS = TaskActions
    RULES: ClassVar = {
        "new": KeyRule((Action.TASK_CREATE,), needs_record=False),
        "edit": KeyRule((Action.TASK_UPDATE,)),
        "finish": KeyRule((Action.TASK_DONE,)),
        "trash": KeyRule((Action.TASK_TRASH,)),
        "restore": KeyRule((Action.TASK_TRASH,)),
    }

    def title_of(self, record: TaskRead) -> str:
        """Its title."""
        return record.title

    def owner_id(self, record: TaskRead) -> int:
        """The person, if they created it or have to do it; else the creator."""
        me = the_app(self).viewer.id
        return me if me in (record.assignee_id, record.creator_id) else record.creator_id

    def facts(self, record: TaskRead) -> list[Fact]:
        """All that is known of the task."""
        return [
            Fact(_("Due date"), _due(record), mark=tasks.is_overdue(record, datetime.now(UTC))),
            Fact(_("Done"), formats.show_value(record.done_at)),
            Fact(_("Assigned to"), record.assignee_name),
            Fact(_("Created by"), record.creator_name),
            Fact(_("Reminder"), formats.show_value(record.remind_at)),
            Fact(_("About"), record.about),
            Fact(_("Created"), formats.show_datetime(record.created)),
            Fact(_("Updated"), formats.show_datetime(record.updated)),
            Fact(_("In the trash since"), formats.show_value(record.deleted), mark=True),
        ]

    def links(self, crm: "Crm", actor: Actor, record: TaskRead) -> list[LinkGroup]:
        """The record that the task is on."""
        if record.on is None:
            return []
        kind, record_id = record.on
        return [LinkGroup(kind, kind_label(kind), [link_to(crm, actor, kind, record_id)])]

    def form_for(self, action: str, record: TaskRead | None) -> RecordForm[Any] | None:
        """The task."""
        return TaskForm(None if action == "new" else record)

    action_finish = on_records(TaskActions.finish)


def _title(task: TaskRead) -> str:
    if task.done_at is not None:
        return f"✓ {task.title}"
    return f"! {task.title}" if tasks.is_overdue(task, datetime.now(UTC)) else task.title


def _due(task: TaskRead) -> str:
    due = formats.show_due(task.due) or _("never")
    return _("{due}, overdue").format(due=due) if tasks.is_overdue(task, datetime.now(UTC)) else due
