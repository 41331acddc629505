"""Writing audit entries: the changes of a write, field by field, in a form that undo can take back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Date, Enum, Select, bindparam, insert, inspect, select
from sqlmodel import Session, col

from models.column_types import Money, UtcDateTime
from models.enums import RecordKind
from models.tables import AuditEntry, Record, table_of
from services import record_types
from services.errors import FieldChange
from services.persistence import mapper, prepared
from services.record_names import Names, names_of, referred

# These fields are secret or describe the row. Derived fields are not audited either.
_NOT_AUDITED: Final = frozenset({
    "id", "version", "created_at", "updated_at", "password_hash", "last_login_at", "failures_counted_from",
})  # fmt: skip

_columns = table_of(AuditEntry).c
# Inline: the id of an entry is not needed.
_ADD: Final = insert(table_of(AuditEntry)).inline().values({
    column: bindparam(column.name, type_=column.type)
    for column in _columns if column.name not in ("id", "txid")
})  # fmt: skip

Changes = dict[str, list[object]]


def initial_values(record: Record) -> Changes:
    """Every audited field of a new record, from nothing to its value; empty fields are left out."""
    values = ((name, getattr(record, name)) for name in _audited(type(record)))
    return {name: [None, to_json(value)] for name, value in values if value not in (None, "")}


def pending_changes(record: Record) -> Changes:
    """The old and new values of the audited fields that were set and are not written yet."""
    before = mapper.unsaved(record)
    names = [name for name in _audited(type(record)) if name in before] if before else ()
    return {name: [to_json(before[name]), to_json(getattr(record, name))] for name in names}


@cache
def _audited(model: type[Record]) -> Sequence[str]:
    left_out = _NOT_AUDITED | record_types.of_model(model).derived
    return [name for name in inspect(model).columns.keys() if name not in left_out]  # noqa: SIM118


def to_json(value: object) -> object:
    """A value as the journal keeps it: exact, and readable without this program."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def from_json(model: type[Record], field: str, value: Any) -> Any:
    """The value that :func:`to_json` was given, by the type of the field's column."""
    if value is None:
        return None
    column_type = inspect(model).columns[field].type
    if isinstance(column_type, Money):
        return Decimal(value)
    if isinstance(column_type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column_type, Date):
        return date.fromisoformat(value)
    if isinstance(column_type, Enum) and column_type.enum_class is not None:
        return column_type.enum_class(value)
    return value


def is_same(model: type[Record], field: str, kept: object, value: object) -> bool:
    """Whether a value of the journal is the one that a record has now; ``1234.00`` equals ``1234``."""
    return bool(from_json(model, field, kept) == value)


def write(connection: Connection, entries: Sequence[Mapping[str, Any]]) -> None:
    """Add entries to the journal, each with a value for every column that the database does not fill."""
    prepared.run_all(connection, _ADD, entries)


def latest_changes(session: Session, record: Record, fields: Iterable[str]) -> list[FieldChange]:
    """The newest change of each of these fields of a record."""
    entries = session.scalars(_history(record)).all()
    newest: dict[str, tuple[AuditEntry, str]] = {}
    for entry in entries:
        for name in entry.changes:
            if name in fields:
                newest.setdefault(name, (entry, name))
    return _describe_changes(session, list(newest.values()))


def _history(record: Record) -> Select[AuditEntry]:
    about = (col(AuditEntry.kind) == record_types.of_record(record).kind) & (
        col(AuditEntry.record_id) == record.id
    )
    return select(AuditEntry).where(about).order_by(col(AuditEntry.id).desc())


def _versions(record: Record) -> Select[AuditEntry]:
    """The history without the entries that made no version."""
    moved_by = record_types.of_record(record).moved_by
    history = _history(record)
    return history.where(col(AuditEntry.action).not_in(moved_by)) if moved_by else history


def changes_since(session: Session, record: Record, version: int) -> list[FieldChange]:
    """Who changed which field of a record after its ``version``, oldest first."""
    newer = max(record.version - version, 0)
    entries = session.scalars(_versions(record).limit(newer)).all()
    return _describe_changes(
        session, [(entry, name) for entry in reversed(entries) for name in entry.changes]
    )


def _describe_changes(session: Session, changed: Sequence[tuple[AuditEntry, str]]) -> list[FieldChange]:
    """The fields that entries changed, with the names of the authors and of the records in the values."""
    people = [(RecordKind.COLLABORATOR, entry.actor_id) for entry, _ in changed if entry.actor_id is not None]
    values = [(name, value) for entry, name in changed for value in entry.changes[name]]
    names = names_of(session.connection(), [*people, *referred(values)])
    return [_change(entry, name, names) for entry, name in changed]


def _change(entry: AuditEntry, field: str, names: Names) -> FieldChange:
    old, new = entry.changes[field]
    who = names.get((RecordKind.COLLABORATOR, entry.actor_id or 0), "")
    return FieldChange(field, old, new, entry.actor_username, entry.at, who, names)
