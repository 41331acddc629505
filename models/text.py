"""Text as it enters and as it is searched.

User text may hold any script, accents, apostrophes and emoji. It may not hold what moves the
cursor, changes the terminal or reorders its neighbours.
"""

import re
import unicodedata

# Marks that reorder the text around them (Unicode TR 9); joiners stay, scripts and emoji need them.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_LINE_SEPARATORS = frozenset("\n\r\t\v\f\x85\u2028\u2029")
_KEPT_IN_TEXT = frozenset("\n\t")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})

# Most texts fold to ASCII, which needs no look at each letter.
_ASCII_WORDS = re.compile("[0-9a-z]+")
_IN_WORDS = frozenset({"Mc", "Mn", "Me", "So"})
# PostgreSQL indexes no word of more than 2,046 bytes, which are 511 letters at worst.
_LONGEST_WORD = 500

# Letters that Unicode does not decompose; no database folds them alike, so both engines store our fold.
_FOLD_MAP = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h",
        "ı": "i", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ſ": "s", "’": "'", "ʼ": "'",
    }
)  # fmt: skip


def is_unsafe(character: str, *, multiline: bool = False) -> bool:
    """Whether a character may not stand in user text (control, surrogate, unassigned use, bidi control)."""
    if multiline and character in _KEPT_IN_TEXT:
        return False
    if character in _BIDI_CONTROLS or character in _LINE_SEPARATORS:
        return True
    return unicodedata.category(character) in ("Cc", "Cs")


def has_unsafe(text: str, *, multiline: bool = False) -> bool:
    """Whether any character of the text may not stand in it."""
    return any(is_unsafe(character, multiline=multiline) for character in text)


def clean_typed(text: str, *, multiline: bool = False) -> str:
    """Text as typed or pasted, made fit to keep: line breaks become spaces, unsafe characters go.

    For the screens and commands, where text enters; the services refuse what is still unsafe.
    """
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        text = "".join(" " if character in _LINE_SEPARATORS else character for character in text)
    return "".join(character for character in text if not is_unsafe(character, multiline=multiline))


def normalise(text: str) -> str:
    """Composed form (NFC) without white space at the ends, so that equal-looking texts are equal."""
    return unicodedata.normalize("NFC", text).strip()


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: white space, joiners and marks without a letter."""
    return all(unicodedata.category(character) in _INVISIBLE for character in text)


def fold(text: str) -> str:
    """The text without case or accents, for search and for sorting; ``œ`` is ``oe``, ``ß`` is ``ss``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_FOLD_MAP))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return bare.casefold().translate(_FOLD_MAP)


def search_terms(text: str) -> list[str]:
    """The folded words of a text or of a search, in order; punctuation and spaces stand between words.

    A word is known by its first 500 letters.
    """
    folded = fold(text)
    if folded.isascii():
        words = _ASCII_WORDS.findall(folded)
    else:
        words = "".join(letter if _in_word(letter) else " " for letter in folded).split()
    return [word[:_LONGEST_WORD] for word in words]


def searchable(*parts: str) -> str:
    """The words of some texts as they are stored for search: each once, a space before each.

    A record is found by a word typed where one of its words begins with it: ``search LIKE '% word%'``.
    """
    words = dict.fromkeys(word for part in parts for word in search_terms(part))
    return "".join(f" {word}" for word in words)


def _in_word(letter: str) -> bool:
    # Vowel signs of scripts such as Thai are marks; an emoji is a word that one can search for, too.
    return letter.isalnum() or unicodedata.category(letter) in _IN_WORDS
