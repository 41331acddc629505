"""The form for the user's own password; a change ends every session."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.actor import Actor
from services.i18n import N_, _
from services.record_fields import FieldKind
from tui.protocols import the_app
from tui.screens.account.password_fields import new_password, repeated_password
from tui.screens.base.form import RecordForm
from tui.widgets.form.field_spec import FieldSpec

if TYPE_CHECKING:
    from services.crm import Crm


class ChangePasswordScreen(RecordForm[bool]):
    """Asks for the current password and twice for the new one."""

    TITLE_TEXT = N_("Change password")

    def fields(self) -> Sequence[FieldSpec]:
        """The current password, the new one and its repetition."""
        return (
            FieldSpec("current", N_("Current password"), FieldKind.PASSWORD, required=True),
            new_password("new", N_("New password")),
            repeated_password("new"),
        )

    def save(self, crm: "Crm", actor: Actor, command: Any, version: int | None) -> bool:
        """Change the password and delete the token, which is revoked now."""
        from services.auth import sessions, token_store

        sessions.change_password(crm, actor, command["current"], command["new"])
        token_store.clear(crm.settings)
        return True

    def after_save(self, record: bool) -> None:
        """Go to the login screen, since every session has ended."""
        the_app(self).session.leave(_("Your password is changed. Sign in with the new one."))
