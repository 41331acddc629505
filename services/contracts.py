"""Contracts: drawn up by Gestion, signed by the client, paid until nothing remains."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select

from models.column_types import UtcDateTime
from models.enums import ContractStatus, RecordKind
from models.list_indexes import CONTRACT_LISTS, HAS_EVENT, STUCK, UNPAID, UNSIGNED
from models.read_models import ContractRead, contract_numbers
from models.search_words import SOLD_BY
from models.tables import Client, Collaborator, Contract, table_of
from models.write_models import ContractCreate, ContractUpdate
from services import record_types, trash
from services.actor import Actor
from services.collaborator_checks import display_name
from services.crm import Crm
from services.denormalized import computed_columns, copies, counters
from services.errors import Invalid
from services.formats import show_amount
from services.i18n import N_, N_plural
from services.lists import filter_fields
from services.lists.engine import as_written, read_one, read_window
from services.lists.filter_fields import Option
from services.lists.query import (
    COMMERCIAL,
    EVERYONE,
    GESTION,
    SUPPORT,
    Filter,
    ListQuery,
    Preset,
    preset,
)
from services.lists.spec import NOW, PARENT, FilterSpec, ListSpec, QueryContext, everyone, same_named
from services.persistence import mapper
from services.record_types import Naming, Parent, RecordType
from services.rights import Action
from services.session_rows import ACTOR
from services.unit_of_work import UnitOfWork, writing

UNSIGNED_DAYS: Final = 14
"""Gestion follows up a contract that is unsigned for longer."""


def create_contract(crm: Crm, actor: Actor, command: ContractCreate) -> ContractRead:
    """Draw up an unsigned contract. Raises :class:`Forbidden`, and :class:`NotFound` for the client."""
    with writing(crm, actor, Action.CONTRACT_CREATE) as work:
        work.require()
        work.get(Client, command.client_id)
        total = work.exact(command.total_amount, "total_amount")
        values = {"client_id": command.client_id, "total_amount": total, "amount_paid": total - total}
        return as_written(work, LISTING, work.create(mapper.new(Contract, values)))


def update_contract(
    crm: Crm, actor: Actor, contract_id: int, command: ContractUpdate, version: int | None = None
) -> ContractRead:
    """Change the total of a contract.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Conflict`, and :class:`Invalid` if the total
    would fall below the amount paid.
    """
    with writing(crm, actor, Action.CONTRACT_UPDATE) as work:
        contract = _own(work, contract_id)
        work.get(Contract, contract_id, version)
        values = command.changes()
        if "total_amount" in values:
            values["total_amount"] = work.exact(command.total_amount, "total_amount")
        if "total_amount" in values and command.total_amount < contract.amount_paid:
            raise Invalid.of(
                "total_amount",
                N_("{paid} is paid already; the total cannot be less."),
                paid=show_amount(contract.amount_paid),
            )
        work.change(contract, values)
        return as_written(work, LISTING, contract)


def sign_contract(crm: Crm, actor: Actor, contract_id: int, signed_on: date | None = None) -> ContractRead:
    """Mark a contract signed, today (in the CRM's time zone) unless a past day is given.

    Raises :class:`NotFound`, :class:`Forbidden`, and :class:`Invalid` if it is signed already.
    """
    with writing(crm, actor, Action.CONTRACT_SIGN) as work:
        contract = _own(work, contract_id)
        today = work.crm.day_of(work.now)
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


def _own(work: UnitOfWork, contract_id: int) -> Contract:
    contract = work.get(Contract, contract_id)
    work.require(owner_id=work.owner_of(contract))
    return contract


def _revert(work: UnitOfWork, contract: Contract, values: dict[str, Any]) -> None:
    if "signed_on" in values and values["signed_on"] is None:
        trash.refuse_while(work, contract, RecordKind.EVENT)
    work.change(contract, values)


def _unsigned_since(asking: QueryContext) -> datetime:
    return asking.now - timedelta(days=UNSIGNED_DAYS)


def _numbers(columns: Mapping[str, Sequence[Any]]) -> Sequence[str]:
    return contract_numbers(columns["id"], columns["created"])


def _statuses(columns: Mapping[str, Sequence[Any]]) -> Sequence[ContractStatus]:
    # A look at the enumeration for each row takes longer than the rest.
    signed, unsigned = ContractStatus.SIGNED, ContractStatus.UNSIGNED
    return [signed if day else unsigned for day in columns["signed_on"]]


_contract = table_of(Contract).c
_client = table_of(Client).c
_person = table_of(Collaborator).c

LISTING: Final[ListSpec[ContractRead]] = ListSpec(
    record=ContractRead,
    table=table_of(Contract),
    select=select(
        *same_named(ContractRead, table_of(Contract)), _contract.client_id.label("client"),
        _client.full_name.label("client_name"), _client.company.label("client_company"),
        _person.username.label("sales_contact"), display_name(_person).label("sales_contact_name"),
        _contract.amount_due.label("amount_remaining"),
        _contract.created_at.label("created"), _contract.updated_at.label("updated"),
        _contract.deleted_at.label("deleted"),
    )
    .outerjoin_from(table_of(Contract), table_of(Client), _client.id == _contract.client_id)
    .outerjoin(table_of(Collaborator), _person.id == _contract.sales_contact_id),
    key=_contract.id,
    computed={"number": _numbers, "status": _statuses},
    search=_contract.search,
    people=SOLD_BY,
    trashable=True,
    lists=CONTRACT_LISTS,
    kind=RecordKind.CONTRACT,
    figures={"client_id": _client.contract_count},
    mine=everyone(FilterSpec(equal=("sales_contact_id", ACTOR))),
    filters={
        Filter.SIGNED: FilterSpec(rest=(_contract.signed_on.is_not(None),)),
        Filter.UNSIGNED: FilterSpec((UNSIGNED,)),
        Filter.UNPAID: FilterSpec((UNPAID,)),
        Filter.UNSIGNED_14_DAYS: FilterSpec(
            (UNSIGNED,), rest=(_contract.created_at < bindparam("unsigned_since", type_=UtcDateTime),)
        ),
        Filter.OVERDUE: FilterSpec((UNPAID, HAS_EVENT), rest=(_contract.event_over_at < NOW,)),
        Filter.STUCK: FilterSpec((STUCK,), rest=(_contract.stuck_since <= NOW,)),
        Filter.RUN_BY_ME: FilterSpec(equal=("support_contact_id", ACTOR)),
    },
    values={"unsigned_since": _unsigned_since},
    sorts={
        "client_name": _contract.sort_client,
        "total_amount": _contract.total_amount,
        "amount_remaining": _contract.amount_due,
        "created": _contract.created_at,
        "status": _contract.sort_signed,
        "sales_contact_name": _contract.sort_sales_contact,
        "stuck_since": _contract.stuck_since,
    },
    sorts_within={"stuck_since": Filter.STUCK},
    parents={
        RecordKind.CLIENT: FilterSpec(equal=("client_id", PARENT), index="ix_contract_client"),
        RecordKind.COLLABORATOR: FilterSpec(equal=("sales_contact_id", PARENT)),
    },
    fields={
        "client_name": filter_fields.text_field(N_("Client"), _contract.sort_client, "client_name"),
        "sales_contact": filter_fields.person(N_("Sales contact"), _contract.sales_contact_id),
        "status": filter_fields.choice(
            N_("Status"), _contract.signed_on,
            {
                "unsigned": Option(N_("unsigned"), FilterSpec((UNSIGNED,))),
                "signed": Option(N_("signed"), FilterSpec(rest=(_contract.signed_on.is_not(None),))),
            },
        ),
        "total_amount": filter_fields.amount(N_("Total"), _contract.total_amount, "total_amount"),
        "amount_remaining": filter_fields.amount(N_("Due"), _contract.amount_due, "amount_remaining"),
        "signed_on": filter_fields.sorted_day(N_("Signed on"), _contract.sort_signed, "status"),
        "event_over": filter_fields.moment(
            N_("End of the first event"), _contract.event_over_at, is_nullable=True
        ),
        "created": filter_fields.moment(N_("Created"), _contract.created_at, "created"),
        "updated": filter_fields.moment(N_("Updated"), _contract.updated_at),
    },
    presets=(
        preset("all", N_("All contracts"), EVERYONE),
        preset("mine", N_("My contracts"), COMMERCIAL, Filter.MINE),
        Preset(
            "unsigned", N_("My contracts unsigned"), frozenset({Filter.MINE, Filter.UNSIGNED}), COMMERCIAL,
            "created",
        ),
        Preset(
            "unpaid", N_("My contracts not fully paid"), frozenset({Filter.MINE, Filter.UNPAID}), COMMERCIAL,
            "amount_remaining", descending=True,
        ),
        Preset(
            "unsigned_14", N_("Unsigned for over 14 days"), frozenset({Filter.UNSIGNED_14_DAYS}), GESTION,
            "created",
        ),
        Preset(
            "overdue", N_("Overdue: event over, money remaining"), frozenset({Filter.OVERDUE}), GESTION,
            "amount_remaining", descending=True,
        ),
        Preset("stuck", N_("Stuck chains"), frozenset({Filter.STUCK}), GESTION, "stuck_since"),
        Preset(
            "stuck_mine", N_("My stuck chains"), frozenset({Filter.MINE, Filter.STUCK}), COMMERCIAL,
            "stuck_since",
        ),
        Preset(
            "stuck_run", N_("My stuck chains"), frozenset({Filter.RUN_BY_ME, Filter.STUCK}), SUPPORT,
            "stuck_since",
        ),
        Preset(
            "unpaid_all", N_("Not fully paid"), frozenset({Filter.UNPAID}), GESTION,
            "amount_remaining", descending=True,
        ),
        Preset(
            "overdue_mine", N_("My contracts overdue"), frozenset({Filter.MINE, Filter.OVERDUE}), COMMERCIAL,
            "amount_remaining", descending=True,
        ),
        preset("trash", N_("In the trash"), EVERYONE, Filter.TRASHED),
    ),
)  # fmt: skip

record_types.register(
    RecordType(
        kind=RecordKind.CONTRACT,
        model=Contract,
        label=N_("Contract"),
        restored_label=N_("Contract restored"),
        telemetry_name="d'un contrat",
        not_found=N_("There is no contract {key}, or it is in the trash."),
        not_trashed=N_("Contract {key} is not in the trash."),
        listing=LISTING,
        hit=lambda contract: (contract.number, contract.client_name),
        parent=Parent(
            kind=RecordKind.CLIENT,
            link="client_id",
            in_use=N_plural(
                "{count} contract depends on this client. Trash it first.",
                "{count} contracts depend on this client. Trash them first.",
            ),
            restore_first=N_("Restore the client of this contract first."),
        ),
        references={"client_id": RecordKind.CLIENT},
        naming=Naming(key=_contract.id, created=_contract.created_at),
        derived=frozenset({
            "sales_contact_id", "amount_due", "event_over_at", "support_contact_id", "stuck_link",
            "stuck_since", "sort_client", "sort_sales_contact", "sort_signed", "search",
        }),
        compute=computed_columns.refresh_contract,
        set_copies=copies.set_copies_of_contract,
        counters=counters.of_contract,
        right_to_uncreate=Action.CONTRACT_TRASH,
        in_trash=N_("Contract {key} is in the trash. Restore it before you undo this change."),
        revert=_revert,
    )
)  # fmt: skip
