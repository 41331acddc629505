"""Writes a paper to a file that only its owner can read, whole or not at all."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services import files
from services.errors import CrmError, Invalid
from services.i18n import N_, _
from services.papers.kinds import PaperFormat, PaperKind

_REASONS: Final[Mapping[int, str]] = {
    errno.ENOENT: N_("its folder does not exist"),
    errno.ENOTDIR: N_("its folder is a file"),
    errno.EACCES: N_("you may not write there"),
    errno.EPERM: N_("you may not write there"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: N_("no space is left on the device"),
    errno.EDQUOT: N_("your share of the disk is used up"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENAMETOOLONG: N_("its name is too long"),
}
_NO_FILE: Final = N_("Give the path of a file.")
_NAMES: Final[Mapping[PaperKind, str]] = {
    PaperKind.RUN_SHEET: N_("run-sheet"),
    PaperKind.CONTRACT_SUMMARY: N_("contract"),
}


_NOT_SAVED: Final = N_("{path} cannot be written: {reason}.")


class FileTaken(CrmError):
    """A file of this name exists, and was not replaced."""

    exit_code = 6
    template = N_("{path} exists already.")


class NotSaved(CrmError):
    """The file cannot be written; nothing is left of it."""

    exit_code = 2
    template = _NOT_SAVED

    def message(self) -> str:
        """The sentence for the user, in the active language."""
        return _(_NOT_SAVED).format(path=self.params["path"], reason=_(str(self.params["reason"])))


def default_path(kind: PaperKind, name: str, form: PaperFormat) -> Path:
    """Where a paper is saved if a person says nothing: in their documents, else downloads, else home.

    ``name`` is the id or the number of the record.
    """
    return _usual_folder() / f"{_(_NAMES[kind])}-{name}{form.suffix}"


def _usual_folder() -> Path:
    import platformdirs

    folders = (platformdirs.user_documents_path(), platformdirs.user_downloads_path())
    usable = [each for each in folders if each.is_dir() and os.access(each, os.W_OK)]
    return usable[0] if usable else Path.home()


def path_of(typed: str, field: str) -> Path:
    """The absolute path for a typed one, with ``~`` for the home. Raises :class:`Invalid`."""
    text = typed.strip()
    if not text or not text.isprintable() or text.endswith(("/", os.sep)):
        raise Invalid.of(field, _NO_FILE)
    try:
        return files.absolute(text)
    except (RuntimeError, OSError):  # the home of an unknown user; a current folder that was deleted
        raise Invalid.of(field, _NO_FILE) from None


def require_free(path: Path, *, replace: bool) -> None:
    """Refuse a path where nothing can be saved, before the paper is made.

    Raises :class:`FileTaken` without ``replace``, and :class:`NotSaved`.
    """
    if os.path.isdir(path):  # of os.path, which raises nothing for a name that is too long
        raise NotSaved(path=str(path), reason=_REASONS[errno.EISDIR])
    if os.path.lexists(path):
        if not replace:
            raise FileTaken(path=str(path))
        if os.path.exists(path) and not os.path.isfile(path):
            raise NotSaved(path=str(path), reason=N_("it is no ordinary file"))
    elif not os.path.isdir(path.parent):
        raise NotSaved(path=str(path), reason=_REASONS[errno.ENOENT])


def save(path: Path, content: bytes, *, replace: bool) -> None:
    """Write the file with mode 0600. Raises :class:`FileTaken` without ``replace``, and :class:`NotSaved`."""
    require_free(path, replace=replace)
    try:
        files.write_private(path, content, replace=replace)
    except FileExistsError:
        raise FileTaken(path=str(path)) from None
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
        raise NotSaved(path=str(path), reason=reason) from None
