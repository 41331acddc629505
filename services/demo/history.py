"""The history of the sample records, kept as writes in any order.

Replaying the writes in chronological order yields the current records and their audit entries.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any, Final
from uuid import UUID

from models.enums import Operation, RecordKind
from models.tables import AuditEntry, Collaborator, Record
from services import audit_trail, record_types
from services.denormalized import computed_columns
from services.rights import Action

PENDING: Final = 0
"""The value of a foreign key until the replay sets it: the other record has no id before that."""


@dataclass(frozen=True)
class Step:
    """One write to one record. The replay replaces each record among the ``values`` by its id."""

    at: datetime
    actor: Collaborator
    action: Action
    record: Record
    operation: Operation
    values: dict[str, Any]
    batch: str


@dataclass
class History:
    """The steps in any order.

    ``first_ids`` is the first generated id of each kind. ``unit`` is the smallest amount of the currency, to
    which all amounts are rounded.
    """

    rng: Random
    first_ids: dict[RecordKind, int]
    unit: Decimal = Decimal("0.01")
    steps: list[Step] = field(default_factory=list)

    def create(
        self,
        actor: Collaborator,
        at: datetime,
        action: Action,
        record: Record,
        batch: str = "",
        **links: Record,
    ) -> None:
        """Add the creation of a record; ``links`` are its foreign keys."""
        self._add_step(actor, at, action, record, Operation.CREATED, dict(links), batch)

    def change(
        self,
        actor: Collaborator,
        at: datetime,
        action: Action,
        record: Record,
        batch: str = "",
        **values: Any,
    ) -> None:
        """Add a change of fields of a record."""
        self._add_step(actor, at, action, record, Operation.UPDATED, values, batch)

    def trash(self, actor: Collaborator, at: datetime, action: Action, record: Record) -> None:
        """Add the trashing of a record."""
        values = {"deleted_at": at.astimezone(UTC)}
        self._add_step(actor, at, action, record, Operation.TRASHED, values, "")

    def new_batch(self) -> str:
        """A new batch id, which the writes of one transaction share."""
        return UUID(int=self.rng.getrandbits(128), version=4).hex

    def _add_step(
        self,
        actor: Collaborator,
        at: datetime,
        action: Action,
        record: Record,
        operation: Operation,
        values: dict[str, Any],
        batch: str,
    ) -> None:
        _round_amounts(record, values, self.unit)
        batch = batch or self.new_batch()
        self.steps.append(Step(at.astimezone(UTC), actor, action, record, operation, values, batch))

    def replay(self, phone_region: str) -> tuple[list[Record], list[AuditEntry]]:
        """Replay the steps by time. Return the records, numbered by creation, and their audit entries."""
        next_ids = {kind: count(self.first_ids.get(kind, 1)) for kind in RecordKind}
        records: list[Record] = []
        entries: list[AuditEntry] = []
        for number, step in enumerate(sorted(self.steps, key=lambda step: step.at), start=1):
            values = {
                name: value.id if isinstance(value, Record) else value for name, value in step.values.items()
            }
            if step.operation is Operation.CREATED:
                records.append(step.record)
                step.record.id = step.record.id or next(next_ids[record_types.of_record(step.record).kind])
                changes = _apply_creation(step, values)
            else:
                changes = _apply_change(step, values)
            entries.append(_audit_entry(number, step, changes))
        for record in records:
            computed_columns.refresh(record, phone_region)
        return records, entries


def _round_amounts(record: Record, values: dict[str, Any], unit: Decimal) -> None:
    for fields in (vars(record), values):
        for name, value in fields.items():
            if isinstance(value, Decimal):
                fields[name] = value.quantize(unit)


def _apply_creation(step: Step, links: dict[str, Any]) -> audit_trail.Changes:
    record = step.record
    for name, value in links.items():
        setattr(record, name, value)
    record.created_at = record.updated_at = step.at
    return audit_trail.initial_values(record)


def _apply_change(step: Step, values: dict[str, Any]) -> audit_trail.Changes:
    record = step.record
    changes: audit_trail.Changes = {}
    for name, value in values.items():
        changes[name] = [audit_trail.to_json(getattr(record, name)), audit_trail.to_json(value)]
        setattr(record, name, value)
    record.version += 1
    record.updated_at = step.at
    return changes


def _audit_entry(number: int, step: Step, changes: audit_trail.Changes) -> AuditEntry:
    assert step.record.id is not None  # noqa: S101 - created in an earlier step
    return AuditEntry(
        id=number,
        batch=step.batch,
        at=step.at,
        actor_id=step.actor.id,
        actor_username=step.actor.username,
        action=step.action.value,
        kind=record_types.of_record(step.record).kind,
        record_id=step.record.id,
        operation=step.operation,
        changes=changes,
    )
