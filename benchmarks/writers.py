"""Measures eight concurrent writers, through the services and through the raw driver, in turn.

    python -m benchmarks.writers [--rounds 3] [--writes 200] [--no-postgresql]

Each write records a payment on one of eight shared contracts: the contract is read, changed and written back,
with the payment, the journal entry and the figures of its client. The reference sends the same statements
through the driver, in the same kind of transaction (SQLite: BEGIN IMMEDIATE; PostgreSQL: read committed with
row locks). The minimal write, one column of the contract, is measured too. Lost writes are found by adding up
the payments afterwards, and by the consistency check of copies and counters.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event

from benchmarks.command import data_of, parser_of
from benchmarks.data import FEW, Data, fill
from benchmarks.measuring import Series
from benchmarks.printing import Figure, number, print_figures, print_machine
from models.write_models import ContractCreate, PaymentCreate
from services import contracts, payments
from services.actor import Actor
from services.auth import sessions
from services.clients import list_clients
from services.crm import Crm
from services.denormalized import consistency
from services.errors import CrmError
from services.lists.query import ListQuery
from services.settings import load_settings
from services.startup import open_crm

PROCESSES: Final = 8
WRITES: Final = 200
AT_LEAST: Final = 0.5
"""The part of the driver's rate that the services must reach."""
_TOTAL: Final = Decimal(1_000_000)
ONE: Final = PaymentCreate(amount=Decimal(1))

Statement = tuple[str, Any, bool]
"""SQL, its values, and whether they are those of several rows."""


@dataclass(frozen=True)
class Ground:
    """The target of the writes: the database, the actor, and the shared contracts."""

    url: str
    actor: Actor
    contracts: tuple[int, ...]
    statements: tuple[tuple[Statement, ...], ...]
    """For each contract, what the service sends to record one payment."""

    def crm(self) -> Crm:
        """Open the CRM."""
        return opened(self.url)


def opened(url: str) -> Crm:
    """The CRM of a database."""
    nowhere = Path("/nonexistent")
    variables = {"EPICEVENTS_DATABASE_URL": url, "EPICEVENTS_SECRET_KEY": "k" * 40}
    return open_crm(load_settings(variables, nowhere, nowhere))


def ground(url: str) -> Ground:
    """A database with contracts of high amounts."""
    crm = opened(url)
    actor = sessions.sign_in(crm, "admin", "Admin123!").actor
    clients = list_clients(crm, actor, ListQuery(), limit=PROCESSES)
    shared = tuple(
        contracts.create_contract(crm, actor, ContractCreate(client_id=client.id, total_amount=_TOTAL)).id
        for client in clients
    )
    statements = tuple(tuple(sent(crm, actor, contract)) for contract in shared)
    crm.close()
    return Ground(url, actor, shared, statements)


def sent(crm: Crm, actor: Actor, contract: int) -> list[Statement]:
    """The statements of the service for one payment, without those that begin and end the transaction."""
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        if not sql.startswith("BEGIN"):
            found.append((sql, values, many))

    event.listen(crm.database.engine, "before_cursor_execute", note)
    payments.record_payment(crm, actor, contract, ONE)
    event.remove(crm.database.engine, "before_cursor_execute", note)
    return found


# The work of one process, which gets its index and returns the number of failed writes.


def by_services(place: Ground, which: int, writes: int, start: Barrier) -> int:
    """Record payments through the use case."""
    crm = place.crm()
    payments.list_payments(crm, place.actor, place.contracts[0])
    failed = 0
    start.wait()
    for at in range(writes):
        try:
            payments.record_payment(crm, place.actor, place.contracts[(which + at) % PROCESSES], ONE)
        except CrmError:
            failed += 1
    return failed


def by_driver(place: Ground, which: int, writes: int, start: Barrier) -> int:
    """Send the same statements through the driver, with the values of one payment."""
    return raw(place, which, writes, start, lambda contract: place.statements[contract])


def by_driver_at_least(place: Ground, which: int, writes: int, start: Barrier) -> int:
    """Read and write back one column of the contract."""
    sqlite = place.url.startswith("sqlite")
    mark, lock = ("?", "") if sqlite else ("%s", " FOR UPDATE")
    read = f"SELECT version FROM contract WHERE id = {mark}{lock}"
    write = f"UPDATE contract SET version = version + 1 WHERE id = {mark}"

    def statements(contract: int) -> tuple[Statement, ...]:
        values = (place.contracts[contract],)
        return ((read, values, False), (write, values, False))

    return raw(place, which, writes, start, statements)


