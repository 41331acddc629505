"""The words under which a record is stored, and the terms of a search.

A record matches if each term of the search is a prefix of one of its words. The rules:

- Apostrophes, hyphens and points are optional: ``O'Mara`` has the words ``o``, ``mara`` and ``omara``. The
  space after a short word and the spaces between single letters (``S A R L``) are optional too.
- Text in scripts without spaces matches from any letter on: a run is stored from each of its letters. The two
  parts of a name are also stored as one run, so that the name matches without its space.
- ``c#`` and ``c++`` are words.
- A phone is stored by its digits: from its start, and from each digit to its end (see :func:`phone_words`).
  The digits of a search are read both as one number and group by group.
- The people and the days of a record are words that nobody can type: see :func:`person_word` and
  :func:`day_word`. A search has them as alternatives for a name or for a date as typed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from models.text import fold, plain_number

Term = tuple[str, ...]
"""Alternative prefixes: a record must have a word with one of them. The first is the word as typed."""

INDEXED_PREFIX: Final = 8
"""The longest prefix in the indexes, in letters."""

NUMBER_START: Final = "§"
"""The mark before a phone's digits from its first one on; no other word has it."""
NUMBER_END: Final = "¤"
"""The mark before the last digits of a phone."""
SOLD_BY: Final = "£"
"""The mark around the id of the sales contact."""
RUN_BY: Final = "€"
"""The mark around the id of the support contact."""
DAY: Final = "¥"
"""The mark before a day."""

SHORT: Final = 4
"""A word of at most so many letters is also stored joined to the next: ``Le Gall``, ``Jean Pierre``."""
_LAST_DIGITS: Final = 4
"""The minimum number of last digits that finds a phone."""
_AT_ONCE: Final = 8
"""The maximum number of words that are joined."""
# PostgreSQL indexes no word of more than 2,046 bytes, which are 511 letters at worst.
_LONGEST_WORD: Final = 500

_JOINERS: Final = frozenset("'’‘ʼʹ′`´.·․‧•・-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_MARKS: Final = frozenset({"Mc", "Mn", "Me"})
# Thai and Lao, Myanmar, Hangul, Khmer, Tai, kana, Bopomofo, ideographs. Emoji have the category So.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u3005-\u3007\u3021-\u3029"
    "\u3031-\u3035\u303b\u3040-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97f\ua9e0-\ua9ff"
    "\uaa60-\uaa7f\ud7b0-\ud7ff\uf900-\ufaff\U0001b000-\U0001b2ff\U00020000-\U0003ffff]"
)
_SHARP: Final = re.compile("(?<=[a-z])#")
_PLUSES: Final = re.compile(r"(?<=[a-z])\+{1,2}")

# Groups of digits with the separators of a phone number; not inside a word.
_NUMBER: Final = re.compile(
    r"(?<![^\s,;:(+/])\+?[\s(]{0,3}[0-9]+(?!\w)(?:[\s().\-/]*[0-9]+(?!\w))*(?!['.\-]?\w)", re.ASCII
)
# The trunk digit "(0)", which is not dialled from abroad; the bracket may still be open while typing.
_TRUNK: Final = re.compile(r"(?<=[0-9])[\s.\-/]*\(0(?:\)|$)")
_EXTENSION: Final = re.compile(r"[\s,;]*(?:extension|ext|poste|x|#)[\s.:]*([0-9]+)(?!\w)")


