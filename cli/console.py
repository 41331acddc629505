"""Messages on standard error, without colour and control characters."""

from typing import Any

import typer

from cli import streams
from models.text import is_unsafe
from services.monitoring.console_lines import Kind, prefix
from services.monitoring.console_lines import line as marked

_quiet = False
_held: list[str] | None = None
_unsaid: list[str] = []


def set_quiet(quiet: bool) -> None:
    """Suppress information and successes, or print them again. Warnings and errors are always printed."""
    global _quiet
    _quiet = quiet
    _unsaid.clear()


def use_json_errors(wanted: bool) -> None:
    """Print errors as one JSON object, or as text. With JSON, messages are held until the command ends."""
    global _held
    _held = [] if wanted else None


def uses_json_errors() -> bool:
    """Whether errors are printed as one JSON object."""
    return _held is not None


def release() -> None:
    """Print the held messages."""
    for text in _pop_held():
        _write(text)


def json_error(fields: dict[str, Any]) -> None:
    """Print an error as one JSON object on one line, with the held messages as ``messages``."""
    import json

    text = json.dumps({**fields, "messages": _pop_held()}, ensure_ascii=True)
    _write(text)


def _pop_held() -> list[str]:
    global _held
    taken, _held = _held or [], None if _held is None else []
    return taken


def printable(text: str, *, multiline: bool = False) -> str:
    """Replace every character that could move the cursor or reorder text by ``�``."""
    if text.isascii() and text.isprintable():
        return text
    if not multiline:
        text = " ".join(text.splitlines())
    return "".join("�" if is_unsafe(character, multiline=multiline) else character for character in text)


def info(text: str) -> None:
    """Print information, unless quiet."""
    if not _quiet:
        _say("info", text)


def success(text: str) -> None:
    """Print a success, unless quiet."""
    if _quiet:
        _unsaid.append(text)
    else:
        _say("success", text)


def success_after_all() -> None:
    """Print the successes that quiet suppressed, because the answer that would show them was lost."""
    for text in _unsaid:
        _say("success", text)


def warning(text: str) -> None:
    """Print a warning."""
    _say("warning", text)


def error(text: str) -> None:
    """Print an error."""
    _say("error", text)


def note(text: str) -> None:
    """Print a line that continues the last message."""
    if _held is None:
        _write(printable(text))
    else:
        _held.append(printable(text))


def line(text: str) -> None:
    """Print a line that already has its mark, unless it is information and quiet is set."""
    if not (_quiet and text.startswith(prefix("info"))):
        note(text)


def _say(kind: Kind, text: str) -> None:
    note(marked(kind, text))


def _write(text: str) -> None:
    try:
        typer.echo(text, err=True)
    except OSError:  # a closed standard error must not stop the command
        streams.silence(2)
