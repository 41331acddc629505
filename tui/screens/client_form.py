"""The forms of a client: new, changed by its sales contact, given to another by Gestion."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from models.enums import Department
from models.read_models import ClientRead
from models.write_models import ClientCreate, ClientUpdate
from services import clients, record_fields
from services.actor import Actor
from services.i18n import N_, _
from services.record_fields import FieldKind
from tui.protocols import the_app
from tui.screens.base.form import RecordForm
from tui.screens.record_references import search_collaborators
from tui.widgets.form.field_spec import FieldSpec, FieldValue, Picked

if TYPE_CHECKING:
    from services.crm import Crm

_FIELDS = tuple(map(FieldSpec.of, record_fields.CLIENT))
_SALES_CONTACT = FieldSpec(
    "sales_contact_id",
    N_("Sales contact"),
    FieldKind.PICKER,
    required=True,
    search=search_collaborators(Department.COMMERCIAL),
)


class ClientForm(RecordForm[ClientRead]):
    """Creates a client, or changes it. Gestion names the sales contact of a new one."""

    def title_text(self) -> str:
        """New, or the client's name."""
        return _("New client") if self.record is None else self.record.full_name

    def fields(self) -> Sequence[FieldSpec]:
        """All but the sales contact, which is the person, but for Gestion."""
        names_contact = self.record is None and the_app(self).viewer.department is Department.GESTION
        return (*_FIELDS, _SALES_CONTACT) if names_contact else _FIELDS

    def shape(self) -> type[ClientCreate] | type[ClientUpdate]:
        """A new client, or the changed fields of one."""
        return ClientCreate if self.record is None else ClientUpdate

    def save(
        self, crm: "Crm", actor: Actor, command: ClientCreate | ClientUpdate, version: int | None
    ) -> ClientRead:
        """Create or update."""
        if isinstance(command, ClientCreate):
            return clients.create_client(crm, actor, command)
        assert self.record is not None
        return clients.update_client(crm, actor, self.record.id, command, version)

    def read_again(self, crm: "Crm", actor: Actor) -> ClientRead:
        """The client as it is now."""
        assert self.record is not None
        return clients.get_client(crm, actor, self.record.id)


class ReassignClientForm(ClientForm):
    """Gives a client to another sales contact: the one thing of a client that Gestion changes."""

    def fields(self) -> Sequence[FieldSpec]:
        """The sales contact."""
        return (_SALES_CONTACT,)

    def values_of(self, record: ClientRead) -> Mapping[str, FieldValue]:
        """The present sales contact."""
        return {"sales_contact_id": Picked(record.sales_contact_id, record.sales_contact_name)}
