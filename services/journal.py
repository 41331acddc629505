"""The audit journal: who changed what and when, for Gestion."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import SQLColumnExpression, String, cast, func, literal_column, select

from models.enums import RecordKind
from models.shapes_read import JournalEntry
from models.tables import AuditEntry
from services.announcements import Actor
from services.crm import Crm
from services.list_sql import PARENT, Listing, Narrowing, table_of
from services.listing import COUNT_CAP, ListQuery
from services.reads import read_count, read_window
from services.rights import Action


def list_journal(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[JournalEntry]:
    """A window of the journal; ``parent`` narrows it to one record. Raises :class:`Forbidden`."""
    return read_window(crm, actor, LISTING, query, limit, offset, after, Action.JOURNAL_READ)


def count_journal(crm: Crm, actor: Actor, query: ListQuery, cap: int = COUNT_CAP) -> int:
    """How many entries the query has, at most ``cap``. Raises :class:`Forbidden`."""
    return read_count(crm, actor, LISTING, query, cap, Action.JOURNAL_READ)


_entry = table_of(AuditEntry).c


def _changes(columns: Mapping[str, Sequence[Any]]) -> Sequence[dict[str, tuple[object, object]]]:
    return [{name: (old, new) for name, (old, new) in each.items()} for each in columns["changes"]]


def _of(kind: RecordKind) -> Narrowing:
    return Narrowing(rest=(_entry.kind == kind, _entry.record_id == PARENT))


def _words(*columns: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    """The words of some columns of plain ASCII, each with a space before it."""
    text: SQLColumnExpression[str] = literal_column("''")
    for column in columns:
        text = text + " " + func.lower(column)
    for sign in "._-":
        text = func.replace(text, sign, " ")
    return text


LISTING: Final[Listing[JournalEntry]] = Listing(
    record=JournalEntry,
    table=table_of(AuditEntry),
    select=select(
        _entry.id, _entry.at, _entry.actor_username.label("actor"),
        _entry.action, _entry.kind, _entry.record_id, _entry.operation,
        _entry.changes,
    ),
    key=_entry.id,
    computed={"changes": _changes},
    search=_words(
        _entry.actor_username, _entry.action, cast(_entry.record_id, String)
    ),
    parents={kind: _of(kind) for kind in RecordKind},
)  # fmt: skip
