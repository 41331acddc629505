"""One use case, one transaction: the actor is read again, the right checked, the write audited and published.

``reading`` and ``writing`` are the only ways in. A ``writing`` block commits as a whole or not at all; domain
events are published after the commit.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar, cast
from uuid import uuid4

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.enums import Operation
from models.tables import Record, Trashable
from services import audit_trail, monitoring, record_types, rights, session_rows, shared_values
from services.actor import Actor
from services.crm import Crm
from services.denormalized import computed_columns, copies, counters
from services.domain_events import DomainEvent, IntegrityViolated, PermissionRefused, RecordChanged
from services.errors import Conflict, Forbidden, NotSignedIn
from services.formats import check_decimals
from services.monitoring import value_redaction
from services.persistence import locking, mapper
from services.persistence.database import is_record_id
from services.persistence.integrity_errors import violation
from services.rights import Action

Model = TypeVar("Model", bound=Record)
Owner = int | frozenset[int]
"""The id of a record's owner, or the ids of several."""


class ReadContext:
    """A read-only transaction of an actor, on Core. ``now`` is by the clock of the database, in UTC."""

    def __init__(self, connection: Connection, actor: Actor, now: datetime) -> None:
        self.connection = connection
        self.actor = actor
        self.now = now

    def hold_one_state(self) -> None:
        """Read from one snapshot from now on, as a transaction of SQLite does anyway."""
        if self.connection.dialect.name == "postgresql":
            self.connection.rollback()
            self.connection.execution_options(isolation_level="REPEATABLE READ")


