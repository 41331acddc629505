"""A section as data: its services, its keys and their rights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic

from textual.binding import Binding, BindingType

from models.enums import Department
from services import rights
from services.actor import Actor
from services.i18n import N_, _
from services.lists.query import ListQuery
from services.rights import Action
from tui.sections import SECTIONS
from tui.widgets.record_table.data_source import Row

if TYPE_CHECKING:
    from services.crm import Crm


@dataclass(frozen=True)
class SectionServices(Generic[Row]):
    """The services of one kind of record; all of them are called in threads only."""

    get: Callable[["Crm", Actor, int], Row] | None = None
    trash: Callable[["Crm", Actor, int], object] | None = None
    restore: Callable[["Crm", Actor, int], object] | None = None
    first: Callable[["Crm", Actor, ListQuery], int | None] | None = None
    """The id of the record at which a list opens, ``None`` for its top."""


@dataclass(frozen=True)
class Copied(Generic[Row]):
    """A value of a record that ``y`` copies: its label, translatable, and how it is read from a row.

    ``link`` makes of it what ``o`` opens, an empty text if the value is none.
    """

    label: str
    value: Callable[[Row], str]
    link: Callable[[str], str] | None = None


def record_id(record: Any) -> int:
    """The id of any record."""
    identity: int = record.id
    return identity


@dataclass(frozen=True)
class KeyRule:
    """When a key acts in a section: any one of the rights suffices; ``needs_record``: a row is chosen."""

    rights: tuple[Action, ...]
    needs_record: bool = True

    def refusal(self, department: Department, *, owns: bool) -> str | None:
        """Why none of the rights allows it, translated; the first one speaks."""
        reasons = [rights.refusal(department, right, owns=owns) or "" for right in self.rights]
        return _(reasons[0]) if all(reasons) and reasons else None


RULED_KEYS: Mapping[str, str] = {
    "new": N_("Nothing can be created here."),
    "edit": N_("Nothing can be edited here."),
    "trash": N_("Nothing can be put in the trash here."),
    "restore": N_("Nothing can be restored here."),
    "payment": N_("Choose a contract to record a payment."),
    "cancel_payment": N_("Choose a contract to cancel one of its payments."),
    "sign": N_("Only contracts can be signed."),
    "assign": N_("There is no one to assign here."),
    "chain": N_("Clients, contracts and events have a chain."),
    "paper": N_("Events have a run sheet, contracts a summary."),
    "task": N_("Choose a client, contract, event or collaborator to create a task; in the tasks, press n."),
    "finish": N_("Only tasks are done."),
    "note": N_("Notes are written on clients, contracts, events and collaborators."),
}
"""The keys with a right that depends on the section, and the refusal of each."""

GENERAL_BINDINGS: Final[Sequence[BindingType]] = [
    *(
        Binding(section.key, f"app.go('{section.name}')", section.label, show=False, id=f"go.{section.name}")
        for section in SECTIONS
    ),
    Binding(
        "6", "telemetry", N_("Telemetry"), show=False, id="go.telemetry",
        tooltip=N_("Sentry status, sent items, failures"),
    ),
    Binding(
        "C", "settings", N_("Settings of this CRM"), show=False, id="crm.settings",
        tooltip=N_("Currency, phone region, time zone, travel times, papers"),
    ),
    Binding(
        "X", "read_reminder", N_("Reminder read"), show=False, id="reminder.read",
        tooltip=N_("Hide the reminder that is shown"),
    ),
    Binding("x", "dismiss_alert", N_("Dismiss the alert"), show=False, id="alert.dismiss"),
    Binding("ctrl+r", "reload", N_("Refresh"), show=False, id="section.reload"),
    Binding(
        "M", "preferences", N_("My preferences"), show=False, id="person.preferences",
        tooltip=N_("The section to start with, the theme"),
    ),
    Binding("P", "password", N_("Change password"), show=False, id="person.password"),
    Binding("L", "sign_out", N_("Sign out"), show=False, id="person.sign_out"),
]  # fmt: skip
"""The keys that every section has and that concern no record."""

SECTION_BINDINGS: list[BindingType] = [
    Binding("n", "new", N_("New"), id="record.new", tooltip=N_("Create a record, or one linked to this")),
    Binding("e", "edit", N_("Edit"), id="record.edit", tooltip=N_("Change this record")),
    Binding("p", "payment", N_("Payment"), id="record.payment", tooltip=N_("Record a payment")),
    Binding(
        "D", "cancel_payment", N_("Cancel payment"), show=False, id="record.cancel_payment",
        tooltip=N_("Cancel a payment, with a reason"),
    ),
    Binding("S", "sign", N_("Sign"), id="record.sign", tooltip=N_("Mark the contract signed")),
    Binding("a", "assign", N_("Assign"), id="record.assign", tooltip=N_("Assign the record")),
    Binding(
        "N", "note", N_("Note"), show=False, id="record.note",
        tooltip=N_("Write a note, or tell of a call or mail, on this record"),
    ),
    Binding(
        "t", "task", N_("Task"), show=False, id="record.task", tooltip=N_("Create a task on this record")
    ),
    Binding("slash", "search", N_("Search"), id="list.search", tooltip=N_("Narrow the list as you type")),
    Binding("f", "filter", N_("Filter"), id="list.filter", tooltip=N_("Choose which records are listed")),
    Binding("s", "sort", N_("Sort"), id="list.sort", tooltip=N_("Choose the sort order, or reverse it")),
    Binding("c", "chain", N_("Chain"), id="record.chain", tooltip=N_("What is done and what is missing")),
    Binding(
        "y", "copy", N_("Copy"), show=False, id="record.copy",
        tooltip=N_("Copy its email, phone, number or place"),
    ),
    Binding(
        "o", "open_outside", N_("Open outside"), show=False, id="record.open_outside",
        tooltip=N_("Write a mail, call, or show the place on a map"),
    ),
    Binding(
        "R", "paper", N_("Paper"), show=False, id="record.paper",
        tooltip=N_("Run sheet of an event, summary of a contract: text, HTML or PDF"),
    ),
    Binding(
        "w", "wider", N_("Wider"), show=False, id="list.wider",
        tooltip=N_("The list alone, the details alone, or both"),
    ),
    Binding(
        "H", "columns", N_("Columns"), show=False, id="list.columns",
        tooltip=N_("Choose the columns of this list and their order"),
    ),
    Binding(
        "colon", "go_to", N_("Go to row"), show=False, id="list.go_to",
        tooltip=N_("By its number, or by a percentage such as 50%"),
    ),
    Binding("d", "trash", N_("Trash"), id="record.trash", tooltip=N_("Put the record in the trash")),
    Binding("r", "restore", N_("Restore"), show=False, id="record.restore", tooltip=N_("Restore the record")),
    Binding("u", "undo", N_("Undo"), id="record.undo", tooltip=N_("Undo your own last change")),
    Binding(
        "ctrl+y", "redo", N_("Redo"), show=False, id="record.redo", tooltip=N_("Redo what you undid last")
    ),
    Binding("escape", "back", N_("Back"), show=False, id="section.back", tooltip=N_("The previous list")),
    Binding("tab", "app.focus_next", N_("Next part"), show=False, id="section.next"),
    Binding("shift+tab", "app.focus_previous", N_("Previous part"), show=False, id="section.previous"),
    *GENERAL_BINDINGS,
]  # fmt: skip
"""The keys of every section; one letter means one thing everywhere."""
