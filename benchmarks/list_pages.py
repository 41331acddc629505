"""Compares a page of a list through the service with the same SQL through the raw driver, in turn.

For every list, preset and order it reads the first and the last page of 50 rows, of N clients with their
contracts and events. Then it reads the details of a client with 1,000 contracts, or with all if there are
fewer.

    python -m benchmarks.list_pages [--clients 1000000] [--database URL] [--rounds 30] [--each]

Without an address, sample data are created in the cache (SQLite) and on a private PostgreSQL server.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Select, func, select, update
from sqlmodel import col

from benchmarks.data import Data
from benchmarks.measuring import Series, in_turn, timed
from benchmarks.printing import Figure, compared, number, print_figures, print_machine, print_table
from models.enums import Department, RecordKind
from models.tables import Client, Collaborator, Contract, LoginSession
from services import clients, contracts, events
from services.actor import Actor
from services.crm import Crm
from services.list_reader import ListReader
from services.lists import spec
from services.lists.query import ListQuery, Preset, presets_for
from services.lists.spec import ListSpec, QueryContext, QueryKey
from services.lists.statements import LIMIT, OFFSET, Start, Statement, statements
from services.persistence import prepared
from services.settings import load_settings
from services.startup import open_crm

PAGE = 50
AT_MOST = 3
"""Times the raw driver that a page may take."""
LISTINGS: Mapping[RecordKind, ListSpec[Any]] = {
    RecordKind.CLIENT: clients.LISTING,
    RecordKind.CONTRACT: contracts.LISTING,
    RecordKind.EVENT: events.LISTING,
}


@dataclass(frozen=True)
class Asked:
    """One list: its actor, kind, preset and order."""

    actor: Actor
    kind: RecordKind
    preset: Preset
    query: ListQuery


@dataclass(frozen=True)
class Raw:
    """A statement in the driver's form, with a cursor of an open connection."""

    sql: str
    values: Any
    cursor: Any

    def rows(self) -> list[Any]:
        """All rows, unconverted."""
        self.cursor.execute(self.sql, self.values)
        return self.cursor.fetchall()  # type: ignore[no-any-return]


def opened(url: str) -> Crm:
    """The CRM in a database."""
    nowhere = Path("/nonexistent")
    return open_crm(load_settings({"EPICEVENTS_DATABASE_URL": url}, nowhere, nowhere))


def somebody(crm: Crm, department: Department) -> Actor:
    """The collaborator of a department with the most clients and events, with a session."""
    load = col(Collaborator.client_count) + col(Collaborator.event_count)
    with crm.database.write_session() as session:
        of_department = (col(Collaborator.department) == department) & col(Collaborator.active).is_(True)
        person = session.scalars(select(Collaborator).where(of_department).order_by(load.desc())).first()
        assert person is not None
        assert person.id is not None
        entry = LoginSession(
            id=uuid4().hex, collaborator_id=person.id, expires_at=datetime.now(UTC) + timedelta(days=1)
        )
        session.add(entry)
        return Actor(person.id, person.username, person.username, department, entry.id)


def all_lists(people: Mapping[Department, Actor]) -> Iterator[Asked]:
    """Every preset of every list in every order, for the first department that has the preset."""
    for kind, listing in LISTINGS.items():
        seen = set()
        for department, actor in people.items():
            for preset in presets_for(kind, department):
                mine = (preset.key, department) if kind is RecordKind.EVENT else preset.key
                if mine in seen:
                    continue
                seen.add(mine)
                for sort in ("", *listing.sorts):
                    yield Asked(actor, kind, preset, ListQuery(preset.filters, sort=sort))


def raw(connection: Connection, listing: ListSpec[Any], statement: Statement, values: dict[str, Any]) -> Raw:
    """A statement of a list in the driver's form, with its bound values."""
    ready = prepared.prepared(statement, connection.dialect)
    driver: Any = connection.connection.driver_connection
    return Raw(ready.sql, ready.bound(values), driver.cursor())


def pages(crm: Crm, connection: Connection, asked: Asked) -> dict[str, Callable[[], object]]:
    """The first and the last page, through the driver and through the service."""
    listing = LISTINGS[asked.kind]
    asking = QueryContext.by(asked.actor, datetime.now(UTC))
    own = statements(listing, QueryKey.of(asking, asked.query), connection.dialect.name)
    values = spec.values(listing, asking, asked.query) | {LIMIT.key: PAGE, OFFSET.key: 0}
    first = raw(connection, listing, own.page(Start.END, forwards=True), values)
    last = raw(connection, listing, own.page(Start.END, forwards=False), values)
    reader: ListReader[Any] = ListReader(crm, lambda: asked.actor, asked.kind, asked.query)
    end = max((reader.build_position_index() or 0) - PAGE, 0)
    assert [row.id for row in reader.window(0, PAGE)] == [row[0] for row in first.rows()], asked
    assert [row.id for row in reader.window(end, PAGE)] == [row[0] for row in last.rows()][::-1], asked
    return {
        "first raw": first.rows, "first": lambda: reader.window(0, PAGE),
        "last raw": last.rows, "last": lambda: reader.window(end, PAGE),
    }  # fmt: skip


def busiest_client(connection: Connection) -> int:
    """The client with the most contracts."""
    most = select(col(Client.id)).order_by(col(Client.contract_count).desc()).limit(1)
    return connection.execute(most).scalar_one() or 0


