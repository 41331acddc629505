"""The trash: what can go in, and what must be out again first."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, Table, bindparam, func, select

from models.enums import Operation
from models.tables import Client, Contract, Event, Payment, Trashable
from services import direct
from services.audit import kind_of
from services.errors import InUse, NotTrashed
from services.i18n import N_, N_plural, Plural
from services.list_sql import table_of
from services.transaction import Writing


def discard(work: Writing, record: Trashable) -> None:
    """Put a record in the trash. Raises :class:`InUse` while live records depend on it."""
    if isinstance(record, Client):
        _refuse_while(
            work,
            Contract,
            "client_id",
            record,
            N_plural(
                "{count} contract depends on this client. Trash it first.",
                "{count} contracts depend on this client. Trash them first.",
            ),
        )
    elif isinstance(record, Contract):
        refuse_while_events(work, record)
        _refuse_while(
            work,
            Payment,
            "contract_id",
            record,
            N_plural(
                "{count} payment is recorded on this contract, so it cannot be trashed.",
                "{count} payments are recorded on this contract, so it cannot be trashed.",
            ),
        )
    work.change(record, {"deleted_at": work.now}, Operation.TRASHED)


def refuse_while_events(work: Writing, contract: Contract) -> None:
    """Raise :class:`InUse` while the contract has events outside the trash."""
    _refuse_while(
        work,
        Event,
        "contract_id",
        contract,
        N_plural(
            "{count} event depends on this contract. Trash it first.",
            "{count} events depend on this contract. Trash them first.",
        ),
    )


def restore(work: Writing, record: Trashable) -> None:
    """Take a record out of the trash. Raises :class:`InUse` where what it belongs to is in there too."""
    if record.deleted_at is None:
        raise NotTrashed(kind_of(record), record.id)
    if isinstance(record, Contract):
        _require_live(work, Client, record.client_id, N_("Restore the client of this contract first."))
    elif isinstance(record, Event):
        _require_live(work, Contract, record.contract_id, N_("Restore the contract of this event first."))
    work.change(record, {"deleted_at": None}, Operation.RESTORED)


def _refuse_while(
    work: Writing, model: type[Trashable], link: str, record: Trashable, template: Plural
) -> None:
    table = table_of(model)
    dependents = direct.run(work.connection, _count_of_live(table, link), {"record_id": record.id}).rows[0][0]
    if dependents:
        raise InUse(template, count=dependents)


@cache
def _count_of_live(table: Table, link: str) -> Select[*tuple[Any, ...]]:
    theirs = table.c[link] == bindparam("record_id", type_=Integer)
    query = select(func.count()).select_from(table).where(theirs, table.c.deleted_at.is_(None))
    # A cancelled payment is no money received, and goes with its contract.
    return query.where(table.c.cancelled_at.is_(None)) if "cancelled_at" in table.c else query


def _require_live(work: Writing, model: type[Trashable], record_id: int, template: str) -> None:
    if work.get_even_trashed(model, record_id).deleted_at is not None:
        raise InUse(template)
