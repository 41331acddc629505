"""Counts and sums over many records, which every write updates in its transaction.

:func:`contribution_of` defines which counters a live record adds to. A write adds the difference between the
contributions before and after it. ``services.denormalized.consistency`` recomputes the sums and compares
them.
"""

import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Integer, Update, bindparam, text, update
from sqlmodel import SQLModel

from models.tables import Client, Contract, Event, Payment, Record, Trashable
from services import record_types
from services.denormalized import period_figures
from services.persistence import prepared
from services.record_types import Find, Share

Key = int | str | tuple[str, int, date]
Figure = tuple[str, Key, str]
"""The table, the key of the row (an id, the kind of a total, or a period), and the column."""

SLOTS: Final = 16
"""The number of rows of a total on PostgreSQL, so that writers rarely wait for each other's row lock."""

_ADD_TO_TOTAL: Final = text(
    "INSERT INTO total (kind, slot, count) VALUES (:kind, :slot, :number)"
    " ON CONFLICT (kind, slot) DO UPDATE SET count = total.count + excluded.count"
)


def contribution_of(record: Record, find: Find) -> Share:
    """The amounts that a record adds to counters; a single record and a trashed one add nothing.

    ``find`` reads the records that it belongs to.
    """
    record_type = record_types.of_record(record)
    if record_type.is_single or (isinstance(record, Trashable) and record.deleted_at is not None):
        return {}
    return {("total", record_type.kind.name, "count"): 1, **record_type.counters(record, find)}


def of_client(client: Client, _find: Find) -> Share:
    """A client counts for its sales contact."""
    return {("collaborator", client.sales_contact_id, "client_count"): 1}


def of_contract(contract: Contract, _find: Find) -> Share:
    """A contract and its amounts count for its client, and by periods."""
    return {
        **period_figures.of_contract(contract),
        ("client", contract.client_id, "contract_count"): 1,
        ("client", contract.client_id, "amount_contracted"): contract.total_amount,
        ("client", contract.client_id, "amount_due"): contract.total_amount - contract.amount_paid,
    }


def of_payment(payment: Payment, find: Find) -> Share:
    """A payment counts by periods; the amounts of its client follow from the contract."""
    return period_figures.of_payment(payment, find)


def of_event(event: Event, _find: Find) -> Share:
    """An event counts for its client, for its support contact, and by periods."""
    share: dict[Figure, int | Decimal] = {("client", event.client_id, "event_count"): 1}
    share |= period_figures.of_event(event)
    if event.support_contact_id is not None:
        share["collaborator", event.support_contact_id, "event_count"] = 1
    return share


class CounterDeltas:
    """The changes of the figures by a transaction, applied once, at its end."""

    def __init__(self) -> None:
        self._sums: defaultdict[Figure, int | Decimal] = defaultdict(int)

    def note(self, before: Share, after: Share) -> None:
        """Note the difference between a record's contributions before and after a write."""
        for figure, amount in after.items():
            self._sums[figure] += amount
        for figure, amount in before.items():
            self._sums[figure] -= amount

    def apply(self, connection: Connection) -> None:
        """Write the noted differences in a fixed order of tables and rows, which prevents deadlocks."""
        changed = sorted((figure, amount) for figure, amount in self._sums.items() if amount)
        self._sums.clear()
        for table, of_table in groupby(changed, key=lambda item: item[0][0]):
            rows: defaultdict[Any, dict[str, int | Decimal]] = defaultdict(dict)
            for (_table, key, column), amount in of_table:
                rows[key][column] = amount
            _add_to(connection, table, rows)


def add(connection: Connection, share: Share) -> None:
    """Add the contribution of a new record that is written without a ``UnitOfWork``."""
    differences = CounterDeltas()
    differences.note({}, share)
    differences.apply(connection)


def slot_of(connection: Connection) -> int:
    """The slot of a total that this process adds to; on SQLite, with one writer at a time, always 0."""
    return os.getpid() % SLOTS if connection.dialect.name == "postgresql" else 0


def _add_to(connection: Connection, table: str, rows: Mapping[Any, Mapping[str, int | Decimal]]) -> None:
    """Add to the rows of a table, in their order."""
    if table == period_figures.TABLE:
        period_figures.add(connection, rows, slot_of(connection))
        return
    for key, amounts in rows.items():
        if table == "total":
            row = {"kind": key, "slot": slot_of(connection), "number": amounts["count"]}
            prepared.run(connection, _ADD_TO_TOTAL, row)
        else:
            _add(connection, table, key, amounts)


def _add(connection: Connection, table: str, key: int, amounts: Mapping[str, int | Decimal]) -> None:
    more = {f"more_{name}": amount for name, amount in amounts.items()}
    prepared.run(connection, _adding(table, tuple(amounts)), {"key": key, **more})


@cache
def _adding(table: str, names: tuple[str, ...]) -> Update:
    columns = SQLModel.metadata.tables[table].c
    added = {name: columns[name] + bindparam(f"more_{name}", type_=columns[name].type) for name in names}
    return update(columns.id.table).where(columns.id == bindparam("key", type_=Integer)).values(added)
