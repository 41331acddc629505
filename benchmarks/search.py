"""Compares the first page of a search through the service with the best query through the raw driver.

The searches have one to three words of the data, each cut to 1 to 12 letters: words that occur together in a
record, frequent words that never do, rare words, and words without a match. The raw query is the best one
found for each engine. SQLite streams from the word index, and matches the whole word first if it is longer
than the indexed prefixes. PostgreSQL reads the first rows of the list, then its index. Both sides return the
same rows.

    python -m benchmarks.search [--clients 1000000] [--database URL] [--rounds 15] [--kind client] [--each]

Without an address, sample data are created in the cache (SQLite) and on a private PostgreSQL server.
"""

import argparse
import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, text

from benchmarks.data import Data
from benchmarks.list_pages import LISTINGS, opened, somebody
from benchmarks.measuring import Series, in_turn, timed
from benchmarks.printing import Figure, compared, number, print_figures, print_machine, print_table
from models.enums import Department, RecordKind
from models.postgresql_word_index import WORD_STARTS
from models.search_words import INDEXED_PREFIX, search_terms
from services.actor import Actor
from services.crm import Crm
from services.list_reader import ListReader
from services.lists.query import ListQuery
from services.lists.search.postgresql import match as postgresql_match

PAGE: Final = 50
LENGTHS: Final = range(1, 13)
WORST: Final = {"sqlite": 15.0, "postgresql": 30.0}
"""Milliseconds that the slowest search may take."""
_EACH: Final = 6
_SAMPLE: Final = 4_000
_WALK: Final = 4_000


@dataclass(frozen=True)
class Typed:
    """A typed search, and its class."""

    sort: str
    words: tuple[str, ...]


def searches(connection: Connection, table: str) -> list[Typed]:
    """The typed searches, which the data determine."""
    chance = random.Random(4)
    records = _sample(connection, table)
    frequency = Counter(word for record in records for word in record)
    found = [*_within_records(chance, records), *_apart(chance, records, frequency)]
    rare = sorted(word for word, count in frequency.items() if count == 1)
    found += [Typed("rare", (word,)) for word in chance.sample(rare, 2 * _EACH)]
    found += [Typed("rare", (word, _start(chance, frequency))) for word in chance.sample(rare, 2 * _EACH)]
    found += [
        Typed("nobody", words) for words in (("zzzzqx",), ("qqqqqqqqqqqq",), ("xq", "a"), ("e", "zzzq", "d"))
    ]
    words = sorted(frequency)
    return [typed for typed in dict.fromkeys(found) if not _is_found_joined(typed, words)]


def _is_found_joined(typed: Typed, words: Sequence[str]) -> bool:
    """Whether words of the data begin with two typed ones joined, "be r" as "ber": the raw queries miss them.

    ``words`` are sorted.
    """
    joined = [word for term in search_terms(" ".join(typed.words)) for word in term[1:]]
    return any(word.startswith(each) for each in joined for word in words[bisect_left(words, each) :][:1])


