"""The expected values of copies, counters, folded names and search words: a query for each table.

``services.denormalized.consistency`` writes these values, or compares them with the stored ones. A query
returns ``id`` and the computed columns under their own names. Python computes the folded names and the words,
since the engines fold text differently, and the stuck links, so that their rule stands in one place; it reads
a table in batches of ids.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import SQLModel

from models.activity_tables import Note, Task
from models.column_types import Money, whole_sum
from models.enums import RecordKind
from models.tables import table_of
from models.text import fold
from models.view_tables import SavedView
from services import record_types, shared_values
from services.denormalized import computed_columns, stuck_links

ExpectedColumns = tuple[Table, Callable[[], Select[*tuple[Any, ...]]]]

_TABLES: Final = SQLModel.metadata.tables
PEOPLE: Final = _TABLES["collaborator"]
CLIENT: Final = _TABLES["client"]
CONTRACT: Final = _TABLES["contract"]
EVENT: Final = _TABLES["event"]
PAYMENT: Final = _TABLES["payment"]
NOTE: Final = table_of(Note)
TASK: Final = table_of(Task)
VIEW: Final = table_of(SavedView)
TOTAL: Final = _TABLES["total"]


def _client_copies() -> Select[*tuple[Any, ...]]:
    return select(
        CLIENT.c.id, PEOPLE.c.sort_name.label("sort_sales_contact"),
        _day(CLIENT.c.last_contact_date).label("sort_last_contact"),
    ).join(PEOPLE, PEOPLE.c.id == CLIENT.c.sales_contact_id)  # fmt: skip


def _contract_copies() -> Select[*tuple[Any, ...]]:
    return (
        select(
            CONTRACT.c.id, CLIENT.c.sales_contact_id, CLIENT.c.sort_name.label("sort_client"),
            PEOPLE.c.sort_name.label("sort_sales_contact"), _REMAINING.label("amount_due"),
            _day(CONTRACT.c.signed_on).label("sort_signed"),
        )
        .join(CLIENT, CLIENT.c.id == CONTRACT.c.client_id)
        .join(PEOPLE, PEOPLE.c.id == CLIENT.c.sales_contact_id)
    )  # fmt: skip


def _event_copies() -> Select[*tuple[Any, ...]]:
    return (
        select(
            EVENT.c.id, CONTRACT.c.client_id, CLIENT.c.sales_contact_id,
            CLIENT.c.sort_name.label("sort_client"),
            func.coalesce(PEOPLE.c.sort_name, "").label("sort_support"),
        )
        .join(CONTRACT, CONTRACT.c.id == EVENT.c.contract_id)
        .join(CLIENT, CLIENT.c.id == CONTRACT.c.client_id)
        .outerjoin(PEOPLE, PEOPLE.c.id == EVENT.c.support_contact_id)
    )  # fmt: skip


def _client_of(table: Table) -> Select[*tuple[Any, ...]]:
    """The client of the record that a note or task is on."""
    client = func.coalesce(table.c.client_id, CONTRACT.c.client_id, EVENT.c.client_id)
    return (
        select(table.c.id, client.label("of_client_id"))
        .outerjoin(CONTRACT, CONTRACT.c.id == table.c.contract_id)
        .outerjoin(EVENT, EVENT.c.id == table.c.event_id)
    )


def _client_figures() -> Select[*tuple[Any, ...]]:
    contracts = (
        select(
            CONTRACT.c.client_id, func.count().label("number"),
            whole_sum(CONTRACT.c.total_amount).label("total"), whole_sum(_REMAINING).label("due"),
        )
        .where(CONTRACT.c.deleted_at.is_(None))
        .group_by(CONTRACT.c.client_id)
        .subquery()
    )  # fmt: skip
    events = (
        select(CONTRACT.c.client_id, func.count().label("number"))
        .join(EVENT, and_(EVENT.c.contract_id == CONTRACT.c.id, EVENT.c.deleted_at.is_(None)))
        .group_by(CONTRACT.c.client_id)
        .subquery()
    )
    return (
        select(
            CLIENT.c.id, _number(contracts.c.number).label("contract_count"),
            _number(events.c.number).label("event_count"),
            _amount(contracts.c.total).label("amount_contracted"),
            _amount(contracts.c.due).label("amount_due"),
        )
        .outerjoin(contracts, contracts.c.client_id == CLIENT.c.id)
        .outerjoin(events, events.c.client_id == CLIENT.c.id)
    )  # fmt: skip


def _collaborator_figures() -> Select[*tuple[Any, ...]]:
    clients = _load(CLIENT, CLIENT.c.sales_contact_id)
    events = _load(EVENT, EVENT.c.support_contact_id)
    return (
        select(
            PEOPLE.c.id, _number(clients.c.number).label("client_count"),
            _number(events.c.number).label("event_count"),
        )
        .outerjoin(clients, clients.c.person == PEOPLE.c.id)
        .outerjoin(events, events.c.person == PEOPLE.c.id)
    )  # fmt: skip


def _load(table: Table, person: ColumnElement[int]) -> Any:
    live = select(person.label("person"), func.count().label("number")).where(table.c.deleted_at.is_(None))
    return live.group_by(person).subquery()


def totals() -> Select[*tuple[Any, ...]]:
    """The number of live records of each kind, beside the stored total."""
    counted = [each for each in record_types.all_types() if not each.is_single]
    counts = union_all(*(_count_of(each.kind, table_of(each.model)) for each in counted)).subquery()
    stored = select(TOTAL.c.kind, whole_sum(TOTAL.c.count).label("number")).group_by(TOTAL.c.kind).subquery()
    return select(
        counts.c.kind, counts.c.number.label("expected"), _number(stored.c.number).label("stored")
    ).join(stored, stored.c.kind == counts.c.kind, isouter=True)


def _count_of(kind: RecordKind, table: Table) -> Select[*tuple[Any, ...]]:
    query = select(literal(kind, TOTAL.c.kind.type).label("kind"), func.count().label("number"))
    query = query.select_from(table)
    return query.where(table.c.deleted_at.is_(None)) if "deleted_at" in table.c else query


def _day(column: ColumnElement[date | None]) -> ColumnElement[date]:
    return func.coalesce(column, date.min)


def _number(column: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(column, 0)


def _amount(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(func.coalesce(column, 0), Money)


def _contract_payments() -> Select[*tuple[Any, ...]]:
    paid = (
        select(PAYMENT.c.contract_id, whole_sum(PAYMENT.c.amount).label("amount"))
        .where(PAYMENT.c.deleted_at.is_(None), PAYMENT.c.cancelled_at.is_(None))
        .group_by(PAYMENT.c.contract_id)
        .subquery()
    )
    return select(CONTRACT.c.id, _amount(paid.c.amount).label("amount_paid")).outerjoin(
        paid, paid.c.contract_id == CONTRACT.c.id
    )


_REMAINING: Final = type_coerce(CONTRACT.c.total_amount - CONTRACT.c.amount_paid, Money)

COPIES: Final[Sequence[ExpectedColumns]] = (
    (CLIENT, _client_copies), (CONTRACT, _contract_payments), (CONTRACT, _contract_copies),
    (EVENT, _event_copies), (NOTE, partial(_client_of, NOTE)), (TASK, partial(_client_of, TASK)),
)  # fmt: skip
"""The queries in the order of writing. The folded names must be written first."""

FIGURES: Final[Sequence[ExpectedColumns]] = ((CLIENT, _client_figures), (PEOPLE, _collaborator_figures))


_BATCH: Final = 2_000

Words = Mapping[str, Any]
AnyRow = Row[*tuple[Any, ...]]
Stale = Sequence[tuple[int, Words, Words]]
"""Rows with wrong values: the id, the stored ones and the expected ones."""


@dataclass(frozen=True)
class ExpectedWords:
    """The words and other values of a table that Python computes from the rows of ``query``.

    ``texts`` computes them with the CRM's time zone, in which the days of moments are.
    """

    table: Table
    query: Select[*tuple[Any, ...]]
    texts: Callable[[AnyRow, tzinfo | None], Words]

    def stale(self, connection: Connection) -> Iterator[Stale]:
        """Yield batches of the rows with wrong values."""
        last: int | None = 0
        while last is not None:
            found, last = self.stale_after(connection, last)
            yield found

    def stale_after(self, connection: Connection, last: int) -> tuple[Stale, int | None]:
        """The batch after an id, and its own last id; ``None`` at the end."""
        key, zone = self.table.c.id, shared_values.zone(connection)
        rows = connection.execute(self.query.order_by(key).limit(_BATCH).where(key > last)).all()
        texts = ((row, self.texts(row, zone)) for row in rows)
        stored = ((row.id, _stored_texts(row, expected), expected) for row, expected in texts)
        return [each for each in stored if each[1] != each[2]], rows[-1].id if rows else None


def _stored_texts(row: AnyRow, names: Iterable[str]) -> Words:
    return {name: getattr(row, name) for name in names}


def _of_collaborator(row: AnyRow, _zone: tzinfo | None) -> Words:
    return {
        "sort_name": computed_columns.collaborator_sort_name(row.first_name, row.last_name),
        "search": computed_columns.collaborator_words(row),
    }


def _of_client(row: AnyRow, _zone: tzinfo | None) -> Words:
    return {
        "sort_name": fold(row.full_name),
        "sort_company": fold(row.company),
        "search": computed_columns.client_words(row),
    }


def _of_contract(row: AnyRow, zone: tzinfo | None) -> Words:
    words = computed_columns.contract_words(row.of_client, row.id, row.created_at, row.signed_on, zone)
    facts = stuck_links.EventFacts(row.over_at, row.unassigned_since, row.unnoted_since, row.support)
    return {"search": words, **stuck_links.values_of(row, facts)}


def _of_event(row: AnyRow, zone: tzinfo | None) -> Words:
    facts = computed_columns.EventFacts(
        row.name, row.location, row.notes, row.starts_at, row.ends_at, row.support_contact_id,
        row.contract_id, row.created_at,
    )  # fmt: skip
    return {
        "sort_name": fold(row.name),
        "search": computed_columns.event_words(facts, row.of_client, zone),
    }


def _of_note(row: AnyRow, zone: tzinfo | None) -> Words:
    return {
        "summary": computed_columns.note_summary(row.text),
        "search": computed_columns.note_words(row.text, row.at, zone),
    }


def _of_task(row: AnyRow, _zone: tzinfo | None) -> Words:
    return {
        "sort_title": fold(row.title),
        "sort_due": computed_columns.sort_due(row.due_on, row.due_time),
        "search": computed_columns.task_words(row.title, row.due_on),
    }


def _of_view(row: AnyRow, _zone: tzinfo | None) -> Words:
    return {"name_key": fold(row.name)}


WORDS: Final = (
    ExpectedWords(PEOPLE, select(PEOPLE), _of_collaborator),
    ExpectedWords(CLIENT, select(CLIENT), _of_client),
    ExpectedWords(
        CONTRACT,
        select(
            CONTRACT.c.id, CONTRACT.c.search, CONTRACT.c.created_at, CLIENT.c.search.label("of_client"),
            CONTRACT.c.signed_on, CONTRACT.c.amount_due, *(CONTRACT.c[name] for name in stuck_links.COLUMNS),
            *stuck_links.facts_columns(CONTRACT.c.id),
        ).join(CLIENT, CLIENT.c.id == CONTRACT.c.client_id),
        _of_contract,
    ),
    ExpectedWords(
        EVENT,
        select(
            EVENT.c.id, EVENT.c.name, EVENT.c.location, EVENT.c.contract_id, EVENT.c.sort_name,
            EVENT.c.search, EVENT.c.notes, EVENT.c.starts_at, EVENT.c.ends_at, EVENT.c.support_contact_id,
            CONTRACT.c.created_at, CLIENT.c.search.label("of_client"),
        )
        .join(CONTRACT, CONTRACT.c.id == EVENT.c.contract_id)
        .join(CLIENT, CLIENT.c.id == CONTRACT.c.client_id),
        _of_event,
    ),
    ExpectedWords(NOTE, select(NOTE.c.id, NOTE.c.text, NOTE.c.at, NOTE.c.summary, NOTE.c.search), _of_note),
    ExpectedWords(TASK, select(TASK), _of_task),
    ExpectedWords(VIEW, select(VIEW.c.id, VIEW.c.name, VIEW.c.name_key), _of_view),
)  # fmt: skip
"""The texts in the order of writing: words of a contract include those of its client."""
