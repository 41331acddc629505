"""The form that sets up a new CRM, as ``epicevents init`` does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.i18n import N_
from services.record_fields import PERSON
from services.settings import Settings
from tui.screens.account.password_fields import new_password, repeated_password
from tui.screens.base.form import RecordForm
from tui.widgets.form.field_spec import FieldSpec

if TYPE_CHECKING:
    from models.write_models import Command


class SetUpForm(RecordForm[Settings]):
    """Asks for the first Gestion account and the database; its result is the settings of the new CRM."""

    TITLE_TEXT = N_("A new CRM: its first Gestion account")

    def fields(self) -> Sequence[FieldSpec]:
        """The account, then the database."""
        return (
            *(FieldSpec.of(field) for field in PERSON if field.required),
            new_password("password", N_("Password")),
            repeated_password("password"),
            FieldSpec(
                "database_url", N_("Database"),
                placeholder=N_("empty: a file in your data folder"),
                help=N_("For a team: postgresql://user:password@host/name"),
            ),
        )  # fmt: skip

    def shape(self) -> "type[Command]":
        """The write model of the account, which validates a field when it loses the focus."""
        from models.write_models import CollaboratorCreate

        return CollaboratorCreate

    def command(self, sent: dict[str, object]) -> Any:
        """The command of the service, without the repeated password."""
        from services.setup import SetUpCommand

        sent.pop("again")
        return SetUpCommand(**sent)  # type: ignore[arg-type]

    def call(self, command: Any, version: int | None) -> Settings:
        """Set up the CRM without a signed-in actor."""
        from services.setup import set_up

        return set_up(command)
