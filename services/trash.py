"""The trash: moving records in, and restoring them after their parents."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, Table, bindparam, func, select

from models.enums import Operation, RecordKind
from models.tables import Client, Contract, Event, Payment, Trashable, table_of
from services.actor import Actor
from services.audit_trail import kind_of
from services.crm import Crm
from services.errors import InUse, NotTrashed
from services.i18n import N_, N_plural, Plural
from services.persistence import prepared
from services.unit_of_work import UnitOfWork, reading

_CONTRACTS = N_plural(
    "{count} contract depends on this client. Trash it first.",
    "{count} contracts depend on this client. Trash them first.",
)
_EVENTS = N_plural(
    "{count} event depends on this contract. Trash it first.",
    "{count} events depend on this contract. Trash them first.",
)
_PAYMENTS = N_plural(
    "{count} payment is recorded on this contract, so it cannot be trashed.",
    "{count} payments are recorded on this contract, so it cannot be trashed.",
)
_DEPENDENTS: Final[Mapping[RecordKind, Sequence[tuple[type[Trashable], str, Plural]]]] = {
    RecordKind.CLIENT: ((Contract, "client_id", _CONTRACTS),),
    RecordKind.CONTRACT: ((Event, "contract_id", _EVENTS), (Payment, "contract_id", _PAYMENTS)),
}
"""What must be out of the way before a record goes to the trash, in the order in which it is said."""


def require_free(crm: Crm, actor: Actor, kind: RecordKind, record_id: int) -> None:
    """Raise :class:`InUse` while live records depend on this one: before a person is asked to trash it."""
    with reading(crm, actor) as work:
        _refuse_while_used(work.connection, kind, record_id)


def discard(work: UnitOfWork, record: Trashable) -> None:
    """Put a record in the trash. Raises :class:`InUse` while live records depend on it."""
    _refuse_while_used(work.connection, kind_of(record), record.id)
    work.change(record, {"deleted_at": work.now}, Operation.TRASHED)


def refuse_while_events(work: UnitOfWork, contract: Contract) -> None:
    """Raise :class:`InUse` while the contract has events outside the trash."""
    _refuse_while(work.connection, Event, "contract_id", contract.id, _EVENTS)


def _refuse_while_used(connection: Connection, kind: RecordKind, record_id: int | None) -> None:
    for model, link, template in _DEPENDENTS.get(kind, ()):
        _refuse_while(connection, model, link, record_id, template)


def restore(work: UnitOfWork, record: Trashable) -> None:
    """Take a record out of the trash. Raises :class:`InUse` where what it belongs to is in there too."""
    if record.deleted_at is None:
        raise NotTrashed(kind_of(record), record.id)
    if isinstance(record, Contract):
        _require_live(work, Client, record.client_id, N_("Restore the client of this contract first."))
    elif isinstance(record, Event):
        _require_live(work, Contract, record.contract_id, N_("Restore the contract of this event first."))
    work.change(record, {"deleted_at": None}, Operation.RESTORED)


def _refuse_while(
    connection: Connection, model: type[Trashable], link: str, record_id: int | None, template: Plural
) -> None:
    counted = prepared.run(connection, _count_of_live(table_of(model), link), {"record_id": record_id})
    dependents = counted.rows[0][0]
    if dependents:
        raise InUse(template, count=dependents)


@cache
def _count_of_live(table: Table, link: str) -> Select[*tuple[Any, ...]]:
    theirs = table.c[link] == bindparam("record_id", type_=Integer)
    query = select(func.count()).select_from(table).where(theirs, table.c.deleted_at.is_(None))
    # A cancelled payment is no money received, and goes with its contract.
    return query.where(table.c.cancelled_at.is_(None)) if "cancelled_at" in table.c else query


def _require_live(work: UnitOfWork, model: type[Trashable], record_id: int, template: str) -> None:
    if work.get_even_trashed(model, record_id).deleted_at is not None:
        raise InUse(template)