def _sample(connection: Connection, table: str) -> list[list[str]]:
    most = connection.execute(text(f"SELECT max(id) FROM {table}")).scalar_one()
    step = max(1, most // _SAMPLE)
    rows = connection.execute(
        text(f"SELECT search FROM {table} WHERE id % {step} = 0 AND deleted_at IS NULL ORDER BY id")
    )
    # Digits also match phone numbers, which the reference query does not cover.
    return [
        [word for word in search.split() if word.isalnum() and not word[0].isdigit()]
        for search in rows.scalars()
    ]


def _within_records(chance: random.Random, records: list[list[str]]) -> Iterator[Typed]:
    for count, name in ((1, "one word"), (2, "two words of one record"), (3, "three words of one record")):
        for length in LENGTHS:
            for _ in range(_EACH):
                record = chance.choice(records)
                fitting = [word for word in record if len(word) >= length]
                if fitting:
                    others = chance.sample(record, min(len(record), count - 1))
                    typed = [word[: chance.choice(LENGTHS)] for word in others]
                    yield Typed(name, (chance.choice(fitting)[:length], *typed))


def _apart(chance: random.Random, records: list[list[str]], frequency: Counter[str]) -> Iterator[Typed]:
    """Pairs and triples of the most frequent words that no record of the sample has together."""
    frequent = [word for word, _ in frequency.most_common(40)]
    together = [frozenset(record) for record in records]
    for count in (2, 3):
        tries = (tuple(chance.sample(frequent, count)) for _ in range(400))
        apart = [words for words in tries if not any(each.issuperset(words) for each in together)]
        for words in apart[: 3 * _EACH]:
            yield Typed("frequent, never together", words)


def _start(chance: random.Random, frequency: Counter[str]) -> str:
    word, _ = chance.choice(frequency.most_common(40))
    return word[: chance.choice(LENGTHS)]


class Raw:
    """The best queries through the driver, on one open connection."""

    def __init__(self, connection: Connection, kind: RecordKind) -> None:
        listing = LISTINGS[kind]
        self._table = listing.table.name
        self._sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        self._cursor = driver.cursor()
        literals = {"literal_binds": True}
        compiled = str(listing.select.compile(dialect=connection.dialect, compile_kwargs=literals))
        columns, tables = compiled.split("\nFROM ", 1)
        self._columns = columns
        self._joined = tables.strip().removeprefix(self._table)

    def page(self, words: Sequence[str]) -> list[Any]:
        """The first rows with these words."""
        return self._streamed(words) if self._sqlite else self._walked(words)

    def _streamed(self, words: Sequence[str]) -> list[Any]:
        statement = (
            f"{self._columns} FROM {self._table}_search CROSS JOIN {self._table}"
            f" ON {self._table}.id = {self._table}_search.rowid {self._joined}"
            f" WHERE {self._table}_search MATCH ? ORDER BY {self._table}_search.rowid LIMIT {PAGE}"
        )
        if any(len(word) > INDEXED_PREFIX for word in words):
            whole = " ".join(f'"{word}"' + "*" * (len(word) <= INDEXED_PREFIX) for word in words)
            rows = self._cursor.execute(statement, (whole,)).fetchall()
            if len(rows) == PAGE:
                return rows  # type: ignore[no-any-return]
        match = " ".join(f'"{word}"*' for word in words)
        return self._cursor.execute(statement, (match,)).fetchall()  # type: ignore[no-any-return]

    def _walked(self, words: Sequence[str]) -> list[Any]:
        like = " AND ".join("search LIKE %s" for _ in words)
        patterns = [f"% {word}%" for word in words]
        ids = (
            f"SELECT id FROM (SELECT id, search FROM {self._table} WHERE deleted_at IS NULL ORDER BY id"
            f" LIMIT {_WALK}) AS first WHERE {like} ORDER BY id LIMIT {PAGE}"
        )
        rows = self._rows(ids, patterns)
        if len(rows) == PAGE:
            return rows
        held = f"{WORD_STARTS}(search, id) @@ %s::tsquery"
        found = (
            f"SELECT id FROM (WITH found AS MATERIALIZED (SELECT id FROM {self._table}"
            f" WHERE deleted_at IS NULL AND {held}) SELECT id FROM found) AS found ORDER BY id LIMIT {PAGE}"
        )
        return self._rows(found, [postgresql_match([(word,) for word in words])])

    def _rows(self, ids: str, values: Sequence[str]) -> list[Any]:
        statement = (
            f"WITH page AS MATERIALIZED ({ids}) {self._columns} FROM {self._table} {self._joined}"
            f" WHERE {self._table}.id IN (SELECT id FROM page) ORDER BY {self._table}.id"
        )
        return self._cursor.execute(statement, values).fetchall()  # type: ignore[no-any-return]


def measure(url: str, rounds: int, kind: RecordKind, *, each: bool = False) -> list[Figure]:
    """The figures of one database."""
    crm = opened(url)
    try:
        actor = somebody(crm, Department.GESTION)
        with crm.database.engine.connect() as held:
            connection = held.execution_options(isolation_level="AUTOCOMMIT")
            raw = Raw(connection, kind)
            asked = searches(connection, LISTINGS[kind].table.name)
            measured = [(typed, _measured(crm, actor, raw, typed, rounds, kind)) for typed in asked]
    finally:
        crm.close()
    if each:
        _print_each(measured)
    return _figures(f"{kind}s, {crm.database.kind}", WORST[crm.database.kind], measured)


def _measured(
    crm: Crm, actor: Actor, raw: Raw, typed: Typed, rounds: int, kind: RecordKind
) -> dict[str, Series]:
    reader: ListReader[Any] = ListReader(crm, lambda: actor, kind, ListQuery(search=" ".join(typed.words)))
    expected = {row[0] for row in raw.page(typed.words)}
    found = {row.id for row in reader.window(0, PAGE)}
    # With the whole word first the rows are not sorted by id, so only the lengths of the pages are equal.
    assert found == expected or len(found) == len(expected) == PAGE, typed
    works: dict[str, Callable[[], object]] = {
        "raw": lambda: raw.page(typed.words), "ours": lambda: reader.window(0, PAGE),
    }  # fmt: skip
    return in_turn(rounds, {name: timed(work) for name, work in works.items()}, warm_up=2)


def _figures(what: str, most: float, measured: list[tuple[Typed, dict[str, Series]]]) -> list[Figure]:
    figures = []
    for sort in dict.fromkeys(typed.sort for typed, _ in measured):
        raw, ours = _together(measured, sort)
        figures.append(replace(compared(f"{sort}: {what}", raw, ours, at_most=2, at="p95"), aim="", met=None))
    raw, ours = _together(measured, "")
    figures.append(compared(f"all searches: {what}", raw, ours, at_most=2, at="p95"))
    slowest = {name: max(measured, key=lambda pair: pair[1][name].p50) for name in ("raw", "ours")}
    theirs, own = (slowest[name][1][name].p50 for name in ("raw", "ours"))
    words = " ".join(slowest["ours"][0].words)
    figures.append(
        Figure(f"slowest search ({words}): {what}", f"{number(theirs)} ms", f"{number(own)} ms",
               f"{own / theirs:.2f} ×", f"≤ {most:g} ms", own <= most)
    )  # fmt: skip
    figures.append(
        Figure(f"slowest single time: {what}", f"{number(raw.worst)} ms", f"{number(ours.worst)} ms",
               f"{ours.worst / raw.worst:.2f} ×", "", None)
    )  # fmt: skip
    return figures


def _together(measured: list[tuple[Typed, dict[str, Series]]], sort: str) -> tuple[Series, Series]:
    chosen = [found for typed, found in measured if not sort or typed.sort == sort]
    raw, ours = ([value for found in chosen for value in found[name].values] for name in ("raw", "ours"))
    return Series(raw), Series(ours)


def _print_each(measured: list[tuple[Typed, dict[str, Series]]]) -> None:
    lines = [
        (" ".join(typed.words), typed.sort, *(number(found[name].p50) for name in ("raw", "ours")),
         f"{found['ours'].p50 / found['raw'].p50:.2f} ×")
        for typed, found in sorted(measured, key=lambda pair: pair[1]["ours"].p50)
    ]  # fmt: skip
    print_table(("typed", "sort", "raw ms", "ours ms", "ratio"), lines)


def figures(
    data: Data, rounds: int, kind: RecordKind = RecordKind.CLIENT, *, each: bool = False
) -> list[Figure]:
    """The figures on both engines."""
    found = measure(f"sqlite:///{data.copy(data.many)}", rounds, kind, each=each)
    if data.postgresql:
        found += measure(data.many_on_postgresql, rounds, kind, each=each)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=1_000_000)
    parser.add_argument(
        "--database", help="the address of a database of sample data; a session is written to it"
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--kind", type=RecordKind, choices=list(LISTINGS), default=RecordKind.CLIENT)
    parser.add_argument("--each", action="store_true", help="print each search too, the slowest last")
    chosen = parser.parse_args(arguments)
    print_machine()
    if chosen.database:
        print_figures(measure(chosen.database, chosen.rounds, chosen.kind, each=chosen.each))
        return
    data = Data(chosen.clients)
    try:
        print_figures(figures(data, chosen.rounds, chosen.kind, each=chosen.each))
    finally:
        data.close()


if __name__ == "__main__":
    main()
