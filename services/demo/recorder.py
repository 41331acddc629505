"""The history of the sample records as steps in any order.

Replaying the steps in chronological order yields the current records and their audit entries.
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
"""A foreign key that is set when the step is replayed, since the other record has no id before."""


@dataclass(frozen=True)
class Step:
    """One write to one record. A record among the ``values`` means its id, which the replay assigns."""

    at: datetime
    who: Collaborator
    action: Action
    record: Record
    operation: Operation
    values: dict[str, Any]
    batch: str


@dataclass
class Ledger:
    """The recorded steps in any order; ``first_ids`` is the first generated id of each kind.

    ``unit`` is the smallest amount of the currency.
    """

    rng: Random
    first_ids: dict[RecordKind, int]
    unit: Decimal = Decimal("0.01")
    steps: list[Step] = field(default_factory=list)

    def create(
        self,
        who: Collaborator,
        at: datetime,
        action: Action,
        record: Record,
        batch: str = "",
        **links: Record,
    ) -> None:
        """Add the creation of a record; ``links`` are its foreign keys."""
        self._note(who, at, action, record, Operation.CREATED, dict(links), batch)

    def change(
        self, who: Collaborator, at: datetime, action: Action, record: Record, batch: str = "", **values: Any
    ) -> None:
        """Add a change of fields of a record."""
        self._note(who, at, action, record, Operation.UPDATED, values, batch)

    def trash(self, who: Collaborator, at: datetime, action: Action, record: Record) -> None:
        """Add the trashing of a record."""
        values = {"deleted_at": at.astimezone(UTC)}
        self._note(who, at, action, record, Operation.TRASHED, values, "")

    def new_batch(self) -> str:
        """A new batch id, which the writes of one transaction share."""
        return UUID(int=self.rng.getrandbits(128), version=4).hex

    def _note(
        self,
        who: Collaborator,
        at: datetime,
        action: Action,
        record: Record,
        operation: Operation,
        values: dict[str, Any],
        batch: str,
    ) -> None:
        _in_units(record, values, self.unit)
        shared = batch or self.new_batch()
        self.steps.append(Step(at.astimezone(UTC), who, action, record, operation, values, shared))

    def play(self, phone_region: str) -> tuple[list[Record], list[AuditEntry]]:
        """Replay the steps. Return the records, numbered by creation, and the journal, oldest entry first."""
        numbers = {kind: count(self.first_ids.get(kind, 1)) for kind in RecordKind}
        records: list[Record] = []
        entries: list[AuditEntry] = []
        for number, step in enumerate(sorted(self.steps, key=lambda step: step.at), start=1):
            values = {
                name: value.id if isinstance(value, Record) else value for name, value in step.values.items()
            }
            if step.operation is Operation.CREATED:
                records.append(step.record)
                step.record.id = step.record.id or next(numbers[record_types.of_record(step.record).kind])
                changes = _begin(step, values)
            else:
                changes = _alter(step, values)
            entries.append(_entry(number, step, changes))
        for record in records:
            computed_columns.refresh(record, phone_region)
        return records, entries


def _in_units(record: Record, values: dict[str, Any], unit: Decimal) -> None:
    for held in (vars(record), values):
        for name, value in held.items():
            if isinstance(value, Decimal):
                held[name] = value.quantize(unit)


def _begin(step: Step, links: dict[str, Any]) -> audit_trail.Changes:
    record = step.record
    for name, value in links.items():
        setattr(record, name, value)
    record.created_at = record.updated_at = step.at
    return audit_trail.initial_values(record)


def _alter(step: Step, values: dict[str, Any]) -> audit_trail.Changes:
    record = step.record
    changes: audit_trail.Changes = {}
    for name, value in values.items():
        changes[name] = [audit_trail.to_json(getattr(record, name)), audit_trail.to_json(value)]
        setattr(record, name, value)
    record.version += 1
    record.updated_at = step.at
    return changes


def _entry(number: int, step: Step, changes: audit_trail.Changes) -> AuditEntry:
    assert step.record.id is not None  # noqa: S101 - created in an earlier step
    return AuditEntry(
        id=number,
        batch=step.batch,
        at=step.at,
        actor_id=step.who.id,
        actor_username=step.who.username,
        action=step.action.value,
        kind=record_types.of_record(step.record).kind,
        record_id=step.record.id,
        operation=step.operation,
        changes=changes,
    )
