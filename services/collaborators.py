"""The use cases of collaborators, which Gestion manages; its last active account cannot be removed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count as count_up
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import bindparam, case, func, select
from sqlmodel import col

from models.enums import Department, Operation, RecordKind
from models.read_models import CollaboratorRead
from models.tables import AuditEntry, Collaborator, table_of
from models.write_models import CollaboratorCreate, CollaboratorUpdate
from services import audit_trail, clock, record_types
from services.actor import Actor
from services.auth import passwords, signing_key
from services.auth.password_checks import forget_failures
from services.auth.sessions import revoke_sessions
from services.collaborator_checks import display_name, username_key
from services.crm import Crm
from services.denormalized import computed_columns, counters
from services.denormalized.copies import CopyUpdates
from services.errors import Forbidden, Invalid
from services.i18n import N_
from services.lists import filter_fields
from services.lists.engine import as_written, one, read_one, read_window, window
from services.lists.filter_fields import Option
from services.lists.query import EVERYONE, GESTION, Filter, ListQuery, Preset, preset
from services.lists.spec import FilterSpec, ListSpec, QueryContext, fetch
from services.offboarding import lock_gestion, reassign_records, refuse_last_gestion, refuse_while_owner
from services.record_types import Naming, RecordType
from services.rights import Action
from services.unit_of_work import UnitOfWork, reading, writing


def create_collaborator(crm: Crm, actor: Actor, command: CollaboratorCreate) -> CollaboratorRead:
    """Create a collaborator. Takes the time of one bcrypt hash.

    Raises :class:`Forbidden`, :class:`Invalid` (password) and :class:`Duplicate`.
    """
    # Check the right first: without it, the actor gets no answer about the password.
    with reading(crm, actor, Action.COLLABORATOR_CREATE):
        pass
    person = _new_collaborator(crm, command)
    with writing(crm, actor, Action.COLLABORATOR_CREATE) as work:
        work.require()
        if not person.employee_number:
            _give_out_number(work, person)
        return as_written(work, LISTING, work.create(person))


def create_first_collaborator(crm: Crm, command: CollaboratorCreate) -> int:
    """Create the first account of a new database, in Gestion, without a signed-in actor. Return its id.

    Raises :class:`Forbidden` if the database already has a collaborator, and :class:`Invalid`.
    """
    person = _new_collaborator(crm, command)
    with crm.database.write_session() as session:
        crm.database.wait_until_alone(session)
        if session.scalar(select(func.count()).select_from(Collaborator)):
            raise Forbidden("setup.first", N_("This CRM is set up already; sign in as Gestion."))
        if person.department is not Department.GESTION:
            raise Invalid.of("department", N_("The first account is one of Gestion."))
        person.employee_number = person.employee_number or "EMP-0001"
        person.created_at = person.updated_at = now = crm.database.clock.now(session.connection())
        computed_columns.refresh(person, crm.shared.phone_region)
        session.add(person)
        session.flush()
        counters.add(session.connection(), counters.contribution_of(person, session.get))
        session.add(_first_entry(person, now))
        if crm.settings.secret_key is not None:
            signing_key.note(session, crm.settings.secret_key)
        return person.id or 0


def _first_entry(person: Collaborator, now: datetime) -> AuditEntry:
    # The first account has no other author, so the journal names the account itself.
    assert person.id is not None  # noqa: S101 - flushed before
    return AuditEntry(
        batch=uuid4().hex, at=now, actor_id=person.id, actor_username=person.username,
        action=Action.COLLABORATOR_CREATE.value, kind=RecordKind.COLLABORATOR, record_id=person.id,
        operation=Operation.CREATED, changes=audit_trail.initial_values(person),
    )  # fmt: skip


def update_collaborator(
    crm: Crm, actor: Actor, collaborator_id: int, command: CollaboratorUpdate, version: int | None = None
) -> CollaboratorRead:
    """Change a collaborator; a change of department revokes their sessions.

    Raises :class:`InUse` for a change of department while they own clients or events, :class:`Forbidden` for
    the last active account of Gestion, :class:`Duplicate`, :class:`Conflict` and :class:`NotFound`.
    """
    with writing(crm, actor, Action.COLLABORATOR_UPDATE) as work:
        work.require()
        lock_gestion(work.session)
        person = work.get(Collaborator, collaborator_id, version)
        values = command.changes()
        moved = values.get("department") not in (None, person.department)
        if moved:
            refuse_last_gestion(work.session, person)
            refuse_while_owner(work.session, person, records_only=True)
        work.change(person, values)
        if moved:
            revoke_sessions(work.session, collaborator_id)
        return as_written(work, LISTING, person)


def deactivate_collaborator(
    crm: Crm, actor: Actor, collaborator_id: int, reassign_to: int | None = None
) -> CollaboratorRead:
    """Deactivate a collaborator, and assign their clients and events to ``reassign_to`` in one transaction.

    Raises :class:`Invalid` naming ``reassign_to`` if they own records and it names no suitable collaborator,
    :class:`Forbidden` for the last active account of Gestion, and :class:`NotFound`.
    """
    with writing(crm, actor, Action.COLLABORATOR_DEACTIVATE) as work:
        work.require()
        lock_gestion(work.session)
        person = work.get(Collaborator, collaborator_id)
        refuse_last_gestion(work.session, person)
        reassign_records(work, person, reassign_to)
        work.change(person, {"active": False})
        revoke_sessions(work.session, collaborator_id)
        return as_written(work, LISTING, person)


def reactivate_collaborator(crm: Crm, actor: Actor, collaborator_id: int) -> CollaboratorRead:
    """Reactivate a collaborator. Raises :class:`NotFound` and :class:`Forbidden`."""
    with writing(crm, actor, Action.COLLABORATOR_REACTIVATE) as work:
        work.require()
        person = work.get(Collaborator, collaborator_id)
        work.change(person, {"active": True})
        return as_written(work, LISTING, person)


def delete_collaborator(crm: Crm, actor: Actor, collaborator_id: int) -> None:
    """Delete a collaborator who owns no records; the journal keeps their username.

    Raises :class:`InUse`, :class:`NotFound`, and :class:`Forbidden` for the last active account of Gestion.
    """
    with writing(crm, actor, Action.COLLABORATOR_DELETE) as work:
        work.require()
        lock_gestion(work.session)
        person = work.get(Collaborator, collaborator_id)
        refuse_last_gestion(work.session, person)
        refuse_while_owner(work.session, person)
        work.delete(person)


def unlock_collaborator(crm: Crm, actor: Actor, collaborator_id: int) -> CollaboratorRead:
    """Unlock an account before its lock ends, and reset its failed sign-ins."""
    with writing(crm, actor, Action.COLLABORATOR_UNLOCK) as work:
        work.require()
        person = work.get(Collaborator, collaborator_id)
        work.change(person, {"locked_until": None})
        forget_failures(work.session, person, work.now)
        return as_written(work, LISTING, person)


def set_password(crm: Crm, actor: Actor, collaborator_id: int, new: str) -> None:
    """Set a collaborator's password and revoke their sessions. Raises :class:`Invalid` naming ``new``."""
    with reading(crm, actor, Action.COLLABORATOR_UPDATE) as look:
        person_read = one(LISTING, look.connection, collaborator_id)
    if person_read is None:
        raise record_types.not_found(RecordKind.COLLABORATOR, collaborator_id)
    passwords.check_policy(new, person_read.username, "new")
    new_hash = passwords.hash_password(new, crm.settings.bcrypt_cost)
    with writing(crm, actor, Action.COLLABORATOR_UPDATE) as work:
        work.require()
        person = work.get(Collaborator, collaborator_id)
        person.password_hash = new_hash
        person.version += 1
        work.log(person, Operation.UPDATED, {"password": [None, None]})
        revoke_sessions(work.session, collaborator_id)


