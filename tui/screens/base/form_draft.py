"""The draft of a form: written a moment after each change, taken up again, deleted once the form closes."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final

from textual.timer import Timer

from services.i18n import _
from tui.form_state import FormState
from tui.protocols import DraftServices, the_app

if TYPE_CHECKING:
    from tui.screens.base.form import RecordForm

KEEP_AFTER: Final = 0.4
"""Seconds from a change until it is on its way to the disk, whether more is typed meanwhile or not."""


class FormDraft:
    """Keeps the values of a form in case the program stops."""

    def __init__(self, form: "RecordForm[Any]") -> None:
        self._form = form
        self._restored: FormState | None = None
        self._timer: Timer | None = None

    @property
    def _drafts(self) -> DraftServices:
        return the_app(self._form).session.drafts

    def resume(self, draft: FormState) -> None:
        """Open with the values typed before the program stopped; call this before the form is shown."""
        self._restored = draft

    def take_up(self) -> None:
        """Fill the fields from the draft, if there is one."""
        if self._restored is None:
            return
        self._form.values.restore(self._restored)
        if any(field.is_secret for field in self._form.values.fields):
            the_app(self._form).say(_("Passwords are not kept: type them again."))

    def keep_soon(self) -> None:
        """Keep the values of the fields, in a moment."""
        if self._timer is None:
            self._timer = self._form.set_timer(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        self._timer = None
        self._drafts.keep_soon(self._form)

    def saving(self) -> AbstractContextManager[None]:
        """The context of a save, in its thread."""
        return self._drafts.saving(self._form)

    def give_up(self) -> None:
        """Delete the draft: nothing typed is wanted any more."""
        self._drafts.give_up(self._form)
