"""The form that sets up a new CRM, as ``epicevents init`` does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.i18n import N_
from services.settings import Settings
from tui.screens.account.password_fields import new_password, once_more
from tui.screens.base.form import RecordForm
from tui.widgets.form.field_spec import FieldKind, FieldSpec

if TYPE_CHECKING:
    from models.write_models import Command


class SetUpForm(RecordForm[Settings]):
    """The first Gestion account and the database; answers the settings of the new CRM."""

    TITLE_TEXT = N_("A new CRM: its first Gestion account")

    def fields(self) -> Sequence[FieldSpec]:
        """The account, then where the data go."""
        return (
            FieldSpec("username", N_("Username"), required=True, help=N_("4 to 50 letters, digits, _ or -")),
            FieldSpec("first_name", N_("First name"), required=True),
            FieldSpec("last_name", N_("Last name"), required=True),
            FieldSpec("email", N_("Email"), FieldKind.EMAIL, required=True),
            new_password("password", N_("Password")),
            once_more("password"),
            FieldSpec(
                "database_url", N_("Database"),
                placeholder=N_("empty: a file in your data folder"),
                help=N_("For a team: postgresql://user:password@host/name"),
            ),
        )  # fmt: skip

    def shape(self) -> "type[Command]":
        """The account's shape, for the error under a field as one leaves it."""
        from models.write_models import CollaboratorCreate

        return CollaboratorCreate

    def command(self, sent: dict[str, object]) -> Any:
        """What the service wants."""
        from services.setup import SetUpCommand

        sent.pop("again")
        return SetUpCommand(**sent)  # type: ignore[arg-type]

    def call(self, command: Any, version: int | None) -> Settings:
        """Set it up; nobody is signed in yet."""
        from services.setup import set_up

        return set_up(command)
