"""Compares reading the stored counts and sums with computing them from all records.

    python -m benchmarks.figures [--clients N] [--database FILE] [--rounds 20] [--no-postgresql]

Both sides answer the same question in SQL, on one connection, in turn. Finally all stored figures of every
client, every collaborator and every kind of record are compared with the computed ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, or_, select, text

from benchmarks.command import run
from benchmarks.data import Data
from benchmarks.measuring import in_turn, timed
from benchmarks.printing import Figure, number, spread
from benchmarks.writers import opened
from services.denormalized import expected_values

AT_LEAST: Final = 500
"""The factor by which a stored figure must be faster."""


@dataclass(frozen=True)
class Question:
    """One question with two queries: on stored figures, and on all records."""

    what: str
    kept: str
    live: str
    has_aim: bool = True


_PAGE: Final = "SELECT * FROM client WHERE deleted_at IS NULL ORDER BY sort_name, id LIMIT 50"

QUESTIONS: Final = (
    Question(
        "how many there are of each kind",
        "SELECT kind, sum(count) FROM total GROUP BY kind",
        "SELECT 'CLIENT', count(*) FROM client WHERE deleted_at IS NULL"
        " UNION ALL SELECT 'CONTRACT', count(*) FROM contract WHERE deleted_at IS NULL"
        " UNION ALL SELECT 'EVENT', count(*) FROM event WHERE deleted_at IS NULL",
    ),
    Question(
        "how many clients each of the team has, and events",
        "SELECT id, client_count, event_count FROM collaborator ORDER BY id LIMIT 50",
        "SELECT collaborator.id, coalesce(c.number, 0), coalesce(e.number, 0) FROM collaborator"
        " LEFT JOIN (SELECT sales_contact_id AS id, count(*) AS number FROM client"
        " WHERE deleted_at IS NULL GROUP BY sales_contact_id) AS c ON c.id = collaborator.id"
        " LEFT JOIN (SELECT support_contact_id AS id, count(*) AS number FROM event"
        " WHERE deleted_at IS NULL GROUP BY support_contact_id) AS e ON e.id = collaborator.id"
        " ORDER BY collaborator.id LIMIT 50",
    ),
    Question(
        "contracts and money of a page of clients",
        f"SELECT id, contract_count, amount_contracted, amount_due FROM ({_PAGE}) AS page",
        "SELECT page.id, count(contract.id), coalesce(sum(contract.total_amount), 0),"
        " coalesce(sum(contract.total_amount - contract.amount_paid), 0)"
        f" FROM ({_PAGE}) AS page"
        " LEFT JOIN contract ON contract.client_id = page.id AND contract.deleted_at IS NULL"
        " GROUP BY page.id",
        has_aim=False,  # an index finds the contracts of fifty clients, so the gain is small
    ),
)


def unequal(connection: Connection) -> int:
    """The number of records and kinds with a stored figure that differs from the computed one."""
    wrong = sum(1 for row in connection.execute(expected_values.totals()) if row.stored != row.expected)
    for table, query in expected_values.FIGURES:
        right = query().subquery()
        names = [column.name for column in right.c if column.name != "id"]
        differ = or_(*(table.c[name].is_distinct_from(right.c[name]) for name in names))
        joined = select(func.count()).select_from(table).join(right, right.c.id == table.c.id)
        wrong += connection.execute(joined.where(differ)).scalar_one()
    return wrong


def measured(url: str, engine: str, rounds: int) -> Iterator[Figure]:
    """Each question, then the number of wrong figures."""
    crm = opened(url)
    with crm.database.read() as connection:
        for question in QUESTIONS:
            kept, counted = text(question.kept), text(question.live)
            found = in_turn(
                rounds,
                {
                    "live": timed(lambda query=counted: connection.execute(query).all()),  # type: ignore[misc]
                    "kept": timed(lambda query=kept: connection.execute(query).all()),  # type: ignore[misc]
                },
            )
            times = found["live"].p50 / found["kept"].p50
            yield Figure(
                f"{question.what}, {engine}", spread(found["live"]), spread(found["kept"]),
                f"1 / {number(times)}", f"≥ {AT_LEAST} × quicker" if question.has_aim else "",
                times >= AT_LEAST if question.has_aim else None,
            )  # fmt: skip
        wrong = unequal(connection)
    crm.close()
    yield Figure(f"figures that differ from live ones, {engine}", "0", f"{wrong}", "", "0", wrong == 0)


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """The figures on both engines."""
    yield from measured(f"sqlite:///{data.many}", "SQLite", rounds)
    if data.postgresql:
        yield from measured(data.many_on_postgresql, "PostgreSQL", rounds)


if __name__ == "__main__":
    run(__doc__, figures, rounds=20)
