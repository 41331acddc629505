"""The search of the journal: by its own words, by records and people as they are named now, and by days.

The journal has no index of words, since a record that is renamed would change the words of all its entries. A
word is looked for in what an entry says itself (username, action, number of the record), in the words of its
record, and among the names of the team. If a word names few records, only their entries are looked at;
otherwise the entries are read one after the other, the newest first, until the window is full.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as clock_time
from functools import cached_property
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SQLColumnExpression,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from models.enums import RecordKind
from models.postgresql_word_index import WORD_STARTS
from models.search_words import DAY, Term
from models.tables import AuditEntry, table_of
from services import record_types, shared_values
from services.lists.search import postgresql, sqlite
from services.lists.search.people import team
from services.record_types import RecordType
from services.rights import Action

FEW: Final = 200
"""Up to so many records of a kind their entries are looked up."""

_entry = table_of(AuditEntry).c
_ENTRY: Final = table_of(AuditEntry)
_SEPARATORS: Final = str.maketrans("._-", "   ")
_DATES: Final = len(DAY) + 3
"""The letters of a word for a day before its year."""


def conditions(
    connection: Connection, terms: Sequence[Term], own_words: SQLColumnExpression[str]
) -> list[ColumnElement[bool]]:
    """The conditions that an entry holds each term; ``own_words`` are those of its row."""
    names, asked = team(connection), []
    for term in terms:
        days = [word for word in term if word.startswith(DAY)]
        spans = _spans(connection, days) if days else ()
        # Of a date only the day counts: as words, the numbers of a date begin those of many records.
        words = () if days else term
        asked.append(_Asked(connection, words, () if days else names.meant_by(term), spans, own_words))
    few = next(filter(lambda found: found is not None, (each.candidates() for each in asked)), None)
    held = [each.held() for each in asked]
    return held if few is None else [_entry.id.in_(few), *held]


@dataclass(frozen=True)
class _Asked:
    """One term: its words as typed, the people whom it may mean, and the spans of time that it may mean."""

    connection: Connection
    words: Sequence[str]
    people: Sequence[int]
    spans: Sequence[ColumnElement[bool]]
    own_words: SQLColumnExpression[str]

    def held(self) -> ColumnElement[bool]:
        """The condition that an entry holds the term, in the order of the cost."""
        if not self.words:
            return or_(_entry.id < 0, *self.spans)
        named = (_in_record(record_type, self._holding) for record_type in _searched())
        return or_(*self.spans, *self._by_people(), self._holding(self.own_words), *named)

    def candidates(self) -> Any:
        """The ids of all entries that may hold the term, from indexes; ``None`` if they may be many."""
        if any(word[0].isdigit() or _begins_action(word) for word in self.words):
            return None
        found: dict[RecordKind, Sequence[int]] = {}
        for record_type in _searched() if self.words else ():
            if _has_words(record_type):
                ids = self._records(record_type)
                if ids is None:
                    return None
                found[record_type.kind] = ids
        usernames = [
            name for name in (_usernames(self.connection) if self.words else ())
            if self._is_in_username(name)
        ]  # fmt: skip
        # One of several is answered from the indexes only if each of its parts is.
        parts = [*self._of_records(found), *self._by_people(), *self.spans]
        parts += [_entry.actor_username.in_(usernames)] if usernames else []
        return union_all(*(select(_entry.id).where(part) for part in parts or [_entry.id < 0]))

    def _by_people(self) -> list[ColumnElement[bool]]:
        if not self.people:
            return []
        about = and_(_entry.kind == RecordKind.COLLABORATOR, _entry.record_id.in_(self.people))
        return [_entry.actor_id.in_(self.people), about]

    def _holding(self, words: SQLColumnExpression[str]) -> ColumnElement[bool]:
        place_of = func.instr if self._is_sqlite else func.strpos
        return or_(*(place_of(words, literal(f" {word}")) > 0 for word in self.words))

    def _is_in_username(self, name: str) -> bool:
        return any(f" {word}" in _separated(name) for word in self.words)

    @cached_property
    def _is_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def _records(self, record_type: RecordType[Any]) -> Sequence[int] | None:
        """The ids of the records that hold the term; ``None`` if they are many."""
        name, terms = record_type.listing.table.name, [tuple(self.words)]
        if not self._is_sqlite:
            held = text(f"{WORD_STARTS}(search, id) @@ CAST(:match AS tsquery) LIMIT {FEW + 1}")
            query: Any = select(literal_column("id")).select_from(text(name)).where(held)
            ids = list(self.connection.execute(query, {"match": postgresql.match(terms)}).scalars())
            return ids if len(ids) <= FEW else None
        if not sqlite.is_usable(self.connection):
            return None
        held = text(f"{name}_search MATCH :match LIMIT {FEW + 1}")
        live: Any = select(literal_column("rowid")).select_from(text(f"{name}_search")).where(held)
        ids = list(self.connection.execute(live, {"match": sqlite.match(terms)}).scalars())
        # The index holds the words of live records only; the trash is small.
        table = record_type.listing.table
        trashed = text(f"{name}.deleted_at IS NOT NULL"), self._holding(table.c.search)
        ids += self.connection.execute(select(table.c.id).where(*trashed).limit(FEW + 1)).scalars()
        return ids if len(ids) <= FEW else None

    def _of_records(self, found: Mapping[RecordKind, Sequence[int]]) -> Iterator[ColumnElement[bool]]:
        for kind, ids in found.items():
            if ids:
                yield and_(_entry.kind == kind, _entry.record_id.in_(ids))
        for record_type in _searched():
            above = record_type.parent
            if not _has_words(record_type) and above is not None and found.get(above.kind):
                own = table_of(record_type.model).c
                below = select(own.id).where(own[above.link].in_(found[above.kind]))
                yield and_(_entry.kind == record_type.kind, _entry.record_id.in_(below))


def _searched() -> list[RecordType[Any]]:
    """The kinds with an index of words, and those that are named by a record with one."""
    return [
        each
        for each in record_types.all_types()
        if _has_words(each)
        or (each.parent is not None and _has_words(record_types.of_kind(each.parent.kind)))
    ]


def _has_words(record_type: RecordType[Any]) -> bool:
    return record_type.listing is not None and record_type.listing.lists is not None


def _in_record(record_type: RecordType[Any], holding: Any) -> ColumnElement[bool]:
    """The condition that the record of an entry holds words, or the record that it belongs to."""
    own = table_of(record_type.model)
    query: Select[*tuple[Any, ...]] = select(literal_column("1")).select_from(own)
    searched = own
    if not _has_words(record_type):
        assert record_type.parent is not None  # noqa: S101 - only such kinds are searched
        searched = table_of(record_types.of_kind(record_type.parent.kind).model)
        query = query.join(searched, searched.c.id == own.c[record_type.parent.link])
    query = query.where(own.c.id == _entry.record_id, holding(searched.c.search)).correlate(_ENTRY)
    return and_(_entry.kind == record_type.kind, query.exists())


def _begins_action(start: str) -> bool:
    added = (action for each in record_types.all_types() for action in each.rights)
    return any(f" {start}" in _separated(action.value) for action in (*Action, *added))


def _separated(name: str) -> str:
    """The words of an action or a username as :mod:`services.audit_log` divides them."""
    return " " + name.lower().translate(_SEPARATORS)


def _usernames(connection: Connection) -> list[str]:
    """All usernames in the journal: one step in the index for each."""
    after, found = "", []
    step = select(func.min(_entry.actor_username))
    while (name := connection.execute(step.where(_entry.actor_username > after)).scalar()) is not None:
        found.append(name)
        after = name
    return found


def _spans(connection: Connection, words: Sequence[str]) -> Sequence[ColumnElement[bool]]:
    """The conditions that an entry is of the days that these words begin, in the CRM's time zone."""
    # SQLite asks an index for the least or the greatest value, but not for both at once.
    first, last = (connection.execute(select(end(_entry.at))).scalar() for end in (func.min, func.max))
    if first is None or last is None:
        return ()
    zone = shared_values.zone(connection)
    return [
        and_(_entry.at >= _midnight(day, zone), _entry.at < _midnight(day + timedelta(days=1), zone))
        for word in words
        for day in _days(word, range(first.year - 1, last.year + 2))
    ]


def _days(word: str, years: range) -> Iterator[date]:
    month, day, typed = int(word[1], 16), int(word[2:_DATES]), word[_DATES:]
    for year in years:
        if str(year).startswith(typed):
            try:
                yield date(year, month, day)
            except ValueError:
                continue  # 29 February


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, clock_time(), zone).astimezone(UTC)
