"""Own filters of random conditions hold what a plain reading in Python holds, page by page."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.enums import ContractStatus, RecordKind
from models.read_models import JournalEntry
from models.tables import Contract, table_of
from models.text import fold
from services.actor import Actor
from services.crm import Crm
from services.errors import Invalid
from services.list_reader import ListReader, list_of
from services.lists.own_filters import (
    ME,
    MOST_CONDITIONS,
    WITHOUT_VALUE,
    Comparison,
    Condition,
    FieldType,
    OwnFilter,
    from_json,
)
from services.lists.query import Filter, ListQuery
from services.time_zones import on_crm_clocks
from tests.support.accounts import People
from tests.support.bulk_rows import NAMES, fill
from tests.support.records import Records

HOSTILE: Final = ("100% sûr", "a_b", r"back\slash", "'; --", "[/bold]", "👩‍👧 Öz", "ＦＵＬＬ", "éÉ%_")
KINDS: Final = (
    RecordKind.CLIENT, RecordKind.CONTRACT, RecordKind.EVENT, RecordKind.TASK, RecordKind.NOTE,
    RecordKind.COLLABORATOR, None,
)  # fmt: skip
UNFOLDED: Final = ("email", "username")
Reading = Callable[[Any], Any]

# What each field is, read from the row as a person sees it.
READINGS: Final[Mapping[RecordKind | None, Mapping[str, Reading]]] = {
    RecordKind.CLIENT: {
        "full_name": lambda row: fold(row.full_name), "company": lambda row: fold(row.company),
        "email": lambda row: row.email, "sales_contact": lambda row: row.sales_contact_id,
        "last_contact_date": lambda row: row.last_contact_date, "amount_due": lambda row: row.amount_due,
        "amount_contracted": lambda row: row.amount_contracted,
        "contract_count": lambda row: row.contract_count, "event_count": lambda row: row.event_count,
        "phone": lambda row: row.phone or None, "created": lambda row: row.created,
        "updated": lambda row: row.updated,
    },
    RecordKind.CONTRACT: {
        "client_name": lambda row: fold(row.client_name), "sales_contact": lambda row: row.sales_contact_id,
        "status": lambda row: "signed" if row.status is ContractStatus.SIGNED else "unsigned",
        "total_amount": lambda row: row.total_amount, "amount_remaining": lambda row: row.amount_remaining,
        "signed_on": lambda row: row.signed_on, "created": lambda row: row.created,
        "event_over": lambda _row: None,  # no row has it: it is read from the table
        "updated": lambda row: row.updated,
    },
    RecordKind.EVENT: {
        "name": lambda row: fold(row.name), "client_name": lambda row: fold(row.client_name),
        "start": lambda row: row.start, "end": lambda row: row.end,
        "support_contact": lambda row: row.support_contact_id,
        "sales_contact": lambda row: row.sales_contact_id, "attendees": lambda row: row.attendees,
        "location": lambda row: row.location or None, "notes": lambda row: row.notes or None,
        "created": lambda row: row.created, "updated": lambda row: row.updated,
    },
    RecordKind.TASK: {
        "title": lambda row: fold(row.title), "due": lambda row: row.due_on,
        "assignee": lambda row: row.assignee_id, "creator": lambda row: row.creator_id,
        "done": lambda row: "no" if row.done_at is None else "yes", "remind_at": lambda row: row.remind_at,
        "created": lambda row: row.created,
    },
    RecordKind.NOTE: {
        "at": lambda row: row.at, "author": lambda row: row.author_id, "kind": lambda row: row.kind.value,
        "updated": lambda row: row.updated,
    },
    RecordKind.COLLABORATOR: {
        "name": lambda row: fold(f"{row.last_name} {row.first_name}"),
        "username": lambda row: row.username.lower(), "department": lambda row: row.department.value,
        "active": lambda row: "yes" if row.active else "no", "clients": lambda row: row.clients,
        "events": lambda row: row.events, "last_login": lambda row: row.last_login,
        "created": lambda row: row.created,
    },
    None: {
        "at": lambda row: row.at, "author": lambda row: row.actor, "kind": lambda row: row.kind.value,
        "operation": lambda row: row.operation.value,
    },
}  # fmt: skip


def _folding(field: str) -> Callable[[str], str]:
    return str.lower if field in UNFOLDED else fold


@cache
def days_of(token: str, today: date) -> tuple[date, date]:
    """The first and the last day of a period, by another way than the program's: one day after the other."""
    if token.startswith("today"):
        day = today + timedelta(days=int(token[5:] or 0))
        return day, day
    if token.endswith("_days"):
        number = int(token.split("_")[1])
        away = [today + timedelta(days=each) for each in range(number)]
        return (
            (away[0], away[-1]) if token.startswith("next") else (today - timedelta(days=number - 1), today)
        )
    named: Mapping[str, Reading] = {
        "week": lambda day: day.isocalendar()[:2], "month": lambda day: (day.year, day.month),
        "year": lambda day: day.year,
    }  # fmt: skip
    if "_" in token:
        which, unit = token.split("_")
        near = [today + timedelta(days=each) for each in range(-800, 801)]
        groups = list(dict.fromkeys(map(named[unit], near)))
        wanted = groups[groups.index(named[unit](today)) + {"last": -1, "this": 0, "next": 1}[which]]
        days = [day for day in near if named[unit](day) == wanted]
        return days[0], days[-1]
    if len(token) == 4:
        return date(int(token), 1, 1), date(int(token), 12, 31)
    day = date.fromisoformat(token)
    return day, day


