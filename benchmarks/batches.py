"""500 clients created in one transaction on SQLite, beside the same statements through the driver, in turn.

    python -m benchmarks.batches [--clients N] [--database FILE] [--rounds 9]

Each client has its words, its journal entry and its part in the counters, as one from the form. A third copy
of the database creates each batch first; the driver repeats the statements that were sent there.
"""

from collections.abc import Iterator
from time import perf_counter
from typing import Any, Final

from sqlalchemy import event

from benchmarks.command import run
from benchmarks.data import Data
from benchmarks.list_pages import somebody
from benchmarks.measuring import Series
from benchmarks.printing import Figure, number
from benchmarks.writers import Statement, opened
from models.enums import Department
from models.tables import Client
from services.actor import Actor
from services.crm import Crm
from services.denormalized import consistency
from services.persistence import mapper
from services.rights import Action
from services.unit_of_work import writing

BATCH: Final = 500
AT_LEAST: Final = 4_000
"""Rows a second."""


def create(crm: Crm, actor: Actor, first: int) -> None:
    """A batch of clients, numbered from ``first`` on."""
    with writing(crm, actor, Action.CLIENT_CREATE) as work:
        work.create_all([mapper.new(Client, values_of(actor, each)) for each in range(first, first + BATCH)])


def values_of(actor: Actor, number: int) -> dict[str, object]:
    """What a person would type for a client."""
    return {
        "full_name": f"Élodie Œuvrard {number}", "company": f"Ateliers Dupont {number}",
        "email": f"elodie.{number}@dupont.example", "phone": f"+33 6 12 {number:06}",
        "sales_contact_id": actor.id,
    }  # fmt: skip


def statements_of(crm: Crm, actor: Actor, first: int) -> list[Statement]:
    """The statements that create a batch, without those that begin and end its transaction."""
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        if not sql.startswith("BEGIN"):
            # One statement with the values of several rows has them in one tuple.
            found.append((sql, values, many and isinstance(values, list)))

    event.listen(crm.database.engine, "before_cursor_execute", note)
    create(crm, actor, first)
    event.remove(crm.database.engine, "before_cursor_execute", note)
    return found


def create_raw(driver: Any, statements: list[Statement]) -> None:
    """A batch through the driver."""
    cursor = driver.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    for sql, values, many in statements:
        (cursor.executemany if many else cursor.execute)(sql, values)
    driver.commit()


def figures(data: Data, rounds: int) -> Iterator[Figure]:
    """Rows a second, and whether all that is kept beside the clients is right."""
    ours, theirs, noting = (opened(f"sqlite:///{data.copy(data.few)}") for _ in range(3))
    # Each copy has the same sessions, so that all batches have the same ids.
    actor, _, note_actor = (somebody(crm, Department.COMMERCIAL) for crm in (ours, theirs, noting))
    rates, raw_rates = Series(), Series()
    driver: Any = theirs.database.engine.raw_connection().driver_connection
    for turn in range(rounds + 1):
        first = turn * BATCH
        statements = statements_of(noting, note_actor, first)
        began = perf_counter()
        create_raw(driver, statements)
        between = perf_counter()
        create(ours, actor, first)
        if turn:  # the first one fills caches
            raw_rates.add(BATCH / (between - began))
            rates.add(BATCH / (perf_counter() - between))
    yield Figure(
        f"{rounds} batches of {BATCH} clients", f"{number(raw_rates.p50)} /s", f"{number(rates.p50)} /s",
        f"{rates.p50 / raw_rates.p50:.2f} ×", f"≥ {AT_LEAST:,} /s", rates.p50 >= AT_LEAST,
    )  # fmt: skip
    wrong = sum(len(consistency.check(crm)) for crm in (ours, theirs))
    yield Figure("batches: differences", "", f"{wrong}", "", "0", wrong == 0)


if __name__ == "__main__":
    run(__doc__, figures, rounds=9)
