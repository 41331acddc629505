"""Share what SQLAlchemy compiles among the engines of a process.

Each test opens a database of its own, and each engine compiles every statement anew, which was a third of the
time of a test. The program opens one engine, so nothing of it is hidden by this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache


def _traits(dialect: Dialect) -> tuple[type[Dialect], int]:
    return type(dialect), getattr(dialect, "currency_digits", 2)


@contextmanager
def compiled_once() -> Iterator[None]:
    """Engines of one kind of database use the same compiled statements, for the length of a block."""
    caches: dict[type[Dialect], LRUCache[Any, Any]] = {}

    def sharing_engine(*arguments: Any, **options: Any) -> Engine:
        engine = create_engine(*arguments, **options)
        kind = type(engine.dialect)
        if kind not in caches:
            # The dialect is part of the keys of the caches. It carries the digits of the currency.
            patch.setattr(kind, "__eq__", lambda one, other: _traits(one) == _traits(other))
            patch.setattr(kind, "__hash__", lambda one: hash(_traits(one)))
        engine._compiled_cache = caches.setdefault(kind, LRUCache(2_000))
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.persistence.database.create_engine", sharing_engine)
        yield
