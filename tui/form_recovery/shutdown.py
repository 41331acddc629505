"""The forms that are open when the program stops, after a crash or a signal too."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from textual.app import App

from tui.form_state import OpenForm

if TYPE_CHECKING:
    from tui.form_recovery.draft_files import DraftFiles
    from tui.screens.base.form import RecordForm


_ORDER: Final = (OpenForm.KEPT, OpenForm.LOST, OpenForm.SAVED, OpenForm.NONE)
"""The sentence that is said first if several forms were open."""


class FormsAtShutdown:
    """Keeps the open forms, once, and knows whether they were kept."""

    def __init__(self, app: App[Any], drafts: "DraftFiles") -> None:
        self._app = app
        self._drafts = drafts
        self._outcomes: dict[RecordForm[Any], OpenForm] = {}

    def keep(self) -> None:
        """Keep the open forms, once. Never raises: why the program stops must not be hidden by this."""
        if self._drafts.is_closing:
            return
        self._drafts.is_closing = True
        with suppress(Exception):
            for form in self._open_forms():
                self._outcomes[form] = self._try_keep(form)

    def _open_forms(self) -> "Iterable[RecordForm[Any]]":
        from tui.screens.base.form import RecordForm

        return (screen for screen in self._app.screen_stack if isinstance(screen, RecordForm))

    def _try_keep(self, form: "RecordForm[Any]") -> OpenForm:
        try:
            return self._keep(form)
        except Exception:
            return OpenForm.LOST

    def _keep(self, form: "RecordForm[Any]") -> OpenForm:
        state = form.values.state()
        if state.is_changed:
            return OpenForm.KEPT if self._drafts.keep_now(form, state) else OpenForm.LOST
        file = self._drafts.file_of(form)
        if file is not None and file.exists and not form.values.are_filled:
            return OpenForm.KEPT  # as it was brought back
        return OpenForm.LOST if form.unsaved else OpenForm.NONE

    def outcome(self) -> OpenForm:
        """Whether the open form was kept; to be asked once the program and all its threads have ended."""
        self._drafts.end()
        outcomes = {self._outcome_of(*each) for each in self._outcomes.items()}
        return next((outcome for outcome in _ORDER if outcome in outcomes), OpenForm.NONE)

    def _outcome_of(self, form: "RecordForm[Any]", outcome: OpenForm) -> OpenForm:
        file = self._drafts.file_of(form)
        if form.saving.is_done and file is not None:
            file.delete()
            return OpenForm.SAVED
        return outcome
