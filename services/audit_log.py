"""The audit log, called "Journal" on the screens: reading its entries, for Gestion."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import SQLColumnExpression, String, case, cast, func, literal_column, select

from models.enums import Operation, RecordKind
from models.read_models import JournalEntry, ReadableEntry, contract_number
from models.tables import AuditEntry, Client, Collaborator, Contract, Event, Payment, table_of
from services.actor import Actor
from services.change_texts import pair_text
from services.crm import Crm
from services.i18n import _
from services.labels import OPERATIONS, action_label, field_label, record_title
from services.lists.engine import read_count, read_window
from services.lists.query import COUNT_CAP, ListQuery
from services.lists.spec import PARENT, FilterSpec, ListSpec
from services.record_names import Names, names_of, referred
from services.rights import Action
from services.unit_of_work import reading


def list_journal(
    crm: Crm, actor: Actor, query: ListQuery, *, limit: int = 50, offset: int = 0, after: int | None = None
) -> list[JournalEntry]:
    """A window of the journal; ``parent`` narrows it to one record. Raises :class:`Forbidden`."""
    return read_window(crm, actor, LISTING, query, limit, offset, after, Action.JOURNAL_READ)


def count_journal(crm: Crm, actor: Actor, query: ListQuery, cap: int = COUNT_CAP) -> int:
    """How many entries the query has, at most ``cap``. Raises :class:`Forbidden`."""
    return read_count(crm, actor, LISTING, query, cap, Action.JOURNAL_READ)


def readable(crm: Crm, actor: Actor, entries: Sequence[JournalEntry]) -> list[ReadableEntry]:
    """Entries as people read them, names for ids. Raises :class:`Forbidden`."""
    names = names_in(crm, actor, entries)
    return [
        ReadableEntry(
            entry.id, entry.at, entry.actor_name or entry.actor,
            action_label(entry.action, entry.operation),
            record_title(entry.kind, entry.record_id, entry.record_name), entry.record_id,
            _(OPERATIONS[entry.operation]), changes_of(entry, names),
        )
        for entry in entries
    ]  # fmt: skip


def changes_of(entry: JournalEntry, names: Names) -> list[tuple[str, str]]:
    """The label of each field of an entry, and what it was and is."""
    created = entry.operation is Operation.CREATED
    return [
        (field_label(field), pair_text(field, old, new, names, created=created))
        for field, (old, new) in entry.changes.items()
    ]


def names_in(crm: Crm, actor: Actor, entries: Sequence[JournalEntry]) -> Names:
    """The names of the records that the values of entries name by id. Raises :class:`Forbidden`."""
    values = [(field, value) for entry in entries for field, pair in entry.changes.items() for value in pair]
    with reading(crm, actor, Action.JOURNAL_READ) as work:
        return names_of(work.connection, referred(values))


_entry = table_of(AuditEntry).c
_client, _contract, _payment = table_of(Client).c, table_of(Contract).c, table_of(Payment).c
_event, _person = table_of(Event).c, table_of(Collaborator).c


def _changes(columns: Mapping[str, Sequence[Any]]) -> Sequence[dict[str, tuple[object, object]]]:
    return [{name: (old, new) for name, (old, new) in each.items()} for each in columns["changes"]]


def _record_names(columns: Mapping[str, Sequence[Any]]) -> Sequence[str]:
    names, numbers, made = (columns[name] for name in ("own_name", "contract_number_of", "contract_made"))
    return [
        contract_number(number, moment) if number and moment else name or ""
        for name, number, moment in zip(names, numbers, made, strict=True)
    ]


def _one(column: Any, *conditions: Any) -> Any:
    """A value of another table for each entry: of those of one page, since it is no part of the order."""
    return select(column).where(*conditions).correlate(table_of(AuditEntry)).scalar_subquery()


_full_name = _person.first_name + " " + _person.last_name
_IS_PAYMENT = _entry.kind == RecordKind.PAYMENT
_OF_PAYMENT = (_payment.id == _entry.record_id, _contract.id == _payment.contract_id)
_NAMES: Final = (
    func.coalesce(_one(_full_name, _person.id == _entry.actor_id), "").label("actor_name"),
    case(
        (_entry.kind == RecordKind.CLIENT, _one(_client.full_name, _client.id == _entry.record_id)),
        (_entry.kind == RecordKind.EVENT, _one(_event.name, _event.id == _entry.record_id)),
        (_entry.kind == RecordKind.COLLABORATOR, _one(_full_name, _person.id == _entry.record_id)),
    ).label("own_name"),
    case(
        (_entry.kind == RecordKind.CONTRACT, _entry.record_id),
        (_IS_PAYMENT, _one(_contract.id, *_OF_PAYMENT)),
    ).label("contract_number_of"),
    case(
        (_entry.kind == RecordKind.CONTRACT, _one(_contract.created_at, _contract.id == _entry.record_id)),
        (_IS_PAYMENT, _one(_contract.created_at, *_OF_PAYMENT)),
    ).label("contract_made"),
)  # fmt: skip


def _of(kind: RecordKind) -> FilterSpec:
    return FilterSpec(rest=(_entry.kind == kind, _entry.record_id == PARENT))


def _words(*columns: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    """The words of some columns of plain ASCII, each with a space before it."""
    text: SQLColumnExpression[str] = literal_column("''")
    for column in columns:
        text = text + " " + func.lower(column)
    for sign in "._-":
        text = func.replace(text, sign, " ")
    return text


LISTING: Final[ListSpec[JournalEntry]] = ListSpec(
    record=JournalEntry,
    table=table_of(AuditEntry),
    select=select(
        _entry.id, _entry.at, _entry.actor_username.label("actor"),
        _entry.action, _entry.kind, _entry.record_id, _entry.operation,
        _entry.changes, *_NAMES,
    ),
    key=_entry.id,
    computed={"changes": _changes, "record_name": _record_names},
    search=_words(
        _entry.actor_username, _entry.action, cast(_entry.record_id, String)
    ),
    parents={kind: _of(kind) for kind in RecordKind},
)  # fmt: skip
