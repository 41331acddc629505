"""The team, for Gestion: the staff, their load, and who may sign in."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from models.enums import Department, RecordKind
from models.read_models import CollaboratorRead
from services import clients, collaborators, events, formats
from services.actor import Actor
from services.i18n import N_, _
from services.labels import DEPARTMENTS
from services.lists.query import ListQuery
from services.offboarding import require_deletable
from services.rights import Action
from tui.key_labels import key_of
from tui.runtime.outside import mail_link, phone_link
from tui.screens.base.form import RecordForm
from tui.screens.base.section import SectionScreen, on_records
from tui.screens.base.section_actions import RecordActions
from tui.screens.base.section_spec import Copied, KeyRule, SectionServices
from tui.screens.collaborator_form import CollaboratorForm, LeaveForm, SetPasswordForm
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.note_form import CollaboratorNoteForm
from tui.screens.record_columns import created_column
from tui.screens.record_references import client_link, event_link, notes_on
from tui.screens.task_form import CollaboratorTaskForm
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import LINKS_SHOWN, LinkGroup
from tui.widgets.form.field_spec import Choice
from tui.widgets.record_table.columns import Column

if TYPE_CHECKING:
    from services.crm import Crm


class TeamActions(RecordActions):
    """Here ``d`` ends the access of a person, or deletes a person who owns no record."""

    def trash(self) -> None:
        """Ask which of the two, unless the person's records must go to others first."""
        person = self.section.record
        if person is None:
            return
        if person.clients or person.events:
            self.screen.app.push_screen(LeaveForm(person), self.saved)
            return
        choices = [
            Choice("deactivate", _("Deactivate the account, keep the record")),
            Choice("delete", _("Delete for good (owns no record)")),
        ]
        self.screen.app.push_screen(
            ChoiceScreen(person.full_name, choices, "deactivate"), lambda choice: self._leave(person, choice)
        )

    def _leave(self, person: CollaboratorRead, choice: str | None) -> None:
        if choice == "deactivate":
            done = _("{name} can no longer sign in. {key}: undo.").format(
                name=person.full_name, key=key_of(self.screen, "record.undo")
            )
            self.perform(
                lambda crm, actor: collaborators.deactivate_collaborator(crm, actor, person.id),
                done,
                about=(RecordKind.COLLABORATOR, person.id),
            )
        elif choice == "delete":
            self._delete(person)

    def _delete(self, person: CollaboratorRead) -> None:
        question = ConfirmScreen(
            _("Delete for good?"),
            _("Deleting {name} is permanent; the journal keeps the name.").format(
                name=person.full_name
            ),
            yes=_("Delete"), no=_("Keep"),
        )  # fmt: skip
        done = _("{name} is deleted.").format(name=person.full_name)
        self.ask_where_possible(
            lambda crm, actor: require_deletable(crm, actor, person.id),
            lambda: self.ask(
                question, lambda crm, actor: collaborators.delete_collaborator(crm, actor, person.id), done
            ),
        )

    def unlock(self) -> None:
        """Let a person who typed a wrong password too often sign in again."""
        person = self.section.record
        if person is not None:
            done = _("{name} can sign in again.").format(name=person.full_name)
            self.perform(lambda crm, actor: collaborators.unlock_collaborator(crm, actor, person.id), done)

    def set_password(self) -> None:
        """Give the person another password."""
        if self.section.record is not None:
            self.screen.app.push_screen(SetPasswordForm(self.section.record), self.saved)


