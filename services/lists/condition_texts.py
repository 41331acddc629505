"""Conditions of own filters in words, and read from what people type."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from models.text import clean_typed, fold, normalise
from services import formats
from services.errors import Invalid
from services.formats import periods
from services.i18n import N_, _
from services.lists.filter_fields import FilterField
from services.lists.own_conditions import NO_COMPARISON, NO_FIELD, Fields
from services.lists.own_filters import (
    DATES,
    LONGEST_VALUE,
    ME,
    WITHOUT_VALUE,
    Comparison,
    Condition,
    FieldType,
)
from services.time_zones import on_crm_clocks

_LABELS: Final[Mapping[Comparison, str]] = {
    Comparison.IS: N_("is"), Comparison.IS_NOT: N_("is not"),
    Comparison.OPTION: N_("is"), Comparison.OTHER_OPTION: N_("is not"),
    Comparison.CONTAINS: N_("contains"), Comparison.LACKS: N_("does not contain"),
    Comparison.BEGINS: N_("begins with"),
    Comparison.AT_LEAST: N_("at least"), Comparison.AT_MOST: N_("at most"),
    Comparison.ABOVE: N_("more than"), Comparison.BELOW: N_("less than"),
    Comparison.EMPTY: N_("is empty"), Comparison.SET: N_("is not empty"),
}  # fmt: skip
_OF_DATES: Final[Mapping[Comparison, str]] = {
    Comparison.IS: N_("within"), Comparison.IS_NOT: N_("not within"),
    Comparison.AT_LEAST: N_("from"), Comparison.AT_MOST: N_("until"),
    Comparison.ABOVE: N_("after"), Comparison.BELOW: N_("before"),
}  # fmt: skip
_ME: Final = N_("me")
_GONE: Final = N_("an account that was deleted")

_NO_TEXT: Final = N_("Write at least one letter, digit or sign.")
_TOO_LARGE: Final = N_("This number is too large.")
_NO_OPTION: Final = N_("One of these: {names}.")
_TOO_LONG: Final = N_("At most {max} characters.")
_NO_CONDITION: Final = N_(
    "Write a field, a comparison and a value, as in: {example}. The comparisons are: {names}."
)
_MOST: Final = 10**12

SPELLED: Final[Mapping[str, tuple[Comparison, ...]]] = {
    "is not empty": (Comparison.SET,), "is empty": (Comparison.EMPTY,),
    "is not": (Comparison.IS_NOT, Comparison.OTHER_OPTION), "is": (Comparison.IS, Comparison.OPTION),
    "!=": (Comparison.IS_NOT, Comparison.OTHER_OPTION), "=": (Comparison.IS, Comparison.OPTION),
    ">=": (Comparison.AT_LEAST,), "<=": (Comparison.AT_MOST,), ">": (Comparison.ABOVE,),
    "<": (Comparison.BELOW,), "contains": (Comparison.CONTAINS,), "lacks": (Comparison.LACKS,),
    "begins": (Comparison.BEGINS,), "in": (Comparison.IS,), "from": (Comparison.AT_LEAST,),
    "until": (Comparison.AT_MOST,), "after": (Comparison.ABOVE,), "before": (Comparison.BELOW,),
}  # fmt: skip
"""The comparisons as commands spell them, in every language."""


def comparison_label(field: FilterField, comparison: Comparison) -> str:
    """A comparison in the active language."""
    of_dates = _OF_DATES if field.type in DATES else {}
    return _(of_dates.get(comparison) or _LABELS[comparison])


def say_value(field: FilterField, value: str, currency: str, names: Mapping[str, str]) -> str:
    """The value of a condition in the active language; ``names`` are those of the people in it, by id."""
    if field.type is FieldType.PERSON:
        return _(_ME) if value == ME else names.get(value) or _(_GONE)
    if field.type is FieldType.CHOICE:
        return _(field.choices[value].label) if value in field.choices else value
    if field.type in DATES:
        return periods.say_period(value)
    try:
        if field.type is FieldType.AMOUNT:
            return formats.show_money(Decimal(value), currency)
        if field.type is FieldType.NUMBER:
            return formats.show_integer(int(value))
    except (ValueError, InvalidOperation):
        return value
    return f"“{value}”"


def say_condition(fields: Fields, each: Condition, currency: str, names: Mapping[str, str]) -> str:
    """A condition in the active language: "Start within this week"; by its name for an unknown field."""
    field = fields.get(each.field)
    if field is None:
        return f"{each.field} {_(_LABELS[each.comparison])} {each.value}".strip()
    said = f"{_(field.label)} {comparison_label(field, each.comparison)}"
    if each.comparison in WITHOUT_VALUE:
        return said
    return f"{said} {say_value(field, each.value, currency, names)}"


def say_roughly(each: Condition, label: str) -> str:
    """A condition in the active language where its list is not at hand: the value as it is kept."""
    value = periods.say_period(each.value)
    return " ".join(filter(None, (label, _(_LABELS[each.comparison]), value)))


def edit_value(field: FilterField, value: str) -> str:
    """The value as the initial text of an input; :func:`read_value` gives the same."""
    if field.type in DATES:
        return periods.edit_period(value)
    return formats.edit_money(Decimal(value)) if field.type is FieldType.AMOUNT and value else value


def read_value(field: FilterField, text: str, name: str, currency: str, now: datetime) -> str:
    """What was typed, as the condition keeps it; people and options are chosen.

    Raises :class:`Invalid` naming ``name``.
    """
    typed = normalise(clean_typed(text))
    if len(typed) > LONGEST_VALUE:
        raise Invalid.of(name, _TOO_LONG, max=LONGEST_VALUE)
    if field.type in DATES:
        return periods.parse_period(typed, name, reference_of(field, now))
    if field.type is FieldType.AMOUNT:
        amount = formats.parse_money(typed, name, currency)
        return f"{_bounded(amount, name):f}"
    if field.type is FieldType.NUMBER:
        return str(int(_bounded(Decimal(formats.parse_integer(typed, name)), name)))
    if not (fold(typed) if field.folds else typed):
        raise Invalid.of(name, _NO_TEXT)
    return typed


def say_reading(field: FilterField, value: str, now: datetime) -> str:
    """How a value is read today: the days of a period."""
    if field.type not in DATES:
        return ""
    return periods.say_reading(value, reference_of(field, now).today)


def reference_of(field: FilterField, now: datetime) -> formats.Reference:
    """What a typed day is read against: the reader's day, or for what is due that of the CRM."""
    if field.type is FieldType.DUE:
        local = on_crm_clocks(now).replace(tzinfo=None).astimezone()
        return formats.Reference(local)
    return formats.Reference(now)