def raw(
    place: Ground, which: int, writes: int, start: Barrier, statements: Callable[[int], tuple[Statement, ...]]
) -> int:
    """Run transactions on a driver connection with the same settings as in the services."""
    driver: Any = place.crm().database.engine.raw_connection().driver_connection
    begin = "BEGIN IMMEDIATE" if place.url.startswith("sqlite") else ""
    failed = 0
    cursor = driver.cursor()
    start.wait()
    for at in range(writes):
        try:
            if begin:
                cursor.execute(begin)
            for sql, values, many in statements((which + at) % PROCESSES):
                (cursor.executemany if many else cursor.execute)(sql, values)
                if cursor.description:
                    cursor.fetchall()
            driver.commit()
        except Exception:
            failed += 1
            driver.rollback()
    return failed


Work = Callable[[Ground, int, int, Barrier], int]


def rate(work: Work, place: Ground, writes: int) -> tuple[float, int]:
    """Writes per second of all processes together, and the number of failures."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    start, answers = context.Barrier(PROCESSES), context.Queue()
    running = [
        context.Process(target=_run, args=(work, place, which, writes, start, answers))
        for which in range(PROCESSES)
    ]
    for process in running:
        process.start()
    told = [answers.get(timeout=600) for _ in running]
    for process in running:
        process.join()
    seconds = max(end for _, end, _ in told) - min(begun for begun, _, _ in told)
    return PROCESSES * writes / seconds, sum(failed for _, _, failed in told)


def _run(
    work: Work, place: Ground, which: int, writes: int, start: Barrier,
    answers: "Queue[tuple[float, float, int]]",
) -> None:  # fmt: skip
    moments: list[float] = []

    class Noting:
        """A barrier that records the time at which it opens."""

        def wait(self) -> None:
            start.wait(timeout=120)
            moments.append(time.monotonic())

    failed = work(place, which, writes, Noting())  # type: ignore[arg-type]
    answers.put((moments[0], time.monotonic(), failed))


def lost(place: Ground, expected: int) -> int:
    """The number of lost payments, or of differences found by the consistency check."""
    crm = place.crm()
    left = [
        contracts.get_contract(crm, place.actor, contract).amount_remaining for contract in place.contracts
    ]
    paid = _TOTAL * PROCESSES - sum(left)
    differences = consistency.check(crm)
    crm.close()
    return abs(expected - int(paid)) + len(differences)


def measured(kind: str, ours: Ground, theirs: Ground, rounds: int, writes: int) -> Iterator[Figure]:
    """The rates in turn, then our failed and lost writes."""
    rates = {work: Series() for work in (by_services, by_driver, by_driver_at_least)}
    failures = 0
    for _ in range(rounds):
        for work, series in rates.items():
            value, failed = rate(work, ours if work is by_services else theirs, writes)
            series.add(value)
            failures += failed if work is by_services else 0
    missing = lost(ours, rounds * PROCESSES * writes - failures + PROCESSES)
    what = f"{PROCESSES} processes × {writes} writes, {kind}"
    own, same, least = (rates[work].p50 for work in (by_services, by_driver, by_driver_at_least))
    yield Figure(
        what, f"{number(same)} /s", f"{number(own)} /s", f"{own / same:.2f} ×", f"≥ {AT_LEAST} ×",
        own / same >= AT_LEAST,
    )  # fmt: skip
    yield Figure(
        f"{what}: beside one column", f"{number(least)} /s", f"{number(own)} /s", f"{own / least:.2f} ×", "",
        None,
    )  # fmt: skip
    yield Figure(
        f"{what}: failed, lost", "0, 0", f"{failures}, {missing}", "", "0, 0", failures == missing == 0
    )


def figures(data: Data, rounds: int, writes: int = WRITES) -> Iterator[Figure]:
    """The figures on both engines."""
    copies = [f"sqlite:///{data.copy(data.few)}" for _ in range(2)]
    yield from measured("SQLite", ground(copies[0]), ground(copies[1]), rounds, writes)
    if not data.postgresql:
        return
    urls = [data.new_postgresql() for _ in range(2)]
    for url in urls:
        fill(url, min(FEW, data.clients))
    yield from measured("PostgreSQL", ground(urls[0]), ground(urls[1]), rounds, writes)


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--writes", type=int, default=WRITES, metavar="N")
    given = parser.parse_args()
    data = data_of(given)
    print_machine()
    try:
        print_figures(list(figures(data, given.rounds, given.writes)))
    finally:
        data.close()


if __name__ == "__main__":
    main()
