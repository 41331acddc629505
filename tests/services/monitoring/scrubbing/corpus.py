"""The two corpora: what must not be left in a text, and what must be left in it as it was.

A file holds three columns: kind, value as JSON, source. ``⟦…⟧`` in a value frames the secret of a longer
text; it is taken off before the text is scrubbed. The machine of these texts is :data:`MACHINE`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from services.monitoring.scrubbing import Surroundings

FOLDER: Final = Path(__file__).parent / "corpora"
MACHINE: Final = Surroundings(
    homes=("/home/adurand",), logins=("adurand",), hosts=("poste-alice.bureau.example", "poste-alice")
)
# Known misses and known errors, by their text. Whoever adds one says so in the documentation of the limits.
MISSED: Final[frozenset[str]] = frozenset({
    "612 345 678", "600 123 456",  # without a label nine digits in threes are an amount as well as a phone
})  # fmt: skip
EATEN: Final[frozenset[str]] = frozenset({
    "2.5.29.17",  # an object identifier of four numbers is an address in all but meaning
    "user@host is the form", "name@example is no address",  # a host may have one word: root@server
})  # fmt: skip
_FRAMED = re.compile("⟦(.*?)⟧", re.DOTALL)
_WORTH_HALVING: Final = 10


@dataclass(frozen=True)
class Item:
    """One line of a corpus."""

    kind: str
    framed: str
    source: str

    @cached_property
    def text(self) -> str:
        """The text to be scrubbed."""
        return self.framed.replace("⟦", "").replace("⟧", "")

    @property
    def secrets(self) -> list[str]:
        """The parts that must be gone; the whole text where none is framed."""
        return _FRAMED.findall(self.framed) or [self.framed]

    def is_gone_from(self, result: str) -> bool:
        """Whether nothing distinctive of the secrets is left."""
        return not any(_remains(self.kind, secret, result) for secret in self.secrets)


def _remains(kind: str, secret: str, result: str) -> bool:
    if kind == "phone":  # the last four digits stay
        return _digits(secret)[:-4] in _digits(result)
    if kind == "card":
        return _digits(secret) in _digits(result)
    if kind == "email":  # so do two letters and the host
        local = secret.rpartition("@")[0]
        return f"{local[2:] or local}@" in result
    half = len(secret) // 2
    halves = (secret[:half], secret[half:]) if len(secret) >= _WORTH_HALVING else ()
    return any(part in result for part in (secret, *halves))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _read(name: str) -> Iterator[Item]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()[1:]:
        kind, value, source = line.split("\t")
        yield Item(kind, json.loads(value), source)


def secrets() -> list[Item]:
    """Texts with something in them that must not leave."""
    return list(_read("secrets.tsv"))


def innocents() -> list[Item]:
    """Texts in which there is nothing to mask."""
    return list(_read("innocents.tsv"))
