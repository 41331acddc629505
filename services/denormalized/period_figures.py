"""Figures by month, week and day, and by person, which every write updates in its transaction.

Each kind counts the live records of a person in periods:

- ``signed``: the contracts of a sales contact by the month of their signature, with their totals.
- ``paid``: the payments for these contracts by the month in which they were received; cancelled ones are not
  counted.
- ``sold``: the events of a sales contact's clients by the month in UTC in which they start.
- ``run``: the events of a support contact by the week in UTC in which they start, that is by its Monday.
- ``unsigned``: the unsigned contracts of a sales contact by the day in UTC of their creation, with their
  totals.
- ``due``: the contracts of a sales contact with money remaining by the day in UTC on which the first event
  ends, with what remains; ``NEVER`` stands for a contract without an event. The owner ``EVERYONE`` has the
  same figure of the whole agency.

A signed contract, a payment and an event belong to the sales contact that the client has now, as in the
lists. If the client gets another one, its figures move, also those of past months.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Date, Integer, String, TextClause, bindparam, select, text
from sqlmodel import SQLModel

from models.column_types import Money
from models.tables import Contract, Event, Payment
from services.persistence import prepared
from services.record_types import Share

TABLE: Final = "period_figure"
EVERYONE: Final = 0
"""The owner of the figures of the whole agency; no collaborator has this id."""
NEVER: Final = date.max
"""The day of a contract without an event."""

_CONTRACT: Final = SQLModel.metadata.tables["contract"]
_EVENT: Final = SQLModel.metadata.tables["event"]
_PAYMENT: Final = SQLModel.metadata.tables["payment"]
_ROWS_AT_ONCE: Final = 50


class FigureKind(StrEnum):
    """The kinds of figures by period."""

    SIGNED = "signed"
    PAID = "paid"
    SOLD = "sold"
    RUN = "run"
    UNSIGNED = "unsigned"
    DUE = "due"


class FindContract(Protocol):
    """A function that reads a contract within the transaction."""

    def __call__(self, model: type[Contract], record_id: int, /) -> Contract | None:
        """The contract; ``None`` if it does not exist."""


def month_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def week_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def utc_day(moment: datetime) -> date:
    """The day of a moment in UTC."""
    return moment.astimezone(UTC).date()


def of_contract(contract: Any) -> Share:
    """A contract, or its row, counts as signed or unsigned, and by what remains to be paid."""
    seller, total = contract.sales_contact_id, contract.total_amount
    if contract.signed_on is None:
        share = _share(FigureKind.UNSIGNED, seller, utc_day(contract.created_at), total)
    else:
        share = _share(FigureKind.SIGNED, seller, month_of(contract.signed_on), total)
    return {**share, **due_share(seller, total - contract.amount_paid, contract.event_over_at)}


def due_share(seller: int, amount_due: Decimal, event_over_at: datetime | None) -> Share:
    """What remains of a contract counts from the end of its first event on."""
    if amount_due <= 0:
        return {}
    day = NEVER if event_over_at is None else utc_day(event_over_at)
    return {
        **_share(FigureKind.DUE, seller, day, amount_due),
        **_share(FigureKind.DUE, EVERYONE, day, amount_due),
    }


def of_event(event: Event) -> Share:
    """An event counts for the sales contact of its client, and for its support contact."""
    share = sold_share(event.sales_contact_id, event.start)
    if event.support_contact_id is not None:
        week = week_of(utc_day(event.start))
        share = {**share, **_share(FigureKind.RUN, event.support_contact_id, week)}
    return share


def sold_share(seller: int, start: datetime) -> Share:
    """An event counts for a sales contact in the month of its start."""
    return _share(FigureKind.SOLD, seller, month_of(utc_day(start)))


def of_payment(payment: Payment, find: FindContract) -> Share:
    """A payment that is not cancelled counts for the sales contact of its contract."""
    if payment.cancelled_at is not None:
        return {}
    contract = find(Contract, payment.contract_id)
    assert contract is not None  # noqa: S101 - guaranteed by a foreign key
    return paid_share(contract.sales_contact_id, payment.received_on, payment.amount)


def paid_share(seller: int, received_on: date, amount: Decimal) -> Share:
    """A payment counts for a sales contact in the month in which it was received."""
    return _share(FigureKind.PAID, seller, month_of(received_on), amount)


def _share(kind: FigureKind, owner: int, period: date, amount: Decimal | None = None) -> Share:
    key = (kind.value, owner, period)
    number: dict[Any, Any] = {(TABLE, key, "number"): 1}
    return number if amount is None else {**number, (TABLE, key, "amount"): amount}


# Another sales contact

_OF_CONTRACTS: Final = select(
    _CONTRACT.c.sales_contact_id, _CONTRACT.c.signed_on, _CONTRACT.c.created_at, _CONTRACT.c.total_amount,
    _CONTRACT.c.amount_paid, _CONTRACT.c.event_over_at,
).where(_CONTRACT.c.deleted_at.is_(None))  # fmt: skip
_OF_PAYMENTS: Final = (
    select(_CONTRACT.c.sales_contact_id, _PAYMENT.c.received_on, _PAYMENT.c.amount)
    .join_from(_PAYMENT, _CONTRACT, _CONTRACT.c.id == _PAYMENT.c.contract_id)
    .where(_PAYMENT.c.deleted_at.is_(None), _PAYMENT.c.cancelled_at.is_(None))
)
_OF_EVENTS: Final = select(_EVENT.c.sales_contact_id, _EVENT.c.starts_at).where(_EVENT.c.deleted_at.is_(None))


def shares_of_clients(
    connection: Connection, clients: Collection[int], seller: int
) -> list[tuple[Share, Share]]:
    """The shares of all records of some clients: as stored, and with this sales contact.

    The stored sales contact is that of the copies, so call this before they are updated.
    """
    found: list[tuple[Share, Share]] = []
    of_them = _CONTRACT.c.client_id.in_(clients)
    for contract in connection.execute(_OF_CONTRACTS.where(of_them)):
        taken = SimpleNamespace(**{**contract._mapping, "sales_contact_id": seller})
        found.append((of_contract(contract), of_contract(taken)))
    for of_seller, received_on, amount in connection.execute(_OF_PAYMENTS.where(of_them)):
        found.append((paid_share(of_seller, received_on, amount), paid_share(seller, received_on, amount)))
    for of_seller, start in connection.execute(_OF_EVENTS.where(_EVENT.c.client_id.in_(clients))):
        found.append((sold_share(of_seller, start), sold_share(seller, start)))
    return found


# Writing

PeriodKey = tuple[str, int, date]


def add(connection: Connection, rows: Mapping[PeriodKey, Mapping[str, int | Decimal]], slot: int) -> None:
    """Add to figures, in the order of ``rows``. A figure that has no row yet gets one.

    Only the contracts of the whole agency without an event use slots: each new contract is among them, while
    writers seldom meet in another row.
    """
    values = [
        {
            "kind": kind, "owner": owner, "period": period,
            "slot": slot if owner == EVERYONE and period == NEVER else 0,
            "number": amounts.get("number", 0), "amount": amounts.get("amount", Decimal(0)),
        }
        for (kind, owner, period), amounts in rows.items()
    ]  # fmt: skip
    for start in range(0, len(values), _ROWS_AT_ONCE):
        some = values[start : start + _ROWS_AT_ONCE]
        numbered = {f"{name}_{place}": value for place, row in enumerate(some) for name, value in row.items()}
        prepared.run(connection, _adding(len(some)), numbered)


_TYPES: Final[Mapping[str, Any]] = {
    "kind": String, "owner": Integer, "period": Date, "slot": Integer, "number": Integer, "amount": Money,
}  # fmt: skip


@cache
def _adding(rows: int) -> TextClause:
    names = [[f"{name}_{place}" for name in _TYPES] for place in range(rows)]
    values = ", ".join(f"(:{', :'.join(row)})" for row in names)
    statement = text(
        "INSERT INTO period_figure (kind, owner_id, period, slot, number, amount)"  # noqa: S608 - our own names
        f" VALUES {values} ON CONFLICT (kind, owner_id, period, slot) DO UPDATE"
        " SET number = period_figure.number + excluded.number,"
        " amount = period_figure.amount + excluded.amount"
    )
    typed = [_typed(row) for row in names]
    return statement.bindparams(*(each for row in typed for each in row))


def _typed(names: Sequence[str]) -> list[Any]:
    return [bindparam(name, type_=kind) for name, kind in zip(names, _TYPES.values(), strict=True)]
