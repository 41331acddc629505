"""Describes the types of values, including nested ones, in a comparable form."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import wraps
from inspect import signature
from types import FunctionType, ModuleType
from typing import Any, Final

import pytest

from services.errors import CrmError

Seen = dict[str, set[object]]
"""By the name of a function, the types of all that it returned and raised."""


_RAISED: Final = "raised"


def type_of(value: object) -> object:
    """The type of a value and of its contents; a collection has each type once."""
    if isinstance(value, CrmError):
        return _RAISED, type(value).__name__, type_of(vars(value))
    if is_dataclass(value) and not isinstance(value, type):
        holds = tuple((each.name, type_of(getattr(value, each.name))) for each in fields(value))
        return type(value).__name__, holds
    if isinstance(value, Mapping):
        return type(value).__name__, frozenset((key, type_of(held)) for key, held in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return type(value).__name__, frozenset(type_of(held) for held in value)
    if isinstance(value, Decimal):
        return "Decimal", value.as_tuple().exponent
    if isinstance(value, datetime):
        return type(value).__name__, str(value.tzinfo)
    return type(value).__name__


def is_of_result(type_seen: object) -> bool:
    """Whether a function returned this value, instead of raising it."""
    return not (isinstance(type_seen, tuple) and type_seen[0] == _RAISED)


@contextmanager
def watched(*places: ModuleType | type[Any]) -> Iterator[Seen]:
    """Record the types that public functions of modules and classes return and raise within a block."""
    seen: Seen = {}
    with pytest.MonkeyPatch.context() as patch:
        for place in places:
            for name, function in functions_of(place).items():
                types = seen[f"{place.__name__}.{name}"] = set()
                patch.setattr(place, name, _noting(function, types))
        yield seen


def functions_of(place: ModuleType | type[Any]) -> Mapping[str, FunctionType]:
    """The public functions defined in a module or class that use a database."""
    module = place.__module__ if isinstance(place, type) else place.__name__
    return {
        name: found
        for name, found in vars(place).items()
        if isinstance(found, FunctionType) and found.__module__ == module and not name.startswith("_")
        and next(iter(signature(found).parameters), "") in ("self", "crm", "connection", "session")
    }  # fmt: skip


def _noting(function: Callable[..., Any], types: set[object]) -> Callable[..., Any]:
    @wraps(function)
    def noted(*args: Any, **options: Any) -> Any:
        try:
            result = function(*args, **options)
        except CrmError as error:
            types.add(type_of(error))
            raise
        if isinstance(result, Iterator):
            held = list(result)
            types.add(type_of(held))
            return iter(held)
        types.add(type_of(result))
        return result

    return noted
