"""Keys of one's own: a TOML file that gives commands other keys, read and checked line by line.

A line that cannot be used is left out and named, and its command keeps the key that it has by default.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from services.i18n import N_, _
from services.settings import Settings
from services.settings.variables import KEYS_VARIABLE
from tui import key_registry
from tui.key_labels import key_name
from tui.key_spelling import BadKey, read_key, spell_key, types_a_character

_TYPED_THERE: Final = frozenset({"form", "login", "first", "picker", "choice", "search", "help"})
"""Commands of parts in which people type text."""
_EVERYWHERE: Final = frozenset({"app.palette", "app.quit", "app.suspend"})
"""Commands that act in a text too."""

_UNREADABLE: Final = N_("{file} cannot be read ({reason}). The keys are those of the program.")
_NOT_TOML: Final = N_("{file} is not TOML: {reason}. The keys are those of the program.")
_NO_COMMAND: Final = N_("{place}: there is no command {id}. 'epicevents keys' shows them all.")
_NO_COMMAND_BUT: Final = N_("{place}: there is no command {id}; perhaps {nearest} is meant.")
_NO_VALUE: Final = N_("{place}: {id} needs a key such as “n”, or several such as [“n”, “F5”].")
_BAD_KEY: Final = N_("{place}: {id}: {reason}")
_TYPES: Final = N_("{place}: {id}: “{key}” types a character where this command acts. Use Ctrl or F1 to F12.")
_CLASH: Final = N_(
    "{place}: {id}: “{key}” is the key of {other} ({label}) in the same place. Give one another key."
)
_FIXED: Final = N_("{place}: {id}: “{key}” has a fixed meaning in the same place. Choose another key.")


@dataclass
class Keymap:
    """The keys of a file by the id of their command, in Textual's spelling; and what is wrong in it."""

    keys: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class KeyRow:
    """A command for display, in the active language; ``keys`` and ``default`` as a file may have them."""

    id: str
    keys: Sequence[str]
    default: Sequence[str]
    label: str
    help: str
    group: str


def key_rows(keymap: Keymap) -> list[KeyRow]:
    """Every command with its keys."""
    return [
        KeyRow(
            command.id, _spelled(keymap.keys.get(command.id, "").split(",") if command.id in keymap.keys else
                                 command.keys),
            _spelled(command.keys), _(command.label), _(command.help), _(command.group),
        )
        for command in key_registry.commands().values()
    ]  # fmt: skip


def _spelled(keys: Iterable[str]) -> list[str]:
    return [spell_key(key) for key in keys]


def read_keymap(file: Path | None, *, must_exist: bool) -> Keymap:
    """The usable keys of a file. A file that need not exist and does not gives none."""
    if file is None or not (must_exist or file.exists()):
        return Keymap()
    try:
        text = file.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Keymap(problems=[_(_NOT_TOML).format(file=file, reason=error)])
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or _("not UTF-8")
        return Keymap(problems=[_(_UNREADABLE).format(file=file, reason=reason)])
    return _Check(file, text).keymap(values)


def keymap_of(settings: Settings) -> Keymap:
    """The keys of the configured file, which must exist if it is configured."""
    return read_keymap(settings.keys_file, must_exist=KEYS_VARIABLE in settings.given)


class _Check:
    """Checks the values of one file."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._lines = dict(_lines(text))
        self._known = key_registry.commands()
        self._problems: list[tuple[int, str]] = []

    def keymap(self, values: Mapping[str, Any]) -> Keymap:
        """The keys that can be used together."""
        wanted = {name: keys for name, value in _flat(values) if (keys := self._keys(name, value))}
        while (loser := self._clash(wanted)) is not None:
            del wanted[loser]
        problems = [text for _line, text in sorted(self._problems)]
        return Keymap({name: ",".join(keys) for name, keys in wanted.items()}, problems)

    def _complain(self, template: str, name: str, **params: object) -> None:
        line = self._lines.get(name)
        place = (
            self._file.name if line is None else _("{file}, line {n}").format(file=self._file.name, n=line)
        )
        self._problems.append((line or 0, _(template).format(place=place, id=name, **params)))

    def _keys(self, name: str, value: object) -> list[str]:
        if name not in self._known:
            nearest = difflib.get_close_matches(name, self._known, 1)
            self._complain(_NO_COMMAND_BUT if nearest else _NO_COMMAND, name, nearest="".join(nearest))
            return []
        written = [value] if isinstance(value, str) else value
        if not isinstance(written, list) or not written or not all(isinstance(key, str) for key in written):
            self._complain(_NO_VALUE, name)
            return []
        keys = [key for each in written if (key := self._key(name, each)) is not None]
        return list(dict.fromkeys(keys)) if len(keys) == len(written) else []

    def _key(self, name: str, written: str) -> str | None:
        try:
            key = read_key(written)
        except BadKey as bad:
            reason = _(bad.template).format(key=written, other=bad.other)
            self._complain(_BAD_KEY, name, reason=reason)
            return None
        typed_there = name.partition(".")[0] in _TYPED_THERE or name in _EVERYWHERE
        if types_a_character(key) and typed_there and key not in self._known[name].keys:
            self._complain(_TYPES, name, key=written)
            return None
        return key

    def _clash(self, wanted: dict[str, list[str]]) -> str | None:
        """The last line of the file that clashes with another command; it is named."""
        for name in reversed(wanted):
            for place in key_registry.places():
                if name in place.commands and self._clashes_in(place, name, wanted):
                    return name
        return None

    def _clashes_in(self, place: key_registry.Place, name: str, wanted: Mapping[str, list[str]]) -> bool:
        by_default = place.commands[name]
        for key in wanted[name]:
            if key in by_default:
                continue
            if key in place.fixed:
                self._complain(_FIXED, name, key=key_name(key))
                return True
            for other, keys in place.commands.items():
                if other != name and key in wanted.get(other, keys):
                    label = _(self._known[other].label)
                    self._complain(_CLASH, name, key=key_name(key), other=other, label=label)
                    return True
        return False


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    """The values by their full names: ``record.new`` may be written as such, in quotes or in a table."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """The full names in a file, each with its line."""
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if heading := re.match(r"\s*\[([^\[\]]+)\]", line):
            table = _bare(heading[1]) + "."
        elif entry := re.match(r"\s*([\w.\"' -]+?)\s*=", line):
            yield table + _bare(entry[1]), number


def _bare(name: str) -> str:
    return re.sub(r"[\"'\s]", "", name)
