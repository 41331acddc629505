"""A slow reference implementation of the search, letter by letter and without an index."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
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
    """The search data of a record: its words, the forms of its phones, and their national digits.

    ``people`` are the words of the names of its people, ``days`` its days.
    """

    words: set[str]
    numbers: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)

    def __or__(self, other: "Known") -> "Known":
        return Known(
            self.words | other.words, self.numbers | other.numbers, self.within | other.within,
            self.people | other.people, self.days | other.days,
        )  # fmt: skip

    def to_copy(self) -> "Known":
        """The search data that contracts and events copy from their client."""
        return Known(self.words, self.numbers, people=self.people)


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
    dated = {part for parts, year, month, day in dates(folded) if _has_day(known, year, month, day)
             for part in parts}  # fmt: skip
    at = 0
    for number in _NUMBER.finditer(folded):
        if not _finds_words(known, folded[at : number.start()], dated):
            return False
        if not _finds_number(known, number[0], dated):
            return False
        at = number.end()
    return _finds_words(known, folded[at:], dated)


_MONTHS: Final = {
    "january": 1, "janvier": 1, "june": 6, "jun": 6, "juin": 6, "july": 7, "juillet": 7, "may": 5, "mai": 5,
    "december": 12, "decembre": 12,
}  # fmt: skip


def dates(folded: str) -> Iterator[tuple[set[str], str, int, int]]:
    """The dates in a folded text: their words, the typed digits of the year, the month and the day."""
    texts = [text.strip(",;:()") for text in folded.split()]
    at = 0
    while at < len(texts):
        found, taken = _date_at(texts, at)
        if found is not None:
            yield found
        at += taken


def _date_at(texts: list[str], at: int) -> tuple[tuple[set[str], str, int, int] | None, int]:
    text = texts[at]
    if match := re.fullmatch(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)", text, re.ASCII):
        return _whole(text, match[1], int(match[3]), int(match[4])), 1
    slashed = re.fullmatch(r"(\d\d?)/(\d\d?)(?:/(\d{0,4}))?", text, re.ASCII)
    marked = re.fullmatch(r"(\d\d?)([-.])(\d\d?)\2(\d{4})", text, re.ASCII)
    if slashed or marked:
        day, month, year = (
            (slashed[1], slashed[2], slashed[3] or "") if slashed else (marked[1], marked[3], marked[4])  # type: ignore[index]
        )
        if int(month) > 12:
            day, month = month, day
        return _whole(text, year, int(month), int(day)), 1
    if text.isdigit() and text.isascii() and len(text) <= 2 and at + 1 < len(texts):
        month_number = _MONTHS.get(texts[at + 1])
        if month_number is not None:
            further = texts[at + 2] if at + 2 < len(texts) else ""
            year = further if re.fullmatch("[0-9]{1,4}", further) else ""
            whole = _whole(f"{text} {texts[at + 1]} {year}", year, month_number, int(text))
            if whole is not None:
                return whole, 3 if year else 2
            bare = _whole(f"{text} {texts[at + 1]}", "", month_number, int(text))
            return bare, 2 if bare else 1
    return None, 1


def _whole(text: str, year: str, month: int, day: int) -> tuple[set[str], str, int, int] | None:
    try:
        date(int(year) if len(year) == 4 else 2000, month, day)
    except ValueError:
        return None
    return set(re.findall(r"\w+", text)), year, month, day


def _has_day(known: Known, year: str, month: int, day: int) -> bool:
    century = "19" if year >= "69" else "20"
    years = {year, century + year} if len(year) == 2 else {year}
    return any(
        (each.month, each.day) == (month, day) and f"{each.year:04}".startswith(typed)
        for each in known.days
        for typed in years
    )


def _begins(known: Known, *starts: str) -> bool:
    own = any(word.startswith(start[:LONGEST]) for word in known.words for start in starts)
    return own or any(_names(word, start) for word in known.people for start in starts)


def _names(word: str, start: str) -> bool:
    if word.isdigit() or start.isdigit() or not word.startswith(start):
        return False
    return len(start) >= 3 or start == word != start[0] or not _is_spaced(start[0])


def _finds_words(known: Known, folded: str, dated: set[str]) -> bool:
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
            if chunk[end - 1] not in dated and not _begins(known, *starts):
                return False
        before = "" if chunk[-1].isdigit() else chunk[-1]
    return True


def _finds_number(known: Known, typed: str, dated: set[str]) -> bool:
    plain = re.sub(r"(?<=[0-9])[\s.\-/]*\(0(?:\)|$)", " ", typed)
    groups, digits = re.findall("[0-9]+", plain), _digits(plain)
    if all(group in dated or _begins(known, group) for group in groups):
        return True
    from_abroad = typed.strip().startswith("+") or digits.startswith("00")
    number = digits.removeprefix("00")
    asked = {digits, number} if from_abroad else {digits}
    if from_abroad:
        asked |= {number[:at] + number[at + 1 :] for at in (1, 2, 3) if number[at : at + 1] == "0"}
    starts = any(each.startswith(start) for each in known.numbers for start in asked)
    inside = not from_abroad and len(digits) >= 4 and any(digits in each for each in known.within)
    return starts or inside or (digits == "0" and bool(known.numbers))
