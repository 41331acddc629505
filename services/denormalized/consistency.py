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
from services.denormalized import expected_values
from services.denormalized.expected_values import FIGURES, TOTAL, WORDS, Live, LiveWords
from services.persistence import sqlite_fts
from services.persistence.locking import TEAM_MATTER

MOST: Final = 1_000
"""The maximum number of reported differences; more of them usually have one common cause."""

# Only the values of these columns are reported: names and search words are personal data.
_SHOWN: Final = frozenset({
    "contract_count", "event_count", "client_count", "amount_contracted", "amount_due", "amount_paid",
    "client_id", "sales_contact_id",
})  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A column with another value than the expected one.

    ``key`` is the id of the row, or the kind of a total. ``kept`` is the stored and ``live`` the expected
    number or id; both are empty for columns that hold personal data.
    """

    table: str
    key: int | str
    column: str
    kept: str = ""
    live: str = ""


def rebuild(connection: Connection) -> None:
    """Recompute sort names, copies, search words and figures. Writes only the values that differ."""
    people, *others = WORDS
    _write_words(connection, people)
    clients, *below = others
    _write_words(connection, clients)
    for each in expected_values.COPIES:
        _write(connection, each)
    for words in below:
        _write_words(connection, words)
    rebuild_figures(connection)


def rebuild_figures(connection: Connection) -> None:
    """Recompute counts and sums. Needs the indexes on the foreign keys to be fast."""
    for each in FIGURES:
        _write(connection, each)
    counts = [
        {"kind": row.kind, "slot": 0, "count": row.live}
        for row in connection.execute(expected_values.totals())
    ]
    connection.execute(delete(TOTAL))
    connection.execute(insert(TOTAL), counts)


def check(crm: Crm) -> list[Difference]:
    """The first ``MOST`` differences between stored and expected values; empty if there are none."""
    with crm.database.read() as connection:
        return differences(connection)


def repair(crm: Crm) -> list[Difference]:
    """Rebuild all of it in one transaction, which blocks other writers. Return the differences before it.

    The word index of SQLite is rebuilt as well.
    """
    with crm.database.write_session() as session:
        crm.database.wait_until_alone(session, TEAM_MATTER)
        connection = session.connection()
        found = differences(connection)
        with sqlite_fts.paused(connection):
            rebuild(connection)
    return found


def differences(connection: Connection) -> list[Difference]:
    """See :func:`check`."""
    return list(islice(_differences(connection), MOST))


def _differences(connection: Connection) -> Iterator[Difference]:
    for each in (*expected_values.COPIES, *FIGURES):
        yield from _compared(connection, each)
    for words in WORDS:
        for batch in words.stale(connection):
            for key, kept, right in batch:
                yield from (
                    Difference(words.table.name, key, name) for name in right if kept[name] != right[name]
                )
    for row in connection.execute(expected_values.totals()):
        if row.kept != row.live:
            yield Difference(TOTAL.name, row.kind.value, "count", str(row.kept), str(row.live))


def _compared(connection: Connection, each: Live) -> Iterator[Difference]:
    table, query = each
    right = query().subquery()
    names = [column.name for column in right.c if column.name != "id"]
    stale = select(
        table.c.id,
        *(table.c[name].label(f"kept_{name}") for name in names),
        *(right.c[name].label(f"live_{name}") for name in names),
    ).join(right, right.c.id == table.c.id)
    differ = or_(*(table.c[name].is_distinct_from(right.c[name]) for name in names))
    for row in connection.execute(stale.where(differ).order_by(table.c.id)):
        for name in names:
            kept, wanted = row._mapping[f"kept_{name}"], row._mapping[f"live_{name}"]
            if kept != wanted:
                shown = (str(kept), str(wanted)) if name in _SHOWN else ()
                yield Difference(table.name, row.id, name, *shown)


def _write(connection: Connection, part: Live) -> None:
    table, query = part
    right = query().subquery()
    values: dict[str, ColumnElement[Any]] = {column.name: column for column in right.c if column.name != "id"}
    differ = or_(*(table.c[name].is_distinct_from(column) for name, column in values.items()))
    connection.execute(update(table).where(table.c.id == right.c.id, differ).values(values))


def _write_words(connection: Connection, words: LiveWords) -> None:
    key = words.table.c.id == bindparam("key")
    for batch in words.stale(connection):
        if batch:
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in batch[0][2]}
            rows = [
                {"key": row_id, **{f"new_{name}": text for name, text in right.items()}}
                for row_id, _, right in batch
            ]
            connection.execute(update(words.table).where(key).values(values), rows)
