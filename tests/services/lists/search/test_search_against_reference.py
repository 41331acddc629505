"""Search equals a search by brute force, in whichever way it is answered."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import RecordKind
from models.postgresql_word_index import BLOCK_BITS
from models.read_models import ClientRead, CollaboratorRead, ContractRead, EventRead
from models.text import fold, is_blank
from models.write_models import ClientUpdate, EventUpdate
from services import clients, collaborators, events
from services.crm import Crm
from services.errors import CrmError
from services.list_reader import ListReader
from services.lists.query import Filter, ListQuery
from services.lists.search import postgresql, sqlite
from services.validation import build
from tests.support.accounts import People
from tests.support.records import Records, rewrite
from tests.support.search_reference import Known, finds, phone, words
from tests.support.word_index import require_whole_index

# Each makes one way of answering the only one, however few records there are.
WAYS: Final[Mapping[str, Mapping[str, object]]] = {
    "as it comes": {},
    "a few rows first": {
        "FEW": -1,
        "MANY": -1,
        "FIRST_ROWS": 2,
        "CANDIDATES": 2,
        "GLANCE": 1,
        "FURTHER": 3,
        "PROBE": 1,
    },
    "all rows first": {"FEW": -1, "MANY": -1, "GLANCE": 100, "PROBE": 0},
    "ids gathered": {"FEW": -1, "GLANCE": 0, "FIRST_ROWS": 0, "CANDIDATES": 0, "FURTHER": 0, "PROBE": 0},
    "no index": {"is_usable": lambda connection: False},
}

PARIS: Final = ZoneInfo("Europe/Paris")

_LETTERS: Final = (
    "abcdxyzABC ÀéÉœŒßæøØłŁđïŞıİſﬁ Ёёж αΣς שלום عربي ไทยด้ नमस्ते 東京한국ｶﾅカ𠮷 ກມက 😀👩‍👩‍👧🇫🇷 0123٤²Ⅷ½"
    " -'’\"«.,_%*()\\/:@&+"
)
_WORDS: Final = (
    "O'Mara", "omara", "Jean-Pierre", "jeanpierre", "jean pierre", "S.A.R.L.", "sarl", "s a r l", "C#",
    "c++", "C", "田中美咲", "美咲", "田中美咲株式会社東京",
    "dupont", "Dupond", "DU", "Évènementiel", "evenementielle", "evenements", "Straße", "Œuvrard", "Łódź",
)  # fmt: skip
_SIGNS: Final = (
    "AND", "or", "NOT", "NEAR(", "NEAR/2", "*", '"', "^a", "a*", "-a", "%", "_", "a:b", "'", "&", "!", ":*",
    "\\", "x" * 600,
)  # fmt: skip
_TEXTS: Final = st.text(_LETTERS, max_size=25) | st.lists(st.sampled_from(_WORDS), max_size=3).map(" ".join)
_PHONES: Final = st.sampled_from(
    ["", "06 98 76 54 32", "+33698765432", "0033 698 765 432", "+33 (0)6 98 76 54 32", "+ 666 12345",
     "+39 06 1234 5678", "612 34 56 78", "3639", "06 98 76 32 54"]
)  # fmt: skip
_NUMBERS: Final = (
    "06 98 76 54 32", "+33 6 98", "0033698765432", "+33 (0)6 98 76", "765432", "6543", "543",
    "66612345", "666 1", "+39 0612", "0612", "00", "0", "+330698", "2026 00001", "C2026-00001",
    "2026-00002", "15/06/2027", "15/6", "15/6/2026", "16/6/26", "15/6/2", "15.06.2026", "2026-06-16",
    "16 juin 2026", "15 june", "14 Juin 202", "6/15", "31/6", "15.06", "june",
)  # fmt: skip
_FILTERS: Final = {
    RecordKind.CLIENT: ((), (Filter.MINE,), (Filter.NOT_CONTACTED_30_DAYS,), (Filter.TRASHED,)),
    RecordKind.CONTRACT: ((), (Filter.MINE,), (Filter.UNSIGNED,), (Filter.MINE, Filter.UNPAID)),
    RecordKind.EVENT: ((), (Filter.MINE,), (Filter.WITHOUT_SUPPORT,), (Filter.MINE, Filter.WITHOUT_SUPPORT)),
}
_SORTS: Final = {
    RecordKind.CLIENT: ("", "full_name", "company", "sales_contact_name"),
    RecordKind.CONTRACT: ("", "client_name", "status", "total_amount"),
    RecordKind.EVENT: ("", "name", "start", "client_name"),
}


@dataclass
class Shop:
    """A few records, rewritten for each example."""

    crm: Crm
    people: People
    clients: list[ClientRead]
    contracts: list[ContractRead]
    events: list[EventRead]
    team: list[CollaboratorRead]

    def rewrite(self, texts: list[tuple[str, str]], phones: list[str], days: list[date]) -> None:
        """New names, phones and days for clients and events; where the services refuse one, it stays."""
        for place, (one, other) in enumerate(texts):
            client, event = self.clients[place], self.events[place]
            seller = next(actor for actor in self.people if actor.id == client.sales_contact_id)
            self.clients[place] = _changed(
                lambda values, seller=seller, client=client: clients.update_client(
                    self.crm, seller, client.id, build(ClientUpdate, values)
                ),
                client, {"full_name": one, "company": other}, {"phone": phones[place]},
                {"first_contact_date": days[place], "last_contact_date": days[place]},
            )  # fmt: skip
            self.events[place] = _changed(
                lambda values, event=event: events.update_event(
                    self.crm, self.people.support, event.id, build(EventUpdate, values)
                ),
                event, {"name": other, "location": one},
                {"notes": one, "start": _evening(days[place]), "end": _evening(days[-1 - place], 3)},
            )  # fmt: skip

    def known(self, kind: RecordKind) -> dict[int, Known]:
        """What each record of a kind is found by."""
        of_client = {
            each.id: Known(words(each.full_name, each.company) | _address(each.email)) | phone(each.phone)
            | self._named(each.sales_contact_id)
            | Known(set(), days={each.first_contact_date, each.last_contact_date} - {None})  # type: ignore[arg-type]
            for each in self.clients
        }  # fmt: skip
        if kind is RecordKind.CLIENT:
            return of_client
        of_contract = {
            each.id: of_client[each.client].to_copy()
            | Known({each.number[:5].lower(), each.number[1:5], each.number[6:], f"{each.id}", f"c{each.id}"})
            | Known(set(), days={_paris(each.created), each.signed_on} - {None})  # type: ignore[arg-type]
            for each in self.contracts
        }
        if kind is RecordKind.CONTRACT:
            return of_contract
        return {
            each.id: of_contract[each.contract].to_copy() | self._named(each.support_contact_id)
            | Known(words(each.name, each.location, each.notes), days=_days_of(each))
            for each in self.events
        }  # fmt: skip

    def _named(self, person: int | None) -> Known:
        found = next((each for each in self.team if each.id == person), None)
        if found is None:
            return Known(set())
        name = words(f"{found.first_name} {found.last_name}") | words(found.username.replace("_", " "))
        return Known(set(), people=name)

    def reader(self, kind: RecordKind, query: ListQuery) -> ListReader[Any]:
        """The list as its screen reads it."""
        return ListReader(self.crm, lambda: self.people.commercial, kind, query)


def _evening(day: date, hours: int = 0) -> datetime:
    """A quarter to midnight in the time zone of the CRM, or so many hours later."""
    return datetime.combine(day, time(23, 45), PARIS).astimezone(UTC) + timedelta(hours=hours)


def _paris(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def _days_of(event: EventRead) -> set[date]:
    """The days on which an event takes place, minute by minute at their edges."""
    days = set()
    moment = event.start
    while moment < event.end:
        days.add(_paris(moment))
        moment += timedelta(hours=1)
    return days | {_paris(event.end - timedelta(seconds=1))}


def _address(email: str) -> set[str]:
    return {word for part in email.replace("@", ".").split(".") for word in part.split("-")}


def _changed(update: Any, record: Any, *each: Mapping[str, object]) -> Any:
    for values in each:
        try:
            record = update(values)
        except CrmError:
            continue
    return record


@pytest.fixture
def shop(crm: Crm, people: People, records: Records) -> Shop:
    rewrite(crm, "UPDATE shared_settings SET time_zone = 'Europe/Paris'")
    sellers = (people.commercial, people.other_commercial, people.commercial)
    sold = [records.client(seller) for seller in sellers]
    agreed = [records.contract(client, signed=True) for client in sold]
    held = [records.event(contract, support=people.support) for contract in agreed]
    more = [records.contract(sold[0]), records.event(agreed[0])]
    team = collaborators.list_collaborators(crm, people.gestion, ListQuery())
    return Shop(crm, people, sold, [*agreed, more[0]], [*held, more[1]], team)  # type: ignore[list-item]


@given(
    data=st.data(),
    texts=st.lists(st.tuples(_TEXTS, _TEXTS), min_size=3, max_size=3),
    phones=st.lists(_PHONES, min_size=3, max_size=3),
    days=st.lists(st.dates(date(2026, 6, 14), date(2026, 6, 17)), min_size=3, max_size=3),
)
def test_search_equals_a_search_by_brute_force(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, data: st.DataObject, texts: list[tuple[str, str]],
    phones: list[str], days: list[date],
) -> None:  # fmt: skip
    shop.rewrite(texts, phones, days)
    require_whole_index(shop.crm)
    named = {word for person in shop.team for word in words(person.first_name, person.last_name)}
    kept = sorted(words(*(text for pair in texts for text in pair)) | named | {"client", "c2026"})
    starts = st.sampled_from(kept).flatmap(lambda word: st.integers(1, len(word)).map(lambda end: word[:end]))
    typing = st.lists(
        starts | st.sampled_from(_SIGNS) | st.text(_LETTERS, max_size=4) | st.sampled_from(_NUMBERS),
        max_size=3,
    )
    with monkeypatch.context() as patch:
        _answer(patch, data.draw(st.sampled_from(sorted(WAYS))))
        for kind in _SORTS:
            typed = data.draw(typing.map(" ".join))
            typed = data.draw(st.sampled_from([typed, typed.upper()]))
            filters = frozenset(data.draw(st.sampled_from(_FILTERS[kind])))
            query = ListQuery(
                filters, typed, data.draw(st.sampled_from(_SORTS[kind])), data.draw(st.booleans())
            )
            _compare(shop, kind, query)


def _answer(patch: pytest.MonkeyPatch, way: str) -> None:
    for module in (sqlite, postgresql):
        for name, value in WAYS[way].items():
            if hasattr(module, name):
                patch.setattr(module, name, value)


def _compare(shop: Shop, kind: RecordKind, query: ListQuery) -> None:
    everything = shop.reader(kind, ListQuery(query.filters, "", query.sort, query.descending)).window(0, 100)
    known = shop.known(kind)
    expected = [record.id for record in everything if _is_found(known[record.id], query.search)]
    reader = shop.reader(kind, query)
    assert [record.id for record in reader.window(0, 100)] == expected
    assert reader.count() == len(expected)
    places = {record.id: reader.position(record.id) for record in everything}
    assert places == {id_: expected.index(id_) if id_ in expected else None for id_ in places}


def _is_found(known: Known, typed: str) -> bool:
    if is_blank(typed):
        return True
    return any(letter.isalnum() or unicodedata.category(letter) == "So" for letter in fold(typed)) and finds(
        known, typed
    )


@pytest.mark.parametrize("way", sorted(WAYS))
def test_windows_of_a_search_laid_end_to_end_give_each_record_once(
    crm: Crm, people: People, records: Records, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for number in range(9):
        records.client(full_name=f"Évènementielle {number % 4}", company="Dupont" if number % 3 else "Other")
    _answer(monkeypatch, way)
    for sort in ("", "full_name", "company"):
        for descending in (False, True):
            for search in ("evenementiel du", "e d"):
                query = ListQuery(frozenset({Filter.MINE}) if sort else frozenset(), search, sort, descending)
                reader: ListReader[ClientRead] = ListReader(
                    crm, lambda: people.commercial, RecordKind.CLIENT, query
                )
                whole = reader.window(0, 100)
                assert len({record.id for record in whole}) == 6
                assert [reader.window(place, 1)[0] for place in range(6)] == whole
                assert _forwards(reader) == whole
                assert _backwards(reader, whole[-1].id) == whole[:-1]


def test_a_search_goes_on_from_one_block_of_ids_to_the_next(
    crm: Crm, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [block * (1 << BLOCK_BITS) + beside for block in (1, 2, 5) for beside in (-1, 0, 1)]
    for place, id_ in enumerate(ids):
        made = records.client(full_name=f"Dupont {place % 4}")
        rewrite(crm, "UPDATE client SET id = :new WHERE id = :id", id=made.id, new=id_)
    _answer(monkeypatch, "ids gathered")
    for typed, expected in (("dup", ids), ("dupont 1", ids[1::4]), ("1 2", [])):
        for descending in (False, True):
            reader: ListReader[ClientRead] = ListReader(
                crm, lambda: people.commercial, RecordKind.CLIENT,
                ListQuery(search=typed, descending=descending),
            )  # fmt: skip
            whole = reader.window(0, 100)
            assert [record.id for record in whole] == (expected[::-1] if descending else expected)
            assert [reader.window(place, 1)[0] for place in range(len(whole))] == whole
            if whole:
                assert _forwards(reader) == whole
                assert _backwards(reader, whole[-1].id) == whole[:-1]


def _forwards(reader: ListReader[ClientRead]) -> list[ClientRead]:
    rows = reader.window(0, 2)
    while more := reader.window(0, 2, after=rows[-1].id):
        rows += more
    return rows


def _backwards(reader: ListReader[ClientRead], last: int) -> list[ClientRead]:
    rows: list[ClientRead] = []
    while more := reader.window(0, 2, before=rows[0].id if rows else last):
        rows = [*more, *rows]
    return rows
