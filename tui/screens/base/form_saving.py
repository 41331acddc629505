"""A form that saves: the call of its service, the conflict with another person, and the draft until then."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final

from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Button

from services.errors import Conflict, CrmError, DatabaseUnavailable, Invalid, NotSignedIn
from services.i18n import _
from tui.form_state import FormState
from tui.key_labels import key_of
from tui.protocols import DraftServices, the_app
from tui.runtime.workers import run_in_background
from tui.screens.base.form_values import FormProblems, FormValues
from tui.screens.dialogs.conflict import ConflictScreen, sides_of
from tui.widgets.banner import Banner
from tui.widgets.form.field_spec import FieldValue

if TYPE_CHECKING:
    from tui.screens.base.protocols import SavedForm

SLOW_SAVE: Final = 0.5
"""Seconds after which a form says that it is still saving."""
KEEP_AFTER: Final = 0.4
"""Seconds from a change until it is on its way to the disk, whether more is typed meanwhile or not."""


class FormSaving:
    """Sends the values of a form to its service in a thread, and shows a refusal.

    The form takes no key meanwhile, and says so once that takes longer than a moment.
    """

    def __init__(
        self, form: "SavedForm", values: FormValues, problems: FormProblems, draft: "FormDraft"
    ) -> None:
        self._form = form
        self._screen = form.screen
        self._values = values
        self._problems = problems
        self._draft = draft
        self._slow_save: Timer | None = None
        self.is_running = False
        self.is_done = False
        """Whether the record is saved. Set in the thread: the program may stop before the answer arrives."""

    def start(self) -> None:
        """Save the typed values; while a save runs, do nothing."""
        if self.is_running:
            return
        form = self._form
        self._screen.query_one(Banner).clear()
        try:
            sent = self._values.to_send()
            if form.record is not None and not sent:
                self._screen.dismiss(None)
                return
            command = form.command(sent)
        except Invalid as error:
            self._problems.show(error.problems)
            return
        self._problems.show(())
        form.send(command)

    def send(self, command: Any) -> None:
        """Call the service."""
        form, version = self._form, getattr(self._form.record, "version", None)
        self._begin()
        around = self._draft.saving()

        def work() -> Any:
            with around:
                saved = form.call(command, version)
                self.is_done = True
            return saved

        run_in_background(self._screen, work, then=form.after_save, failed=self.refused, group="save")

    def refused(self, error: CrmError) -> None:
        """Nothing was saved: say why, and let the person go on."""
        self._end()
        form = self._form
        self._draft.keep_soon()
        if isinstance(error, NotSignedIn):
            the_app(self._screen).session.sign_in_again(self.start)
        elif isinstance(error, Conflict) and form.record is not None:
            FormConflict(form, self._values, self, error).settle()
        elif error.field_problems():
            self._problems.show(error.field_problems())
        else:
            hint = _("Your input is kept. {key}: try again.").format(key=key_of(self._screen, "form.save"))
            lost = isinstance(error, DatabaseUnavailable)
            self._screen.query_one(Banner).show(f"{error.message()}\n{hint}" if lost else error.message())

    def show_waiting(self, text: str) -> None:
        """Name the program that the save waits for, until it has ended."""
        if self.is_running:
            self._screen.query_one(Banner).show(text, waiting=True)

    def _begin(self) -> None:
        self.is_running = True
        self._screen.query_one("#save", Button).disabled = True
        self._slow_save = self._screen.set_timer(SLOW_SAVE, lambda: self.show_waiting(_("Saving…")))

    def _end(self) -> None:
        """The save was refused: keys that were typed meanwhile were not meant for these fields."""
        self.is_running = False
        self._screen.query_one("#save", Button).disabled = False
        self._screen.query_one(Banner).clear()
        if self._slow_save is not None:
            self._slow_save.stop()
        the_app(self._screen).forget_keys()


class FormConflict:
    """Another person saved the record in the meantime: the form goes on from both versions."""

    def __init__(self, form: "SavedForm", values: FormValues, saving: FormSaving, conflict: Conflict) -> None:
        self._form = form
        self._screen = form.screen
        self._values = values
        self._saving = saving
        self._conflict = conflict

    def settle(self) -> None:
        """Read the record again, ask for each field which value to keep, and save."""
        self._values.write_dates_in_full()  # a colleague's start must not move the end that was read
        form, app = self._form, the_app(self._screen)
        run_in_background(
            self._screen,
            lambda: form.read_again(app.crm, app.actor),
            then=self._compare,
            failed=self._saving.refused,
            group="save",
        )

    def _compare(self, theirs: Any) -> None:
        values = self._values
        shown = values.as_shown(self._form.values_of(theirs))
        sides = sides_of(values.fields, values.base, shown)

        def chosen(kept: Mapping[str, FieldValue] | None) -> None:
            if kept is not None:
                self._go_on(theirs, {**sides.mine, **kept})

        self._screen.app.push_screen(ConflictScreen(self._conflict, sides), chosen)

    def _go_on(self, theirs: Any, chosen: Mapping[str, FieldValue]) -> None:
        self._values.rebase(self._form.values_of(theirs), chosen)
        self._form.record = theirs
        if self._values.are_changed:
            self._saving.start()
        else:
            self._screen.dismiss(theirs)


class FormDraft:
    """Keeps the values of a form in case the program stops, and deletes them once the form closes."""

    def __init__(self, screen: Screen[Any], values: FormValues) -> None:
        self._screen = screen
        self._values = values
        self._restored: FormState | None = None
        self._timer: Timer | None = None

    @property
    def _drafts(self) -> DraftServices:
        return the_app(self._screen).session.drafts

    def resume(self, draft: FormState) -> None:
        """Open with the values typed before the program stopped; call this before the form is shown."""
        self._restored = draft

    def take_up(self) -> None:
        """Fill the fields from the draft, if there is one."""
        if self._restored is None:
            return
        self._values.restore(self._restored)
        if any(field.is_secret for field in self._values.fields):
            the_app(self._screen).say(_("Passwords are not kept: type them again."))

    def keep_soon(self) -> None:
        """Keep the values of the fields, in a moment."""
        if self._timer is None:
            self._timer = self._screen.set_timer(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        self._timer = None
        self._drafts.keep_soon(self._screen)

    def saving(self) -> AbstractContextManager[None]:
        """The context of a save, in its thread."""
        return self._drafts.saving(self._screen)

    def give_up(self) -> None:
        """Delete the draft: nothing typed is wanted any more."""
        self._drafts.give_up(self._screen)
