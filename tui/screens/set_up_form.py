"""The form that sets up a new CRM, as ``epicevents init`` does."""

from collections.abc import Sequence
from typing import Any

from services.errors import Invalid
from services.i18n import N_
from services.settings import Settings
from tui.screens.form import RecordForm
from tui.widgets.field_values import FieldKind, FieldSpec

_RULE = N_("At least 12 characters, with a space or a punctuation mark")


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
            FieldSpec("password", N_("Password"), FieldKind.PASSWORD, required=True, help=_RULE),
            FieldSpec("again", N_("Once more"), FieldKind.PASSWORD, required=True),
            FieldSpec(
                "database_url", N_("Database"),
                placeholder=N_("empty: a file in your data folder"),
                help=N_("For a team: postgresql://user:password@host/name"),
            ),
        )  # fmt: skip

    def command(self, sent: dict[str, object]) -> Any:
        """What the service wants, once the password was typed twice alike."""
        from services.setup import SetUpCommand

        if sent["password"] != sent.pop("again"):
            raise Invalid.of("again", N_("This is not the password above."))
        return SetUpCommand(**sent)  # type: ignore[arg-type]

    def call(self, command: Any, version: int | None) -> Settings:
        """Set it up; nobody is signed in yet."""
        from services.setup import set_up

        return set_up(command)
