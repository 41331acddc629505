"""Cleaning user text on entry, and folding it for search.

User text may hold any script, accents, apostrophes and emoji. It may not hold characters that move the
cursor, control the terminal or reorder the text around them.
"""

import re
import unicodedata
from collections.abc import Mapping

# Marks that reorder the text around them (Unicode TR 9). Joiners are kept: scripts and emoji need them.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_LINE_SEPARATORS = frozenset("\n\r\t\v\f\x85\u2028\u2029")
_KEPT_IN_TEXT = frozenset("\n\t")
_BLANK = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})

# Invisible code points: those that Unicode calls default-ignorable, and the annotation marks.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_EMOJI_STYLES = frozenset("\ufe0e\ufe0f")
_KEYCAP = "\u20e3"
_EMOJI = frozenset({"So", "Sk", "Sm"})
# Arabic and related scripts, the scripts of India, Myanmar, Khmer and Mongolian: in these scripts a joiner
# between two letters changes their shape.
_JOINING_SCRIPTS = re.compile(
    "[\u0600-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc]"
)
# Arabic letters that never join the next one, so that a non-joiner after them has no effect.
_NEVER_JOIN_ON = frozenset(
    "\u0621\u0622\u0623\u0624\u0625\u0627\u0629\u062f\u0630\u0631\u0632\u0648\u0649\u0688\u0691\u0698"
)
_FLAG = re.compile("[\U0001f3f4\U000e0020-\U000e007e]")
_TAG = re.compile("[\U000e0020-\U000e007f]")

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_TO_KEYBOARD: Mapping[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},  # full-width forms
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"), "-"),
    **dict.fromkeys(map(ord, _LINE_SEPARATORS), " "),
}

# Letters that Unicode does not decompose. The two engines fold them differently, so both store this fold.
_FOLD_MAP = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h",
        "ı": "i", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ſ": "s", "’": "'", "ʼ": "'",
    }
)  # fmt: skip


def is_unsafe(character: str, *, multiline: bool = False) -> bool:
    """Whether user text may not hold this character: a control, line separator, surrogate or bidi control."""
    if multiline and character in _KEPT_IN_TEXT:
        return False
    if character in _BIDI_CONTROLS or character in _LINE_SEPARATORS:
        return True
    return unicodedata.category(character) in ("Cc", "Cs")


def has_unsafe(text: str, *, multiline: bool = False) -> bool:
    """Whether the text holds an unsafe character."""
    return any(is_unsafe(character, multiline=multiline) for character in text)


def clean_typed(text: str, *, multiline: bool = False) -> str:
    """Remove unsafe characters from typed or pasted text; in a single line, line breaks become spaces.

    Screens and commands call this on input; the services refuse text that is still unsafe.
    """
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        text = "".join(" " if character in _LINE_SEPARATORS else character for character in text)
    return "".join(character for character in text if not is_unsafe(character, multiline=multiline))


def normalise(text: str) -> str:
    """The text in composed form (NFC), without invisible characters and surrounding white space.

    Texts that look equal become equal; see :func:`without_invisible`.
    """
    return unicodedata.normalize("NFC", without_invisible(text)).strip()


def without_invisible(text: str) -> str:
    """The text without soft hyphens, zero-width spaces, direction marks, variation selectors and the like.

    A joiner is kept between two letters of a script that it shapes (Arabic, the scripts of India). Joiners,
    style selectors and flag tags are kept within an emoji sequence.
    """
    if text.isascii() or not _INVISIBLE.search(text):
        return text
    kept = [""]
    for place, character in enumerate(text):
        if not _INVISIBLE.match(character) or _is_needed(character, kept[-1], text[place + 1 : place + 2]):
            kept.append(character)
    return "".join(kept)


def _is_needed(mark: str, before: str, after: str) -> bool:
    if mark in _EMOJI_STYLES:
        return _is_emoji(before) or after == _KEYCAP
    if mark == _ZWJ and (_is_emoji(before) or before in _EMOJI_STYLES) and _is_emoji(after):
        return True
    if mark in (_ZWJ, _ZWNJ):
        joins = mark == _ZWJ or before not in _NEVER_JOIN_ON
        return joins and _is_joining_letter(before) and _is_joining_letter(after)
    return bool(_TAG.match(mark) and _FLAG.match(before))


def _is_emoji(character: str) -> bool:
    return bool(character) and unicodedata.category(character) in _EMOJI


def _is_joining_letter(character: str) -> bool:
    return bool(_JOINING_SCRIPTS.match(character)) and unicodedata.category(character)[0] in "LM"


def plain_spaces(text: str) -> str:
    """The text with every other kind of space, such as a no-break space, replaced by a plain one."""
    return _SPACES.sub(" ", text)


def plain_signs(text: str) -> str:
    """The text with plain spaces and hyphens, ASCII for full-width forms, and no invisible characters.

    For values with a fixed form, such as addresses and numbers: pasted text often holds typographic dashes,
    no-break spaces and invisible marks.
    """
    if text.isascii() and text.isprintable():
        return text
    return plain_spaces(without_invisible(text)).translate(_TO_KEYBOARD)


def plain_number(text: str) -> str:
    """As :func:`plain_signs`, with the digits of every script replaced by 0 to 9."""
    text = plain_signs(text)
    return text if text.isascii() else "".join(map(_ascii_digit, text))


def _ascii_digit(character: str) -> str:
    return str(unicodedata.decimal(character, character))


def is_blank(text: str) -> bool:
    """Whether the text has only white space, invisible characters, and marks without a letter."""
    return all(unicodedata.category(character) in _BLANK for character in text)


def fold(text: str) -> str:
    """The text without case or accents, for search and for sorting; ``œ`` is ``oe``, ``ß`` is ``ss``.

    Invisible characters are removed, and digits of every script become 0 to 9.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_FOLD_MAP))
    visible = _INVISIBLE.sub("", decomposed)
    bare = "".join(_ascii_digit(each) for each in visible if not unicodedata.combining(each))
    return bare.casefold().translate(_FOLD_MAP)
