"""Key events by Textual's key names, as the terminal driver creates them."""

import unicodedata

from textual.events import Key
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key


def key_event(key: str) -> Key:
    """The event of a key such as ``ctrl+s``, ``enter``, ``n`` or ``/``."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    return Key(name, _character(key))


def _character(key: str) -> str | None:
    if len(key) == 1:
        return key
    try:
        return unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        return None
