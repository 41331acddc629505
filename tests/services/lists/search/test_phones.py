"""A phone is found however it is typed and however it is searched for, on both engines."""

from dataclasses import dataclass
from typing import Final

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from models.enums import RecordKind
from models.read_models import ClientRead
from models.write_models import ClientUpdate
from services import clients, contracts, events
from services.crm import Crm
from services.global_search import search_everywhere
from services.lists.query import ListQuery
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import count_clients
from tests.support.records import Records

SIX_WAYS: Final = (
    "+33698765432", "06 98 76 54 32", "06.98.76.54.32", "0033 698 765 432", "+33 (0)6 98 76 54 32",
    "0698765432",
)  # fmt: skip
PASTED: Final = (
    "06\u00a098\u00a076\u00a054\u00a032", "06\u202f98\u202f76\u202f54\u202f32", "06\u201198\u201376-54-32",
    "\u202a+33 6 98 76 54 32\u202c", "06\t98\t76\t54\t32", "+33 06 98 76 54 32", "698765432",
    "0033(0)698765432", "(06) 98-76-54-32", "٠٦ ٩٨ ٧٦ ٥٤ ٣٢", "０６９８７６５４３２",
)  # fmt: skip
OTHERS: Final = ("06 98 76 32 54", "06 98 76 54 33", "+49 30 765432", "", "07 06 98 76 54")
ABROAD: Final = {
    "+39 06 1234 5678": ("+39 06 1234 5678", "0039 06 12345678", "06 1234 5678", "345678"),
    "+34 612 34 56 78": ("0034 612345678", "612 34 56 78", "612345678", "+34 (0)612 345 678"),
    "+44 7911 123456": ("07911 123456", "+44 (0)7911 123456", "00447911123456", "123456"),
    "+1 212 555 0123": ("(212) 555-0123", "1-212-555-0123", "+1 212.555.0123", "0123"),
    "+ 666 12345": ("+ 666 12345", "66612345", "666 123 45", "+666-12-345", "12345"),
    "3639": ("3639", "36 39"),
    "06 98 76 54 32 ext. 12": ("0698765432 ext. 12", "+33 6 98 76 54 32 x12", "06 98 76 54 32 poste 12"),
    "+1-800-FLOWERS": ("+1 800 FLOWERS", "1800 flowers", "1-800-flowers", "18003569377", "800 356 9377"),
}


@dataclass(frozen=True)
class Directory:
    """Clients with phones."""

    crm: Crm
    people: People

    def ids(self, search: str) -> list[int]:
        rows = clients.list_clients(self.crm, self.people.support, ListQuery(search=search))
        assert count_clients(self.crm, self.people.support, ListQuery(search=search)) == len(rows)
        return [row.id for row in rows]


@pytest.fixture
def directory(crm: Crm, people: People) -> Directory:
    return Directory(crm, people)


def spellings(national: str, country: str) -> list[str]:
    """Ways to write a French number of nine digits."""
    pairs = [national[at : at + 2] for at in range(1, 9, 2)]
    grouped = [national[0], *pairs]
    return [
        f"+{country}{national}", f"+{country} {' '.join(grouped)}",
        f"00{country} {national[:3]} {national[3:6]} {national[6:]}",
        f"+{country} (0){' '.join(grouped)}", f"0{national}", f"0{' '.join(grouped)}",
        f"0{'.'.join(grouped)}", f"0{'-'.join(grouped)}", f"(0{national[0]}) {' '.join(pairs)}",
        f"0{national[0]}/{''.join(pairs)}",
        f"+{country}\u00a0{national[0]}\u202f" + "\u2011".join(pairs), national,
    ]  # fmt: skip


def test_each_of_six_ways_to_write_a_number_finds_it_in_all_six(
    directory: Directory, records: Records
) -> None:
    same = [records.client(phone=way).id for way in SIX_WAYS]
    for other in OTHERS:
        records.client(phone=other)
    for way in (*SIX_WAYS, *PASTED, "98765432"):
        assert directory.ids(way) == same, way
        assert directory.ids(f"client {way}") == same, way
    # The last digits are those of a German number, too.
    assert directory.ids("765432") == [*same, same[-1] + 3]


def test_the_palette_and_the_lists_of_what_belongs_to_a_client_find_its_phone(
    directory: Directory, records: Records
) -> None:
    crm, people = directory.crm, directory.people
    event = records.event(records.contract(records.client(phone=SIX_WAYS[3]), signed=True))
    records.event()
    person = records.collaborator(phone=SIX_WAYS[2])
    for way in (*SIX_WAYS, *PASTED):
        found = search_everywhere(crm, people.gestion, way)
        assert [(hit.kind, hit.id) for hit in found] == [
            (RecordKind.CLIENT, event.client), (RecordKind.CONTRACT, event.contract),
            (RecordKind.EVENT, event.id), (RecordKind.COLLABORATOR, person.id),
        ], way  # fmt: skip
        query = ListQuery(search=way)
        assert [row.id for row in contracts.list_contracts(crm, people.support, query)] == [event.contract]
        assert [row.id for row in events.list_events(crm, people.support, query)] == [event.id]
    last = search_everywhere(crm, people.gestion, "765432")
    assert [hit.kind for hit in last] == [RecordKind.CLIENT, RecordKind.COLLABORATOR]


