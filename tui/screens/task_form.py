"""The forms of a task: new, on a record or for a person, or changed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from models.read_models import TaskRead
from models.write_models import TaskCreate, TaskUpdate
from services import tasks
from services.actor import Actor
from services.i18n import N_, _
from services.record_fields import TASK, FieldKind
from tui.protocols import the_app
from tui.screens.base.form import RecordForm, RecordUseCases
from tui.screens.record_references import title_of
from tui.widgets.form.field_spec import FieldSpec, FieldValue, Picked

if TYPE_CHECKING:
    from services.crm import Crm


def search_assignees(crm: "Crm", actor: Actor, typed: str) -> list[Picked]:
    """The people to whom the actor may assign tasks, by name or username."""
    return [Picked(*person) for person in tasks.choose_assignees(crm, actor, typed)]


_TITLE, _DUE, _REMINDER = (FieldSpec.of(field) for field in TASK)
_ASSIGNEE = FieldSpec(
    "assignee_id", N_("Assigned to"), FieldKind.PICKER, required=True, search=search_assignees
)
_FIELDS = (_TITLE, _DUE, _ASSIGNEE, _REMINDER)


class TaskForm(RecordForm[TaskRead]):
    """Creates a task on no record, for oneself unless another person is chosen; or changes one."""

    USE_CASES = RecordUseCases(tasks.create_task, tasks.update_task, tasks.get_task, TaskCreate, TaskUpdate)

    def title_text(self) -> str:
        """New, or its title."""
        return _("New task") if self.record is None else self.record.title

    def fields(self) -> Sequence[FieldSpec]:
        """Title, due, person and reminder."""
        return _FIELDS

    def start_values(self) -> Mapping[str, FieldValue]:
        """For oneself."""
        actor = the_app(self).viewer
        return {"assignee_id": Picked(actor.id, actor.full_name, actor.username)}

    def values_of(self, record: TaskRead) -> Mapping[str, FieldValue]:
        """With the name of the person."""
        person = Picked(record.assignee_id, record.assignee_name, record.assignee)
        others = {name: value for name, value in super().values_of(record).items() if name != "assignee_id"}
        return {**others, "assignee_id": person}


class _NewTaskForm(TaskForm):
    """Creates a task on a record.

    Each kind of record has a form of its own: a draft is found again by the name of its class.
    """

    LINK: ClassVar[str] = ""
    """The field of the command that names the record; empty for none."""

    def __init__(self, about: Any) -> None:
        super().__init__()
        self.about = about

    def title_text(self) -> str:
        """The record."""
        return _("Task on {name}").format(name=title_of(self.about))

    def command(self, sent: dict[str, object]) -> Any:
        """The task with its record."""
        return super().command({**sent, self.LINK: self.about.id} if self.LINK else sent)


class ClientTaskForm(_NewTaskForm):
    """Creates a task on a client."""

    LINK = "client_id"


class ContractTaskForm(_NewTaskForm):
    """Creates a task on a contract."""

    LINK = "contract_id"


class EventTaskForm(_NewTaskForm):
    """Creates a task on an event."""

    LINK = "event_id"


class CollaboratorTaskForm(_NewTaskForm):
    """Creates a task for a collaborator."""

    def title_text(self) -> str:
        """The person."""
        return _("Task for {name}").format(name=title_of(self.about))

    def start_values(self) -> Mapping[str, FieldValue]:
        """For this person."""
        return {"assignee_id": Picked(self.about.id, self.about.full_name, self.about.username)}
