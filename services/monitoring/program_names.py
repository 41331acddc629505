"""Words of this program: fields, columns, settings, modules, departments. None is personal data."""

import sys
from functools import lru_cache
from typing import Final

from models.enums import ContractStatus, Department, Operation, RecordKind

_PACKAGES: Final = frozenset({"models", "services", "tui", "cli"})
_WORDS: Final = frozenset(
    word.lower()
    for kind in (Department, ContractStatus, RecordKind, Operation)
    for each in kind
    for word in (each.name, str(each.value))
)
"""The closed vocabularies of the brief."""


def is_ours(name: str) -> bool:
    """Whether a word or an identifier, in any case, belongs to this program."""
    return name.lower() in _known(len(sys.modules))


@lru_cache(maxsize=1)
def _known(loaded: int) -> frozenset[str]:
    """All words of the program. The number of loaded modules is the cache key: a new module adds words."""
    return frozenset({*_WORDS, *_columns(), *_settings(), *_modules()})


def _columns() -> set[str]:
    if "models.tables" not in sys.modules:
        return set()
    from sqlmodel import SQLModel

    tables = SQLModel.metadata.tables
    return {*tables, *(column.key.lower() for table in tables.values() for column in table.columns)}


def _settings() -> set[str]:
    variables = sys.modules.get("services.settings.variables")
    return {name.lower() for name in getattr(variables, "NAMES", ())}


def _modules() -> set[str]:
    own = [name for name in list(sys.modules) if name.partition(".")[0] in _PACKAGES]
    return {*own, *(part for name in own for part in name.split("."))}
