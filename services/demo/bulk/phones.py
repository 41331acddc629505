"""Phone numbers that are assigned to no subscriber, with their search words, ten thousand at a time."""

from typing import Final, NamedTuple

from services.denormalized import computed_columns

# Prefixes that the French regulator reserves for fiction, with ten thousand numbers each.
_LINES: Final = ("06 39 98", "01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "+33 6 39 98")
_A_LINE: Final = 10_000
PHONES: Final = len(_LINES) * _A_LINE
"""The number of different phone numbers."""

_EXAMPLE: Final = 1_234
_PROBES: Final = (0, 101, 1_199, 4_321, 5_555, 9_876, 9_999)


class Phone(NamedTuple):
    """A number as typed and in E.164, with its search words."""

    text: str
    e164: str | None
    words: tuple[str, ...]


class Phones:
    """The numbers as parsed in a region (ISO 3166)."""

    def __init__(self, region: str) -> None:
        self._lines = [_Line(text, region) for text in _LINES]

    def phone(self, number: int) -> Phone:
        """The number at this index, from 0."""
        line, last = divmod(number, _A_LINE)
        return self._lines[line].phone(last)


class _Line:
    """Numbers with one prefix; appending four digits is fifty times faster than parsing each number."""

    def __init__(self, text: str, region: str) -> None:
        self._text = text
        self._region = region
        example = self._parsed(_EXAMPLE)
        self._e164 = example.e164 and example.e164.removesuffix(str(_EXAMPLE))
        self._beginnings = tuple(word.removesuffix(str(_EXAMPLE)) for word in example.words)
        self._alike = all(self._put_together(number) == self._parsed(number) for number in _PROBES)

    def phone(self, last: int) -> Phone:
        """The number with these last four digits."""
        return self._put_together(last) if self._alike else self._parsed(last)

    def _put_together(self, last: int) -> Phone:
        digits = f"{last:04}"
        words = [beginning + digits for beginning in self._beginnings]
        return Phone(
            f"{self._text} {digits[:2]} {digits[2:]}",
            None if self._e164 is None else self._e164 + digits,
            tuple(dict.fromkeys(words)),
        )

    def _parsed(self, last: int) -> Phone:
        text = f"{self._text} {last // 100:02} {last % 100:02}"
        e164 = computed_columns.e164(text, self._region)
        return Phone(text, e164, tuple(dict.fromkeys(computed_columns.words_of_phone(text, e164))))
