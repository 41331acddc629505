"""Events: created by Commercial for a signed contract, assigned by Gestion, run by Support."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, false, func, select
from sqlmodel import col

from models.columns import UtcDateTime
from models.enums import Department, RecordKind
from models.list_indexes import EVENT_LISTS, WITHOUT_NOTES, WITHOUT_SUPPORT
from models.shapes_read import EventRead, contract_numbers
from models.shapes_write import EventCreate, EventUpdate
from models.tables import Client, Collaborator, Contract, Event
from services import trash
from services.announcements import Actor
from services.contracts import owner_of
from services.crm import Crm
from services.errors import Forbidden, Invalid
from services.i18n import N_
from services.list_sql import ACTOR, NOW, PARENT, Asking, Listing, Narrowing, table_of
from services.listing import COUNT_CAP, Filter, ListQuery
from services.people import display_name, require_active
from services.reads import as_written, read_count, read_one, read_window
from services.rights import Action
from services.transaction import Writing, writing

_UNSIGNED = N_(
    "An event needs a signed contract. The client's sales contact and Gestion may mark this one signed."
)
SOON: Final = timedelta(days=7)
"""How far "the next days" of Support reach."""


def create_event(crm: Crm, actor: Actor, command: EventCreate) -> EventRead:
    """Create an event of a signed contract of one's own client.

    Raises :class:`NotFound` for the contract, :class:`Forbidden` also while it is unsigned.
    """
    with writing(crm, actor, Action.EVENT_CREATE) as work:
        work.require()
        contract = work.get(Contract, command.contract_id)
        work.require(owner_id=owner_of(work, contract))
        if contract.signed_on is None:
            raise Forbidden(Action.EVENT_CREATE, _UNSIGNED)
        return as_written(work, LISTING, work.create(Event(**command.changes())))


def update_event(
    crm: Crm, actor: Actor, event_id: int, command: EventUpdate, version: int | None = None
) -> EventRead:
    """Change an event that is assigned to the actor.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Invalid` and :class:`Conflict`.
    """
    with writing(crm, actor, Action.EVENT_UPDATE) as work:
        event = work.get(Event, event_id)
        work.require(owner_id=event.support_contact_id or 0)
        work.get(Event, event_id, version)
        values = command.changes()
        if values.get("end", event.end) <= values.get("start", event.start):
            raise Invalid.of("end", N_("The event must end after it starts."))
        work.change(event, values)
        return as_written(work, LISTING, event)


def assign_support(
    crm: Crm, actor: Actor, event_id: int, collaborator_id: int | None, version: int | None = None
) -> EventRead:
    """Assign an event to an active collaborator of Support, or to nobody.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Conflict`, and :class:`Invalid` naming
    ``support_contact_id``.
    """
    with writing(crm, actor, Action.EVENT_ASSIGN) as work:
        work.require()
        event = work.get(Event, event_id, version)
        if collaborator_id is not None:
            require_active(work.session, collaborator_id, Department.SUPPORT, "support_contact_id")
        work.change(event, {"support_contact_id": collaborator_id})
        return as_written(work, LISTING, event)


def trash_event(crm: Crm, actor: Actor, event_id: int) -> None:
    """Put an event in the trash. Raises :class:`NotFound` and :class:`Forbidden`."""
    with writing(crm, actor, Action.EVENT_TRASH) as work:
        event = work.get(Event, event_id)
        work.require(owner_id=_sales_contact(work, event))
        trash.discard(work, event)


def restore_event(crm: Crm, actor: Actor, event_id: int) -> None:
    """Take an event out of the trash. Raises :class:`InUse` while its contract is in there."""
    with writing(crm, actor, Action.EVENT_TRASH) as work:
        event = work.get_even_trashed(Event, event_id)
        work.require(owner_id=_sales_contact(work, event))
        trash.restore(work, event)


def get_event(crm: Crm, actor: Actor, event_id: int) -> EventRead:
    """One event, also from the trash. Raises :class:`NotFound`."""
    return read_one(crm, actor, LISTING, RecordKind.EVENT, event_id)


def list_events(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[EventRead]:
    """A window of the events of a query; ``after`` goes on behind that event."""
    return read_window(crm, actor, LISTING, query, limit, offset, after)


def count_events(crm: Crm, actor: Actor, query: ListQuery, cap: int = COUNT_CAP) -> int:
    """How many events the query has, at most ``cap``."""
    return read_count(crm, actor, LISTING, query, cap)


def _sales_contact(work: Writing, event: Event) -> int:
    return owner_of(work, work.get_even_trashed(Contract, event.contract_id))


def _soon(asking: Asking) -> datetime:
    return asking.now + SOON


def _numbers(columns: Mapping[str, Sequence[Any]]) -> Sequence[str]:
    return contract_numbers(columns["contract"], columns["contract_created"])


_client_contact = func.coalesce(func.nullif(col(Client.contact_person), ""), col(Client.full_name))

LISTING: Final[Listing[EventRead]] = Listing(
    record=EventRead,
    table=table_of(Event),
    select=select(
        col(Event.id), col(Event.version), col(Event.name), col(Event.contract_id).label("contract"),
        col(Contract.created_at).label("contract_created"), col(Event.client_id).label("client"),
        col(Client.full_name).label("client_name"),
        _client_contact.label("client_contact"),
        col(Client.email).label("client_email"), col(Client.phone).label("client_phone"),
        col(Event.sales_contact_id), col(Event.start).label("start"), col(Event.end).label("end"),
        col(Event.support_contact_id),
        func.coalesce(col(Collaborator.username), "").label("support_contact"),
        func.coalesce(display_name(Collaborator), "").label("support_contact_name"), col(Event.location),
        col(Event.attendees), col(Event.notes),
        col(Event.created_at).label("created"), col(Event.updated_at).label("updated"),
        col(Event.deleted_at).label("deleted"),
    )
    .outerjoin_from(Event, Contract, col(Contract.id) == col(Event.contract_id))
    .outerjoin(Client, col(Client.id) == col(Event.client_id))
    .outerjoin(Collaborator, col(Collaborator.id) == col(Event.support_contact_id)),
    key=col(Event.id),
    computed={"contract_number": _numbers},
    search=col(Event.search),
    trashable=True,
    lists=EVENT_LISTS,
    kind=RecordKind.EVENT,
    figures={
        "client_id": table_of(Client).c.event_count,
        "support_contact_id": table_of(Collaborator).c.event_count,
    },
    # A support contact's events are those assigned; a sales contact's those of the own clients.
    mine={
        Department.COMMERCIAL: Narrowing(equal=("sales_contact_id", ACTOR)),
        Department.SUPPORT: Narrowing(equal=("support_contact_id", ACTOR)),
        Department.GESTION: Narrowing(rest=(false(),)),
    },
    filters={
        Filter.WITHOUT_SUPPORT: Narrowing((WITHOUT_SUPPORT,)),
        Filter.NEXT_7_DAYS: Narrowing(
            rest=(col(Event.end) >= NOW, col(Event.start) <= bindparam("soon", type_=UtcDateTime))
        ),
        Filter.PAST_WITHOUT_NOTES: Narrowing((WITHOUT_NOTES,), rest=(col(Event.end) < NOW,)),
    },
    values={"soon": _soon},
    sorts={
        "name": col(Event.sort_name),
        "start": col(Event.start),
        "end": col(Event.end),
        "client_name": col(Event.sort_client),
        "support_contact_name": col(Event.sort_support),
        "attendees": col(Event.attendees),
    },
    parents={
        RecordKind.CONTRACT: Narrowing(equal=("contract_id", PARENT), index="ix_event_contract"),
        RecordKind.CLIENT: Narrowing(equal=("client_id", PARENT), index="ix_event_client"),
        RecordKind.COLLABORATOR: Narrowing(equal=("support_contact_id", PARENT)),
    },
)  # fmt: skip
