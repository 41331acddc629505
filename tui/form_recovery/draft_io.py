"""Reads and writes drafts in threads, and puts errors of the disk into a sentence."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App

from services import drafts
from services.draft_owner import Owner
from services.drafts import Draft, DraftFile
from services.i18n import _
from tui.protocols import the_app
from tui.runtime.workers import run_in_background

if TYPE_CHECKING:
    from services.actor import Actor
    from services.settings import Settings

T = TypeVar("T")


def run_draft_work(
    app: App[Any], work: Callable[[], T], then: Callable[[T], object] = lambda _result: None
) -> None:
    """Work on drafts in a thread of its own, then call ``then`` with the result on the event loop."""
    run_in_background(app, work, then=then, failed=the_app(app).show_error, group="drafts", exclusive=False)


def try_write(file: DraftFile, draft: Draft, number: int) -> str:
    """Write a state of a form. Return the sentence about the error for the user, empty if it was written."""
    try:
        file.write(draft, number)
    except (OSError, ValueError) as error:
        return _problem_of(error)
    return ""


def try_claim(settings: "Settings", actor: "Actor", draft: Draft, owner: Owner) -> Draft | str | None:
    """Make a waiting draft this program's own.

    Return the draft, the sentence about the error for the user, or ``None`` if another program has it.
    """
    try:
        return drafts.claim(settings, actor, draft, owner)
    except OSError as error:
        return _problem_of(error)


@contextmanager
def mark_save(file: DraftFile, draft: Draft | None, number: int) -> Iterator[None]:
    """Write a draft with the mark that a save has begun, and delete it after the save."""
    if draft is not None:
        # The save matters more than its draft. The user hears of the error by :func:`try_write`.
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
