"""Pools of texts that are folded and split into words once, and then combined to a million rows.

The fold of a concatenation is the concatenation of the folds. The words of two texts with a space or a sign
between them are the words of both.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from models.search_words import NO_WORDS, Spelled, plain_words, spelled, stored
from models.text import fold
from services.demo.bulk import names, places


class Piece(NamedTuple):
    """A text, its fold, its search words, and its words within an email address."""

    text: str
    folded: str
    spelled: Spelled
    plain: tuple[str, ...]

    def __add__(self, other: "Piece") -> "Piece":  # type: ignore[override]
        """The concatenation of two texts, which must be separated by a space or a sign."""
        return Piece(
            self.text + other.text, self.folded + other.folded, self.spelled + other.spelled,
            self.plain + other.plain,
        )  # fmt: skip

    @property
    def words(self) -> tuple[str, ...]:
        """The search words of this text."""
        return self.spelled.words


def piece(text: str) -> Piece:
    """Fold a text and split it into words."""
    return Piece(text, fold(text), spelled(text), tuple(plain_words(text)))


NOTHING: Final = Piece("", "", NO_WORDS, ())


def skewed(pieces: Sequence[Piece], flatness: int, size: int = 4096) -> tuple[Piece, ...]:
    """Repeat each entry by its rank (Zipf): 1 / (rank + ``flatness``), at least once."""
    weights = [1 / (rank + flatness) for rank in range(len(pieces))]
    unit = size / sum(weights)
    return tuple(
        chosen
        for chosen, weight in zip(pieces, weights, strict=True)
        for _ in range(max(1, round(weight * unit)))
    )


def join_words(words: Iterable[str]) -> str:
    """The words in their stored form."""
    return stored(words)


def of_town(town: str) -> str:
    """The name of a town after *de*."""
    if town.startswith("Les "):
        return "des " + town[4:]
    if town.startswith("Le "):
        return "du " + town[3:]
    return ("d'" if fold(town[0]) in "aeiouy" else "de ") + town


class Pools:
    """All texts to choose from."""

    def __init__(self) -> None:
        towns = [town.partition(" ") for town in places.TOWNS]
        self.family = skewed([piece(name) for name in names.FAMILY_NAMES], 2)
        self.first = skewed([piece(f"{name} ") for name in names.FIRST_NAMES], 12)
        self.elsewhere = tuple(_people(*both) for both in names.ELSEWHERE)
        self.towns = skewed([piece(name) for _code, _, name in towns], 2, 512)
        self.of_towns = skewed([piece(of_town(name)) for _code, _, name in towns], 2, 512)
        self.trades = skewed([piece(f"{trade} ") for trade in places.TRADES], 12, 256)
        self.lines = tuple(piece(f" {line}") for line in places.LINES)
        self.mailboxes = tuple(piece(name) for name in places.MAILBOXES)
        self.forms = tuple(piece(f" {form}") for form in places.FORMS)
        self.bodies = tuple(piece(f"{body} ") for body in places.BODIES)
        self.locations = skewed(
            [
                piece(f"{hall}, {code} {name}")
                for code, _, name in towns
                for hall in places.HALLS
            ],
            48,
        )  # fmt: skip
        self.occasions = tuple(
            tuple((piece(f": {name}"), hour, hours, guests) for name, hour, hours, guests in kind)
            for kind in (places.PRIVATE_OCCASIONS, places.COMPANY_OCCASIONS)
        )


def _people(first_names: str, family_names: str) -> tuple[Piece, ...]:
    firsts, families = names.listed(first_names), names.listed(family_names)
    family_first = firsts[0][0] > "\u3000"
    pairs = ((family, first) if family_first else (first, family) for first in firsts for family in families)
    return tuple(piece(" ".join(pair)) for pair in pairs)
