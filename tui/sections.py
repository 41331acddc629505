"""The sections, as data: their keys, names and screens, and who may enter."""

from dataclasses import dataclass

from textual.dom import DOMNode

from models.enums import Department, RecordKind
from services import record_types, rights
from services.i18n import N_, _
from services.rights import Action
from tui.key_labels import key_of
from tui.widgets.header_bar import Tab


@dataclass(frozen=True)
class Section:
    """A section: ``screen`` is the class name in ``module``, imported when it is first needed.

    A narrow header leaves out the minor ones. ``is_list``: the screen shows a list of records.
    """

    name: str
    key: str
    label: str
    module: str
    screen: str
    kind: RecordKind | None
    right: Action = Action.RECORD_READ
    is_minor: bool = False
    is_list: bool = True

    @property
    def views(self) -> str:
        """The list as saved views name it."""
        return self.name if self.kind is None else self.kind.value

    def refusal(self, department: Department) -> str | None:
        """Why the department may not enter, translated."""
        reason = rights.refusal(department, self.right)
        return None if reason is None else _(reason)


SECTIONS = (
    Section("today", "0", N_("Today"), "tui.screens.today", "TodayScreen", None, is_list=False),
    Section("clients", "1", N_("Clients"), "tui.screens.clients", "ClientsScreen", RecordKind.CLIENT),
    Section(
        "contracts", "2", N_("Contracts"), "tui.screens.contracts", "ContractsScreen", RecordKind.CONTRACT
    ),
    Section("events", "3", N_("Events"), "tui.screens.events", "EventsScreen", RecordKind.EVENT),
    Section(
        "team", "4", N_("Team"), "tui.screens.collaborators", "TeamScreen",
        RecordKind.COLLABORATOR, Action.COLLABORATOR_READ,
    ),
    Section(
        "journal", "5", N_("Journal"), "tui.screens.audit_log", "JournalScreen",
        None, Action.JOURNAL_READ,
    ),
    Section("tasks", "7", N_("Tasks"), "tui.screens.tasks", "TasksScreen", RecordKind.TASK),
    Section("notes", "8", N_("Notes"), "tui.screens.notes", "NotesScreen", RecordKind.NOTE, is_minor=True),
)  # fmt: skip


def section_named(name: str) -> Section:
    """The section of this name."""
    return next(section for section in SECTIONS if section.name == name)


def section_of(kind: RecordKind) -> Section:
    """The section that lists records of this kind, or else the records that they belong to."""
    while not has_section(kind):
        parent = record_types.of_kind(kind).parent
        assert parent is not None, kind
        kind = parent.kind
    return next(section for section in SECTIONS if section.kind is kind)


def has_section(kind: RecordKind) -> bool:
    """Whether the records of a kind have a section of their own."""
    return any(section.kind is kind for section in SECTIONS)


def tabs_for(node: DOMNode, department: Department) -> list[Tab]:
    """The sections as the header bar of a screen shows them to a department."""
    return [
        Tab(
            s.name, key_of(node, f"go.{s.name}", s.key), s.label, s.refusal(department) is not None,
            s.is_minor,
        )
        for s in SECTIONS
    ]  # fmt: skip
