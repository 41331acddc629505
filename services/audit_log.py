"""The audit log, called "Journal" on the screens: reading its entries, for Gestion."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    SQLColumnExpression,
    String,
    case,
    cast,
    func,
    literal_column,
    select,
)

from models.enums import Operation, RecordKind
from models.read_models import JournalEntry, ReadableEntry, contract_number
from models.search_words import Term
from models.tables import AuditEntry, Collaborator, table_of
from services import journal_search, record_types
from services.actor import Actor
from services.change_texts import pair_text
from services.crm import Crm
from services.i18n import N_, _
from services.labels import OPERATIONS, action_label, field_label, record_title
from services.lists import filter_fields
from services.lists.filter_fields import Option
from services.lists.spec import PARENT, FilterSpec, ListSpec
from services.record_names import Names, names_of, referred
from services.record_types import Naming, RecordType
from services.rights import Action
from services.unit_of_work import reading


def readable(crm: Crm, actor: Actor, entries: Sequence[JournalEntry]) -> list[ReadableEntry]:
    """Entries as people read them, names for ids. Raises :class:`Forbidden`."""
    names = names_in(crm, actor, entries)
    return [
        ReadableEntry(
            entry.id, entry.at, entry.actor_name or entry.actor,
            action_label(entry.kind, entry.action, entry.operation),
            record_title(entry.kind, entry.record_id, entry.record_name), entry.record_id,
            _(OPERATIONS[entry.operation]), changes_of(entry, names),
        )
        for entry in entries
    ]  # fmt: skip


def changes_of(entry: JournalEntry, names: Names) -> list[tuple[str, str]]:
    """The label of each field of an entry, with its old and new value as text."""
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
_person = table_of(Collaborator).c


def _changes(columns: Mapping[str, Sequence[Any]]) -> Sequence[dict[str, tuple[object, object]]]:
    return [{name: (old, new) for name, (old, new) in each.items()} for each in columns["changes"]]


def _record_names(columns: Mapping[str, Sequence[Any]]) -> Sequence[str]:
    names, numbers, made = (columns[name] for name in ("own_name", "contract_number_of", "contract_made"))
    return [
        contract_number(number, moment) if number and moment else name or ""
        for name, number, moment in zip(names, numbers, made, strict=True)
    ]


def _lookup(column: Any, *conditions: Any) -> Any:
    """A value of another table. No order uses it, so it is looked up only for the entries of one page."""
    return select(column).where(*conditions).correlate(table_of(AuditEntry)).scalar_subquery()


def _names(types: Sequence[RecordType[Any]]) -> Sequence[ColumnElement[Any]]:
    """The names of the people and of the records, or the two parts of a number; see :class:`Naming`."""
    named = [each for record_type in types if (each := _naming(record_type)) is not None]
    texts = [(kind, _lookup(naming.text, *found)) for kind, naming, found in named if naming.text is not None]
    numbered = [(kind, naming, found) for kind, naming, found in named if naming.created is not None]
    full_name = _person.first_name + " " + _person.last_name
    return (
        func.coalesce(_lookup(full_name, _person.id == _entry.actor_id), "").label("actor_name"),
        _of_kind(texts).label("own_name"),
        _of_kind([(kind, _lookup(naming.key, *found)) for kind, naming, found in numbered])
        .label("contract_number_of"),
        _of_kind([(kind, _lookup(naming.created, *found)) for kind, naming, found in numbered])
        .label("contract_made"),
    )  # fmt: skip


def _naming(record_type: RecordType[Any]) -> tuple[RecordKind, Naming, Sequence[ColumnElement[bool]]] | None:
    """How the records of a kind are named, and the condition that finds the name for an entry."""
    if record_type.naming is not None:
        return record_type.kind, record_type.naming, (record_type.naming.key == _entry.record_id,)
    if record_type.parent is None or (above := record_types.of_kind(record_type.parent.kind).naming) is None:
        return None
    own = table_of(record_type.model).c
    return record_type.kind, above, (own.id == _entry.record_id, above.key == own[record_type.parent.link])


def _of_kind(values: Sequence[tuple[RecordKind, Any]]) -> ColumnElement[Any]:
    return case(*((_entry.kind == kind, value) for kind, value in values))


def _record_filter(kind: RecordKind) -> FilterSpec:
    return FilterSpec(rest=(_entry.kind == kind, _entry.record_id == PARENT))


def _words(*columns: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    """The words of some columns of plain ASCII, each with a space before it."""
    text: SQLColumnExpression[str] = literal_column("''")
    for column in columns:
        text = text + " " + func.lower(column)
    for sign in "._-":
        text = func.replace(text, sign, " ")
    return text


def _find(connection: Connection, terms: Sequence[Term]) -> list[ColumnElement[bool]]:
    own = _words(_entry.actor_username, _entry.action, cast(_entry.record_id, String))
    return journal_search.conditions(connection, terms, own)


def listing() -> ListSpec[JournalEntry]:
    """The list of the entries, with the names of the records of every kind."""
    return _listing(record_types.all_types())


@lru_cache(maxsize=1)
def _listing(types: Sequence[RecordType[Any]]) -> ListSpec[JournalEntry]:
    return ListSpec(
        record=JournalEntry,
        table=table_of(AuditEntry),
        select=select(
            _entry.id, _entry.at, _entry.actor_username.label("actor"),
            _entry.action, _entry.kind, _entry.record_id, _entry.operation,
            _entry.changes, *_names(types),
        ),
        key=_entry.id,
        computed={"changes": _changes, "record_name": _record_names},
        finds=_find,
        parents={each.kind: _record_filter(each.kind) for each in types},
        fields={
            "at": filter_fields.moment(N_("Date"), _entry.at),
            "author": filter_fields.person(
                N_("Author"), _entry.actor_id, index="ix_audit_entry_actor", is_nullable=True
            ),
            "kind": filter_fields.choice(
                N_("Record"), _entry.kind, {each.kind.value: Option(each.label) for each in types}
            ),
            "operation": filter_fields.choice(
                N_("Change"), _entry.operation,
                {each.value: Option(label) for each, label in OPERATIONS.items()},
            ),
        },
    )  # fmt: skip
