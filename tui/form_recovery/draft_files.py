"""The drafts of the open forms: written in threads while a form is filled in, deleted once it is closed."""

import errno
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from textual.app import App

from services import drafts
from services.draft_owner import Owner
from services.drafts import Draft, DraftFile
from services.i18n import _
from tui.form_recovery.form_kinds import FORMS, draft_of
from tui.form_state import FormState
from tui.protocols import the_app
from tui.runtime.workers import run_in_background

if TYPE_CHECKING:
    from services.actor import Actor
    from services.settings import Settings
    from tui.screens.base.form import RecordForm

T = TypeVar("T")


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
            run_draft_work(self._app, partial(_try_write, file, draft_of(form, state), number), self._tell)
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
        return _mark_save(file, draft, number)

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

    def claim(self, draft: Draft, then: Callable[[Draft | str | None], None]) -> None:
        """Make a waiting draft this program's own; call ``then`` with the result of :func:`_try_claim`."""
        settings, actor = self._services.settings, self._services.actor
        run_draft_work(self._app, lambda: _try_claim(settings, actor, draft, self._owner), then)

    def adopt(self, form: "RecordForm[Any]", draft: Draft) -> None:
        """Continue the file of a claimed draft."""
        self._files[form] = DraftFile(self._services.settings, self._services.actor, self._owner, draft)

    def _tell(self, problem: str) -> None:
        if problem and not self._has_told:
            self._has_told = True
            lost = _("Your input is not kept if the program stops.")
            self._services.refuse(f"{lost} {problem}")


def run_draft_work(
    app: App[Any], work: Callable[[], T], then: Callable[[T], object] = lambda _result: None
) -> None:
    """Work on drafts in a thread of its own, then call ``then`` with the result on the event loop."""
    run_in_background(app, work, then=then, failed=the_app(app).show_error, group="drafts", exclusive=False)


def _try_write(file: DraftFile, draft: Draft, number: int) -> str:
    """Write a state of a form. Return the sentence about the error for the user, empty if it was written."""
    try:
        file.write(draft, number)
    except (OSError, ValueError) as error:
        return _problem_of(error)
    return ""


def _try_claim(settings: "Settings", actor: "Actor", draft: Draft, owner: Owner) -> Draft | str | None:
    """Make a waiting draft this program's own.

    Return the draft, the sentence about the error for the user, or ``None`` if another program has it.
    """
    try:
        return drafts.claim(settings, actor, draft, owner)
    except OSError as error:
        return _problem_of(error)


@contextmanager
def _mark_save(file: DraftFile, draft: Draft | None, number: int) -> Iterator[None]:
    """Write a draft with the mark that a save has begun, and delete it after the save."""
    if draft is not None:
        # The save matters more than its draft. The user hears of the error by :func:`_try_write`.
        with suppress(OSError, ValueError):
            file.write(draft, number)
    yield
    file.delete()


def _problem_of(error: OSError | ValueError) -> str:
    folder = drafts.folder()
    match getattr(error, "errno", None):
        case errno.ENOSPC | errno.EDQUOT:
            return _("There is no space left for {folder}.").format(folder=folder)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return _("{folder} cannot be written to.").format(folder=folder)
        case None:  # a ValueError of :func:`services.drafts.keep`
            return _("The form is too long.")
    return _("{folder} cannot be used.").format(folder=folder)
