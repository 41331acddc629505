"""The forms of a client: new, changed by its sales contact, given to another by Gestion."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from models.enums import Department
from models.read_models import ClientRead
from models.write_models import ClientCreate, ClientUpdate
from services import clients, record_fields
from services.i18n import N_, _
from services.labels import LANGUAGE_NAMES
from services.record_fields import FieldKind
from tui.protocols import the_app
from tui.screens.base.form import RecordForm, RecordUseCases
from tui.screens.record_references import search_collaborators
from tui.widgets.form.field_spec import Choice, FieldSpec, FieldValue, Picked

if TYPE_CHECKING:
    pass

LANGUAGES = tuple(Choice(code, label) for code, label in LANGUAGE_NAMES.items())
"""The languages of papers, to choose from."""
_OF_SETTINGS = Choice("", N_("as in the settings"))
_FIELDS = tuple(
    replace(spec, choices=(_OF_SETTINGS, *LANGUAGES)) if spec.name == "language" else spec
    for spec in map(FieldSpec.of, record_fields.CLIENT)
)
_SALES_CONTACT = FieldSpec(
    "sales_contact_id",
    N_("Sales contact"),
    FieldKind.PICKER,
    required=True,
    search=search_collaborators(Department.COMMERCIAL),
)


class ClientForm(RecordForm[ClientRead]):
    """Creates a client, or changes it. Gestion names the sales contact of a new one."""

    USE_CASES = RecordUseCases(
        clients.create_client, clients.update_client, clients.get_client, ClientCreate, ClientUpdate
    )

    def title_text(self) -> str:
        """New, or the client's name."""
        return _("New client") if self.record is None else self.record.full_name

    def fields(self) -> Sequence[FieldSpec]:
        """All but the sales contact, which is the person, but for Gestion."""
        names_contact = self.record is None and the_app(self).viewer.department is Department.GESTION
        return (*_FIELDS, _SALES_CONTACT) if names_contact else _FIELDS

    def start_values(self) -> Mapping[str, FieldValue]:
        """The language of the settings."""
        return {"language": ""}


class ReassignClientForm(ClientForm):
    """Gives a client to another sales contact: the one thing of a client that Gestion changes."""

    def fields(self) -> Sequence[FieldSpec]:
        """The sales contact."""
        return (_SALES_CONTACT,)

    def values_of(self, record: ClientRead) -> Mapping[str, FieldValue]:
        """The present sales contact."""
        return {"sales_contact_id": Picked(record.sales_contact_id, record.sales_contact_name)}
