"""Filters that people build of conditions: as data, and as the JSON in which they are kept. Loads no ORM.

A condition names a field of the list, a comparison and a value. The value is text in one form, whatever the
language: ``1234.50``, ``2027-06-15``, ``last_30_days`` (see :mod:`services.formats.periods`), the id of a
person, or ``me`` for whoever reads the list. What is relative is resolved at each query.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from models.text import has_unsafe
from services.errors import Invalid
from services.i18n import N_

ME: Final = "me"
"""The person who reads the list, as the value of a condition."""
MOST_CONDITIONS: Final = 12
LONGEST_VALUE: Final = 200
_VERSION: Final = 1
_LONGEST: Final = 20_000

_DAMAGED: Final = N_("The conditions of this view cannot be read. Delete the view and build it anew.")
_NEWER: Final = N_("A newer version of this program saved this view. Update epicevents to use it.")
_TOO_MANY: Final = N_("A filter has at most {max} conditions.")


class FieldType(StrEnum):
    """What a field holds, which decides its comparisons and how its values are typed."""

    TEXT = "text"
    AMOUNT = "amount"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    DUE = "due"
    PERSON = "person"
    CHOICE = "choice"
    PRESENCE = "presence"
    """A text that can only be asked whether it is there."""


DATES: Final = frozenset({FieldType.DAY, FieldType.MOMENT, FieldType.DUE})


class Comparison(StrEnum):
    """How a field is compared with the value. Of a period, ``below`` is before it and ``above`` after it."""

    IS = "is"
    IS_NOT = "is_not"
    OPTION = "option"
    OTHER_OPTION = "other_option"
    CONTAINS = "contains"
    LACKS = "lacks"
    BEGINS = "begins"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    EMPTY = "empty"
    SET = "set"


WITHOUT_VALUE: Final = frozenset({Comparison.EMPTY, Comparison.SET})
OF_OPTIONS: Final = (Comparison.OPTION, Comparison.OTHER_OPTION)
"""The comparisons of a choice: its value is part of the statement."""
_EQUALITY: Final = (Comparison.IS, Comparison.IS_NOT)
_ORDER: Final = (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.ABOVE, Comparison.BELOW)
_COMPARISONS: Final[Mapping[FieldType, tuple[Comparison, ...]]] = {
    FieldType.TEXT: (Comparison.CONTAINS, Comparison.BEGINS, *_EQUALITY, Comparison.LACKS),
    FieldType.AMOUNT: (*_ORDER, *_EQUALITY),
    FieldType.NUMBER: (*_ORDER, *_EQUALITY),
    FieldType.PERSON: _EQUALITY,
    FieldType.CHOICE: OF_OPTIONS,
    FieldType.PRESENCE: (),
    **dict.fromkeys(DATES, (Comparison.IS, *_ORDER, Comparison.IS_NOT)),
}
RANGES: Final = frozenset({Comparison.IS, Comparison.BEGINS, *_ORDER})
"""The comparisons that leave one stretch of the values in their order."""


def comparisons_of(kind: FieldType, *, can_be_empty: bool) -> tuple[Comparison, ...]:
    """The comparisons of a field, the commonest first."""
    empty = (Comparison.EMPTY, Comparison.SET) if can_be_empty else ()
    return (*_COMPARISONS[kind], *empty)


@dataclass(frozen=True)
class Condition:
    """One condition; ``value`` is empty for the comparisons without one."""

    field: str
    comparison: Comparison
    value: str = ""


@dataclass(frozen=True)
class OwnFilter:
    """Conditions that all hold, or of which ``any_of`` them holds. Without a condition it leaves all rows."""

    conditions: tuple[Condition, ...] = ()
    any_of: bool = False

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def to_json(self) -> str:
        """The filter as it is kept."""
        conditions = [
            {"field": each.field, "comparison": each.comparison.value, "value": each.value}
            for each in self.conditions
        ]
        return json.dumps(
            {"version": _VERSION, "match": "any" if self.any_of else "all", "conditions": conditions},
            ensure_ascii=False, separators=(",", ":"),
        )  # fmt: skip


NO_FILTER: Final = OwnFilter()


def from_json(text: str) -> OwnFilter:
    """The filter of a kept text. Raises :class:`Invalid` for one that is damaged or of a newer program."""
    if len(text) > _LONGEST:
        raise Invalid.of("conditions", _DAMAGED)
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid.of("conditions", _DAMAGED) from None
    if not isinstance(kept, dict) or type(kept.get("version")) is not int:
        raise Invalid.of("conditions", _DAMAGED)
    if kept["version"] > _VERSION:
        raise Invalid.of("conditions", _NEWER)
    conditions, match = kept.get("conditions"), kept.get("match")
    if not isinstance(conditions, list) or match not in ("all", "any"):
        raise Invalid.of("conditions", _DAMAGED)
    return limited(OwnFilter(tuple(map(_condition, conditions)), match == "any"))


def limited(own: OwnFilter) -> OwnFilter:
    """The filter itself. Raises :class:`Invalid` if it has too many conditions."""
    if len(own.conditions) > MOST_CONDITIONS:
        raise Invalid.of("conditions", _TOO_MANY, max=MOST_CONDITIONS)
    return own


def _condition(kept: Any) -> Condition:
    names = ("field", "comparison", "value")
    parts: list[Any] = [kept.get(name) for name in names] if isinstance(kept, dict) else []
    if not parts or not all(isinstance(each, str) and len(each) <= LONGEST_VALUE for each in parts):
        raise Invalid.of("conditions", _DAMAGED)
    field, comparison, value = parts
    if comparison not in list(Comparison) or has_unsafe(field) or has_unsafe(value):
        raise Invalid.of("conditions", _DAMAGED)
    return Condition(field, Comparison(comparison), value)
