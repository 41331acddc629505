"""Contracts: drawn up by Gestion, signed by the client, paid until nothing remains."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from models.columns import UtcDateTime
from models.enums import ContractStatus, RecordKind
from models.list_indexes import CONTRACT_LISTS, UNPAID, UNSIGNED
from models.shapes_read import ContractRead, contract_numbers
from models.shapes_write import ContractCreate, ContractUpdate
from models.tables import Client, Collaborator, Contract
from services import trash
from services.announcements import Actor
from services.crm import Crm
from services.errors import Invalid
from services.i18n import N_
from services.list_sql import ACTOR, NOW, PARENT, Asking, Listing, Narrowing, everyone, table_of
from services.listing import COUNT_CAP, Filter, ListQuery
from services.people import display_name
from services.reads import as_written, read_count, read_one, read_window
from services.rights import Action
from services.transaction import Writing, writing

UNSIGNED_DAYS: Final = 14
"""A contract unsigned for longer is one that Gestion asks after."""


def create_contract(crm: Crm, actor: Actor, command: ContractCreate) -> ContractRead:
    """Draw up an unsigned contract. Raises :class:`Forbidden`, and :class:`NotFound` for the client."""
    with writing(crm, actor, Action.CONTRACT_CREATE) as work:
        work.require()
        work.get(Client, command.client_id)
        contract = Contract(client_id=command.client_id, total_amount=command.total_amount)
        return as_written(work, LISTING, work.create(contract))


def update_contract(
    crm: Crm, actor: Actor, contract_id: int, command: ContractUpdate, version: int | None = None
) -> ContractRead:
    """Change the total of a contract.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Conflict`, and :class:`Invalid` where the total
    would fall below what is paid.
    """
    with writing(crm, actor, Action.CONTRACT_UPDATE) as work:
        contract = _own(work, contract_id)
        work.get(Contract, contract_id, version)
        values = command.changes()
        if "total_amount" in values and command.total_amount < contract.amount_paid:
            raise Invalid.of(
                "total_amount",
                N_("{paid} is paid already; the total cannot be less."),
                paid=contract.amount_paid,
            )
        work.change(contract, values)
        return as_written(work, LISTING, contract)


def sign_contract(crm: Crm, actor: Actor, contract_id: int, signed_on: date | None = None) -> ContractRead:
    """Mark a contract signed, today (local) unless a past day is given.

    Raises :class:`NotFound`, :class:`Forbidden`, and :class:`Invalid` where it is signed already.
    """
    with writing(crm, actor, Action.CONTRACT_SIGN) as work:
        contract = _own(work, contract_id)
        today = work.now.astimezone().date()
        if contract.signed_on is not None:
            raise Invalid.of("status", N_("This contract is signed already."))
        if signed_on is not None and signed_on > today:
            raise Invalid.of("signed_on", N_("The day of signature cannot be in the future."))
        work.change(contract, {"signed_on": signed_on or today})
        return as_written(work, LISTING, contract)


def trash_contract(crm: Crm, actor: Actor, contract_id: int) -> None:
    """Put a contract in the trash. Raises :class:`InUse` while it has events or payments."""
    with writing(crm, actor, Action.CONTRACT_TRASH) as work:
        work.require()
        trash.discard(work, work.get(Contract, contract_id))


def restore_contract(crm: Crm, actor: Actor, contract_id: int) -> None:
    """Take a contract out of the trash. Raises :class:`InUse` while its client is in there."""
    with writing(crm, actor, Action.CONTRACT_TRASH) as work:
        work.require()
        trash.restore(work, work.get_even_trashed(Contract, contract_id))


def get_contract(crm: Crm, actor: Actor, contract_id: int) -> ContractRead:
    """One contract, also from the trash. Raises :class:`NotFound`."""
    return read_one(crm, actor, LISTING, RecordKind.CONTRACT, contract_id)


def list_contracts(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[ContractRead]:
    """A window of the contracts of a query; ``after`` goes on behind that contract."""
    return read_window(crm, actor, LISTING, query, limit, offset, after)


def count_contracts(crm: Crm, actor: Actor, query: ListQuery, cap: int = COUNT_CAP) -> int:
    """How many contracts the query has, at most ``cap``."""
    return read_count(crm, actor, LISTING, query, cap)


def owner_of(work: Writing, contract: Contract) -> int:
    """The sales contact of a contract: its client's."""
    client = work.get_even_trashed(Client, contract.client_id)
    return client.sales_contact_id


def _own(work: Writing, contract_id: int) -> Contract:
    contract = work.get(Contract, contract_id)
    work.require(owner_id=owner_of(work, contract))
    return contract


def _unsigned_since(asking: Asking) -> datetime:
    return asking.now - timedelta(days=UNSIGNED_DAYS)


def _numbers(columns: Mapping[str, Sequence[Any]]) -> Sequence[str]:
    return contract_numbers(columns["id"], columns["created"])


def _statuses(columns: Mapping[str, Sequence[Any]]) -> Sequence[ContractStatus]:
    return [ContractStatus.SIGNED if day else ContractStatus.UNSIGNED for day in columns["signed_on"]]


LISTING: Final[Listing[ContractRead]] = Listing(
    record=ContractRead,
    table=table_of(Contract),
    select=select(
        col(Contract.id), col(Contract.version), col(Contract.client_id).label("client"),
        col(Client.full_name).label("client_name"), col(Client.company).label("client_company"),
        col(Contract.sales_contact_id), col(Collaborator.username).label("sales_contact"),
        display_name(Collaborator).label("sales_contact_name"), col(Contract.total_amount),
        col(Contract.amount_due).label("amount_remaining"), col(Contract.signed_on),
        col(Contract.created_at).label("created"), col(Contract.updated_at).label("updated"),
        col(Contract.deleted_at).label("deleted"),
    )
    .outerjoin_from(Contract, Client, col(Client.id) == col(Contract.client_id))
    .outerjoin(Collaborator, col(Collaborator.id) == col(Contract.sales_contact_id)),
    key=col(Contract.id),
    computed={"number": _numbers, "status": _statuses},
    search=col(Contract.search),
    trashable=True,
    lists=CONTRACT_LISTS,
    kind=RecordKind.CONTRACT,
    figures={"client_id": table_of(Client).c.contract_count},
    mine=everyone(Narrowing(equal=("sales_contact_id", ACTOR))),
    filters={
        Filter.SIGNED: Narrowing(rest=(col(Contract.signed_on).is_not(None),)),
        Filter.UNSIGNED: Narrowing((UNSIGNED,)),
        Filter.UNPAID: Narrowing((UNPAID,)),
        Filter.UNSIGNED_14_DAYS: Narrowing(
            (UNSIGNED,), rest=(col(Contract.created_at) < bindparam("unsigned_since", type_=UtcDateTime),)
        ),
        Filter.OVERDUE: Narrowing((UNPAID,), rest=(col(Contract.event_over_at) < NOW,)),
    },
    values={"unsigned_since": _unsigned_since},
    sorts={
        "client_name": col(Contract.sort_client),
        "total_amount": col(Contract.total_amount),
        "amount_remaining": col(Contract.amount_due),
        "created": col(Contract.created_at),
        "status": col(Contract.sort_signed),
        "sales_contact_name": col(Contract.sort_sales_contact),
    },
    parents={
        RecordKind.CLIENT: Narrowing(equal=("client_id", PARENT), index="ix_contract_client"),
        RecordKind.COLLABORATOR: Narrowing(equal=("sales_contact_id", PARENT)),
    },
)  # fmt: skip
