"""The two corpora: texts with secrets to be masked, and innocent texts that must not change.

A file holds three columns: kind, value as JSON, source. ``⟦…⟧`` in a value frames the secret within a longer
text; the frame is removed before the text is scrubbed. The machine of these texts is :data:`MACHINE`.
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
# Known misses and false positives by their text. Document each new one among the limits.
MISSED: Final[frozenset[str]] = frozenset({
    "612 345 678", "600 123 456",  # without a label, nine digits in groups of three may also be an amount
})  # fmt: skip
EATEN: Final[frozenset[str]] = frozenset({
    "2.5.29.17",  # an object identifier of four numbers has the form of an IP address
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
        """The parts to be masked; the whole text if none is framed."""
        return _FRAMED.findall(self.framed) or [self.framed]

    def is_gone_from(self, result: str) -> bool:
        """Whether no distinctive part of the secrets is left."""
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
    """The texts with secrets."""
    return list(_read("secrets.tsv"))


def innocents() -> list[Item]:
    """The texts without secrets."""
    return list(_read("innocents.tsv"))
