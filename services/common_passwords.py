"""Whether a password is among those that guessers try first."""

from functools import lru_cache
from importlib.resources import files
from string import digits, punctuation

from models.text import fold

_SHORTEST_CORE = 3
_TAIL = digits + punctuation + " "


def is_common(password: str) -> bool:
    """Whether the password is a common one, whatever its case, accents, and digits or marks at its end.

    Marks between words do not hide it either: ``Mot de Passe 2027!`` is ``motdepasse``.
    """
    folded = fold(password)
    return not _common().isdisjoint((folded, _core(folded), _joined(folded), _joined(_core(folded))))


def _core(folded: str) -> str:
    return folded.rstrip(_TAIL)


def _joined(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum())


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = files("services").joinpath("data/common_passwords.txt").read_text(encoding="utf-8")
    entries = {fold(line) for line in text.splitlines() if line and not line.startswith("# ")}
    return frozenset(entries | {core for core in map(_core, entries) if len(core) >= _SHORTEST_CORE})