def holds(condition: Condition, kind: FieldType, value: Any, me: Actor, today: date) -> bool:
    """Whether a value fits a condition, as the pages of the documentation say it."""
    comparison, wanted = condition.comparison, condition.value
    if comparison in WITHOUT_VALUE:
        return (value is None) is (comparison is Comparison.EMPTY)
    if kind in (FieldType.DAY, FieldType.DUE, FieldType.MOMENT):
        return _in_time(comparison, value, days_of(wanted, today))
    read: Mapping[FieldType, Reading] = {
        FieldType.AMOUNT: Decimal, FieldType.NUMBER: int, FieldType.CHOICE: str,
        FieldType.PERSON: lambda text: me.id if text == ME else int(text),
        FieldType.TEXT: _folding(condition.field),
    }  # fmt: skip
    right = read[kind](wanted)
    compared: Mapping[Comparison, Callable[[], object]] = {
        Comparison.IS: lambda: value == right, Comparison.IS_NOT: lambda: value != right,
        Comparison.OPTION: lambda: value == right, Comparison.OTHER_OPTION: lambda: value != right,
        Comparison.CONTAINS: lambda: right in value, Comparison.LACKS: lambda: right not in value,
        Comparison.BEGINS: lambda: value.startswith(right),
        Comparison.AT_LEAST: lambda: value >= right, Comparison.AT_MOST: lambda: value <= right,
        Comparison.ABOVE: lambda: value > right, Comparison.BELOW: lambda: value < right,
    }  # fmt: skip
    return bool(compared[comparison]())


def _in_time(comparison: Comparison, value: Any, days: tuple[date, date]) -> bool:
    if value is None:
        return comparison is Comparison.IS_NOT
    day = value.astimezone().date() if isinstance(value, datetime) else value
    return {
        Comparison.IS: days[0] <= day <= days[1], Comparison.IS_NOT: not days[0] <= day <= days[1],
        Comparison.AT_LEAST: day >= days[0], Comparison.AT_MOST: day <= days[1],
        Comparison.ABOVE: day > days[1], Comparison.BELOW: day < days[0],
    }[comparison]  # fmt: skip


TEXTS: Final = st.one_of(
    st.sampled_from([*HOSTILE, *NAMES, "e", "É", "%", "_", "\\", "o'b", "startup", "night", "c00"]),
    st.sampled_from(NAMES).map(lambda name: name[:2].upper()),
)
PERIODS: Final = st.one_of(
    st.sampled_from(["this", "last", "next"]).flatmap(
        lambda which: st.sampled_from(["week", "month", "year"]).map(lambda unit: f"{which}_{unit}")
    ),
    st.integers(1, 60).map(lambda days: f"last_{days}_days"),
    st.integers(1, 60).map(lambda days: f"next_{days}_days"),
    st.integers(-40, 40).map(lambda days: f"today{days:+d}" if days else "today"),
    st.integers(-30, 30).map(lambda days: (date.today() + timedelta(days=days)).isoformat()),  # noqa: DTZ011
    st.sampled_from(["2026", "2027"]),
)


@st.composite
def own_filters(draw: st.DrawFn, kind: RecordKind | None, people: People) -> OwnFilter:
    """A filter of some conditions on the fields of a list."""
    fields = list_of(kind)[0].fields
    conditions = []
    for _turn in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(list(fields)))
        comparison = draw(st.sampled_from(fields[name].comparisons))
        values: Mapping[FieldType, Any] = {
            FieldType.TEXT: TEXTS,
            FieldType.AMOUNT: st.sampled_from(["0", "99.99", "100", "100.00", "300", "598", "-1", "1e3"]),
            FieldType.NUMBER: st.sampled_from(["0", "1", "2", "30", "-4", "99999999999"]),
            FieldType.PERSON: st.sampled_from([ME, *(str(each.id) for each in people), "4096"]),
            FieldType.CHOICE: st.sampled_from(list(fields[name].choices) or [""]),
        }
        value = draw(values.get(fields[name].type, PERIODS))
        conditions.append(Condition(name, comparison, "" if comparison in WITHOUT_VALUE else value))
    return OwnFilter(tuple(conditions), draw(st.booleans()))


