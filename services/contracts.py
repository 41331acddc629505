"""Contracts: drawn up by Gestion, signed by the client, paid until nothing remains."""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, select, type_coerce
from sqlmodel import col

from models.columns import Money
from models.enums import ContractStatus, RecordKind
from models.list_indexes import CONTRACT_LISTS
from models.shapes_read import ContractRead, contract_number
from models.shapes_write import ContractCreate, ContractUpdate
from models.tables import Client, Collaborator, Contract, Event
from services import trash
from services.announcements import Actor
from services.crm import Crm
from services.errors import Invalid
from services.i18n import N_
from services.list_sql import Asking, Listing
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


def _shape(row: Row[*tuple[Any, ...]]) -> ContractRead:
    values = dict(row._mapping)
    signed = values["signed_on"] is not None
    return ContractRead(
        number=contract_number(values["id"], values["created"]),
        status=ContractStatus.SIGNED if signed else ContractStatus.UNSIGNED,
        **values,
    )


def _overdue(asking: Asking) -> ColumnElement[bool]:
    over = select(col(Event.contract_id)).where(
        col(Event.contract_id) == col(Contract.id),
        col(Event.end) < asking.now,
        col(Event.deleted_at).is_(None),
    )
    return and_(_UNPAID, over.exists())


def _long_unsigned(asking: Asking) -> ColumnElement[bool]:
    threshold = asking.now - timedelta(days=UNSIGNED_DAYS)
    return and_(col(Contract.signed_on).is_(None), col(Contract.created_at) < threshold)


_UNPAID = col(Contract.amount_paid) < col(Contract.total_amount)
_REMAINING = type_coerce(col(Contract.total_amount) - col(Contract.amount_paid), Money)

LISTING: Final[Listing[ContractRead]] = Listing(
    select=select(
        col(Contract.id), col(Contract.version), col(Contract.client_id).label("client"),
        col(Client.full_name).label("client_name"), col(Client.company).label("client_company"),
        col(Client.sales_contact_id), col(Collaborator.username).label("sales_contact"),
        display_name(Collaborator).label("sales_contact_name"), col(Contract.total_amount),
        _REMAINING.label("amount_remaining"), col(Contract.signed_on),
        col(Contract.created_at).label("created"), col(Contract.updated_at).label("updated"),
        col(Contract.deleted_at).label("deleted"),
    )
    .join(Client, col(Client.id) == col(Contract.client_id))
    .join(Collaborator, col(Collaborator.id) == col(Client.sales_contact_id)),
    key=col(Contract.id),
    shape=_shape,
    search=col(Contract.search),
    lists=CONTRACT_LISTS,
    deleted=col(Contract.deleted_at),
    filters={
        Filter.MINE: lambda asking: col(Client.sales_contact_id) == asking.actor_id,
        Filter.SIGNED: lambda asking: col(Contract.signed_on).is_not(None),
        Filter.UNSIGNED: lambda asking: col(Contract.signed_on).is_(None),
        Filter.UNPAID: lambda asking: _UNPAID,
        Filter.UNSIGNED_14_DAYS: _long_unsigned,
        Filter.OVERDUE: _overdue,
    },
    sorts={
        "client_name": col(Client.sort_name),
        "total_amount": col(Contract.total_amount),
        "amount_remaining": _REMAINING,
        "created": col(Contract.created_at),
        "status": func.coalesce(col(Contract.signed_on), date.min),
        "sales_contact_name": col(Collaborator.sort_name),
    },
    parents={
        RecordKind.CLIENT: lambda client: col(Contract.client_id) == client,
        RecordKind.COLLABORATOR: lambda person: col(Client.sales_contact_id) == person,
    },
)  # fmt: skip
