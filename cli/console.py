"""Messages for the person, on standard error: without colour and control characters."""

from typing import Any

import typer

from cli import streams
from models.text import is_unsafe
from services.monitoring.console_lines import Kind, prefix
from services.monitoring.console_lines import line as marked

_quiet = False
_held: list[str] | None = None
_unsaid: list[str] = []


def be_quiet(quiet: bool) -> None:
    """Whether information and successes are left out from now on; warnings and errors never are."""
    global _quiet
    _quiet = quiet
    _unsaid.clear()


def speak_json(wanted: bool) -> None:
    """Whether an error is one JSON object from now on; messages are held until it is known how all ended."""
    global _held
    _held = [] if wanted else None


def speaks_json() -> bool:
    """Whether an error is one JSON object."""
    return _held is not None


def release() -> None:
    """Say what was held."""
    for text in _taken():
        _write(text)


def json_error(fields: dict[str, Any]) -> None:
    """Say an error as one JSON object on one line, with what was said before it as ``messages``."""
    import json

    text = json.dumps({**fields, "messages": _taken()}, ensure_ascii=True)
    _write(text)


def _taken() -> list[str]:
    global _held
    taken, _held = _held or [], None if _held is None else []
    return taken


def printable(text: str, *, multiline: bool = False) -> str:
    """The text with whatever could move the cursor or reorder its neighbours replaced by ``�``."""
    if text.isascii() and text.isprintable():
        return text
    if not multiline:
        text = " ".join(text.splitlines())
    return "".join("�" if is_unsafe(character, multiline=multiline) else character for character in text)


def info(text: str) -> None:
    """Say what is good to know."""
    if not _quiet:
        _say("info", text)


def success(text: str) -> None:
    """Say what was done."""
    if _quiet:
        _unsaid.append(text)
    else:
        _say("success", text)


def success_after_all() -> None:
    """Say what was done though quiet was asked for, where the answer that would show it did not arrive."""
    for text in _unsaid:
        _say("success", text)


def warning(text: str) -> None:
    """Say what may go wrong."""
    _say("warning", text)


def error(text: str) -> None:
    """Say what went wrong."""
    _say("error", text)


def note(text: str) -> None:
    """Add a line to what was just said."""
    if _held is None:
        _write(printable(text))
    else:
        _held.append(printable(text))


def line(text: str) -> None:
    """Pass on a line that bears its mark already, unless quiet was asked for and it is information."""
    if not (_quiet and text.startswith(prefix("info"))):
        note(text)


def _say(kind: Kind, text: str) -> None:
    note(marked(kind, text))


def _write(text: str) -> None:
    try:
        typer.echo(text, err=True)
    except OSError:  # a message that nobody can read stops no command
        streams.silence(2)
