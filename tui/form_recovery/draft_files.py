"""The drafts of the open forms: written in threads while a form is filled in, deleted once it is closed."""

from collections.abc import MutableMapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from textual.app import App

from services.draft_owner import Owner
from services.drafts import Draft, DraftFile
from services.i18n import _
from tui.form_recovery.draft_io import mark_save, run_draft_work, try_claim, try_write
from tui.form_recovery.form_copies import draft_of
from tui.form_recovery.form_kinds import FORMS
from tui.form_state import FormState
from tui.protocols import the_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.screens.base.form import RecordForm


class DraftFiles:
    """The forms that the signed-in person fills in, each with its file."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._services = the_app(app)
        self._owner = Owner()
        self._files: MutableMapping[RecordForm[Any], DraftFile] = WeakKeyDictionary()
        self._given_up: list[DraftFile] = []
        self._numbers = count(1)
        self._has_told = False
        self.is_closing = False
        """Whether the program stops: from then on no thread writes or deletes a draft."""

    def keep_soon(self, form: "RecordForm[Any]") -> None:
        """Write the state of the form in a thread; once nothing is changed any more, delete the draft."""
        file = self.file_of(form)
        if file is None or self.is_closing:
            return
        state, number = form.values.state(), next(self._numbers)
        if state.is_changed:
            file.is_used = True
            run_draft_work(self._app, partial(try_write, file, draft_of(form, state), number), self._tell)
        elif file.is_used:
            run_draft_work(self._app, lambda: file.clear(number))

    def keep_now(self, form: "RecordForm[Any]", state: FormState) -> bool:
        """Write the state of the form at once. Return whether such a form is kept. Raises like a write."""
        file = self.file_of(form)
        if file is not None:
            file.write(draft_of(form, state), next(self._numbers))
        return file is not None

    def saving(self, form: "RecordForm[Any]") -> AbstractContextManager[None]:
        """The context of a save, in its thread: its draft is marked before the save, and deleted after it."""
        file = self.file_of(form)
        if file is None:
            return nullcontext()
        state, number = form.values.state(), next(self._numbers)
        draft = replace(draft_of(form, state), saving=True) if state.is_changed else None
        return mark_save(file, draft, number)

    def give_up(self, form: "RecordForm[Any]") -> None:
        """The person has saved the form or left it: delete its draft."""
        file = self._files.get(form)
        if file is not None and file not in self._given_up and not self.is_closing:
            self._given_up.append(file)  # :meth:`end` deletes it if the program ends before the thread
            run_draft_work(self._app, file.delete, lambda _none: self._given_up.remove(file))

    def give_up_all(self) -> None:
        """The person leaves without saving anything."""
        for form in list(self._files):
            self.give_up(form)

    def end(self) -> None:
        """Delete the abandoned drafts, and let other terminals offer the rest. Waits for the disk."""
        for file in list(self._given_up):
            file.delete()
        self._owner.release()

    def file_of(self, form: "RecordForm[Any]") -> DraftFile | None:
        """The file of the form; none if its kind is never kept, or before sign-in."""
        actor = self._services.session.actor
        if actor is None or type(form).__name__ not in FORMS:
            return None
        if form not in self._files:
            self._files[form] = DraftFile(self._services.settings, actor, self._owner)
        return self._files[form]

    def claim(self, draft: Draft, then: "Callable[[Draft | str | None], None]") -> None:
        """Make a waiting draft this program's own, and call ``then`` with the result of :func:`try_claim`."""
        settings, actor = self._services.settings, self._services.actor
        run_draft_work(self._app, lambda: try_claim(settings, actor, draft, self._owner), then)

    def adopt(self, form: "RecordForm[Any]", draft: Draft) -> None:
        """Continue the file of a claimed draft."""
        self._files[form] = DraftFile(self._services.settings, self._services.actor, self._owner, draft)

    def _tell(self, problem: str) -> None:
        if problem and not self._has_told:
            self._has_told = True
            lost = _("Your input is not kept if the program stops.")
            self._services.refuse(f"{lost} {problem}")