class TeamScreen(SectionScreen[CollaboratorRead]):
    """Every collaborator. Here ``d`` ends a person's access and ``r`` gives it back."""

    NAME = "team"
    TITLE_TEXT = N_("Team")
    KIND = RecordKind.COLLABORATOR
    DEFAULT_SORT = ("full_name", False)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "d", "trash", N_("Deactivate"), id="record.trash", tooltip=N_("Deactivate or delete the account")
        ),
        Binding("r", "restore", N_("Reactivate"), id="record.restore", tooltip=N_("Reactivate the account")),
        Binding("U", "unlock", N_("Unlock"), id="person.unlock", tooltip=N_("Unlock the account")),
        Binding("W", "set_password", N_("New password"), show=False, id="person.set_password"),
    ]
    RESTORED = N_("{name} can sign in again.")
    COLUMNS = (
        Column[Any]("name", N_("Name"), lambda row: _in_order(row), width=16, weight=3, sort="full_name"),
        Column[Any]("username", N_("Username"), width=12, weight=1, rank=3, sort="username"),
        Column[Any](
            "department", N_("Department"), lambda row: _(DEPARTMENTS[row.department]),
            width=10, rank=1, sort="department",
        ),
        Column[Any]("state", N_("Access"), lambda row: _state(row), width=11, rank=2),
        Column[Any](
            "clients", N_("Clients"), lambda row: formats.show_integer(row.clients),
            width=7, rank=4, align="right", sort="clients",
        ),
        Column[Any](
            "events", N_("Events"), lambda row: formats.show_integer(row.events),
            width=10, rank=5, align="right", sort="events",
        ),
        Column[Any]("employee_number", N_("Employee number"), width=10, is_optional=True),
        Column[Any]("email", N_("Email"), width=18, weight=1, is_optional=True),
        Column[Any]("phone", N_("Phone"), width=17, is_optional=True),
        Column[Any](
            "last_login", N_("Last sign-in"), lambda row: formats.show_value(row.last_login),
            width=16, is_optional=True,
        ),
        created_column(),
    )  # fmt: skip
    COPIES = (
        Copied[Any](N_("Email"), lambda row: row.email, mail_link),
        Copied[Any](N_("Phone"), lambda row: row.phone, phone_link),
        Copied[Any](N_("Name"), lambda row: row.full_name),
        Copied[Any](N_("Username"), lambda row: row.username),
        Copied[Any](N_("Employee number"), lambda row: row.employee_number),
    )
    SERVICES: ClassVar[SectionServices[CollaboratorRead]] = SectionServices(
        get=collaborators.get_collaborator,
        restore=collaborators.reactivate_collaborator,
    )
    ACTIONS = TeamActions
    NOTE_FORM = CollaboratorNoteForm
    TASK_FORM = CollaboratorTaskForm
    RULES: ClassVar = {
        "new": KeyRule((Action.COLLABORATOR_CREATE,), needs_record=False),
        "edit": KeyRule((Action.COLLABORATOR_UPDATE,)),
        "trash": KeyRule((Action.COLLABORATOR_DEACTIVATE,)),
        "restore": KeyRule((Action.COLLABORATOR_REACTIVATE,)),
        "note": KeyRule((Action.NOTE_CREATE,)),
        "task": KeyRule((Action.TASK_CREATE,)),
    }

    @property
    def in_trash(self) -> bool:
        """Whether the person chosen has no access, so that ``r`` rather than ``d`` acts."""
        return self.record is not None and not self.record.active

    def title_of(self, record: CollaboratorRead) -> str:
        """The person's name."""
        return record.full_name

    def facts(self, record: CollaboratorRead) -> list[Fact]:
        """All that is known of the person."""
        last = record.last_login
        return [
            Fact(_("Number"), record.employee_number),
            Fact(_("Username"), record.username),
            Fact(_("Department"), _(DEPARTMENTS[record.department])),
            Fact(_("Access"), _state(record), mark=not record.active),
            Fact(_("Locked until"), formats.show_value(record.locked_until), mark=True),
            Fact(_("Email"), record.email),
            Fact(_("Phone"), record.phone),
            Fact(_("Last sign-in"), formats.show_datetime(last) if last else _("never")),
            Fact(_("Created"), formats.show_datetime(record.created)),
        ]

    def links(self, crm: "Crm", actor: Actor, record: CollaboratorRead) -> list[LinkGroup]:
        """The load of the person, and the notes on them."""
        return [
            *self._load(crm, actor, record),
            notes_on(self, crm, actor, RecordKind.COLLABORATOR, record.id),
        ]

    def _load(self, crm: "Crm", actor: Actor, record: CollaboratorRead) -> list[LinkGroup]:
        """The clients in Commercial, the events in Support."""
        query = ListQuery(parent=(RecordKind.COLLABORATOR, record.id), descending=True)
        if record.department is Department.COMMERCIAL:
            theirs = clients.list_clients(crm, actor, query, limit=LINKS_SHOWN)
            return [
                LinkGroup(
                    "clients", _("Clients"), [client_link(client) for client in theirs], empty=_("None yet.")
                )
            ]
        if record.department is Department.SUPPORT:
            parties = events.list_events(crm, actor, query, limit=LINKS_SHOWN)
            return [
                LinkGroup(
                    "events", _("Events"), [event_link(event) for event in parties], empty=_("None yet.")
                )
            ]
        return []

    def form_for(self, action: str, record: CollaboratorRead | None) -> RecordForm[Any]:
        """The person's record."""
        return CollaboratorForm(None if action == "new" else record)

    def refusal_for(self, action: str) -> str | None:
        """As everywhere; besides, only a locked account is unlocked."""
        if action == "unlock" and not (self.is_mounted and self.record and _is_locked(self.record)):
            return _("This account is not locked.")
        return super().refusal_for(action)

    action_unlock = on_records(TeamActions.unlock)
    action_set_password = on_records(TeamActions.set_password)


def _in_order(person: CollaboratorRead) -> str:
    # The list is in the order of last names.
    return f"{person.last_name}, {person.first_name}"


def _is_locked(person: CollaboratorRead) -> bool:
    return person.locked_until is not None


def _state(person: CollaboratorRead) -> str:
    if not person.active:
        return _("deactivated")
    return _("locked") if _is_locked(person) else _("active")