class _Signs(dict[int, str]):
    """Classifies each character of a folded text: part of a word, joiner of words, or separator."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        if letter in _JOINERS:
            kind = "'"
        elif category == "So" or (_UNSPACED.match(letter) and (letter.isalnum() or category in _MARKS)):
            kind = f"\x01{letter}"
        else:
            kind = letter if letter.isalnum() or category in _MARKS else " "
        self[code] = kind
        return kind


_SIGNS: Final = _Signs()
_PIECES: Final = re.compile("((?:\x01.)+)|([^ '\x01]+)|([ ']+)", re.DOTALL)


class _Part(NamedTuple):
    """A word of a text. ``tight`` means that only a joiner such as an apostrophe precedes it."""

    text: str
    tight: bool
    unspaced: bool


def _parts(folded: str) -> list[_Part]:
    folded = _PLUSES.sub(lambda signs: f"{'plus' * len(signs[0])} ", _SHARP.sub("sharp ", folded))
    parts: list[_Part] = []
    tight = False
    for run, word, gap in _PIECES.findall(folded.translate(_SIGNS)):
        if gap:
            tight = " " not in gap and bool(parts)
            continue
        word = word[:_LONGEST_WORD]
        if run:
            parts.append(_Part(run.replace("\x01", ""), False, True))
        else:
            before = parts[-1] if parts else None
            joined = before is not None and not before.unspaced
            spelled = joined and before is not None and _is_letter(before.text) and _is_letter(word)
            parts.append(_Part(word, (tight and joined) or bool(spelled), False))
        tight = False
    return parts


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script without spaces, in which one letter says much."""
    return _UNSPACED.match(word) is not None


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _chunks(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    """Group the parts into joined words and runs of letters without spaces."""
    chunk: list[_Part] = []
    for part in parts:
        if chunk and (not part.tight or len(chunk) == _AT_ONCE):
            yield chunk
            chunk = []
        chunk.append(part)
    if chunk:
        yield chunk


class Spelled(NamedTuple):
    """The words of a text, and its first and last word for joining it to another text."""

    words: tuple[str, ...]
    head: str
    """The first words joined; empty if they cannot join a previous word."""
    tail: str
    """The last word if it is short enough to join the next, else empty."""

    def __add__(self, other: "Spelled") -> "Spelled":  # type: ignore[override]
        """The words of two texts that follow each other, with a space between them."""
        if not other.words:
            return self
        joined = (self.tail + other.head,) if self.tail and other.head else ()
        return Spelled((*self.words, *joined, *other.words), self.head or other.head, other.tail)


NO_WORDS: Final = Spelled((), "", "")


def spelled(text: str) -> Spelled:
    """The words of a text as they are stored, including repeated ones."""
    whole = NO_WORDS
    for chunk in _chunks(_without_gaps(_parts(fold(text)))):
        whole += _spelled_chunk(chunk)
    return whole


def _without_gaps(parts: Iterable[_Part]) -> list[_Part]:
    """The parts with adjacent runs merged."""
    whole: list[_Part] = []
    for part in parts:
        if part.unspaced and whole and whole[-1].unspaced:
            whole[-1] = part._replace(text=whole[-1].text + part.text)
        else:
            whole.append(part)
    return whole


def _spelled_chunk(chunk: Sequence[_Part]) -> Spelled:
    if chunk[0].unspaced:
        run = chunk[0].text
        return Spelled(tuple(run[at : at + INDEXED_PREFIX] for at in range(len(run))), "", "")
    texts = [part.text for part in chunk]
    joined = ["".join(texts[at:])[:_LONGEST_WORD] for at in range(len(texts) - 1)]
    last = texts[-1]
    return Spelled(
        (*texts, *joined),
        "" if texts[0].isdigit() else (joined or texts)[0],
        last if len(last) <= SHORT and not last.isdigit() else "",
    )


def words_of(*texts: str) -> list[str]:
    """The search words of some texts of a record."""
    return [word for text in texts for word in spelled(text).words]


def plain_words(*texts: str) -> list[str]:
    """As :func:`words_of` without joined words, for email addresses."""
    parts = [part for text in texts for part in _parts(fold(text))]
    return [word for part in parts for word in _spelled_chunk([part]).words]


def stored(words: Iterable[str]) -> str:
    """The words in their stored form: each once, with a space before it."""
    return "".join(f" {word}" for word in dict.fromkeys(words))


def words_to_copy(words: str) -> str:
    """The words that contracts and events copy from their client: all but its days and last phone digits.

    They have days of their own. With the digits a search for a contract number would match the phones of
    other clients.
    """
    return re.sub(f" [{NUMBER_END}{DAY}][0-9a-f]+", "", words)


def person_word(mark: str, person_id: int) -> str:
    """The word for a person of a record, whose names are looked up when a search begins.

    The id stands in it and not the name: to rename a person changes no word of any record.
    """
    return f"{mark}{person_id}{mark}"


def day_word(day: date) -> str:
    """The word for a day of a record: month and day first, so that a day of any year is a prefix.

    It has no more letters than the longest indexed prefix, since many records may have the same day.
    """
    return f"{start_of_day(day.day, day.month)}{day.year:04}"


def start_of_day(day: int, month: int) -> str:
    """The start of the words for this day in any year; digits of a year may follow it."""
    return f"{DAY}{month:x}{day:02}"


def phone_words(phone: str, e164: str, national: str) -> list[str]:
    """The words of a phone: its international, national and typed digits, and its last digits.

    ``e164`` and ``national`` are the number in these forms, empty if it does not parse. Letters of the phone
    and the digits of its extension are words too.
    """
    folded = fold(plain_number(phone))
    extension = _EXTENSION.search(folded)
    typed = folded[: extension.start()] if extension else folded
    numbers = list(dict.fromkeys(filter(None, (_digits(e164), _digits(national), _number(typed)))))
    if not numbers:
        return words_of(folded)
    within = _common_end(numbers[0], numbers[1]) if e164 and len(numbers) > 1 else numbers[0]
    starts = [NUMBER_START + number for number in dict.fromkeys([*numbers, within]) if number]
    ends = [NUMBER_END + within[at:] for at in range(1, len(within) - _LAST_DIGITS + 1)]
    said = words_of(folded[extension.start() :], extension[1]) if extension else []
    spelled_out = words_of(typed) if re.search("[a-z]", typed) else []
    return [*starts, *ends, *spelled_out, *said]


def _common_end(one: str, other: str) -> str:
    return next(one[at:] for at in range(len(one) + 1) if other.endswith(one[at:]))


def _number(typed: str) -> str:
    digits = _digits(_TRUNK.sub(" ", typed))
    return digits[2:] if digits.startswith("00") else digits


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


class Dated(NamedTuple):
    """A date within a search: the words of which it consists, and the starts of the words for its day."""

    parts: frozenset[str]
    days: tuple[str, ...]


def search_terms(text: str, dates: Iterable[Dated] = ()) -> list[Term]:
    """The distinct terms of a search in order; empty if the text has no letter, digit or emoji.

    Each part of a date has its day as another alternative: what the words alone find is found all the same.
    """
    plain = _plain_terms(folded_search(text))
    for date_typed in dates:
        plain = [(*term, *date_typed.days) if term[0] in date_typed.parts else term for term in plain]
    return list(dict.fromkeys(plain))


def folded_search(text: str) -> str:
    """The text as a search reads it."""
    return fold(plain_number(text))


def _plain_terms(folded: str) -> list[Term]:
    if not any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in folded):
        return []  # only marks, such as a vowel sign without its letter
    terms: dict[Term, None] = {}
    at = 0
    for number in _NUMBER.finditer(folded):
        if number.start() >= at:
            terms |= dict.fromkeys(_terms_of_words(folded[at : number.start()]))
            terms |= dict.fromkeys(_terms_of_number(number[0]))
            at = number.end()
            if extension := _EXTENSION.match(folded, at):
                terms[(extension[1][:_LONGEST_WORD],)] = None
                at = extension.end()
    return list(terms | dict.fromkeys(_terms_of_words(folded[at:])))


