"""One use case, one transaction: the actor read anew, the right checked, the write audited and announced.

``reading`` and ``writing`` are the only ways in. Whatever happens inside ``writing`` is kept whole or
not at all; announcements go out after the commit.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, String, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.columns import UtcDateTime
from models.enums import Operation
from models.tables import AuditEntry, Collaborator, LoginSession, Record, Trashable
from services import audit, derived, figures, following, locking, monitoring, rights
from services.announcements import Actor, Announcement, IntegrityViolated, PermissionRefused, RecordChanged
from services.constraints import violation
from services.crm import Crm
from services.database import is_record_id
from services.errors import Conflict, Forbidden, NotFound, NotSignedIn
from services.list_sql import table_of
from services.monitoring import private_values
from services.rights import Action

Model = TypeVar("Model", bound=Record)


class Reading:
    """A read-only transaction of an actor, on Core."""

    def __init__(self, connection: Connection, actor: Actor) -> None:
        self.connection = connection
        self.actor = actor
        self.now = datetime.now(UTC)


class Writing:
    """A transaction that writes, for one action of one actor."""

    def __init__(self, crm: Crm, session: Session, actor: Actor, action: Action) -> None:
        self.crm = crm
        self.session = session
        self.actor = actor
        self.action = action
        self.now = datetime.now(UTC)
        self.batch = uuid4().hex
        self.undoes: str | None = None
        self.announcements: list[Announcement] = []
        self._held: dict[tuple[type[Record], int], Record] = {}
        self._followers = following.Followers()
        self._differences = figures.Differences()

    def require(self, action: Action | None = None, *, owner_id: int | None = None) -> None:
        """Raise :class:`Forbidden` unless the actor may; ``owner_id`` is whose record it is.

        Without ``owner_id`` there is no record yet, or the rule does not ask whose it is.
        """
        owns = owner_id is None or owner_id == self.actor.id
        rights.require(self.actor.department, action or self.action, owns=owns)

    def get(self, model: type[Model], record_id: int, version: int | None = None) -> Model:
        """The record, locked until the end of the transaction.

        Raises :class:`NotFound` (also for what is in the trash) and, where a ``version`` is given and the
        record has moved on since, :class:`Conflict`.
        """
        record = self.get_even_trashed(model, record_id)
        if isinstance(record, Trashable) and record.deleted_at is not None:
            raise NotFound(audit.KINDS[model], record_id)
        if version is not None and version != record.version:
            changes = audit.changes_since(self.session, record, version)
            raise Conflict(audit.KINDS[model], record_id, record.version, changes)
        return record

    def get_even_trashed(self, model: type[Model], record_id: int) -> Model:
        """The record, locked, wherever it stands. Raises :class:`NotFound`."""
        held = self._held.get((model, record_id))
        if held is None:
            held = self._hold(model, record_id)
        assert isinstance(held, model)  # noqa: S101 - kept under its model
        return held

    def _hold(self, model: type[Record], record_id: int) -> Record:
        found = locking.locked(self.session, model, record_id) if is_record_id(record_id) else []
        if not found:
            raise NotFound(audit.KINDS[model], record_id)
        for record in found:
            self._held[type(record), record.id or 0] = record
        return found[0]

    def create(self, record: Model) -> Model:
        """Write a new record."""
        self._complete(record)
        self.session.add(record)
        self.session.flush()
        self._differences.note({}, figures.share_of(record))
        self.log(record, Operation.CREATED, audit.initial_values(record))
        return record

    def change(
        self, record: Model, values: dict[str, Any], operation: Operation = Operation.UPDATED
    ) -> audit.Changes:
        """Set the fields of a record; what really changed. Nothing is written where nothing did."""
        changes = self._alter(record, values)
        if changes:
            self.session.flush()
            self.log(record, operation, changes)
        return changes

    def change_all(self, records: Iterable[Record], values: dict[str, Any]) -> None:
        """Set the same fields of many records, which are written together."""
        altered = [(record, self._alter(record, values)) for record in records]
        self.session.flush()
        for record, changes in altered:
            if changes:
                self.log(record, Operation.UPDATED, changes)

    def _alter(self, record: Record, values: dict[str, Any]) -> audit.Changes:
        share = figures.share_of(record)
        for name, value in values.items():
            setattr(record, name, value)
        changes = audit.pending_changes(record)
        if changes:
            self._complete(record)
            record.version += 1
            record.updated_at = self.now
            self._differences.note(share, figures.share_of(record))
        return changes

    def delete(self, record: Record) -> None:
        """Remove a record for good; what it held stays in the journal."""
        changes = {name: [new, None] for name, (_, new) in audit.initial_values(record).items()}
        self.log(record, Operation.DELETED, changes)
        self._differences.note(figures.share_of(record), {})
        self.session.delete(record)
        self.session.flush()

    def settle(self) -> None:
        """Write what is pending, and bring up to date whatever follows from it in other records."""
        self.session.flush()
        connection = self.session.connection()
        self._followers.follow(connection)
        self._differences.apply(connection)

    def _complete(self, record: Record) -> None:
        derived.refresh(record, self.crm.settings.phone_region)
        self._followers.note(record)
        following.take(self.session, record)

    def log(self, record: Record, operation: Operation, changes: audit.Changes) -> None:
        """Leave the audit entry of a write, and have it announced after the commit."""
        assert record.id is not None  # noqa: S101 - flushed before
        kind = audit.kind_of(record)
        entry = AuditEntry(
            batch=self.batch, at=self.now, actor_id=self.actor.id, actor_username=self.actor.username,
            action=self.action.value, kind=kind, record_id=record.id, operation=operation,
            changes=changes, undoes=self.undoes,
        )  # fmt: skip
        self.session.add(entry)
        self.announcements.append(
            RecordChanged(
                self.actor,
                self.action.value,
                kind,
                record.id,
                operation,
                frozenset(changes),
                undone=self.undoes is not None,
            )
        )


@contextmanager
def reading(crm: Crm, actor: Actor, action: Action = Action.RECORD_READ) -> Iterator[Reading]:
    """A read-only transaction. Raises :class:`NotSignedIn` and :class:`Forbidden`."""
    fresh = actor
    try:
        with crm.database.reading() as connection:
            known = {"session_id": actor.session_id, "now": datetime.now(UTC)}
            fresh = _fresh(connection.execute(_OWNER, known).first(), actor)
            rights.require(fresh.department, action)
            yield Reading(connection, fresh)
    except Forbidden as error:
        crm.announcer.announce(PermissionRefused(fresh, error.rule))
        raise


@contextmanager
def writing(crm: Crm, actor: Actor, action: Action) -> Iterator[Writing]:
    """A transaction for one action; commits at the end, rolls back whole when anything raises.

    Raises :class:`NotSignedIn`; integrity errors become :class:`Duplicate` or what fits the constraint,
    and :class:`ConstraintBroken` where no input can have caused them.
    """
    fresh = actor
    try:
        with monitoring.span("service", action.value), crm.database.writing() as session:
            owner = session_owner(actor.session_id)
            fresh = _fresh(locking.enter(crm.database, session, action, owner), actor)
            work = Writing(crm, session, fresh, action)
            try:
                yield work
                work.settle()
            except Exception:
                private_values.remember(_texts_of(session))
                raise
    except Forbidden as error:
        crm.announcer.announce(PermissionRefused(fresh, error.rule))
        raise
    except IntegrityError as error:
        table, constraint, refusal = violation(error)
        crm.announcer.announce(IntegrityViolated(table, constraint, action.value, error.__traceback__))
        # From None: the database's own error quotes the row, and with it what somebody typed.
        raise refusal from None
    for announcement in work.announcements:
        crm.announcer.announce(announcement)


def _texts_of(session: Session) -> list[str]:
    """What the records at hand hold: an exception may quote it, whether or not a screen shows it."""
    records = [each for each in (*session.identity_map.values(), *session.new) if isinstance(each, Record)]
    return [value for record in records for value in vars(record).values() if type(value) is str]


def _fresh(row: Row[Any] | None, actor: Actor) -> Actor:
    if row is None or row.id != actor.id:
        raise NotSignedIn
    return Actor(row.id, row.username, f"{row.first_name} {row.last_name}", row.department, actor.session_id)


_person = table_of(Collaborator).c
_session = table_of(LoginSession).c

# Of plain columns and made once: it is asked before everything else that anybody does.
_OWNER: Final[Select[*tuple[Any, ...]]] = (
    select(_person.id, _person.username, _person.first_name, _person.last_name, _person.department)
    .select_from(table_of(LoginSession).join(table_of(Collaborator), _person.id == _session.collaborator_id))
    .where(
        _session.id == bindparam("session_id", type_=String),
        _session.revoked_at.is_(None),
        _session.expires_at > bindparam("now", type_=UtcDateTime),
        _person.active.is_(True),
    )
)


def session_owner(session_id: str) -> Select[*tuple[Any, ...]]:
    """The active collaborator behind a session that is neither revoked nor expired."""
    return _OWNER.params(session_id=session_id, now=datetime.now(UTC))
