"""What is said to the person: messages on standard error, never colour, never a control character."""

import typer

from models.text import is_unsafe
from services.monitoring.console import Kind, prefix
from services.monitoring.console import line as marked

_quiet = False


def be_quiet(quiet: bool) -> None:
    """Whether information and successes are left out from now on; warnings and errors never are."""
    global _quiet
    _quiet = quiet


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
    if not _quiet:
        _say("success", text)


def warning(text: str) -> None:
    """Say what may go wrong."""
    _say("warning", text)


def error(text: str) -> None:
    """Say what went wrong."""
    _say("error", text)


def note(text: str) -> None:
    """Add a line to what was just said."""
    typer.echo(printable(text), err=True)


def line(text: str) -> None:
    """Pass on a line that bears its mark already, unless quiet was asked for and it is information."""
    if not (_quiet and text.startswith(prefix("info"))):
        note(text)


def _say(kind: Kind, text: str) -> None:
    note(marked(kind, text))