def _terms_of_words(folded: str) -> Iterator[Term]:
    before = ""
    for chunk in _chunks(_parts(folded)):
        if chunk[0].unspaced:
            yield from _terms_of_run(chunk[0].text)
            before = ""
            continue
        texts = [part.text for part in chunk]
        for end in range(1, len(texts) + 1):
            joined = ["".join(texts[start:end])[:_LONGEST_WORD] for start in range(end - 1, -1, -1)]
            with_before = [] if texts[0].isdigit() or not before else [(before + joined[-1])[:_LONGEST_WORD]]
            yield tuple(dict.fromkeys([*joined, *with_before]))
        before = "" if texts[-1].isdigit() else texts[-1]


def _terms_of_run(run: str) -> Iterator[Term]:
    # A stored word has at most this many letters of a run; the last piece of a longer run may overlap.
    places = range(0, len(run) - INDEXED_PREFIX, INDEXED_PREFIX)
    for at in (*places, max(0, len(run) - INDEXED_PREFIX)):
        yield (run[at : at + INDEXED_PREFIX],)


def _terms_of_number(typed: str) -> Iterator[Term]:
    groups = re.findall("[0-9]+", _TRUNK.sub(" ", typed))
    digits = "".join(groups)
    wanted = _phone_prefixes(digits, from_abroad=typed.lstrip().startswith("+"))
    phones = tuple(dict.fromkeys(number[:_LONGEST_WORD] for number in wanted))
    yield from ((group[:_LONGEST_WORD], *phones) for group in groups)


def _phone_prefixes(digits: str, *, from_abroad: bool) -> Iterator[str]:
    """The prefixes of phone words that these digits may match."""
    yield NUMBER_START + digits
    if digits == "0":
        yield NUMBER_START  # may become 00 and a country code
    number = digits.removeprefix("00")
    if not from_abroad and number == digits:
        if len(digits) >= _LAST_DIGITS:
            yield NUMBER_END + digits
        return
    yield NUMBER_START + number
    # A trunk digit that was typed by mistake after the country code.
    yield from (
        NUMBER_START + number[:at] + number[at + 1 :] for at in (1, 2, 3) if number[at : at + 1] == "0"
    )
