"""Explains an invalid command line in the active language.

Typer's messages are English, and their exception types private, so the messages are matched by their text.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from typer import TyperException

from cli import console
from services.i18n import N_, _

_TEXTS: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (
        re.compile(r"No such option: (?P<name>\S+) \(Possible options: (?P<others>.+)\)"),
        N_("There is no option {name}. Similar ones: {others}."),
    ),
    (re.compile(r"No such option: (?P<name>\S+)"), N_("There is no option {name}.")),
    (
        re.compile(r"No such command '(?P<name>.+)'\. Did you mean (?P<others>.+)\?"),
        N_("There is no command {name}. Similar ones: {others}."),
    ),
    (re.compile(r"No such command '(?P<name>.+)'\.?"), N_("There is no command {name}.")),
    (re.compile(r"Missing argument '(?P<name>.+)'\."), N_("{name} is missing.")),
    (re.compile(r"Option '(?P<name>.+)' requires an argument\."), N_("{name} needs a value.")),
    (re.compile(r"Option '(?P<name>.+)' does not take a value\."), N_("{name} takes no value.")),
    (
        re.compile(r"Got unexpected extra argument\(s\) \((?P<name>.*)\)"),
        N_("Unexpected argument: {name}"),
    ),
)


def explain(refused: TyperException) -> None:
    """Print the error of the command line, and the command that shows the help."""
    console.error(translated(refused.format_message()))
    context: Any = getattr(refused, "ctx", None)
    if context is not None:
        console.note(_("Help: {command}").format(command=f"{context.command_path} --help"))


def translated(text: str) -> str:
    """Translate a message of Typer; an unknown one stays as it is."""
    for pattern, template in _TEXTS:
        match = pattern.fullmatch(text)
        if match:
            return _(template).format(**match.groupdict())
    return text


def field_of(text: str) -> str:
    """The option or argument that a message of Typer names, in snake case; empty if there is none."""
    found = (pattern.fullmatch(text) for pattern, _template in _TEXTS)
    name = next((match["name"] for match in found if match), "")
    return name.lstrip("-").replace("-", "_").lower() if re.fullmatch(r"--?[\w-]+|[A-Z]+", name) else ""
