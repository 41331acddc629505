"""Events: created by Commercial for a signed contract, assigned by Gestion, run by Support."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.enums import Department, RecordKind
from models.list_indexes import EVENT_LISTS
from models.shapes_read import EventRead, contract_number
from models.shapes_write import EventCreate, EventUpdate
from models.tables import Client, Collaborator, Contract, Event
from services import trash
from services.announcements import Actor
from services.contracts import owner_of
from services.crm import Crm
from services.errors import Forbidden, Invalid
from services.i18n import N_
from services.list_sql import Asking, Listing
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


def _shape(row: Row[*tuple[Any, ...]]) -> EventRead:
    values = dict(row._mapping)
    number = contract_number(values["contract"], values.pop("contract_created"))
    return EventRead(contract_number=number, **values)


def _mine(asking: Asking) -> ColumnElement[bool]:
    # A support contact's events are those assigned; a sales contact's those of the own clients.
    return (col(Event.support_contact_id) == asking.actor_id) | (
        col(Client.sales_contact_id) == asking.actor_id
    )


def _soon(asking: Asking) -> ColumnElement[bool]:
    return and_(col(Event.end) >= asking.now, col(Event.start) <= asking.now + SOON)


def _past_without_notes(asking: Asking) -> ColumnElement[bool]:
    return and_(col(Event.end) < asking.now, col(Event.notes) == "")


_Support = aliased(Collaborator)
_client_contact = func.coalesce(func.nullif(col(Client.contact_person), ""), col(Client.full_name))
_support_name = func.coalesce(display_name(_Support), "")

LISTING: Final[Listing[EventRead]] = Listing(
    select=select(
        col(Event.id), col(Event.version), col(Event.name), col(Event.contract_id).label("contract"),
        col(Contract.created_at).label("contract_created"), col(Contract.client_id).label("client"),
        col(Client.full_name).label("client_name"),
        _client_contact.label("client_contact"),
        col(Client.email).label("client_email"), col(Client.phone).label("client_phone"),
        col(Client.sales_contact_id), col(Event.start).label("start"), col(Event.end).label("end"),
        col(Event.support_contact_id), func.coalesce(col(_Support.username), "").label("support_contact"),
        _support_name.label("support_contact_name"), col(Event.location), col(Event.attendees),
        col(Event.notes),
        col(Event.created_at).label("created"), col(Event.updated_at).label("updated"),
        col(Event.deleted_at).label("deleted"),
    )
    .join(Contract, col(Contract.id) == col(Event.contract_id))
    .join(Client, col(Client.id) == col(Contract.client_id))
    .outerjoin(_Support, col(_Support.id) == col(Event.support_contact_id)),
    key=col(Event.id),
    shape=_shape,
    search=col(Event.search),
    lists=EVENT_LISTS,
    deleted=col(Event.deleted_at),
    filters={
        Filter.MINE: _mine,
        Filter.WITHOUT_SUPPORT: lambda asking: col(Event.support_contact_id).is_(None),
        Filter.NEXT_7_DAYS: _soon,
        Filter.PAST_WITHOUT_NOTES: _past_without_notes,
    },
    sorts={
        "name": col(Event.sort_name),
        "start": col(Event.start),
        "end": col(Event.end),
        "client_name": col(Client.sort_name),
        "support_contact_name": func.coalesce(col(_Support.sort_name), ""),
        "attendees": col(Event.attendees),
    },
    parents={
        RecordKind.CONTRACT: lambda contract: col(Event.contract_id) == contract,
        RecordKind.CLIENT: lambda client: col(Contract.client_id) == client,
        RecordKind.COLLABORATOR: lambda person: col(Event.support_contact_id) == person,
    },
)  # fmt: skip
