"""The forms of a collaborator: new, changed, another password, leaving."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from models.enums import Department
from models.read_models import CollaboratorRead
from models.write_models import (
    CollaboratorCreate,
    CollaboratorLeave,
    CollaboratorPassword,
    CollaboratorUpdate,
)
from services import collaborators, formats
from services.actor import Actor
from services.i18n import N_, _, ngettext
from services.labels import DEPARTMENTS
from services.record_fields import EMPLOYEE_NUMBER, PERSON, FieldKind
from tui.screens.account.password_fields import new_password, repeated_password, without_repeated_password
from tui.screens.base.form import RecordForm, RecordUseCases
from tui.screens.record_references import search_collaborators
from tui.widgets.form.field_spec import Choice, FieldSpec

if TYPE_CHECKING:
    from services.crm import Crm

_FIELDS = (
    *map(FieldSpec.of, PERSON),
    FieldSpec(
        "department", N_("Department"), FieldKind.CHOICE, required=True,
        choices=[Choice(department.value, label) for department, label in DEPARTMENTS.items()],
    ),
    FieldSpec.of(EMPLOYEE_NUMBER),
)  # fmt: skip
_FIRST_PASSWORD = new_password("password", N_("Password"))


class CollaboratorForm(RecordForm[CollaboratorRead]):
    """Creates a collaborator, or changes one."""

    USE_CASES = RecordUseCases(
        collaborators.create_collaborator,
        collaborators.update_collaborator,
        collaborators.get_collaborator,
        CollaboratorCreate,
        CollaboratorUpdate,
    )

    def title_text(self) -> str:
        """New, or the person's name."""
        return _("New collaborator") if self.record is None else self.record.full_name

    def fields(self) -> Sequence[FieldSpec]:
        """All, and the first password of a new one."""
        new = (_FIRST_PASSWORD, repeated_password("password")) if self.record is None else ()
        return (*_FIELDS, *new)

    def command(self, sent: dict[str, object]) -> Any:
        """Without the repetition."""
        return super().command(without_repeated_password(sent))


class _PersonForm(RecordForm[CollaboratorRead]):
    """Something done to one person, rather than a change of their record."""

    def __init__(self, person: CollaboratorRead) -> None:
        super().__init__()
        self.person = person


class SetPasswordForm(_PersonForm):
    """Sets the password of a collaborator; their sessions end."""

    def title_text(self) -> str:
        """The collaborator."""
        return _("New password for {name}").format(name=self.person.full_name)

    def fields(self) -> Sequence[FieldSpec]:
        """The password, twice."""
        return (new_password("new", N_("New password")), repeated_password("new"))

    def shape(self) -> type[CollaboratorPassword]:
        """A password."""
        return CollaboratorPassword

    def command(self, sent: dict[str, object]) -> Any:
        """Without the repetition."""
        return super().command(without_repeated_password(sent))

    def save(
        self, crm: "Crm", actor: Actor, command: CollaboratorPassword, version: int | None
    ) -> CollaboratorRead:
        """Set it."""
        collaborators.set_password(crm, actor, self.person.id, command.new)
        return self.person


class LeaveForm(_PersonForm):
    """Ends a collaborator's access; their clients and events go to another in the same transaction."""

    def title_text(self) -> str:
        """The collaborator."""
        return _("Deactivate {name}").format(name=self.person.full_name)

    def fields(self) -> Sequence[FieldSpec]:
        """The person who takes over their records."""
        return (
            FieldSpec(
                "reassign_to", N_("Reassign to"), FieldKind.PICKER,
                required=bool(self.person.clients or self.person.events), help=self._load(),
                search=self._search(),
            ),
        )  # fmt: skip

    def _load(self) -> str:
        """The records to reassign: clients in Commercial, events in Support."""
        clients = ngettext("{n} client to reassign", "{n} clients to reassign", self.person.clients)
        events = ngettext("{n} event to reassign", "{n} events to reassign", self.person.events)
        owned = ((clients, self.person.clients), (events, self.person.events))
        return " · ".join(text.format(n=formats.show_integer(n)) for text, n in owned if n)

    def _search(self) -> Any:
        department = Department.SUPPORT if self.person.events else Department.COMMERCIAL
        return search_collaborators(department, but=self.person.id)

    def shape(self) -> type[CollaboratorLeave]:
        """Who takes over."""
        return CollaboratorLeave

    def save(
        self, crm: "Crm", actor: Actor, command: CollaboratorLeave, version: int | None
    ) -> CollaboratorRead:
        """Deactivate."""
        return collaborators.deactivate_collaborator(crm, actor, self.person.id, command.reassign_to)
