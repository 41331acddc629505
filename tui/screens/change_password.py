"""Changing one's own password, which ends every session."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.announcements import Actor
from services.errors import Invalid
from services.i18n import N_, _
from tui.access import the_app
from tui.screens.form import RecordForm
from tui.widgets.field_values import FieldKind, FieldSpec

if TYPE_CHECKING:
    from services.crm import Crm

_RULE = N_("At least 12 characters, with a space or a punctuation mark")
_DIFFERENT = N_("This is not what stands above.")


class ChangePasswordScreen(RecordForm[bool]):
    """Asks for the present password and twice for the new one."""

    TITLE_TEXT = N_("Change password")

    def fields(self) -> Sequence[FieldSpec]:
        """The three passwords."""
        return (
            FieldSpec("current", N_("Current password"), FieldKind.PASSWORD, required=True),
            FieldSpec("new", N_("New password"), FieldKind.PASSWORD, required=True, help=_RULE),
            FieldSpec("again", N_("Once more"), FieldKind.PASSWORD, required=True),
        )

    def command(self, sent: dict[str, object]) -> Any:
        """The two passwords, once the new one was typed twice alike."""
        if sent["new"] != sent["again"]:
            raise Invalid.of("again", _DIFFERENT)
        return sent

    def save(self, crm: "Crm", actor: Actor, command: Any, version: int | None) -> bool:
        """Change it and forget the token, which is worth nothing now."""
        from services import sessions, token_store

        sessions.change_password(crm, actor, command["current"], command["new"])
        token_store.clear(crm.settings)
        return True

    def after_save(self, record: bool) -> None:
        """Every session has ended: to the login screen."""
        the_app(self).session.leave(_("Your password is changed. Sign in with the new one."))