@pytest.fixture
def _in_paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Paris")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def full(crm: Crm, people: People, records: Records) -> Crm:
    for name in HOSTILE:
        client = records.client(full_name=name, company=name, phone="06 12 34 56 78")
        contract = records.contract(client, total="100.00", signed=True)
        # The day on which the clocks of Paris go forward has 23 hours.
        records.event(contract, name=name, location=name, start=datetime(2027, 3, 27, 23, 30, tzinfo=UTC),
                      end=datetime(2027, 3, 28, 22, 30, tzinfo=UTC))  # fmt: skip
        records.task(people.gestion, title=name)
    fill(crm, people)
    return crm


Read = Mapping[int, Mapping[str, Any]]
"""The values of the fields of each row, by its id, in the order of the rows."""


def values_of(crm: Crm, kind: RecordKind | None, rows: list[Any], people: People) -> Read:
    usernames = {each.username: each.id for each in people}
    read = {row.id: {name: reading(row) for name, reading in READINGS[kind].items()} for row in rows}
    for row in rows:
        if isinstance(row, JournalEntry):
            read[row.id]["author"] = usernames.get(row.actor)
    if kind is RecordKind.CONTRACT:
        contract = table_of(Contract).c
        with crm.database.read() as connection:
            found = connection.execute(select(contract.id, contract.event_over_at))
            ends = {row.id: row.event_over_at for row in found}
        for key, values in read.items():
            values["event_over"] = ends[key]
    return read


def expected(kind: RecordKind | None, read: Read, own: OwnFilter, me: Actor) -> list[int]:
    fields, today = list_of(kind)[0].fields, datetime.now(UTC).astimezone().date()
    due_today, fitting = on_crm_clocks(datetime.now(UTC)).date(), []
    for key, of_row in read.items():
        held = []
        for each in own.conditions:
            type_ = fields[each.field].type
            day = due_today if type_ is FieldType.DUE else today
            held.append(holds(each, type_, of_row[each.field], me, day))
        if (any if own.any_of else all)(held):
            fitting.append(key)
    return fitting


def test_each_field_of_each_list_is_read_in_the_test() -> None:
    for kind in KINDS:
        assert list_of(kind)[0].fields.keys() == READINGS[kind].keys(), kind


@pytest.mark.usefixtures("_in_paris")
def test_an_own_filter_holds_what_a_plain_reading_holds(full: Crm, people: People) -> None:
    @settings(max_examples=60)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(KINDS))
        me = (
            people.gestion
            if kind in (None, RecordKind.COLLABORATOR)
            else data.draw(st.sampled_from([*people]))
        )
        own = data.draw(own_filters(kind, people))
        listing = list_of(kind)[0]
        trash = frozenset({Filter.TRASHED}) if listing.trashable and data.draw(st.booleans()) else frozenset()
        sort = data.draw(st.sampled_from(["", *listing.sorts_under(trash)]))
        query = ListQuery(trash, sort=sort, descending=data.draw(st.booleans()))
        whole: ListReader[Any] = ListReader(full, lambda: me, kind, query)
        narrowed = whole.of(ListQuery(trash, sort=sort, descending=query.descending, own=own))
        wanted = expected(kind, values_of(full, kind, whole.window(0, 1000), people), own, me)
        size = data.draw(st.integers(1, 40))
        pages: list[int] = []
        for page in narrowed.pages(size):
            pages += [row.id for row in page]
        assert pages == wanted
        assert narrowed.count() == len(wanted)
        for place in range(0, len(wanted), 7):
            assert narrowed.position(wanted[place]) == place
            assert [row.id for row in narrowed.window(place, 3)] == wanted[place : place + 3]

    check()


