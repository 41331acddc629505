"""Notes, calls and mails on clients, contracts, events and collaborators; only the author changes one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Integer, bindparam, func, or_, select

from models.activity_tables import Note
from models.enums import NoteKind, RecordKind
from models.list_indexes import NOTE_LISTS
from models.read_models import NoteRead, contract_number
from models.tables import Client, Collaborator, Contract, Event, Record, table_of
from models.write_models import NoteCreate, NoteUpdate
from services import last_contact, record_types, rights, trash
from services.actor import Actor
from services.collaborator_checks import display_name
from services.crm import Crm
from services.denormalized import computed_columns, copies
from services.errors import Invalid
from services.i18n import N_
from services.lists import filter_fields
from services.lists.engine import as_written, read_one, read_window
from services.lists.filter_fields import Option
from services.lists.query import EVERYONE, Filter, ListQuery, preset
from services.lists.spec import PARENT, FilterSpec, ListSpec, QueryContext, everyone, same_named
from services.persistence import mapper
from services.record_types import Naming, RecordType
from services.rights import Action
from services.session_rows import ACTOR
from services.unit_of_work import UnitOfWork, writing

LINKS: Final[Mapping[str, type[Record]]] = {
    "client_id": Client,
    "contract_id": Contract,
    "event_id": Event,
    "collaborator_id": Collaborator,
}
"""The fields of a note that name the record that it is on; exactly one of them is set."""

_ON_ONE: Final = N_("A note is on exactly one client, contract, event or collaborator.")
_IN_FUTURE: Final = N_("A note cannot be of a time in the future.")


def create_note(crm: Crm, actor: Actor, command: NoteCreate) -> NoteRead:
    """Note something on a record that the actor may read, now unless an earlier time is given.

    A call or a mail moves the last contact of the client forward; see :mod:`services.last_contact`.

    Raises :class:`NotFound`, also for a record in the trash, :class:`Forbidden` and :class:`Invalid`.
    """
    with writing(crm, actor, Action.NOTE_CREATE) as work:
        work.require()
        values = command.changes()
        named = [name for name in LINKS if values.get(name) is not None]
        if len(named) != 1:
            raise Invalid.of(named[1] if named else "client_id", _ON_ONE)
        if named == ["collaborator_id"]:
            work.require(Action.COLLABORATOR_READ)
        work.get(LINKS[named[0]], values[named[0]])
        values = {**values, "at": values.get("at") or work.now, "kind": command.kind}
        _refuse_future(work, values)
        return as_written(
            work, LISTING, work.create(mapper.new(Note, {**values, "author_id": work.actor.id}))
        )


def update_note(
    crm: Crm, actor: Actor, note_id: int, command: NoteUpdate, version: int | None = None
) -> NoteRead:
    """Change a note of the actor's own.

    Raises :class:`NotFound`, :class:`Forbidden`, :class:`Invalid` and :class:`Conflict`.
    """
    with writing(crm, actor, Action.NOTE_UPDATE) as work:
        note = work.get(Note, note_id)
        work.require(owner_id=note.author_id)
        work.get(Note, note_id, version)
        values = command.changes()
        _refuse_future(work, values)
        work.change(note, values)
        return as_written(work, LISTING, note)


def trash_note(crm: Crm, actor: Actor, note_id: int) -> None:
    """Put a note of the actor's own in the trash. Raises :class:`NotFound` and :class:`Forbidden`."""
    with writing(crm, actor, Action.NOTE_TRASH) as work:
        note = work.get(Note, note_id)
        work.require(owner_id=note.author_id)
        trash.discard(work, note)


def restore_note(crm: Crm, actor: Actor, note_id: int) -> None:
    """Take a note out of the trash. Raises :class:`NotFound`, :class:`NotTrashed`, :class:`Forbidden`."""
    with writing(crm, actor, Action.NOTE_TRASH) as work:
        note = work.get_even_trashed(Note, note_id)
        work.require(owner_id=note.author_id)
        trash.restore(work, note)


def get_note(crm: Crm, actor: Actor, note_id: int) -> NoteRead:
    """One note, also from the trash. Raises :class:`NotFound`, and :class:`Forbidden` for one on a person."""
    return read_one(crm, actor, LISTING, RecordKind.NOTE, note_id)


