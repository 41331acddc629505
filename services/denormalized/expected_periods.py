"""The expected figures by period, from the records in SQL; see ``services.denormalized.period_figures``."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Row,
    Select,
    String,
    Table,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import SQLModel

from models.column_types import UtcDateTime, whole_sum
from models.figure_tables import PeriodFigure
from models.tables import table_of
from services.denormalized.period_figures import EVERYONE, NEVER, FigureKind

FIGURES: Final = table_of(PeriodFigure)

_TABLES: Final = SQLModel.metadata.tables
_CONTRACT: Final = _TABLES["contract"].c
_EVENT: Final = _TABLES["event"].c
_PAYMENT: Final = _TABLES["payment"].c

# For each unit: the modifiers of SQLite's ``date``, and the unit of PostgreSQL's ``date_trunc``.
_UNITS: Final = {
    "day": ("", "day"),
    "week": (", '-6 days', 'weekday 1'", "week"),
    "month": (", 'start of month'", "month"),
}


class FirstDay(FunctionElement[Any]):
    """The first day of the day, week or month of a date, or of a moment in UTC."""

    type = Date()
    inherit_cache = True

    def __init__(self, unit: str, column: ColumnElement[Any]) -> None:
        super().__init__(literal(unit, String), column)
        self.unit = unit


@compiles(FirstDay, "sqlite")
def _on_sqlite(element: FirstDay, compiler: Any, **options: Any) -> str:
    _unit, column = element.clauses
    return f"date({compiler.process(column, **options)}{_UNITS[element.unit][0]})"


@compiles(FirstDay, "postgresql")
def _on_postgresql(element: FirstDay, compiler: Any, **options: Any) -> str:
    _unit, column = element.clauses
    shown = compiler.process(column, **options)
    moment = f"timezone('UTC', {shown})" if isinstance(column.type, UtcDateTime) else f"{shown}::timestamp"
    return f"CAST(date_trunc('{_UNITS[element.unit][1]}', {moment}) AS date)"


def rebuild(connection: Connection) -> None:
    """Write all figures anew."""
    connection.execute(delete(FIGURES))
    figures = _expected().subquery()
    names = ("kind", "owner_id", "period", "slot", "number", "amount")
    rows = select(
        figures.c.kind, figures.c.owner_id, figures.c.period, literal(0, Integer), figures.c.number,
        figures.c.amount,
    )  # fmt: skip
    connection.execute(insert(FIGURES).from_select(names, rows))


def wrong_figures(connection: Connection) -> Iterator[Row[*tuple[Any, ...]]]:
    """The figures that differ: kind, owner, period, and each sum as stored and as expected.

    Amounts are in the unit in which they are stored.
    """
    expected = _expected().subquery()
    stored = select(
        FIGURES.c.kind, FIGURES.c.owner_id, FIGURES.c.period, _none("expected"), _none("expected_amount"),
        FIGURES.c.number.label("stored"), cast(FIGURES.c.amount, BigInteger).label("stored_amount"),
    )  # fmt: skip
    wanted = select(
        expected.c.kind, expected.c.owner_id, expected.c.period, expected.c.number, expected.c.amount,
        _none("stored"), _none("stored_amount"),
    )  # fmt: skip
    both = union_all(stored, wanted).subquery()
    key = (both.c.kind, both.c.owner_id, both.c.period)
    names = ("stored", "expected", "stored_amount", "expected_amount")
    sums = {name: whole_sum(both.c[name]) for name in names}
    differ = (sums["stored"] != sums["expected"]) | (sums["stored_amount"] != sums["expected_amount"])
    query = select(*key, *(each.label(name) for name, each in sums.items())).group_by(*key).having(differ)
    yield from connection.execute(query.order_by(*key))


def _none(name: str) -> ColumnElement[int]:
    return literal(0, BigInteger).label(name)


def _expected() -> Any:
    contracts = _TABLES["contract"]
    live = _CONTRACT.deleted_at.is_(None)
    unsigned = (live, _CONTRACT.signed_on.is_(None))
    signed = (live, _CONTRACT.signed_on.is_not(None))
    seller, total = _CONTRACT.sales_contact_id, _CONTRACT.total_amount
    run = (_EVENT.deleted_at.is_(None), _EVENT.support_contact_id.is_not(None))
    month, week = FirstDay("month", _EVENT.starts_at), FirstDay("week", _EVENT.starts_at)
    events = _TABLES["event"]
    return union_all(
        _grouped(FigureKind.SIGNED, contracts, seller, FirstDay("month", _CONTRACT.signed_on), total, signed),
        _grouped(
            FigureKind.UNSIGNED, contracts, seller, FirstDay("day", _CONTRACT.created_at), total, unsigned
        ),
        _due(seller),
        _due(literal(EVERYONE, Integer)),
        _paid(),
        _grouped(
            FigureKind.SOLD, events, _EVENT.sales_contact_id, month, None, (_EVENT.deleted_at.is_(None),)
        ),
        _grouped(FigureKind.RUN, events, _EVENT.support_contact_id, week, None, run),
    )


def _due(owner: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    # The remaining amount itself: ``amount_due`` may be what is to be repaired.
    remaining = _CONTRACT.total_amount - _CONTRACT.amount_paid
    day = func.coalesce(FirstDay("day", _CONTRACT.event_over_at), literal(NEVER, Date))
    conditions = (_CONTRACT.deleted_at.is_(None), remaining > 0)
    return _grouped(FigureKind.DUE, _TABLES["contract"], owner, day, remaining, conditions)


def _paid() -> Select[*tuple[Any, ...]]:
    conditions = (_PAYMENT.deleted_at.is_(None), _PAYMENT.cancelled_at.is_(None))
    contracts, payments = _TABLES["contract"], _TABLES["payment"]
    both = payments.join(contracts, _CONTRACT.id == _PAYMENT.contract_id)
    month = FirstDay("month", _PAYMENT.received_on)
    return _grouped(FigureKind.PAID, both, _CONTRACT.sales_contact_id, month, _PAYMENT.amount, conditions)


def _grouped(
    kind: FigureKind,
    table: Table | Any,
    owner: ColumnElement[Any],
    period: ColumnElement[Any],
    amount: ColumnElement[Any] | None,
    conditions: tuple[ColumnElement[bool], ...],
) -> Select[*tuple[Any, ...]]:
    rows = select(owner.label("owner_id"), period.label("period"), *(
        () if amount is None else (cast(amount, BigInteger).label("amount"),)
    )).select_from(table).where(*conditions).subquery()  # fmt: skip
    added = literal(0, BigInteger) if amount is None else whole_sum(rows.c.amount)
    return select(
        literal(kind.value, String).label("kind"), rows.c.owner_id, rows.c.period,
        func.count().label("number"), added.label("amount"),
    ).group_by(rows.c.owner_id, rows.c.period)  # fmt: skip
