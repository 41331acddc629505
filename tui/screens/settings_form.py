"""The form of the settings that all users of this CRM share, for Gestion."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.read_models import SharedSettingsRead
from models.write_models import SharedSettingsUpdate
from services import shared_settings
from services.actor import Actor
from services.i18n import N_
from services.record_fields import FieldKind
from tui.screens.base.form import RecordForm
from tui.screens.client_form import LANGUAGES
from tui.widgets.form.field_spec import FieldSpec

if TYPE_CHECKING:
    from services.crm import Crm

_FIELDS = (
    FieldSpec(
        "currency", N_("Currency"), required=True, placeholder="EUR",
        help=N_("Changes only while there is no contract"),
    ),
    FieldSpec(
        "phone_region", N_("Phone region"), required=True, placeholder="FR",
        help=N_("Country of numbers typed without a prefix"),
    ),
    FieldSpec(
        "time_zone", N_("Time zone"), required=True, placeholder="Europe/Paris",
        help=N_("The zone of this CRM's days"),
    ),
    FieldSpec(
        "travel_same_place", N_("Travel within a postcode"), FieldKind.INTEGER, required=True,
        help=N_("Minutes between two events of one person"),
    ),
    FieldSpec(
        "travel_same_area", N_("Travel within an area"), FieldKind.INTEGER, required=True,
        help=N_("Minutes, for the same first two digits"),
    ),
    FieldSpec(
        "travel_elsewhere", N_("Travel elsewhere"), FieldKind.INTEGER, required=True, help=N_("Minutes"),
    ),
    FieldSpec(
        "paper_language", N_("Language of papers"), FieldKind.CHOICE, required=True, choices=LANGUAGES,
        help=N_("For clients without a language of their own"),
    ),
    FieldSpec("agency_name", N_("Agency's name"), help=N_("As the papers have it, like all below")),
    FieldSpec(
        "agency_address", N_("Agency's address"), FieldKind.NOTES,
        help=N_("Up to 8 lines; phone and email too"),
    ),
    FieldSpec("agency_siret", N_("SIRET"), placeholder="732 829 320 00074", help=N_("14 digits")),
    FieldSpec(
        "agency_vat", N_("VAT number"), placeholder="FR40 303 265 045",
        help=N_("With the letters of its country"),
    ),
    FieldSpec(
        "agency_legal", N_("Legal details"), help=N_("Such as the legal form, the capital, the register")
    ),
)  # fmt: skip


class SettingsForm(RecordForm[SharedSettingsRead]):
    """Changes currency, phone region, time zone, travel times, and what papers say of the agency."""

    TITLE_TEXT = N_("Settings of this CRM")

    def fields(self) -> Sequence[FieldSpec]:
        """All of them."""
        return _FIELDS

    def shape(self) -> type[SharedSettingsUpdate]:
        """The changed fields."""
        return SharedSettingsUpdate

    def save(
        self, crm: "Crm", actor: Actor, command: SharedSettingsUpdate, version: int | None
    ) -> SharedSettingsRead:
        """Update."""
        return shared_settings.update_settings(crm, actor, command, version)

    def read_again(self, crm: "Crm", actor: Actor) -> SharedSettingsRead:
        """The settings as they are now."""
        return shared_settings.read_settings(crm, actor)