def split_condition(fields: Fields, text: str, name: str) -> tuple[str, Comparison, str]:
    """The field, the comparison and the typed value of a condition such as ``start in this week``.

    Raises :class:`Invalid` naming ``name``.
    """
    words = clean_typed(text).strip()
    match = re.match(r"(?P<field>[A-Za-z_]+)\s*(?P<rest>.*)", words)
    key = match["field"].lower() if match else ""
    if match is None or key not in fields:
        raise Invalid.of(name, NO_FIELD, name=key or words, names=", ".join(fields))
    rest, field = match["rest"], fields[key]
    for spelled, comparisons in SPELLED.items():
        after = _after(rest, spelled)
        if after is None:
            continue
        fitting = next((each for each in comparisons if each in field.comparisons), None)
        if fitting is None:
            raise Invalid.of(name, NO_COMPARISON, name=key)
        if fitting in WITHOUT_VALUE or after:
            return key, fitting, after
    example = f"{key} {_spelling(field)}"
    raise Invalid.of(name, _NO_CONDITION, example=example, names=", ".join(SPELLED))


def means_me(text: str) -> bool:
    """Whether a typed person is the one who reads the list."""
    return fold(text.strip()) in (ME, fold(_(_ME)))


def option_of(field: FilterField, text: str, name: str) -> str:
    """The option with this key or label, in any case. Raises :class:`Invalid` naming ``name``."""
    typed = fold(text.strip())
    for key, option in field.choices.items():
        if typed in (fold(key), fold(_(option.label)), fold(option.label)):
            return key
    raise Invalid.of(name, _NO_OPTION, names=", ".join(field.choices))


def _after(rest: str, spelled: str) -> str | None:
    """What follows the comparison; ``None`` if the text does not begin with it."""
    if not rest.lower().startswith(spelled):
        return None
    after = rest[len(spelled) :]
    return after.strip() if not spelled[-1].isalpha() or not after or after[0].isspace() else None


def _spelling(field: FilterField) -> str:
    examples = {
        FieldType.TEXT: "contains dupont", FieldType.AMOUNT: ">= 1000", FieldType.NUMBER: ">= 10",
        FieldType.PERSON: "is me", FieldType.PRESENCE: "is empty",
    }  # fmt: skip
    if field.type is FieldType.CHOICE:
        return f"is {next(iter(field.choices))}"
    return examples.get(field.type, "in this week")


def _bounded(number: Decimal, name: str) -> Decimal:
    if abs(number) >= _MOST:
        raise Invalid.of(name, _TOO_LARGE)
    return number