def _values(kind: FieldType, read: list[Any], people: People) -> list[str]:
    """Values at which a comparison turns: those of rows, in every form that a condition has."""
    known = sorted({each for each in read if each is not None})
    chosen = [*known[:2], *known[len(known) // 2 :][:2], *known[-2:]]
    if kind is FieldType.TEXT:
        return [*(text[:3] for text in chosen if text), *(text for text in chosen if text), "%", "É"]
    if kind is FieldType.PERSON:
        return [ME, *map(str, (each.id for each in people))]
    days = [each.astimezone().date() if isinstance(each, datetime) else each for each in chosen]
    if days and isinstance(days[0], date):
        today = datetime.now(UTC).astimezone().date()
        relative = [f"today{(day - today).days:+d}" for day in days if day != today]
        return [*(day.isoformat() for day in days), *relative, "this_week", "last_month", "last_7_days"]
    return [str(each) for each in chosen]


@pytest.mark.usefixtures("_in_paris")
@pytest.mark.parametrize("kind", KINDS)
def test_each_comparison_of_each_field_holds_what_it_says(
    full: Crm, people: People, kind: RecordKind | None
) -> None:
    me, listing = people.gestion, list_of(kind)[0]
    whole: ListReader[Any] = ListReader(full, lambda: me, kind, ListQuery())
    read = values_of(full, kind, whole.window(0, 1000), people)
    for name, field in listing.fields.items():
        of_field = [each[name] for each in read.values()]
        for comparison in field.comparisons:
            values = [""] if comparison in WITHOUT_VALUE else _values(field.type, of_field, people)
            for value in dict.fromkeys(values):
                own = OwnFilter((Condition(name, comparison, value),))
                found = [row.id for row in whole.of(ListQuery(own=own)).window(0, 1000)]
                assert found == expected(kind, read, own, me), own


def test_a_filter_holds_beside_a_preset_a_search_and_a_position_index(full: Crm, people: People) -> None:
    own = OwnFilter((Condition("company", Comparison.CONTAINS, "DITIONS DU LÀC"),))
    whole: ListReader[Any] = ListReader(full, lambda: people.commercial, RecordKind.CLIENT, ListQuery())
    for query in (
        ListQuery(frozenset({Filter.MINE}), own=own), ListQuery(search="example", own=own),
        ListQuery(frozenset({Filter.MINE}), "example", "full_name", own=own),
    ):  # fmt: skip
        plain = ListQuery(query.filters, query.search, query.sort)
        read = values_of(full, RecordKind.CLIENT, whole.of(plain).window(0, 1000), people)
        wanted = expected(RecordKind.CLIENT, read, own, people.commercial)
        found = whole.of(query)
        assert wanted
        assert [row.id for row in found.window(0, 1000)] == wanted
        assert found.count() == len(wanted)
        assert found.build_position_index() in (len(wanted), None)
        assert [row.id for row in found.window(2, 3)] == wanted[2:5]


def test_what_a_list_does_not_have_is_refused_by_name(crm: Crm, people: People) -> None:
    reader: ListReader[Any] = ListReader(crm, lambda: people.gestion, RecordKind.EVENT, ListQuery())
    for condition in (
        Condition("shoe_size", Comparison.IS, "1"),
        Condition("start", Comparison.CONTAINS, "1"),
        Condition("start", Comparison.IS, "someday"),
        Condition("start", Comparison.IS, "today+99999"),
        Condition("name", Comparison.CONTAINS, "\u0301"),
        Condition("attendees", Comparison.IS, "9" * 30),
        Condition("support_contact", Comparison.IS, "x"),
    ):
        with pytest.raises(Invalid) as refused:
            reader.of(ListQuery(own=OwnFilter((condition,)))).window(0, 5)
        assert "conditions" in [each.field for each in refused.value.field_problems()]


@given(own_filters(RecordKind.EVENT, People(*(Actor(n, f"u{n}", None, "", "") for n in range(1, 7)))))  # type: ignore[arg-type]
def test_a_filter_is_the_same_after_it_was_kept(own: OwnFilter) -> None:
    assert from_json(own.to_json()) == own


@pytest.mark.parametrize(
    "kept",
    [
        "", "[]", "{}", "nonsense", '{"version":1}', '{"version":true,"match":"all","conditions":[]}',
        '{"version":1,"match":"none","conditions":[]}', '{"version":1,"match":"all","conditions":{}}',
        '{"version":1,"match":"all","conditions":[1]}', '{"version":2,"match":"all","conditions":[]}',
        '{"version":1,"match":"all","conditions":[{"field":"a","comparison":"sounds","value":""}]}',
        '{"version":1,"match":"all","conditions":[{"field":"a","comparison":"is","value":1}]}',
        '{"version":1,"match":"all","conditions":[{"field":"a\\u001b[2J","comparison":"is","value":""}]}',
        "[" * 100_000, '{"version":1,"match":"all","conditions":[' + "1," * 20_000 + "1]}",
        json.dumps({"version": 1, "match": "all", "conditions":
                    [{"field": "a", "comparison": "is", "value": ""}] * (MOST_CONDITIONS + 1)}),
    ],
)  # fmt: skip
def test_a_kept_filter_that_is_none_is_refused(kept: str) -> None:
    with pytest.raises(Invalid):
        from_json(kept)