def give_contracts(crm: Crm, wanted: int) -> tuple[int, int]:
    """A client with ``wanted`` contracts, or with all if there are fewer, and their number.

    Contracts of other clients are assigned to this client permanently.
    """
    live = col(Contract.deleted_at).is_(None)
    with crm.database.read() as connection:
        client = busiest_client(connection)
        others = connection.execute(
            select(col(Contract.id)).where(live, col(Contract.client_id) != client).limit(wanted)
        ).scalars()
        taken = list(others)
    with crm.database.write_session() as session:
        session.execute(update(Contract).where(col(Contract.id).in_(taken)).values(client_id=client))
        theirs = select(func.count()).where(live, col(Contract.client_id) == client)
        return client, min(wanted, session.execute(theirs).scalar_one())


def detail(
    crm: Crm, connection: Connection, actor: Actor, client: int, held: int
) -> dict[str, Callable[[], object]]:
    """A client and all its contracts, through the driver and through the service."""
    query = ListQuery(parent=(RecordKind.CLIENT, client), descending=True)
    asking = QueryContext.by(actor, datetime.now(UTC))
    own = statements(contracts.LISTING, QueryKey.of(asking, query), connection.dialect.name)
    values = spec.values(contracts.LISTING, asking, query) | {LIMIT.key: held, OFFSET.key: 0}
    theirs = raw(connection, contracts.LISTING, own.page(Start.END, forwards=True), values)
    record: Select[Any] = clients.LISTING.select.where(col(Client.id) == client)
    itself = raw(connection, clients.LISTING, record, {})
    assert len(theirs.rows()) == held
    return {
        "raw": lambda: (itself.rows(), theirs.rows()),
        "ours": lambda: (
            clients.get_client(crm, actor, client),
            contracts.list_contracts(crm, actor, query, limit=held),
        ),
    }


def measure(url: str, rounds: int, *, each: bool = False) -> list[Figure]:
    """The figures of one database; only sessions and the clients of contracts are changed."""
    crm = opened(url)
    try:
        people = {department: somebody(crm, department) for department in Department}
        with crm.database.engine.connect() as held:
            connection = held.execution_options(isolation_level="AUTOCOMMIT")
            figures = _pages(crm, connection, people, rounds, each=each)
            client, held_by_it = give_contracts(crm, 1_000)
            works = detail(crm, connection, people[Department.GESTION], client, held_by_it)
            found = in_turn(rounds, {name: timed(work) for name, work in works.items()}, warm_up=8)
        name = f"client with {held_by_it:,} contracts, {crm.database.kind}"
        return [*figures, compared(name, found["raw"], found["ours"], at_most=AT_MOST)]
    finally:
        crm.close()


def _pages(
    crm: Crm, connection: Connection, people: Mapping[Department, Actor], rounds: int, *, each: bool
) -> list[Figure]:
    lines, ratios = [], {"first": Series(), "last": Series()}
    together: dict[tuple[RecordKind, str], Series] = {}
    last_to_first = Series()
    for asked in all_lists(people):
        works = pages(crm, connection, asked)
        found = in_turn(rounds, {name: timed(work) for name, work in works.items()}, warm_up=8)
        for where in ("first", "last"):
            ratios[where].add(found[where].p50 / found[f"{where} raw"].p50)
            for name in (where, f"{where} raw"):
                together.setdefault((asked.kind, name), Series()).values.extend(found[name].values)
        last_to_first.add(found["last"].p50 / found["first"].p50)
        name = f"{asked.kind} {asked.preset.key} by {asked.query.sort or 'id'}"
        medians = [number(found[way].p50) for way in ("first raw", "first", "last raw", "last")]
        shares = [f"{ratios[where].values[-1]:.2f} ×" for where in ("first", "last")]
        lines.append((name, *medians, *shares))
    if each:
        print_table(("list", "first raw ms", "first", "last raw", "last", "first", "last"), lines)
    kind = crm.database.kind
    figures = [
        compared(f"{where} page of {record}s, {kind}", together[record, f"{where} raw"],
                 together[record, where], at_most=AT_MOST)
        for record in LISTINGS for where in ("first", "last")
    ]  # fmt: skip
    for where, series in ratios.items():
        figures.append(_worst(f"{where} page of each list and order, {kind}: ratios", series))
    return [
        *figures,
        Figure(f"last page to first page, {kind}: ratios", "", _spread(last_to_first), "", "", None),
    ]


def _worst(what: str, ratios: Series) -> Figure:
    worst, aim = ratios.worst, f"worst ≤ {AT_MOST} ×"
    return Figure(what, "", _spread(ratios), f"{worst:.2f} ×", aim, worst <= AT_MOST)


def _spread(ratios: Series) -> str:
    return f"{ratios.p50:.2f} / {ratios.p95:.2f}, worst {ratios.worst:.2f}"


def figures(data: Data, rounds: int, *, each: bool = False) -> list[Figure]:
    """The figures on both engines."""
    found = measure(f"sqlite:///{data.copy(data.many)}", rounds, each=each)
    if data.postgresql:
        found += measure(data.many_on_postgresql, rounds, each=each)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=1_000_000)
    parser.add_argument("--database", help="the address of a database of sample data; it is written to")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--each", action="store_true", help="print each list and order too")
    chosen = parser.parse_args(arguments)
    print_machine()
    if chosen.database:
        print_figures(measure(chosen.database, chosen.rounds, each=chosen.each))
        return
    data = Data(chosen.clients)
    try:
        print_figures(figures(data, chosen.rounds, each=chosen.each))
    finally:
        data.close()


if __name__ == "__main__":
    main()
