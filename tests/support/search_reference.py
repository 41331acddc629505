"""A slow reference implementation of the search, letter by letter and without an index."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import phonenumbers

from models.text import fold, plain_number

LONGEST: Final = 500
KNOWN: Final = 8
"""So many letters of a run without spaces, and so many words that are joined."""
_JOIN: Final = "'’‘ʼʹ′`´.·․‧•・-‐‑‒–—―−"
_WITHOUT_SPACES: Final = (
    "THAI", "LAO", "MYANMAR", "KHMER", "HIRAGANA", "KATAKANA", "CJK", "HANGUL", "IDEOGRAPHIC", "BOPOMOFO",
)  # fmt: skip
# Groups of digits outside words.
_NUMBER: Final = re.compile(
    r"(?<![^\s,;:(+/])\+?[\s(]{0,3}[0-9]+(?![^\W])(?:[\s().\-/]*[0-9]+(?![^\W]))*(?!['.\-]?[^\W])", re.ASCII
)


class Token(NamedTuple):
    """A word, or a run of a script without spaces; ``tight`` means that it is joined to the word before."""

    text: str
    tight: bool
    is_run: bool


def _is_spaced(letter: str) -> bool:
    name = unicodedata.name(letter, "")
    return unicodedata.category(letter) != "So" and not name.startswith(_WITHOUT_SPACES)


def _kind(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter in _JOIN:
        return "joins"
    if category[0] in "LN" or category in ("Mc", "Me", "Mn", "So"):
        return "word" if _is_spaced(letter) else "run"
    return "divides"


def tokens(folded: str) -> list[Token]:
    """The words and runs of a folded text."""
    spelled = re.sub("(?<=[a-z])#", "sharp ", folded)
    spelled = re.sub(r"(?<=[a-z])\+\+?", lambda signs: "plus" * len(signs[0]) + " ", spelled)
    found: list[Token] = []
    kinds = [_kind(letter) for letter in spelled]
    at = 0
    while at < len(spelled):
        end = at
        while end < len(spelled) and kinds[end] == kinds[at]:
            end += 1
        if kinds[at] in ("word", "run"):
            gap = _gap_before(kinds, at)
            word, is_run = spelled[at:end], kinds[at] == "run"
            before = found[-1] if found else None
            both = before is not None and not before.is_run and not is_run
            single = (
                both and before is not None and all(len(w) == 1 and w.isalpha() for w in (before.text, word))
            )
            found.append(
                Token(word if is_run else word[:LONGEST], both and (gap == {"joins"} or single), is_run)
            )
        at = end
    return found


def _gap_before(kinds: list[str], at: int) -> set[str]:
    gap: set[str] = set()
    while at and kinds[at - 1] in ("joins", "divides"):
        at -= 1
        gap.add(kinds[at])
    return gap


def _chunks(found: list[Token]) -> Iterator[list[str] | str]:
    """Yield joined words as a list, and a run as a text."""
    chunk: list[str] = []
    for token in found:
        if chunk and (not token.tight or len(chunk) == KNOWN):
            yield chunk
            chunk = []
        if token.is_run:
            yield token.text
        else:
            chunk.append(token.text)
    if chunk:
        yield chunk


def words(*texts: str) -> set[str]:
    """The words of the texts; a search matches their prefixes."""
    found: set[str] = set()
    for text in texts:
        before = run = ""
        for chunk in _chunks(tokens(fold(text))):
            run = run + chunk if isinstance(chunk, str) else ""
            if isinstance(chunk, str):
                found |= {run[at : at + KNOWN] for at in range(len(run))}
                found |= {chunk[at : at + KNOWN] for at in range(len(chunk))}
                before = ""
                continue
            wholes = ["".join(chunk[at:])[:LONGEST] for at in range(len(chunk))]
            found |= {*chunk, *wholes}
            if before and not chunk[0].isdigit():
                found.add(before + wholes[0])
            last = chunk[-1]
            before = last if len(last) <= 4 and not last.isdigit() else ""
    return found


@dataclass
class Known:
    """The search data of a record: its words, the forms of its phones, and their national digits."""

    words: set[str]
    numbers: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)

    def __or__(self, other: "Known") -> "Known":
        return Known(self.words | other.words, self.numbers | other.numbers, self.within | other.within)

    def without_ends(self) -> "Known":
        """The search data that contracts and events copy from their client."""
        return Known(self.words, self.numbers)


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def phone(typed: str, region: str = "FR") -> Known:
    """The search data of a phone without letters and extension."""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        number = None
    digits = re.sub("^00", "", _digits(re.sub(r"(?<=[0-9])[ .-]*\(0\)", "", typed)))
    if number is None or not phonenumbers.is_possible_number(number):
        return Known(set(), {digits} - {""}, {digits} - {""})
    national = _digits(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    abroad = _digits(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    common = next(abroad[at:] for at in range(len(abroad) + 1) if national.endswith(abroad[at:]))
    return Known(set(), {digits, national, abroad, common}, {common})


def finds(known: Known, typed: str) -> bool:
    """Whether the typed search finds the record."""
    folded = fold(plain_number(typed))
    at = 0
    for number in _NUMBER.finditer(folded):
        if not _finds_words(known, folded[at : number.start()]) or not _finds_number(known, number[0]):
            return False
        at = number.end()
    return _finds_words(known, folded[at:])


def _begins(known: Known, *starts: str) -> bool:
    return any(word.startswith(start[:LONGEST]) for word in known.words for start in starts)


def _finds_words(known: Known, folded: str) -> bool:
    before = ""
    for chunk in _chunks(tokens(folded)):
        if isinstance(chunk, str):
            parts = [chunk[at : at + KNOWN] for at in range(max(1, len(chunk) - KNOWN + 1))]
            exact = range(0, len(chunk), KNOWN)
            wanted = [parts[at] for at in exact if at < len(parts)] + parts[-1:]
            if not all(_begins(known, part) for part in wanted):
                return False
            before = ""
            continue
        for end in range(1, len(chunk) + 1):
            starts = ["".join(chunk[start:end]) for start in range(end)]
            if before and not chunk[0].isdigit():
                starts.append(before + starts[0])
            if not _begins(known, *starts):
                return False
        before = "" if chunk[-1].isdigit() else chunk[-1]
    return True


def _finds_number(known: Known, typed: str) -> bool:
    plain = re.sub(r"(?<=[0-9])[\s.\-/]*\(0(?:\)|$)", " ", typed)
    groups, digits = re.findall("[0-9]+", plain), _digits(plain)
    if all(_begins(known, group) for group in groups):
        return True
    from_abroad = typed.strip().startswith("+") or digits.startswith("00")
    number = digits.removeprefix("00")
    asked = {digits, number} if from_abroad else {digits}
    if from_abroad:
        asked |= {number[:at] + number[at + 1 :] for at in (1, 2, 3) if number[at : at + 1] == "0"}
    starts = any(each.startswith(start) for each in known.numbers for start in asked)
    inside = not from_abroad and len(digits) >= 4 and any(digits in each for each in known.within)
    return starts or inside or (digits == "0" and bool(known.numbers))
