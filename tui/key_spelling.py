"""How people write a key in a file, and the name that Textual has for it."""

import re
from typing import Final

from textual.keys import _character_to_key

from models.text import fold
from services.i18n import N_
from tui.key_labels import sign_of

_NAMED: Final = frozenset({
    "enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown",
    "up", "down", "left", "right", *(f"f{number}" for number in range(1, 25)),
})  # fmt: skip
_OTHER_NAMES: Final = {
    "esc": "escape", "echap": "escape", "return": "enter", "entree": "enter", "del": "delete",
    "suppr": "delete", "ins": "insert", "inser": "insert", "pgup": "pageup", "pgdn": "pagedown",
    "espace": "space", "debut": "home", "fin": "end", "haut": "up", "bas": "down", "gauche": "left",
    "droite": "right", "control": "ctrl", "maj": "shift",
}  # fmt: skip
_SAME_BYTES: Final = {"i": "Tab", "m": "Enter", "j": "Enter", "h": "Backspace"}
"""Letters that a terminal sends with Ctrl as it sends another key."""

_UNKNOWN: Final = N_("There is no key “{key}”. Write it like n, N, ?, F5, Ctrl+N, Shift+Tab or PgUp.")
_ALT: Final = N_("“{key}”: Alt does not reach the program as such, since terminals send it as Esc. Use Ctrl.")
_SAME: Final = N_("“{key}”: a terminal sends it as it sends {other}. Choose another letter.")
_SHIFTED: Final = N_("“{key}”: write the capital letter or the sign itself, without Shift.")


class BadKey(ValueError):
    """A text names no key that a terminal sends; ``template`` is translatable, with ``key`` and ``other``."""

    def __init__(self, template: str, other: str = "") -> None:
        super().__init__(template)
        self.template = template
        self.other = other


def read_key(written: str) -> str:
    """Textual's name of a key: ``ctrl+n`` for "Ctrl+N". Raises :class:`BadKey`."""
    text = written.strip()
    if len(text) == 1 and text.isprintable():
        return _character_to_key(text)
    *modifiers, name = re.split(r"\+(?=.)", text)
    held = {_plain(modifier) for modifier in modifiers}
    if "alt" in held or "meta" in held:
        raise BadKey(_ALT)
    if not held <= {"ctrl", "shift"}:
        raise BadKey(_UNKNOWN)
    return _with_modifiers(held, name)


def _with_modifiers(held: set[str], name: str) -> str:
    plain = _plain(name)
    if plain in _NAMED:
        order = [modifier for modifier in ("ctrl", "shift") if modifier in held]
        return "+".join([*order, plain])
    if not held and len(plain) > 1 and (character := sign_of(plain)) is not None:
        return _character_to_key(character)
    if len(name) != 1:
        raise BadKey(_UNKNOWN)
    if "shift" in held:
        raise BadKey(_SHIFTED)
    if plain in _SAME_BYTES:
        raise BadKey(_SAME, _SAME_BYTES[plain])
    if not (name.isascii() and name.isalpha()):
        raise BadKey(_UNKNOWN)
    return f"ctrl+{plain}"


def _plain(name: str) -> str:
    folded = fold(name)
    return _OTHER_NAMES.get(folded, folded)


def spell_key(key: str) -> str:
    """A key of Textual as :func:`read_key` takes it: the sign itself where it is one."""
    return key if key in _NAMED else sign_of(key) or key


def types_a_character(key: str) -> bool:
    """Whether a key of Textual types a character in a field."""
    return key == "space" or (key not in _NAMED and sign_of(key) is not None)
