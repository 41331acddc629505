"""The use cases of events: Commercial creates them for signed contracts, Gestion assigns, Support updates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, select

from models.column_types import UtcDateTime
from models.enums import Department, RecordKind
from models.list_indexes import EVENT_LISTS, WITHOUT_NOTES, WITHOUT_SUPPORT
from models.read_models import EventRead, contract_numbers
from models.search_words import RUN_BY, SOLD_BY
from models.tables import Client, Collaborator, Contract, Event, table_of
from models.write_models import EventCreate, EventUpdate
from services import formats, record_types, scheduling, trash
from services.actor import Actor
from services.collaborator_checks import display_name, require_active
from services.crm import Crm
from services.denormalized import computed_columns, copies, counters
from services.errors import FieldProblem, Forbidden, Invalid
from services.i18n import N_, N_plural
from services.lists import filter_fields
from services.lists.engine import as_written, read_one, read_window
from services.lists.pages import Pages
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
from services.lists.spec import NOBODY, NOW, PARENT, FilterSpec, ListSpec, QueryContext, same_named
from services.lists.statements import Start
from services.persistence import mapper
from services.record_types import Naming, Parent, RecordType
from services.rights import Action
from services.scheduling import Booking
from services.session_rows import ACTOR
from services.time_zones import NO_ZONE, local_midnight, zone_named
from services.unit_of_work import UnitOfWork, reading, writing

_UNSIGNED = N_(
    "An event needs a signed contract. The client's sales contact and Gestion may mark this one signed."
)
_FAR_AHEAD: Final = timedelta(days=2 * 365)
_LONG: Final = timedelta(days=14)
SOON: Final = timedelta(days=7)
"""The period of the filter for the next seven days."""
AHEAD: Final = timedelta(days=28)
"""The period in which an event should have all that it needs."""


def doubts(start: datetime, end: datetime, now: datetime, zone_name: str = "") -> list[FieldProblem]:
    """Unusual times of an event in a time zone, for a question before it is saved; usually empty.

    They are no validation errors: imported events may be in the past.
    """
    found, times = [], {"start": start, "end": end}
    starts, ends = ({name: formats.say_event_time(each, zone_name)} for name, each in times.items())
    if end <= now:
        found.append(FieldProblem("end", N_("This event is over already: it ended on {end}."), ends))
    if start > now + _FAR_AHEAD:
        text = N_("This event is more than two years ahead: it starts on {start}.")
        found.append(FieldProblem("start", text, starts))
    if end - start > _LONG:
        days, rest = divmod(end - start, timedelta(days=1))
        exactly = N_("This event lasts {days} days: it ends on {end}.")
        text = N_("This event lasts over {days} days: it ends on {end}.") if rest else exactly
        found.append(FieldProblem("end", text, ends | {"days": days}))
    return found


def create_event(crm: Crm, actor: Actor, command: EventCreate) -> EventRead:
    """Create an event for a signed contract of one of the actor's clients.

    Raises :class:`NotFound` for the contract, :class:`Forbidden`, also for an unsigned contract, and
    :class:`Invalid` for a time zone that does not exist.
    """
    with writing(crm, actor, Action.EVENT_CREATE) as work:
        work.require()
        contract = work.get(Contract, command.contract_id)
        work.require(owner_id=work.owner_of(contract))
        if contract.signed_on is None:
            raise Forbidden(Action.EVENT_CREATE, _UNSIGNED)
        values = {"time_zone": crm.shared.time_zone, **_checked(command.changes())}
        return as_written(work, LISTING, work.create(mapper.new(Event, values)))


def update_event(
    crm: Crm, actor: Actor, event_id: int, command: EventUpdate, version: int | None = None
) -> EventRead:
    """Change an event that is assigned to the actor.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Invalid` and :class:`Conflict`.
    """
    with writing(crm, actor, Action.EVENT_UPDATE) as work:
        event = work.get(Event, event_id)
        work.require(owner_id=work.owner_of(event))
        work.get(Event, event_id, version)
        values = _checked(command.changes())
        if values.get("end", event.end) <= values.get("start", event.start):
            raise Invalid.of("end", N_("The event must end after it starts."))
        work.change(event, values)
        return as_written(work, LISTING, event)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values. Raises :class:`Invalid` for a time zone that does not exist."""
    if "time_zone" in values and zone_named(values["time_zone"]) is None:
        raise Invalid.of("time_zone", NO_ZONE)
    return values


def assign_support(
    crm: Crm,
    actor: Actor,
    event_id: int,
    collaborator_id: int | None,
    version: int | None = None,
    *,
    note: str = "",
) -> EventRead:
    """Assign an event to an active collaborator of Support; ``None`` removes the assignment.

    A person with another event at that time, or too near to it for the way, needs a ``note``: the reason,
    which the event and the journal keep. Without a conflict it is not kept.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Conflict`, and :class:`Invalid` naming
    ``support_contact_id``, or ``support_note`` for a conflict without a reason.
    """
    with writing(crm, actor, Action.EVENT_ASSIGN) as work:
        work.require()
        event = work.get(Event, event_id, version)
        kept = ""
        if collaborator_id is not None:
            require_active(work.find, collaborator_id, Department.SUPPORT, "support_contact_id")
            kept = _reason(work, event, collaborator_id, note)
        work.change(event, {"support_contact_id": collaborator_id, "support_note": kept})
        return as_written(work, LISTING, event)


def _reason(work: UnitOfWork, event: Event, collaborator_id: int, note: str) -> str:
    """The note if the person is booked otherwise, else nothing. Raises :class:`Invalid` if it is missing."""
    # The lock makes two assignments of one person wait for each other, so that the second sees the first.
    person = work.get(Collaborator, collaborator_id)
    booking = Booking(event.start, event.end, event.location, event.name)
    own = scheduling.read_bookings(
        work.connection, [collaborator_id], booking, work.crm.shared, but=event.id or 0
    )
    found = scheduling.availability(booking, own.get(collaborator_id, ()), work.crm.shared)
    if found.is_free:
        return ""
    if not note:
        raise Invalid(*scheduling.conflicts(f"{person.first_name} {person.last_name}", found))
    return note


def trash_event(crm: Crm, actor: Actor, event_id: int) -> None:
    """Put an event in the trash. Raises :class:`NotFound` and :class:`Forbidden`."""
    with writing(crm, actor, Action.EVENT_TRASH) as work:
        event = work.get(Event, event_id)
        work.require(owner_id=work.owner_of(event))
        trash.discard(work, event)


def restore_event(crm: Crm, actor: Actor, event_id: int) -> None:
    """Restore an event from the trash. Raises :class:`InUse` while its contract is trashed or unsigned."""
    with writing(crm, actor, Action.EVENT_TRASH) as work:
        event = work.get_even_trashed(Event, event_id)
        work.require(owner_id=work.owner_of(event))
        trash.restore(work, event)


def get_event(crm: Crm, actor: Actor, event_id: int) -> EventRead:
    """One event, which may be in the trash. Raises :class:`NotFound`."""
    return read_one(crm, actor, LISTING, RecordKind.EVENT, event_id)


def list_events(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[EventRead]:
    """A window of the events of a query; it starts behind the event ``after`` if that is given."""
    return read_window(crm, actor, LISTING, query, limit, offset, after)


def next_event(crm: Crm, actor: Actor, query: ListQuery) -> int | None:
    """The id of the first event of a query that starts today (local time) or later.

    ``None`` if there is none, and for a list that is searched or not in the order of the starts.
    """
    if query.searches or query.sort != "start" or query.descending:
        return None
    with reading(crm, actor) as work:
        rows = Pages(LISTING, work.connection, QueryContext.by(work.actor, work.now), query)
        found = rows.page(Start.KEY, 1, key=local_midnight(_day_of(work.now)), key_id=0)
        return found[0].id if found else None


def _day_of(moment: datetime) -> date:
    """The local day of a moment."""
    return moment.astimezone().date()


def _owner(event: Event, action: Action) -> int | None:
    """The support contact, who changes an event; for all else, the owner of its contract."""
    return (event.support_contact_id or 0) if action is Action.EVENT_UPDATE else None


def _soon(asking: QueryContext) -> datetime:
    return asking.now + SOON


def _ahead(asking: QueryContext) -> datetime:
    return asking.now + AHEAD


def _numbers(columns: Mapping[str, Sequence[Any]]) -> Sequence[str]:
    return contract_numbers(columns["contract"], columns["contract_created"])


_client = table_of(Client).c
_event = table_of(Event).c
_contract = table_of(Contract).c
_person = table_of(Collaborator).c

_of_event = table_of(Client).alias("client_of_event")
_without_phone = exists().where(_of_event.c.id == _event.client_id, _of_event.c.phone == "")
_client_contact = func.coalesce(func.nullif(_client.contact_person, ""), _client.full_name)

_COMING: Final = frozenset({Filter.MINE, Filter.NEXT_28_DAYS})

LISTING: Final[ListSpec[EventRead]] = ListSpec(
    record=EventRead,
    table=table_of(Event),
    select=select(
        *same_named(EventRead, table_of(Event)),
        _event.contract_id.label("contract"), _contract.created_at.label("contract_created"),
        _event.client_id.label("client"), _client.full_name.label("client_name"),
        _client_contact.label("client_contact"),
        _client.email.label("client_email"), _client.phone.label("client_phone"),
        _event.starts_at.label("start"), _event.ends_at.label("end"),
        func.coalesce(_person.username, "").label("support_contact"),
        func.coalesce(display_name(_person), "").label("support_contact_name"),
        _event.created_at.label("created"), _event.updated_at.label("updated"),
        _event.deleted_at.label("deleted"),
    )
    .outerjoin_from(table_of(Event), table_of(Contract), _contract.id == _event.contract_id)
    .outerjoin(table_of(Client), _client.id == _event.client_id)
    .outerjoin(table_of(Collaborator), _person.id == _event.support_contact_id),
    key=_event.id,
    computed={"contract_number": _numbers},
    search=_event.search,
    people=SOLD_BY + RUN_BY,
    trashable=True,
    lists=EVENT_LISTS,
    kind=RecordKind.EVENT,
    figures={
        "client_id": _client.event_count,
        "support_contact_id": _person.event_count,
    },
    # "Mine" are the assigned events for Support, and the events of their own clients for Commercial.
    mine={
        Department.COMMERCIAL: FilterSpec(equal=("sales_contact_id", ACTOR)),
        Department.SUPPORT: FilterSpec(equal=("support_contact_id", ACTOR)),
        Department.GESTION: FilterSpec(equal=("sales_contact_id", NOBODY)),
    },
    filters={
        Filter.WITHOUT_SUPPORT: FilterSpec((WITHOUT_SUPPORT,)),
        Filter.NEXT_7_DAYS: FilterSpec(
            rest=(_event.ends_at >= NOW, _event.starts_at <= bindparam("soon", type_=UtcDateTime))
        ),
        # By the start alone, so that an index serves it as a range.
        Filter.NEXT_28_DAYS: FilterSpec(
            rest=(_event.starts_at >= NOW, _event.starts_at < bindparam("ahead", type_=UtcDateTime))
        ),
        Filter.WITHOUT_ADDRESS: FilterSpec(rest=(_event.location == "",)),
        Filter.WITHOUT_PHONE: FilterSpec(rest=(_without_phone,)),
        Filter.WITHOUT_NOTES: FilterSpec((WITHOUT_NOTES,)),
        Filter.PAST_WITHOUT_NOTES: FilterSpec((WITHOUT_NOTES,), rest=(_event.ends_at < NOW,)),
    },
    values={"soon": _soon, "ahead": _ahead},
    sorts={
        "name": _event.sort_name,
        "start": _event.starts_at,
        "end": _event.ends_at,
        "client_name": _event.sort_client,
        "support_contact_name": _event.sort_support,
        "attendees": _event.attendees,
    },
    parents={
        RecordKind.CONTRACT: FilterSpec(equal=("contract_id", PARENT), index="ix_event_contract"),
        RecordKind.CLIENT: FilterSpec(equal=("client_id", PARENT), index="ix_event_client"),
        RecordKind.COLLABORATOR: FilterSpec(equal=("support_contact_id", PARENT)),
    },
    fields={
        "name": filter_fields.text_field(N_("Name"), _event.sort_name, "name"),
        "client_name": filter_fields.text_field(N_("Client"), _event.sort_client, "client_name"),
        "start": filter_fields.moment(N_("Start"), _event.starts_at, "start"),
        "end": filter_fields.moment(N_("End"), _event.ends_at, "end"),
        "support_contact": filter_fields.person(
            N_("Support"), _event.support_contact_id, FilterSpec((WITHOUT_SUPPORT,))
        ),
        "sales_contact": filter_fields.person(N_("Sales contact"), _event.sales_contact_id),
        "attendees": filter_fields.number(N_("Attendees"), _event.attendees, "attendees"),
        "location": filter_fields.presence(N_("Location"), _event.location),
        "notes": filter_fields.presence(N_("Notes"), _event.notes, FilterSpec((WITHOUT_NOTES,))),
        "created": filter_fields.moment(N_("Created"), _event.created_at),
        "updated": filter_fields.moment(N_("Updated"), _event.updated_at),
    },
    presets=(
        preset("all", N_("All events"), EVERYONE),
        Preset("mine", N_("My events"), frozenset({Filter.MINE}), COMMERCIAL | SUPPORT, "start"),
        Preset(
            "without_support_mine", N_("My events without support"),
            frozenset({Filter.MINE, Filter.WITHOUT_SUPPORT}), COMMERCIAL, "start",
        ),
        Preset(
            "next_7_days", N_("My events of the next 7 days"),
            frozenset({Filter.MINE, Filter.NEXT_7_DAYS}), SUPPORT, "start",
        ),
        Preset(
            "without_notes", N_("My past events without notes"),
            frozenset({Filter.MINE, Filter.PAST_WITHOUT_NOTES}), SUPPORT, "start", descending=True,
        ),
        Preset(
            "without_support", N_("Events without support"), frozenset({Filter.WITHOUT_SUPPORT}), GESTION,
            "start",
        ),
        Preset(
            "without_address", N_("My events without a location (4 weeks)"),
            _COMING | {Filter.WITHOUT_ADDRESS}, SUPPORT, "start",
        ),
        Preset(
            "without_phone", N_("My events without a phone (4 weeks)"),
            _COMING | {Filter.WITHOUT_PHONE}, SUPPORT, "start",
        ),
        Preset(
            "coming_without_notes", N_("My events without notes (4 weeks)"),
            _COMING | {Filter.WITHOUT_NOTES}, SUPPORT, "start",
        ),
        preset("trash", N_("In the trash"), EVERYONE, Filter.TRASHED),
    ),
)  # fmt: skip

record_types.register(
    RecordType(
        kind=RecordKind.EVENT,
        model=Event,
        label=N_("Event"),
        restored_label=N_("Event restored"),
        telemetry_name="d'un événement",
        not_found=N_("There is no event {key}, or it is in the trash."),
        not_trashed=N_("Event {key} is not in the trash."),
        listing=LISTING,
        hit=lambda event: (event.name, event.client_name),
        parent=Parent(
            kind=RecordKind.CONTRACT,
            link="contract_id",
            in_use=N_plural(
                "{count} event depends on this contract. Trash it first.",
                "{count} events depend on this contract. Trash them first.",
            ),
            restore_first=N_("Restore the contract of this event first."),
            needs="signed_on",
            lacks=_UNSIGNED,
        ),
        references={"contract_id": RecordKind.CONTRACT, "support_contact_id": RecordKind.COLLABORATOR},
        contacts={"support_contact_id": Department.SUPPORT},
        owner=_owner,
        naming=Naming(key=_event.id, text=_event.name),
        derived=frozenset({
            "client_id", "sales_contact_id", "sort_client", "sort_support", "sort_name", "search",
        }),
        compute=computed_columns.refresh_event,
        set_copies=copies.set_copies_of_event,
        note_originals=copies.CopyUpdates.note_event,
        counters=counters.of_event,
        right_to_uncreate=Action.EVENT_TRASH,
        in_trash=N_("Event {key} is in the trash. Restore it before you undo this change."),
    )
)  # fmt: skip