def get_collaborator(crm: Crm, actor: Actor, collaborator_id: int) -> CollaboratorRead:
    """One collaborator. Raises :class:`NotFound` and :class:`Forbidden`."""
    return read_one(crm, actor, LISTING, RecordKind.COLLABORATOR, collaborator_id, Action.COLLABORATOR_READ)


def find_collaborator(crm: Crm, actor: Actor, username: str) -> CollaboratorRead:
    """The collaborator with this username, in any case. Raises :class:`NotFound` and :class:`Forbidden`."""
    with reading(crm, actor, Action.COLLABORATOR_READ) as work:
        found = fetch(LISTING, work.connection, _BY_USERNAME, {"username_key": username_key(username)})
    if not found:
        raise record_types.not_found(RecordKind.COLLABORATOR, username)
    return found[0]


def list_collaborators(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[CollaboratorRead]:
    """A window of the collaborators of a query, with their load. Raises :class:`Forbidden`."""
    return read_window(crm, actor, LISTING, query, limit, offset, after, Action.COLLABORATOR_READ)


def choose_collaborators(
    crm: Crm, actor: Actor, department: Department | None, search: str = "", limit: int = 20
) -> list[CollaboratorRead]:
    """The active collaborators of a department (``None``: of all), sorted by name, for a picker."""
    query = ListQuery(filters=frozenset({Filter.ACTIVE}), search=search, sort="full_name")
    with reading(crm, actor, Action.COLLABORATOR_READ) as work:
        listing = LISTING if department is None else _OF_DEPARTMENT[department]
        return window(listing, work.connection, QueryContext.by(work.actor, work.now), query, limit=limit)


def _undo_create(work: UnitOfWork, person: Collaborator) -> None:
    refuse_last_gestion(work.session, person)
    refuse_while_owner(work.session, person)
    work.delete(person)


def _revert(work: UnitOfWork, person: Collaborator, values: dict[str, Any]) -> None:
    if "department" in values or values.get("active") is False:
        refuse_last_gestion(work.session, person)
        refuse_while_owner(work.session, person, records_only=True)
    work.change(person, values)
    if values.keys() & {"department", "active"}:
        revoke_sessions(work.session, person.id or 0)


def _new_collaborator(crm: Crm, command: CollaboratorCreate) -> Collaborator:
    passwords.check_policy(command.password, command.username)
    values = command.model_dump(exclude={"password"})
    values["employee_number"] = command.employee_number or ""
    values["password_hash"] = passwords.hash_password(command.password, crm.settings.bcrypt_cost)
    return Collaborator(**values, username_key=command.username.lower())


def _give_out_number(work: UnitOfWork, person: Collaborator) -> None:
    # The number contains the id, which is known only after an insert with a temporary number.
    person.employee_number = f"?{uuid4().hex}"
    computed_columns.refresh(person, work.crm.shared.phone_region)
    session = work.session
    session.add(person)
    session.flush()
    person.employee_number = number = f"EMP-{person.id:04d}"
    # The number may already have been assigned by hand.
    for suffix in count_up(2):
        query = select(col(Collaborator.id)).where(
            col(Collaborator.employee_number) == person.employee_number
        )
        with session.no_autoflush:
            if session.scalar(query) is None:
                return
        person.employee_number = f"{number}-{suffix}"


_person = table_of(Collaborator).c

LISTING: Final[ListSpec[CollaboratorRead]] = ListSpec(
    record=CollaboratorRead,
    table=table_of(Collaborator),
    select=select(
        _person.id, _person.version, _person.employee_number,
        _person.username, _person.first_name, _person.last_name,
        _person.email, _person.phone, _person.department,
        _person.active,
        _person.last_login_at.label("last_login"),
        # A lock that has ended, by the clock of the database, is not shown.
        case((_person.locked_until > clock.now(), _person.locked_until)).label("locked_until"),
        _person.client_count.label("clients"), _person.event_count.label("events"),
        _person.created_at.label("created"), _person.updated_at.label("updated"),
    ),
    key=_person.id,
    search=_person.search,
    filters={Filter.ACTIVE: FilterSpec(rest=(_person.active.is_(True),))},
    sorts={
        "full_name": _person.sort_name,
        "username": _person.username_key,
        "department": _person.department,
        "clients": _person.client_count,
        "events": _person.event_count,
        "load": _person.client_count + _person.event_count,
    },
    fields={
        "name": filter_fields.text_field(N_("Last and first name"), _person.sort_name, "full_name"),
        "username": filter_fields.text_field(N_("Username"), _person.username_key, "username", folds=False),
        "department": filter_fields.choice(
            N_("Department"), _person.department,
            {
                Department.COMMERCIAL.value: Option(N_("Commercial")),
                Department.SUPPORT.value: Option(N_("Support")),
                Department.GESTION.value: Option(N_("Gestion")),
            },
        ),
        "active": filter_fields.yes_no(
            N_("Active"), _person.active,
            FilterSpec(rest=(_person.active.is_(True),)), FilterSpec(rest=(_person.active.is_(False),)),
        ),
        "clients": filter_fields.number(N_("Clients"), _person.client_count, "clients"),
        "events": filter_fields.number(N_("Events"), _person.event_count, "events"),
        "last_login": filter_fields.moment(N_("Last sign-in"), _person.last_login_at, is_nullable=True),
        "created": filter_fields.moment(N_("Created"), _person.created_at),
    },
    is_small=True,
    presets=(
        preset("all", N_("Everyone"), EVERYONE),
        preset("active", N_("Active collaborators"), EVERYONE, Filter.ACTIVE),
        Preset(
            "by_load", N_("By load, highest first"), frozenset({Filter.ACTIVE}), GESTION, "load",
            descending=True,
        ),
    ),
)  # fmt: skip

_BY_USERNAME: Final = LISTING.select.where(_person.username_key == bindparam("username_key"))

_OF_DEPARTMENT: Final[Mapping[Department, ListSpec[CollaboratorRead]]] = {
    department: replace(LISTING, always=FilterSpec(rest=(_person.department == department,)))
    for department in Department
}

record_types.register(
    RecordType(
        kind=RecordKind.COLLABORATOR,
        model=Collaborator,
        label=N_("Collaborator"),
        telemetry_name="d'un collaborateur",
        not_found=N_("There is no collaborator {key}."),
        read_right=Action.COLLABORATOR_READ,
        listing=LISTING,
        hit=lambda person: (person.full_name, person.username),
        naming=Naming(key=_person.id, text=display_name(_person)),
        derived=frozenset(
            {"username_key", "phone_e164", "sort_name", "search", "client_count", "event_count"}
        ),
        compute=computed_columns.refresh_collaborator,
        note_originals=CopyUpdates.note_collaborator,
        is_restorable=False,
        right_to_uncreate=Action.COLLABORATOR_DELETE,
        prepare_undo=lambda work: lock_gestion(work.session),
        undo_create=_undo_create,
        revert=_revert,
    )
)