@pytest.mark.parametrize("phone", ABROAD)
def test_a_number_of_another_form_is_found_in_its_ways(
    directory: Directory, records: Records, phone: str
) -> None:
    client = records.client(phone=phone)
    for other in OTHERS[:2]:
        records.client(phone=other)
    for way in (phone, *ABROAD[phone]):
        assert directory.ids(way) == [client.id], way


@pytest.mark.parametrize("phone", [*SIX_WAYS[:2], "+34 612 34 56 78", "+39 06 1234 5678", "+ 666 12345"])
def test_a_number_is_never_lost_while_it_is_typed(directory: Directory, records: Records, phone: str) -> None:
    client = records.client(full_name="Zoé Dupont", phone=phone)
    ways = SIX_WAYS if "698" in phone else (phone, phone.replace("+", "00").replace(" ", ""))
    for way in ways:
        for end in range(1, len(way) + 1):
            if any(letter.isdigit() for letter in way[:end]):
                assert directory.ids(way[:end]) == [client.id], way[:end]
                assert directory.ids(f"dupont {way[:end]}") == [client.id], way[:end]
                assert directory.ids(f"{way[:end]} dupont") == [client.id], way[:end]


def test_last_digits_are_found_as_they_are_typed_from_the_fourth_on(
    directory: Directory, records: Records
) -> None:
    client = records.client(phone=SIX_WAYS[0])
    assert [directory.ids("765432"[:end]) for end in range(4, 7)] == [[client.id]] * 3
    assert directory.ids("76 54 32") == directory.ids("76-54-32") == [client.id]
    assert directory.ids("54 32") == directory.ids("5432") == [client.id]
    assert directory.ids("76 32 54") == directory.ids("5433") == []


def test_contract_numbers_dates_and_amounts_are_found_as_before(
    directory: Directory, records: Records
) -> None:
    crm, actor = directory.crm, directory.people.support
    client = records.client(phone="06 00 00 10 20")
    contract = records.contract(client, signed=True)
    event = records.event(contract, name="Gala 15/06/2027, 1 234,50 €", location="53 rue, 41120 Candé")
    number = contract.number
    for typed in (number, number[1:], number[1:].replace("-", " "), f"{contract.id:05}", f"C{contract.id}"):
        rows = contracts.list_contracts(crm, actor, ListQuery(search=typed))
        assert [row.id for row in rows] == [contract.id], typed
    for typed in (
        "15/06/2027",
        "15.06.2027",
        "15 06 2027",
        "2027-06-15",
        "1 234,50",
        "1234 gala",
        "41120 53",
    ):
        held = events.list_events(crm, actor, ListQuery(search=typed))
        assert [row.id for row in held] == ([] if typed == "1234 gala" else [event.id]), typed


@pytest.fixture
def changing(records: Records) -> ClientRead:
    return records.client()


@given(st.integers(100_000_000, 999_999_999), st.data())
def test_any_spelling_of_a_number_finds_any_other(
    directory: Directory, changing: ClientRead, number: int, data: st.DataObject
) -> None:
    ways = st.sampled_from(spellings(str(number), "33"))
    typed, searched = data.draw(ways), data.draw(ways)
    _record(directory, changing, typed)
    assert directory.ids(searched) == [changing.id], (typed, searched)
    end = data.draw(st.integers(1, len(searched)))
    if typed.lstrip("+(").startswith(("33", "0")) and any(map(str.isdigit, searched[:end])):
        assert searched.startswith(str(number)) or directory.ids(searched[:end]) == [changing.id], searched[
            :end
        ]


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)), st.data())
def test_a_number_of_any_country_is_found_in_each_form(
    directory: Directory, changing: ClientRead, region: str, data: st.DataObject
) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    forms = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
    typed = phonenumbers.format_number(number, data.draw(st.sampled_from(forms[:2])))
    searched = phonenumbers.format_number(number, data.draw(st.sampled_from(forms)))
    _record(directory, changing, typed)
    assert directory.ids(searched) == [changing.id], (typed, searched)
    assert directory.ids(searched.replace("+", "00")) == [changing.id], (typed, searched)


def _record(directory: Directory, client: ClientRead, phone: str) -> None:
    command = build(ClientUpdate, {"phone": phone})
    clients.update_client(directory.crm, directory.people.commercial, client.id, command)