class UnitOfWork:
    """A transaction that writes, for one action of one actor. ``now`` is as in :class:`ReadContext`."""

    def __init__(self, crm: Crm, connection: Connection, actor: Actor, action: Action, now: datetime) -> None:
        self.crm = crm
        self.connection = connection
        self.actor = actor
        self.action = action
        self.now = now
        self.batch = uuid4().hex
        self.undoes: str | None = None
        self.domain_events: list[DomainEvent] = []
        self._session: Session | None = None
        self._records: list[Record] = []
        self._held: dict[tuple[type[Record], int], Record] = {}
        self._read: dict[tuple[type[Record], int], Record | None] = {}
        self._entries: list[dict[str, Any]] = []
        self._followers = copies.CopyUpdates()
        self._differences = counters.CounterDeltas()

    @property
    def session(self) -> Session:
        """A session of the ORM in this transaction, for rare queries; pending changes are written first."""
        self._store()
        if self._session is None:
            self._session = Session(
                self.connection, expire_on_commit=False, join_transaction_mode="rollback_only"
            )
            for record in self._records:
                mapper.attached(self._session, record)
        return self._session

    def close(self) -> None:
        """Close the session of the ORM; the transaction ends by itself."""
        if self._session is not None:
            self._session.close()

    def texts(self) -> list[str]:
        """The texts of the loaded records: an exception may quote them, shown on a screen or not."""
        session = self._session
        others = [] if session is None else [*session.identity_map.values(), *session.new]
        at_hand = [each for each in (*self._records, *others) if isinstance(each, Record)]
        return [value for record in at_hand for value in vars(record).values() if type(value) is str]

    def require(self, action: Action | None = None, *, owner_id: Owner | None = None) -> None:
        """Raise :class:`Forbidden` unless the actor may; ``owner_id`` is the owner of the record, or several.

        Leave ``owner_id`` out if there is no record yet, or if the rule does not depend on the owner.
        """
        owners = owner_id if isinstance(owner_id, frozenset) else {owner_id}
        owns = owner_id is None or self.actor.id in owners
        rights.require(self.actor.department, action or self.action, owns=owns)

    def owner_of(self, record: Record, action: Action | None = None) -> Owner | None:
        """The id of the record's owner under an action; by default, that of this transaction.

        A record that has no owner of its own has that of its parent.
        """
        record_type = record_types.of_record(record)
        owner = record_type.owner(record, action or self.action)
        if owner is not None or record_type.parent is None:
            return owner
        model = record_types.of_kind(record_type.parent.kind).model
        parent = self.get_even_trashed(model, getattr(record, record_type.parent.link))
        return self.owner_of(parent, action)

    def exact(self, amount: Decimal, field: str) -> Decimal:
        """The amount with the decimals of the CRM's currency. Raises :class:`Invalid` if it has more."""
        return check_decimals(amount, field, self.crm.shared.currency)

    def get(self, model: type[Model], record_id: int, version: int | None = None) -> Model:
        """The record, locked until the end of the transaction.

        Raises :class:`NotFound` (also for a trashed record) and, if a ``version`` is given and the
        record has moved on since, :class:`Conflict`.
        """
        record = self.get_even_trashed(model, record_id)
        if isinstance(record, Trashable) and record.deleted_at is not None:
            raise record_types.not_found(record_types.of_model(model).kind, record_id)
        if version is not None and version != record.version:
            changes = audit_trail.changes_since(self.session, record, version)
            raise Conflict(record_types.of_model(model).kind, record_id, record.version, changes)
        return record

    def get_even_trashed(self, model: type[Model], record_id: int) -> Model:
        """The record, locked, also from the trash. Raises :class:`NotFound`."""
        held = self._held.get((model, record_id))
        if held is None:
            held = self._hold(model, record_id)
        assert isinstance(held, model)  # noqa: S101 - kept under its model
        return held

    def _hold(self, model: type[Record], record_id: int) -> Record:
        record_types.of_model(model).lock_first(self, record_id)
        found = locking.lock_record(self.connection, model, record_id) if is_record_id(record_id) else []
        if not found:
            raise record_types.not_found(record_types.of_model(model).kind, record_id)
        held, *_above = [self._keep(record) for record in found]
        return held

    def _keep(self, record: Record) -> Record:
        # A record that is loaded already may have been changed in this transaction.
        key = type(record), record.id or 0
        if key not in self._held:
            known = record if self._session is None else mapper.attached(self._session, record)
            self._held[key] = known
            self._records.append(known)
        return self._held[key]

    def find(self, model: type[Model], record_id: int) -> Model | None:
        """The record as this transaction has it, without a lock of its own; only to look at."""
        key = model, record_id
        if key in self._held:
            return cast("Model", self._held[key])
        if key not in self._read:
            self._read[key] = mapper.find_record(self.connection, model, record_id)
        return cast("Model | None", self._read[key])

    def create(self, record: Model) -> Model:
        """Write a new record."""
        self.create_all([record])
        return record

    def create_all(self, records: Sequence[Record]) -> None:
        """Write new records of one kind together."""
        for record in records:
            record.created_at = record.updated_at = self.now
            self._records.append(record)
            self._complete(record)
            # With an id, which is one of its words: the next record reserves the one after it.
            if record.id is not None and inspect(record).transient:
                mapper.add(self.connection, record)
        mapper.add_all(self.connection, [record for record in records if record.id is None])
        mapper.save(self.connection, records)
        for record in records:
            if self._session is not None:
                mapper.attached(self._session, record)
            self._differences.note({}, counters.contribution_of(record, self.find))
            changes = audit_trail.initial_values(record)
            self.log(record, Operation.CREATED, changes)
            record_types.of_record(record).after_write(self, record, changes)

    def change(
        self, record: Model, values: dict[str, Any], operation: Operation = Operation.UPDATED
    ) -> audit_trail.Changes:
        """Set the fields of a record, and return the changed ones. Without a change nothing is written."""
        changes = self._alter(record, values)
        if changes:
            mapper.save(self.connection, [record])
            self.log(record, operation, changes)
            record_types.of_record(record).after_write(self, record, changes)
        return changes

    def move(self, record: Record, values: dict[str, Any]) -> None:
        """Set fields that follow from another record, without a new version; the journal tells of it.

        The action must be one of ``moved_by`` of the record's kind.
        """
        for name, value in values.items():
            setattr(record, name, value)
        changes = audit_trail.pending_changes(record)
        if changes:
            self._complete(record)
            self.log(record, Operation.UPDATED, changes)

    def change_all(self, changed: Iterable[Record], values: dict[str, Any]) -> None:
        """Set the same fields of many records, which are written together."""
        altered = [(record, self._alter(record, values)) for record in changed]
        mapper.save(self.connection, [record for record, _ in altered])
        for record, changes in altered:
            if changes:
                self.log(record, Operation.UPDATED, changes)
                record_types.of_record(record).after_write(self, record, changes)

    def _alter(self, record: Record, values: dict[str, Any]) -> audit_trail.Changes:
        share = counters.contribution_of(record, self.find)
        for name, value in values.items():
            setattr(record, name, value)
        changes = audit_trail.pending_changes(record)
        if changes:
            self._complete(record)
            record.version += 1
            record.updated_at = self.now
            self._differences.note(share, counters.contribution_of(record, self.find))
        return changes

    def delete(self, record: Record) -> None:
        """Remove a record for good; its values stay in the journal."""
        changes = {name: [new, None] for name, (_, new) in audit_trail.initial_values(record).items()}
        self.log(record, Operation.DELETED, changes)
        self._differences.note(counters.contribution_of(record, self.find), {})
        session = self.session
        session.delete(record)
        session.flush()
        self._records = [each for each in self._records if each is not record]

    def settle(self) -> None:
        """Write the pending changes, then update copies and counters in other records."""
        self._store()
        self._followers.apply(self.connection, self._differences)
        self._differences.apply(self.connection)

    def _store(self) -> None:
        if self._session is not None:
            self._session.flush()
        mapper.save(self.connection, self._records)
        entries, self._entries = self._entries, []
        audit_trail.write(self.connection, entries)

    def _complete(self, record: Record) -> None:
        computed_columns.refresh(record, self.crm.shared.phone_region)
        self._followers.note(record)
        copies.set_copies(self.connection, self.find, record)

    def log(self, record: Record, operation: Operation, changes: audit_trail.Changes) -> None:
        """Leave the audit entry of a write, and publish it after the commit."""
        assert record.id is not None  # noqa: S101 - flushed before
        kind = record_types.of_record(record).kind
        self._entries.append({
            "batch": self.batch, "at": self.now, "actor_id": self.actor.id,
            "actor_username": self.actor.username, "action": self.action.value, "kind": kind,
            "record_id": record.id, "operation": operation, "changes": changes, "undoes": self.undoes,
        })  # fmt: skip
        self.domain_events.append(
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
def reading(crm: Crm, actor: Actor, action: Action = Action.RECORD_READ) -> Iterator[ReadContext]:
    """A read-only transaction. Raises :class:`NotSignedIn` and :class:`Forbidden`."""
    fresh = actor
    try:
        with crm.database.read() as connection:
            row = connection.execute(session_rows.OWNER, {"session_id": actor.session_id}).first()
            fresh, is_too_long, now = _fresh(crm, row, actor)
            if is_too_long:
                with crm.database.write() as change:
                    session_rows.shorten(change, actor.session_id)
            rights.require(fresh.department, action)
            yield ReadContext(connection, fresh, now)
    except Forbidden as error:
        crm.bus.publish(PermissionRefused(fresh, error.rule))
        raise


@contextmanager
def writing(crm: Crm, actor: Actor, action: Action) -> Iterator[UnitOfWork]:
    """A transaction for one action; commits at the end, rolls back whole when anything raises.

    Raises :class:`NotSignedIn`; integrity errors become :class:`Duplicate` or the error of the constraint,
    and :class:`ConstraintBroken` if no input can have caused them.
    """
    fresh = actor
    try:
        with monitoring.span("service", action.value), crm.database.write() as connection:
            known = {"session_id": actor.session_id}
            row = locking.lock_team(crm.database, connection, action, session_rows.OWNER, known)
            fresh, is_too_long, now = _fresh(crm, row, actor)
            if is_too_long:
                session_rows.shorten(connection, actor.session_id)
            work = UnitOfWork(crm, connection, fresh, action, now)
            try:
                yield work
                work.settle()
            except Exception:
                value_redaction.remember(work.texts())
                raise
            finally:
                work.close()
    except Forbidden as error:
        crm.bus.publish(PermissionRefused(fresh, error.rule))
        raise
    except IntegrityError as error:
        table, constraint, refusal = violation(error)
        crm.bus.publish(IntegrityViolated(table, constraint, action.value, error.__traceback__))
        # From None: the database's own error quotes the row, and with it typed values.
        raise refusal from None
    for event in work.domain_events:
        crm.bus.publish(event)


def _fresh(crm: Crm, row: Sequence[Any] | None, actor: Actor) -> tuple[Actor, bool, datetime]:
    """The actor as the database has them, whether the session is to be shortened, and the moment."""
    if row is None or row[0] != actor.id:
        raise NotSignedIn
    _, username, first_name, last_name, department, is_too_long, now, *settings = row
    crm.database.clock.learn(now)
    if tuple(settings) != crm.shared_row and (known := shared_values.from_row(settings)) is not None:
        crm.learn(known)
    fresh = Actor(actor.id, username, f"{first_name} {last_name}", department, actor.session_id)
    return fresh, is_too_long, now
