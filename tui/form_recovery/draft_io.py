"""Reads and writes drafts in threads; says in a sentence why the disk refuses."""

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


def in_background(app: App[Any], work: Callable[[], T], then: Callable[[T], object] = bool) -> None:
    """Work on drafts in a thread of its own, then call ``then`` on the event loop."""
    run_in_background(app, work, then=then, failed=the_app(app).show_error, group="drafts", exclusive=False)


def write(file: DraftFile, draft: Draft, number: int) -> str:
    """Write a state of a form; answers why it was not written, for the person, or an empty text."""
    try:
        file.write(draft, number)
    except (OSError, ValueError) as error:
        return _why_not(error)
    return ""


def take(settings: "Settings", actor: "Actor", draft: Draft, owner: Owner) -> Draft | str | None:
    """Take a waiting draft; a text says why it cannot be taken, ``None`` that another program has it."""
    try:
        return drafts.take(settings, actor, draft, owner)
    except OSError as error:
        return _why_not(error)


@contextmanager
def around_save(file: DraftFile, draft: Draft | None, number: int) -> Iterator[None]:
    """Write that the form may be saved by now; delete the draft once it is."""
    if draft is not None:
        with suppress(OSError, ValueError):  # told already, or about to be; the save itself is worth more
            file.write(draft, number)
    yield
    file.delete()


def _why_not(error: OSError | ValueError) -> str:
    folder = drafts.folder()
    match getattr(error, "errno", None):
        case errno.ENOSPC | errno.EDQUOT:
            return _("There is no space left for {folder}.").format(folder=folder)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return _("{folder} cannot be written to.").format(folder=folder)
        case None:
            return _("The form is too long.")
    return _("{folder} cannot be used.").format(folder=folder)