def list_notes(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[NoteRead]:
    """A window of the notes of a query that the actor may read.

    Those of a client include those of its contracts and events.
    """
    return read_window(crm, actor, LISTING, query, limit, offset, after)


def _refuse_future(work: UnitOfWork, values: Mapping[str, Any]) -> None:
    if "at" in values and values["at"] > work.now:
        raise Invalid.of("at", _IN_FUTURE)


def _lock_client(work: UnitOfWork, note_id: int) -> None:
    # The client is locked before its notes, as before its contracts.
    note = work.find(Note, note_id)
    if note is not None and note.of_client_id is not None:
        work.get_even_trashed(Client, note.of_client_id)


def _after_write(work: UnitOfWork, note: Note, fields: Collection[str]) -> None:
    if not {"kind", "at", "deleted_at"}.isdisjoint(fields):
        last_contact.follow(work, note)


def _reads_team(asking: QueryContext) -> int:
    return int(rights.refusal(asking.department, Action.COLLABORATOR_READ) is None)


def _abouts(columns: Mapping[str, Sequence[Any]]) -> Sequence[str]:
    names = ("event_name", "contract", "contract_created", "client_name", "person_name")
    return [
        event or (f"{contract_number(contract, created)} {client}" if contract else client or person)
        for event, contract, created, client, person in zip(*(columns[name] for name in names), strict=True)
    ]


_note = table_of(Note).c
_client = table_of(Client).c
_contract = table_of(Contract).c
_event = table_of(Event).c
_author = table_of(Collaborator).alias("author")
_person = table_of(Collaborator).alias("person")

LISTING: Final[ListSpec[NoteRead]] = ListSpec(
    record=NoteRead,
    table=table_of(Note),
    select=select(
        *same_named(NoteRead, table_of(Note)),
        _author.c.username.label("author"), display_name(_author.c).label("author_name"),
        _note.of_client_id.label("client"), _note.contract_id.label("contract"),
        _note.event_id.label("event"), _note.collaborator_id.label("collaborator"),
        func.coalesce(_event.name, "").label("event_name"),
        _contract.created_at.label("contract_created"),
        func.coalesce(_client.full_name, "").label("client_name"),
        func.coalesce(display_name(_person.c), "").label("person_name"),
        _note.created_at.label("created"), _note.updated_at.label("updated"),
        _note.deleted_at.label("deleted"),
    )
    .outerjoin_from(table_of(Note), _author, _author.c.id == _note.author_id)
    .outerjoin(table_of(Client), _client.id == _note.of_client_id)
    .outerjoin(table_of(Contract), _contract.id == _note.contract_id)
    .outerjoin(table_of(Event), _event.id == _note.event_id)
    .outerjoin(_person, _person.c.id == _note.collaborator_id),
    key=_note.id,
    computed={"about": _abouts},
    search=_note.search,
    trashable=True,
    lists=NOTE_LISTS,
    kind=RecordKind.NOTE,
    always=FilterSpec(
        rest=(or_(_note.collaborator_id.is_(None), bindparam("reads_team", type_=Integer) == 1),)
    ),
    row_right=lambda note: None if note.collaborator is None else Action.COLLABORATOR_READ,
    values={"reads_team": _reads_team},
    mine=everyone(FilterSpec(equal=("author_id", ACTOR))),
    sorts={"at": _note.at},
    parents={
        RecordKind.CLIENT: FilterSpec(equal=("of_client_id", PARENT), index="ix_note_client"),
        RecordKind.CONTRACT: FilterSpec(equal=("contract_id", PARENT), index="ix_note_contract"),
        RecordKind.EVENT: FilterSpec(equal=("event_id", PARENT), index="ix_note_event"),
        RecordKind.COLLABORATOR: FilterSpec(equal=("collaborator_id", PARENT), index="ix_note_collaborator"),
    },
    fields={
        "at": filter_fields.moment(N_("When"), _note.at, "at"),
        "author": filter_fields.person(N_("Author"), _note.author_id),
        "kind": filter_fields.choice(
            N_("Kind"), _note.kind,
            {
                NoteKind.NOTE.value: Option(N_("note")),
                NoteKind.CALL.value: Option(N_("call")),
                NoteKind.MAIL.value: Option(N_("mail")),
            },
        ),
        "updated": filter_fields.moment(N_("Updated"), _note.updated_at),
    },
    presets=(
        preset("all", N_("All notes"), EVERYONE),
        preset("mine", N_("My notes"), EVERYONE, Filter.MINE),
        preset("trash", N_("In the trash"), EVERYONE, Filter.TRASHED),
    ),
)  # fmt: skip

record_types.register(
    RecordType(
        kind=RecordKind.NOTE,
        model=Note,
        label=N_("Note"),
        restored_label=N_("Note restored"),
        telemetry_name="d'une note",
        not_found=N_("There is no note {key}, or it is in the trash."),
        not_trashed=N_("Note {key} is not in the trash."),
        listing=LISTING,
        hit=lambda note: (note.summary, note.about),
        references={"author_id": RecordKind.COLLABORATOR, "collaborator_id": RecordKind.COLLABORATOR,
                    "event_id": RecordKind.EVENT},
        owner=lambda note, _action: note.author_id,
        naming=Naming(key=_note.id, text=_note.summary),
        derived=frozenset({"of_client_id", "summary", "search", "moved_from", "moved_to"}),
        compute=computed_columns.refresh_note,
        set_copies=copies.set_copies_of_note,
        lock_first=_lock_client,
        after_write=_after_write,
        right_to_uncreate=Action.NOTE_TRASH,
        in_trash=N_("Note {key} is in the trash. Restore it before you undo this change."),
    )
)  # fmt: skip
