"""A form that saves: it takes no key meanwhile, and says so once that takes longer than a moment."""

from typing import TYPE_CHECKING, Any, Final

from textual.timer import Timer
from textual.widgets import Button

from services.errors import Conflict, CrmError, DatabaseUnavailable, Invalid, NotSignedIn
from services.i18n import _
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.base.form_conflict import FormConflict
from tui.widgets.banner import Banner

if TYPE_CHECKING:
    from tui.screens.base.form import RecordForm

SLOW_SAVE: Final = 0.5
"""Seconds after which a form says that it is still saving."""


class FormSaving:
    """Sends the values of a form to its service in a thread, and shows a refusal."""

    def __init__(self, form: "RecordForm[Any]") -> None:
        self._form = form
        self._slow_save: Timer | None = None
        self.is_running = False
        self.is_done = False
        """Whether the record is saved; known even where the program stops before the answer arrives."""

    def start(self) -> None:
        """Save the typed values; while a save runs, do nothing."""
        if self.is_running:
            return
        form = self._form
        form.query_one(Banner).clear()
        try:
            sent = form.values.to_send()
            if form.record is not None and not sent:
                form.dismiss(None)
                return
            command = form.command(sent)
        except Invalid as error:
            form.problems.show(error.problems)
            return
        form.problems.show(())
        form.send(command)

    def send(self, command: Any) -> None:
        """Call the service."""
        form, version = self._form, getattr(self._form.record, "version", None)
        self._begin()
        around = form.draft.saving()

        def work() -> Any:
            with around:
                saved = form.call(command, version)
                self.is_done = True
            return saved

        run_in_background(form, work, then=form.after_save, failed=self.refused, group="save")

    def refused(self, error: CrmError) -> None:
        """Nothing was saved: say why, and let the person go on."""
        self._end()
        form = self._form
        form.draft.keep_soon()
        if isinstance(error, NotSignedIn):
            the_app(form).session.sign_in_again(self.start)
        elif isinstance(error, Conflict) and form.record is not None:
            FormConflict(form, error).settle()
        elif error.field_problems():
            form.problems.show(error.field_problems())
        else:
            hint = _("Your input is kept. Ctrl+S: try again.")
            lost = isinstance(error, DatabaseUnavailable)
            form.query_one(Banner).show(f"{error.message()}\n{hint}" if lost else error.message())

    def show_waiting(self, text: str) -> None:
        """Name the program that the save waits for, until it has ended."""
        if self.is_running:
            self._form.query_one(Banner).show(text, waiting=True)

    def _begin(self) -> None:
        self.is_running = True
        self._form.query_one("#save", Button).disabled = True
        self._slow_save = self._form.set_timer(SLOW_SAVE, lambda: self.show_waiting(_("Saving…")))

    def _end(self) -> None:
        """The save was refused: keys that were typed meanwhile were not meant for these fields."""
        self.is_running = False
        self._form.query_one("#save", Button).disabled = False
        self._form.query_one(Banner).clear()
        if self._slow_save is not None:
            self._slow_save.stop()
        the_app(self._form).forget_keys()
