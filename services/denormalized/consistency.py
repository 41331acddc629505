"""Check and rebuild of all copies, counters and computed columns.

Use cases keep them up to date with every write. This module serves migrations, bulk fills and
``epicevents check``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, or_, select, update

from services.crm import Crm
from services.denormalized import expected_periods, expected_values, period_figures, team_names
from services.denormalized.expected_values import (
    FIGURES,
    TOTAL,
    WORDS,
    ExpectedColumns,
    ExpectedWords,
    Stale,
)
from services.persistence import sqlite_fts
from services.persistence.locking import TEAM_LOCK

MAX_REPORTED: Final = 1_000
"""The maximum number of reported differences; more of them usually have one common cause."""

# Only the values of these columns are reported: names and search words are personal data.
_SHOWN: Final = frozenset({
    "contract_count", "event_count", "client_count", "amount_contracted", "amount_due", "amount_paid",
    "client_id", "of_client_id", "sales_contact_id", "support_contact_id", "stuck_link",
})  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A column with another value than the expected one.

    ``key`` is the id of the row, the kind of a total, or the kind, owner and day of a figure by period.
    ``stored`` and ``expected`` are numbers or ids; both are empty for columns that hold personal data.
    """

    table: str
    key: int | str
    column: str
    stored: str = ""
    expected: str = ""


def rebuild(connection: Connection) -> None:
    """Recompute sort names, copies, search words and figures. Writes only the values that differ."""
    # The copies repeat names of collaborators and clients, so those are written first.
    collaborators, clients, *others = WORDS
    for words in (collaborators, clients):
        _write_all(connection, words)
    if not team_names.mark(connection):
        team_names.note_change(connection)
    for each in expected_values.COPIES:
        _write(connection, each)
    for words in others:
        _write_all(connection, words)
    rebuild_figures(connection)


def rebuild_figures(connection: Connection) -> None:
    """Recompute counts and sums. Needs the indexes on the foreign keys to be fast."""
    for each in FIGURES:
        _write(connection, each)
    # One row for each kind is enough: a total is the sum over its slots.
    counts = [
        {"kind": row.kind, "slot": 0, "count": row.expected}
        for row in connection.execute(expected_values.totals())
    ]
    connection.execute(delete(TOTAL))
    connection.execute(insert(TOTAL), counts)
    expected_periods.rebuild(connection)


def check(crm: Crm) -> list[Difference]:
    """The first ``MAX_REPORTED`` differences between stored and expected values; empty if there are none."""
    with crm.database.read() as connection:
        return differences(connection)


def repair(crm: Crm) -> list[Difference]:
    """Rebuild all values in one transaction, which blocks other writers. Return the differences before it.

    The word index of SQLite is rebuilt as well.
    """
    with crm.database.write_session() as session:
        crm.database.wait_until_alone(session, TEAM_LOCK)
        connection = session.connection()
        found = differences(connection)
        with sqlite_fts.paused(connection):
            rebuild(connection)
    return found


def differences(connection: Connection) -> list[Difference]:
    """As :func:`check`, on an open connection."""
    return list(islice(_differences(connection), MAX_REPORTED))


def _differences(connection: Connection) -> Iterator[Difference]:
    for each in (*expected_values.COPIES, *FIGURES):
        yield from _compare_columns(connection, each)
    for words in WORDS:
        for batch in words.stale(connection):
            for key, stored, expected in batch:
                wrong = (name for name in expected if stored[name] != expected[name])
                yield from (Difference(words.table.name, key, name) for name in wrong)
    for row in connection.execute(expected_values.totals()):
        if row.stored != row.expected:
            yield Difference(TOTAL.name, row.kind.value, "count", str(row.stored), str(row.expected))
    for row in expected_periods.wrong_figures(connection):
        place = f"{row.kind} {row.owner_id} {row.period}"
        found = {"number": (row.stored, row.expected), "amount": (row.stored_amount, row.expected_amount)}
        for column, (is_kept, wanted) in found.items():
            if is_kept != wanted:
                yield Difference(period_figures.TABLE, place, column, str(is_kept), str(wanted))


def _compare_columns(connection: Connection, each: ExpectedColumns) -> Iterator[Difference]:
    table, query = each
    expected = query().subquery()
    names = [column.name for column in expected.c if column.name != "id"]
    stale = select(
        table.c.id,
        *(table.c[name].label(f"stored_{name}") for name in names),
        *(expected.c[name].label(f"expected_{name}") for name in names),
    ).join(expected, expected.c.id == table.c.id)
    differ = or_(*(table.c[name].is_distinct_from(expected.c[name]) for name in names))
    for row in connection.execute(stale.where(differ).order_by(table.c.id)):
        for name in names:
            stored, wanted = row._mapping[f"stored_{name}"], row._mapping[f"expected_{name}"]
            if stored != wanted:
                shown = (str(stored), str(wanted)) if name in _SHOWN else ()
                yield Difference(table.name, row.id, name, *shown)


def _write(connection: Connection, part: ExpectedColumns) -> None:
    table, query = part
    expected = query().subquery()
    values: dict[str, ColumnElement[Any]] = {
        column.name: column for column in expected.c if column.name != "id"
    }
    differ = or_(*(table.c[name].is_distinct_from(column) for name, column in values.items()))
    connection.execute(update(table).where(table.c.id == expected.c.id, differ).values(values))


def _write_all(connection: Connection, words: ExpectedWords) -> None:
    for batch in words.stale(connection):
        write_words(connection, words, batch)


def write_words(connection: Connection, words: ExpectedWords, batch: Stale) -> None:
    """Write the expected values of a batch of rows."""
    if batch:
        key = words.table.c.id == bindparam("key")
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in batch[0][2]}
        rows = [
            {"key": row_id, **{f"new_{name}": text for name, text in expected.items()}}
            for row_id, _, expected in batch
        ]
        connection.execute(update(words.table).where(key).values(values), rows)
