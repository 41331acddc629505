"""Clients: recorded by Commercial, reassigned by Gestion."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, bindparam, select

from models.enums import Department, RecordKind
from models.list_indexes import CLIENT_LISTS
from models.read_models import ClientRead
from models.search_words import SOLD_BY
from models.tables import Client, Collaborator, Contract, table_of
from models.write_models import ClientCreate, ClientUpdate
from services import record_types, trash
from services.actor import Actor
from services.collaborator_checks import display_name, require_active
from services.crm import Crm
from services.denormalized import computed_columns, copies, counters
from services.errors import FieldProblem, Invalid
from services.i18n import N_
from services.lists import filter_fields
from services.lists.engine import as_written, read_one, read_window
from services.lists.query import COMMERCIAL, EVERYONE, Filter, ListQuery, Preset, preset
from services.lists.spec import PARENT, FilterSpec, ListSpec, QueryContext, everyone, same_named
from services.persistence import mapper
from services.record_types import Naming, RecordType
from services.rights import Action
from services.session_rows import ACTOR
from services.unit_of_work import UnitOfWork, writing

_IN_FUTURE: Final = {
    "first_contact_date": N_("The day of the first contact cannot be in the future."),
    "last_contact_date": N_("The day of the last contact cannot be in the future."),
}
_BEFORE_FIRST: Final = N_("The last contact cannot be before the first.")
CONTACT_GAP_DAYS: Final = 30
"""A client not contacted for so many days is one to call."""


def create_client(crm: Crm, actor: Actor, command: ClientCreate) -> ClientRead:
    """Record a client. Commercial becomes its sales contact, Gestion must name one.

    Raises :class:`Forbidden`, :class:`Invalid` and :class:`Duplicate` (email).
    """
    with writing(crm, actor, Action.CLIENT_CREATE) as work:
        work.require()
        values = command.changes()
        values["sales_contact_id"] = _first_sales_contact(work, command.sales_contact_id)
        _check_contacts(work, values, values)
        return as_written(work, LISTING, work.create(mapper.new(Client, values)))


def update_client(
    crm: Crm, actor: Actor, client_id: int, command: ClientUpdate, version: int | None = None
) -> ClientRead:
    """Change a client; naming a sales contact reassigns it, which is another right.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Invalid`, :class:`Duplicate` and, if the
    record has moved on from ``version``, :class:`Conflict`.
    """
    values = command.changes()
    reassigned = values.keys() == {"sales_contact_id"}
    with writing(crm, actor, Action.CLIENT_REASSIGN if reassigned else Action.CLIENT_UPDATE) as work:
        client = work.get(Client, client_id)
        work.require(owner_id=client.sales_contact_id)
        if values.get("sales_contact_id", client.sales_contact_id) != client.sales_contact_id:
            work.require(Action.CLIENT_REASSIGN)
            require_active(work.find, command.sales_contact_id, Department.COMMERCIAL, "sales_contact_id")
        work.get(Client, client_id, version)
        kept = {
            "first_contact_date": client.first_contact_date,
            "last_contact_date": client.last_contact_date,
        }
        _check_contacts(work, values, kept | values)
        work.change(client, values)
        return as_written(work, LISTING, client)


def trash_client(crm: Crm, actor: Actor, client_id: int) -> None:
    """Put a client in the trash. Raises :class:`InUse` while it has live contracts."""
    with writing(crm, actor, Action.CLIENT_TRASH) as work:
        client = work.get(Client, client_id)
        work.require(owner_id=client.sales_contact_id)
        trash.discard(work, client)


def restore_client(crm: Crm, actor: Actor, client_id: int) -> None:
    """Take a client out of the trash. Raises :class:`NotFound` and :class:`Forbidden`."""
    with writing(crm, actor, Action.CLIENT_TRASH) as work:
        client = work.get_even_trashed(Client, client_id)
        work.require(owner_id=client.sales_contact_id)
        trash.restore(work, client)


def get_client(crm: Crm, actor: Actor, client_id: int) -> ClientRead:
    """One client, also from the trash. Raises :class:`NotFound`."""
    return read_one(crm, actor, LISTING, RecordKind.CLIENT, client_id)


def list_clients(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[ClientRead]:
    """A window of the clients of a query; ``after`` goes on behind that client."""
    return read_window(crm, actor, LISTING, query, limit, offset, after)


def _first_sales_contact(work: UnitOfWork, named: int | None) -> int:
    if work.actor.department is Department.COMMERCIAL:
        if named not in (None, work.actor.id):
            work.require(Action.CLIENT_REASSIGN)
        return work.actor.id
    if named is None:
        raise Invalid.of("sales_contact_id", N_("Name the sales contact of this client."))
    return require_active(work.find, named, Department.COMMERCIAL, "sales_contact_id")


def _check_contacts(work: UnitOfWork, given: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Refuse impossible days of contact, but only if the change sets one of them."""
    today = work.crm.day_of(work.now)
    problems = [
        FieldProblem(field, template)
        for field, template in _IN_FUTURE.items()
        if given.get(field) is not None and given[field] > today
    ]
    first, last = values.get("first_contact_date"), values.get("last_contact_date")
    in_order = first is None or last is None or first <= last
    if not problems and given.keys() & _IN_FUTURE.keys() and not in_order:
        field = "last_contact_date" if "last_contact_date" in given else "first_contact_date"
        problems.append(FieldProblem(field, _BEFORE_FIRST))
    if problems:
        raise Invalid(*problems)


def _contacted_since(asking: QueryContext) -> date:
    return date.fromordinal(asking.now.astimezone().date().toordinal() - CONTACT_GAP_DAYS)


_client = table_of(Client).c
_person = table_of(Collaborator).c
_contract = table_of(Contract).c

_OF_SELLER = FilterSpec(equal=("sales_contact_id", ACTOR))

LISTING: Final[ListSpec[ClientRead]] = ListSpec(
    record=ClientRead,
    table=table_of(Client),
    select=select(
        *same_named(ClientRead, table_of(Client)),
        _person.username.label("sales_contact"), display_name(_person).label("sales_contact_name"),
        _client.created_at.label("created"), _client.updated_at.label("updated"),
        _client.deleted_at.label("deleted"),
    ).outerjoin_from(table_of(Client), table_of(Collaborator), _person.id == _client.sales_contact_id),
    key=_client.id,
    search=_client.search,
    people=SOLD_BY,
    trashable=True,
    lists=CLIENT_LISTS,
    kind=RecordKind.CLIENT,
    figures={"sales_contact_id": _person.client_count},
    mine=everyone(_OF_SELLER),
    filters={
        # A client without a last contact has the smallest date, so it is found too.
        Filter.NOT_CONTACTED_30_DAYS: FilterSpec(
            rest=(_client.sort_last_contact < bindparam("contacted_since", type_=Date),)
        ),
    },
    values={"contacted_since": _contacted_since},
    sorts={
        "full_name": _client.sort_name,
        "company": _client.sort_company,
        "email": _client.email,
        "last_contact_date": _client.sort_last_contact,
        "sales_contact_name": _client.sort_sales_contact,
    },
    parents={
        RecordKind.COLLABORATOR: FilterSpec(equal=("sales_contact_id", PARENT)),
        RecordKind.CONTRACT: FilterSpec(
            rest=(_client.id.in_(select(_contract.client_id).where(_contract.id == PARENT)),),
            index="",
        ),
    },
    fields={
        "full_name": filter_fields.text_field(N_("Full name"), _client.sort_name, "full_name"),
        "company": filter_fields.text_field(N_("Company"), _client.sort_company, "company"),
        "email": filter_fields.text_field(N_("Email"), _client.email, "email", folds=False),
        "sales_contact": filter_fields.person(N_("Sales contact"), _client.sales_contact_id),
        "last_contact_date": filter_fields.sorted_day(
            N_("Last contact"), _client.sort_last_contact, "last_contact_date"
        ),
        "amount_due": filter_fields.amount(N_("Due"), _client.amount_due),
        "amount_contracted": filter_fields.amount(N_("Contracted"), _client.amount_contracted),
        "contract_count": filter_fields.number(N_("Contracts"), _client.contract_count),
        "event_count": filter_fields.number(N_("Events"), _client.event_count),
        "phone": filter_fields.presence(N_("Phone"), _client.phone),
        "created": filter_fields.moment(N_("Created"), _client.created_at),
        "updated": filter_fields.moment(N_("Updated"), _client.updated_at),
    },
    presets=(
        preset("all", N_("All clients"), EVERYONE),
        preset("mine", N_("My clients"), COMMERCIAL, Filter.MINE),
        Preset(
            "not_contacted", N_("My clients not contacted for 30 days"),
            frozenset({Filter.MINE, Filter.NOT_CONTACTED_30_DAYS}), COMMERCIAL, "last_contact_date",
        ),
        preset("trash", N_("In the trash"), EVERYONE, Filter.TRASHED),
    ),
)  # fmt: skip

record_types.register(
    RecordType(
        kind=RecordKind.CLIENT,
        model=Client,
        label=N_("Client"),
        restored_label=N_("Client restored"),
        telemetry_name="d'un client",
        not_found=N_("There is no client {key}, or it is in the trash."),
        not_trashed=N_("Client {key} is not in the trash."),
        listing=LISTING,
        hit=lambda client: (client.full_name, client.company or client.email),
        references={"sales_contact_id": RecordKind.COLLABORATOR},
        contacts={"sales_contact_id": Department.COMMERCIAL},
        owner=lambda client, _action: client.sales_contact_id,
        naming=Naming(key=_client.id, text=_client.full_name),
        derived=frozenset({
            "phone_e164", "sort_name", "sort_company", "sort_sales_contact", "sort_last_contact", "search",
            "contract_count", "event_count", "amount_contracted", "amount_due",
        }),
        compute=computed_columns.refresh_client,
        set_copies=copies.set_copies_of_client,
        note_originals=copies.CopyUpdates.note_client,
        counters=counters.of_client,
        moved_by=frozenset({Action.NOTE_CREATE, Action.NOTE_UPDATE, Action.NOTE_TRASH}),
        right_to_uncreate=Action.CLIENT_TRASH,
        in_trash=N_("Client {key} is in the trash. Restore it before you undo this change."),
    )
)  # fmt: skip
