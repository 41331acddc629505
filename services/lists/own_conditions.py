"""People's own filters in SQL: conditions with named values, on the columns of the list alone.

The statement depends on the fields and comparisons, which make its shape, and on the options of a choice; all
other values are parameters, so that a statement is built once for each shape.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    Table,
    and_,
    bindparam,
    or_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from models.text import fold
from services.errors import Invalid
from services.formats import periods
from services.i18n import N_
from services.lists.filter_fields import FilterField
from services.lists.narrowing import FilterSpec, QueryContext
from services.lists.own_filters import (
    DATES,
    ME,
    OF_OPTIONS,
    RANGES,
    WITHOUT_VALUE,
    Comparison,
    Condition,
    FieldType,
    OwnFilter,
)
from services.persistence.database import is_record_id
from services.time_zones import local_midnight, on_crm_clocks

Fields = Mapping[str, FilterField]

NO_FIELD: Final = N_("This list has no field {name}. It has: {names}.")
NO_COMPARISON: Final = N_("The field {name} is not compared in this way.")
NO_VALUE: Final = N_("The value of the condition on {name} cannot be read. Choose another value.")
_MOST: Final = 10**15
_EARLIEST, _LATEST = date(1000, 1, 1), date(9998, 12, 31)


class ConditionShape(NamedTuple):
    """The part of a condition that is in the text of the statement; ``option`` is that of a choice."""

    field: str
    comparison: Comparison
    option: str


class OwnShape(NamedTuple):
    """The part of an own filter that is in the text of the statement."""

    conditions: tuple[ConditionShape, ...]
    any_of: bool


NO_SHAPE: Final = OwnShape((), False)


def shape_of(own: OwnFilter) -> OwnShape:
    """The shape of a filter."""
    if not own:
        return NO_SHAPE
    parts = (
        ConditionShape(each.field, each.comparison, each.value if each.comparison in OF_OPTIONS else "")
        for each in own.conditions
    )
    return OwnShape(tuple(parts), own.any_of and len(own.conditions) > 1)


def field_of(fields: Fields, condition: Condition | ConditionShape) -> FilterField:
    """The field of a condition. Raises :class:`Invalid` unless the list has it, with this comparison."""
    found = fields.get(condition.field)
    if found is None:
        raise Invalid.of("conditions", NO_FIELD, name=condition.field, names=", ".join(fields))
    if condition.comparison not in found.comparisons:
        raise Invalid.of("conditions", NO_COMPARISON, name=condition.field)
    return found


def narrowings(fields: Fields, table: Table, shape: OwnShape) -> list[FilterSpec]:
    """The conditions of a filter. Raises :class:`Invalid` for a field or an option that the list lacks."""
    asked = [_narrowing(fields, each, place) for place, each in enumerate(shape.conditions)]
    if not shape.any_of:
        return asked
    return [FilterSpec(rest=(or_(*(and_(*each.conditions(table)) for each in asked)),))]


def values(fields: Fields, own: OwnFilter, asking: QueryContext) -> dict[str, Any]:
    """The values of a filter by their names in the statement. Raises :class:`Invalid` if one is none."""
    known: dict[str, Any] = {}
    for place, condition in enumerate(own.conditions):
        found = field_of(fields, condition)
        if condition.comparison in WITHOUT_VALUE or (found.type is FieldType.CHOICE and _is_told(found)):
            continue
        try:
            start, end = _ends(found, condition, asking)
        except (ValueError, OverflowError, OSError, InvalidOperation):
            raise Invalid.of("conditions", NO_VALUE, name=condition.field) from None
        known |= {_name(place): start, _end_name(place): end}
    return known


def range_of(fields: Fields, own: OwnFilter) -> str:
    """The order of the list in which the rows of a filter lie together; empty if there is none."""
    for condition in () if own.any_of else own.conditions:
        found = fields.get(condition.field)
        if found is not None and found.sort and _leaves_a_range(found, condition.comparison):
            return found.sort
    return ""


def is_served(fields: Fields, shape: OwnShape, sort: str) -> bool:
    """Whether an index of the list in this order leaves out rows that the filter leaves out."""
    return not shape.any_of and any(_is_indexed(fields[each.field], each, sort) for each in shape.conditions)


def _is_indexed(found: FilterField, each: ConditionShape, sort: str) -> bool:
    if found.index is not None and each.comparison is Comparison.IS:
        return True
    return bool(found.sort) and found.sort == sort and _leaves_a_range(found, each.comparison)


def _leaves_a_range(found: FilterField, comparison: Comparison) -> bool:
    at_one_end = comparison is Comparison.EMPTY and found.none is not None
    return at_one_end or (comparison in RANGES and found.type is not FieldType.CHOICE)


def _narrowing(fields: Fields, shape: ConditionShape, place: int) -> FilterSpec:
    found = field_of(fields, shape)
    match shape.comparison, found.type:
        case Comparison.EMPTY, _:
            return found.empty or FilterSpec(rest=(_is_empty(found),))
        case Comparison.SET, _:
            return FilterSpec(rest=(~_is_empty(found),))
        case comparison, FieldType.CHOICE:
            return _of_choice(found, shape, place, holds=comparison is Comparison.OPTION)
        case comparison, FieldType.PERSON:
            return _of_person(found, comparison, place)
        case comparison, FieldType.TEXT:
            return FilterSpec(rest=(_of_text(found.column, comparison, place),))
        case comparison, kind:
            value = bindparam(_name(place), type_=_bound_type(found))
            end = bindparam(_end_name(place), type_=_bound_type(found)) if kind in DATES else None
            return FilterSpec(rest=_of_range(found, comparison, value, end))


def _is_empty(found: FilterField) -> ColumnElement[bool]:
    column: Any = found.column
    empty: ColumnElement[bool] = column.is_(None) if found.none is None else column == found.none
    return empty


def _of_choice(found: FilterField, shape: ConditionShape, place: int, *, holds: bool) -> FilterSpec:
    option = found.choices.get(shape.option)
    if option is None:
        raise Invalid.of("conditions", NO_VALUE, name=shape.field)
    if option.holds is None:
        column, value = found.column, bindparam(_name(place), type_=found.column.type)
        return FilterSpec(rest=(column == value if holds else column != value,))
    if holds:
        return option.holds
    table = found.column.table
    others = [each.holds for each in found.choices.values() if each is not option and each.holds]
    if len(others) == 1:
        return others[0]
    return FilterSpec(rest=(or_(*(and_(*each.conditions(table)) for each in others)),))


def _of_person(found: FilterField, comparison: Comparison, place: int) -> FilterSpec:
    column: Any = found.column
    value = bindparam(_name(place), type_=column.type)
    if comparison is Comparison.IS:
        return FilterSpec(equal=(column.key, value), index=found.index)
    other = column != value
    return FilterSpec(rest=(or_(other, column.is_(None)) if found.is_nullable else other,))


def _of_text(column: Any, comparison: Comparison, place: int) -> ColumnElement[bool]:
    value = bindparam(_name(place), type_=String)
    match comparison:
        case Comparison.IS:
            compared = column == value
        case Comparison.IS_NOT:
            compared = column != value
        case Comparison.BEGINS:
            compared = and_(column >= value, column < bindparam(_end_name(place), type_=String))
        case Comparison.LACKS:
            compared = _place_of(column, value) == 0
        case _:
            compared = _place_of(column, value) > 0
    return compared  # type: ignore[no-any-return]


class _place_of(FunctionElement[int]):  # noqa: N801 - as the functions of SQL
    """The place of a text in a column, 0 if it is not there: no wildcard of ``LIKE`` has to be escaped."""

    inherit_cache = True
    type = BigInteger()


@compiles(_place_of)
def _compile_place_of(element: _place_of, compiler: SQLCompiler, **options: object) -> str:
    name = "instr" if compiler.dialect.name == "sqlite" else "strpos"
    return f"{name}({compiler.process(element.clauses, **options)})"


def _of_range(
    found: FilterField, comparison: Comparison, value: Any, end: Any
) -> tuple[ColumnElement[bool], ...]:
    """The comparison with a value, or with a stretch from ``value`` up to ``end``, without that."""
    column: Any = found.column
    there = () if found.none is None else (column != found.none,)
    if comparison is Comparison.IS:
        return (column == value,) if end is None else (column >= value, column < end)
    if comparison is Comparison.IS_NOT:
        other = column != value if end is None else or_(column < value, column >= end)
        return (or_(other, column.is_(None)) if found.is_nullable and found.none is None else other,)
    if comparison is Comparison.BELOW:
        return (column < value, *there)
    if comparison is Comparison.AT_LEAST:
        return (column >= value, *there)
    if comparison is Comparison.AT_MOST:
        return (column <= value if end is None else column < end, *there)
    return (column > value if end is None else column >= end, *there)


def _bound_type(found: FilterField) -> Any:
    # A number that people type may be larger than the column holds.
    return BigInteger if found.type is FieldType.NUMBER else found.column.type


def _is_told(found: FilterField) -> bool:
    return any(each.holds is not None for each in found.choices.values())


def _ends(found: FilterField, condition: Condition, asking: QueryContext) -> tuple[Any, Any]:
    """The value, or a stretch: its first value and the one after its last. Raises :class:`ValueError`."""
    text = condition.value
    match found.type:
        case FieldType.TEXT:
            start = fold(text) if found.folds else text.lower()
            if not start:
                raise ValueError("no text")
            return start, after_prefix(start)
        case FieldType.AMOUNT:
            amount = Decimal(text)
            if not abs(amount) < _MOST:
                raise ValueError("too large")
            return amount, None
        case FieldType.NUMBER:
            number = int(text)
            if not abs(number) < _MOST:
                raise ValueError("too large")
            return number, None
        case FieldType.PERSON:
            return asking.actor_id if text == ME else _person_id(text), None
        case FieldType.CHOICE:
            members = getattr(found.column.type, "enum_class", None)
            return (members(text) if members is not None else text), None
    return _stretch(found.type, text, asking.now)


def _person_id(text: str) -> int:
    key = int(text) if text.isascii() and text.isdigit() else 0
    if not is_record_id(key):
        raise ValueError("no person")
    return key


def _stretch(kind: FieldType, text: str, now: datetime) -> tuple[Any, Any]:
    if kind is FieldType.MOMENT and (moment := periods.kept_moment(text)) is not None:
        return moment, moment
    today = on_crm_clocks(now).date() if kind is FieldType.DUE else now.astimezone().date()
    start, end = periods.bounds(text, today)
    if kind is FieldType.DAY:
        return start, end
    if kind is FieldType.DUE:
        # As text, "2027-06-15 24:00", the end of a day, lies before "2027-06-16".
        return start.isoformat(), end.isoformat()
    return _midnight(start), _midnight(end)


def _midnight(day: date) -> datetime:
    return local_midnight(min(max(day, _EARLIEST), _LATEST))


def after_prefix(text: str) -> str:
    """The smallest text after all those that begin with a text, in the order of code points."""
    code = ord(text[-1]) + 1
    if 0xD800 <= code <= 0xDFFF:
        code = 0xE000
    return text[:-1] + chr(code) if code <= 0x10FFFF else text + text[-1]


def _name(place: int) -> str:
    return f"own_{place}"


def _end_name(place: int) -> str:
    return f"own_{place}_end"
