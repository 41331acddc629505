"""The fields of a list that people's own filters may name, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement

from services.denormalized.computed_columns import NEVER_DUE
from services.i18n import N_
from services.lists.narrowing import FilterSpec
from services.lists.own_filters import Comparison, FieldType, comparisons_of


@dataclass(frozen=True)
class Option:
    """One value of a choice: its label, translatable, and the condition that it holds.

    Without a condition the column has the key of the choice as its value.
    """

    label: str
    holds: FilterSpec | None = None


@dataclass(frozen=True, eq=False)
class FilterField:
    """One field. ``label`` is translatable; ``column`` is the list's own.

    ``none`` is the value in a column that stands for no value, where that is not NULL; ``is_nullable`` says
    that there can be none. ``empty`` is the condition of a row without a value in the words of the indexes.
    ``sort`` is the order of the list with an index that begins with the column. ``folds`` says that the
    column holds texts without case or accents, and else texts in small letters. ``index`` names an index
    that begins with the column and goes on with the id.
    """

    label: str
    type: FieldType
    column: ColumnElement[Any]
    none: object = None
    is_nullable: bool = False
    empty: FilterSpec | None = None
    choices: Mapping[str, Option] = field(default_factory=dict)
    sort: str = ""
    folds: bool = True
    index: str | None = None

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Those that the field has, the commonest first."""
        return comparisons_of(self.type, can_be_empty=self.is_nullable or self.empty is not None)


def text_field(label: str, column: ColumnElement[Any], sort: str = "", *, folds: bool = True) -> FilterField:
    """A text without case or accents."""
    return FilterField(label, FieldType.TEXT, column, sort=sort, folds=folds)


def amount(label: str, column: ColumnElement[Any], sort: str = "") -> FilterField:
    """An amount in the currency of the CRM."""
    return FilterField(label, FieldType.AMOUNT, column, sort=sort)


def number(label: str, column: ColumnElement[Any], sort: str = "") -> FilterField:
    """A whole number."""
    return FilterField(label, FieldType.NUMBER, column, sort=sort)


def sorted_day(label: str, column: ColumnElement[Any], sort: str) -> FilterField:
    """A day that may be missing, in a column for sorting."""
    return FilterField(label, FieldType.DAY, column, none=date.min, is_nullable=True, sort=sort)


def due_day(label: str, column: ColumnElement[Any], sort: str) -> FilterField:
    """The day on the CRM's clocks in which something is due."""
    return FilterField(label, FieldType.DUE, column, none=NEVER_DUE, is_nullable=True, sort=sort)


def moment(
    label: str, column: ColumnElement[Any], sort: str = "", *, is_nullable: bool = False
) -> FilterField:
    """A moment, asked for by the days of the reader's clocks."""
    return FilterField(label, FieldType.MOMENT, column, is_nullable=is_nullable, sort=sort)


def person(
    label: str,
    column: ColumnElement[Any],
    empty: FilterSpec | None = None,
    *,
    index: str | None = None,
    is_nullable: bool = False,
) -> FilterField:
    """A collaborator, by the id."""
    return FilterField(
        label, FieldType.PERSON, column, is_nullable=is_nullable or empty is not None, empty=empty,
        index=index,
    )  # fmt: skip


def choice(
    label: str, column: ColumnElement[Any], choices: Mapping[str, Option], sort: str = ""
) -> FilterField:
    """One of a few values."""
    return FilterField(label, FieldType.CHOICE, column, choices=choices, sort=sort)


def presence(label: str, column: ColumnElement[Any], empty: FilterSpec | None = None) -> FilterField:
    """A text that is there or not."""
    return FilterField(label, FieldType.PRESENCE, column, none="", is_nullable=True, empty=empty)


YES: Final = N_("yes")
NO: Final = N_("no")


def yes_no(label: str, column: ColumnElement[Any], yes: FilterSpec, no: FilterSpec) -> FilterField:
    """Whether something holds."""
    return choice(label, column, {"yes": Option(YES, yes), "no": Option(NO, no)})
