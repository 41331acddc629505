"""Writes a private ``.env`` atomically, such that python-dotenv reads the same values back."""

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from io import StringIO
from pathlib import Path
from typing import Final

from services.errors import SettingsError
from services.files import attempt, make_private_folder, write_private
from services.i18n import N_

_HEAD: Final = (
    "# Settings of Epic Events, written by 'epicevents init'. '.env.example' explains each of them.\n"
    "# Keep this file to yourself: whoever has the key can sign in as anybody.\n"
)
_NOT_WRITTEN = N_("{variable} cannot be written: {reason}.")
_NOT_KEPT = N_("{variable} has a value that a .env file cannot hold. Choose another one.")


def env_text(path: Path, values: Mapping[str, str]) -> str:
    """The new text of the file: its other lines, followed by these values.

    Raises :class:`SettingsError` for a value that python-dotenv would read back differently, and for an
    unreadable file.
    """
    from dotenv import dotenv_values

    lines = "".join(f"{name}={_quoted(value)}\n" for name, value in values.items())
    text = _other_lines(path, values) + lines
    read_back = dotenv_values(stream=StringIO(text), interpolate=False)
    for name, value in values.items():
        if read_back.get(name) != value:
            raise SettingsError(name, _NOT_KEPT)
    return text


def write_env(path: Path, text: str, *, replace: bool, undo: ExitStack) -> None:
    """Write the file, and register callbacks in ``undo`` that restore the previous state.

    Raises :class:`SettingsError`.
    """
    try:
        before = path.read_bytes() if replace and path.exists() else None
        for folder in reversed([folder for folder in path.parents if not folder.exists()]):
            undo.callback(attempt, folder.rmdir)
            make_private_folder(folder)
        write_private(path, text, replace=replace)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SettingsError(str(path), _NOT_WRITTEN, reason=reason) from None
    undo.callback(_put_back, path, before)


def _other_lines(path: Path, values: Mapping[str, str]) -> str:
    from dotenv.parser import parse_stream

    if not path.exists():
        return _HEAD
    try:
        bindings = parse_stream(StringIO(path.read_text(encoding="utf-8-sig")))
        kept = "".join(binding.original.string for binding in bindings if binding.key not in values)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), _NOT_WRITTEN, reason=type(error).__name__) from None
    return kept if not kept or kept.endswith("\n") else kept + "\n"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _put_back(path: Path, before: bytes | None) -> None:
    with suppress(OSError):  # a failed restore must not hide the error of the set-up
        if before is None:
            path.unlink()
        else:
            write_private(path, before.decode("utf-8"), replace=True)
