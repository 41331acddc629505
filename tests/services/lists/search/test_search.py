"""Search as one types: the beginnings of words in any order, without case or accents, any text allowed."""

from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.enums import Department
from models.search_words import search_terms
from models.text import fold
from models.write_models import ClientUpdate
from services import clients, collaborators, contracts, events
from services.crm import Crm
from services.errors import CrmError
from services.lists.query import Filter, ListQuery
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import count_clients, list_journal
from tests.support.records import Records

# Each client is known by its company's first word.
CLIENTS: Final = (
    {"full_name": "Élodie Dupont-Œuvrard", "company": "alpha Straße GmbH", "phone": "+33 6 12 34 56 78"},
    {"full_name": "Łukasz Ørsted", "company": "beta 100%_sure\\fine", "phone": "06.98.76.54.32"},
    {"full_name": "Seán O'Brien", "company": "gamma", "email": "sean.obrien@startup.io"},
    {"full_name": "İpek Işık", "company": "delta 50", "contact_person": "Jacky Blangier"},
    {"full_name": "Александр Ёлкин", "company": "epsilon 東京", "phone": "+ 666 12345"},
)

FOUND: Final = [
    ("", "alpha beta delta epsilon gamma"),
    ("elodie", "alpha"),
    ("ÉLODIE", "alpha"),
    ("E\u0301lodie", "alpha"),
    ("  dupont   élo ", "alpha"),
    ("oeuvrard", "alpha"),
    ("œuvrard", "alpha"),
    ("ŒUVRARD dupont-", "alpha"),
    ("strasse", "alpha"),
    ("STRASSE", "alpha"),
    ("straße elodie", "alpha"),
    ("GmbH elodie 0612345678", "alpha"),
    ("GmbH elodie 0612345679", ""),
    ("33612345678", "alpha"),
    ("+33612345678", "alpha"),
    ("12 34 56", "alpha"),
    ("0698765432", "beta"),
    ("+33698765432", "beta"),
    ("lukasz", "beta"),
    ("orsted ŁUK", "beta"),
    ("%", ""),
    ("100%_", "beta"),
    ("100%_sure\\fine", "beta"),
    ("_fine", "beta"),
    ("_", ""),
    ("* \" '", ""),
    ("   ", "alpha beta delta epsilon gamma"),
    ("100%x", ""),
    ("l_kasz", ""),
    ("l%z", ""),
    ("o'brien", "gamma"),
    ("O’Brien", "gamma"),
    ("sean.obrien@startup.io", "gamma"),
    ("startup sean", "gamma"),
    ("startup@", "gamma"),
    ("tartup", ""),
    ("obrien", "gamma"),
    ("o brien", "gamma"),
    ("oeuvrard-dupont", "alpha"),
    ("oeuvrarddupont", ""),
    ("dupontoeuvrard", "alpha"),
    ("ipek isik", "delta"),
    ("IŞIK", "delta"),
    ("blangier", "delta"),
    ("александр елкин", "epsilon"),
    ("ЁЛКИН", "epsilon"),
    ("東", "epsilon"),
    ("66612345", "epsilon"),
    ("alpha beta", ""),
    ("dupontalpha", ""),
    ("nobody of this name", ""),
    ("' OR x=x --", ""),
    ('"dupont"', "alpha"),
    ("dup*", "alpha"),
    ("-dupont", "alpha"),
    ("^elodie", "alpha"),
    ("dupont AND elodie", ""),
    ("dupont OR nobody", ""),
    ("NOT dupont", ""),
    ("NEAR(dupont elodie)", ""),
    ("search:dupont", ""),
    ("'dupont':*", "alpha"),
    ("dupont & elodie", "alpha"),
    ("dupont | nobody", ""),
    ("!dupont", "alpha"),
    ("[/bold]", ""),
]


@dataclass(frozen=True)
class Found:
    """A CRM with the clients above."""

    crm: Crm
    people: People

    def companies(self, search: str) -> str:
        rows = clients.list_clients(self.crm, self.people.support, ListQuery(search=search))
        count = count_clients(self.crm, self.people.support, ListQuery(search=search))
        assert count == len(rows)
        return " ".join(sorted(row.company.split()[0] for row in rows))


@pytest.fixture
def found(crm: Crm, people: People, records: Records) -> Found:
    for client in CLIENTS:
        records.client(**client)
    return Found(crm, people)


def test_clients_are_found_over_name_company_email_and_phone(found: Found) -> None:
    answers = [(search, found.companies(search)) for search, _ in FOUND]
    assert answers == FOUND


def test_a_search_finds_what_has_just_been_changed(crm: Crm, records: Records, people: People) -> None:
    client = records.client(full_name="Anna Nowak", company="Ropes")
    command = build(ClientUpdate, {"full_name": "Zoë Brun", "phone": "0123456789"})
    clients.update_client(crm, people.commercial, client.id, command)
    found = {
        search: count_clients(crm, people.gestion, ListQuery(search=search))
        for search in ("nowak", "zoe", "+33123456789", "ropes")
    }
    assert found == {"nowak": 0, "zoe": 1, "+33123456789": 1, "ropes": 1}


@pytest.mark.parametrize(
    "text",
    ["{number}", "{short}", "c{id}", "{id}", "  {number} ", "{number} elodie", "{lower}", "{id}-", "-{id}"],
)
def test_a_contract_is_found_by_its_number(crm: Crm, records: Records, people: People, text: str) -> None:
    records.contract()
    contract = records.contract(records.client(full_name="Élodie"))
    search = text.format(
        number=contract.number, short=contract.number[1:], lower=contract.number.lower(), id=contract.id
    )
    rows = contracts.list_contracts(crm, people.support, ListQuery(search=search))
    assert contract in rows
    assert len(rows) == 1 or "number" not in text


@pytest.mark.parametrize("text", ["elodie-{id}", "x{id}", "{id}0"])
def test_a_word_that_ends_like_a_number_is_no_number(
    crm: Crm, records: Records, people: People, text: str
) -> None:
    contract = records.contract(records.client(full_name="Anna", email="anna@example.com"))
    search = ListQuery(search=text.format(id=contract.id))
    assert contracts.list_contracts(crm, people.support, search) == []


def test_contracts_and_events_are_found_by_their_client(crm: Crm, records: Records, people: People) -> None:
    records.event()
    client = records.client(full_name="Élodie Dupont", company="Zénith")
    event = records.event(records.contract(client, signed=True), name="Soirée d'été", location="Candé")
    for search in ("elodie", "DUPONT zenith"):
        query = ListQuery(search=search)
        assert [row.client for row in contracts.list_contracts(crm, people.support, query)] == [client.id]
        assert events.list_events(crm, people.support, query) == [event]
    for search in ("soiree", "ete cande", "elodie SOIREE", event.contract_number):
        assert events.list_events(crm, people.support, ListQuery(search=search)) == [event]


def test_the_team_is_found_by_name_username_email_and_number(crm: Crm, people: People) -> None:
    for search in ("lefevre", "BENOÎT", "benoit_l", "benoit_l@epicevents", "T-benoit_l", "lefevre benoit"):
        rows = collaborators.list_collaborators(crm, people.gestion, ListQuery(search=search))
        assert [row.username for row in rows] == ["benoit_l"], search


def test_a_picker_offers_active_collaborators_of_a_department_by_name(
    crm: Crm, records: Records, people: People
) -> None:
    gone = records.collaborator(Department.SUPPORT, first_name="Adam")
    collaborators.deactivate_collaborator(crm, people.gestion, gone.id)

    def offered(department: Department | None, search: str = "", limit: int = 20) -> list[str]:
        rows = collaborators.choose_collaborators(crm, people.gestion, department, search, limit)
        return [row.username for row in rows]

    assert offered(Department.SUPPORT) == ["sofia-m", "sean_ob"]
    assert offered(Department.SUPPORT, "SEAN") == ["sean_ob"]
    assert offered(None, limit=2) == ["claire_d", "georges_k"]


def test_the_trash_is_searched_on_its_own(crm: Crm, records: Records, people: People) -> None:
    kept, gone = records.client(full_name="Anna Nowak"), records.client(full_name="Anna Brun")
    clients.trash_client(crm, people.commercial, gone.id)
    live = clients.list_clients(crm, people.support, ListQuery(search="anna"))
    trash = clients.list_clients(crm, people.support, ListQuery(frozenset({Filter.TRASHED}), search="anna"))
    assert ([row.id for row in live], [row.id for row in trash]) == ([kept.id], [gone.id])


def test_a_word_of_thousands_of_letters_is_kept_and_found(crm: Crm, records: Records, people: People) -> None:
    # Each of these signs is folded to six letters.
    client = records.client(company="\u3316" * 200, full_name="Anna")
    for typed in ("\u3316", "\u3316" * 200, "\u3316" * 150 + " anna"):
        assert clients.list_clients(crm, people.support, ListQuery(search=typed)) == [client], typed
    assert count_clients(crm, people.support, ListQuery(search="\u3316" * 80 + "x")) == 0


STRANGE: Final = [
    "x" * 10_000,
    "%" * 30_000,
    "\ufdfa" * 10_000,
    "😀" * 10_000,
    "a " * 5_000,
    " ".join(str(number) for number in range(5_000)),
    "\x00",
    "\ud800",
    "a\x1b[2Jb",
    "\u202eabc",
    "%%__\\\\//",
    "'; DROP TABLE client; --",
    "(" * 30_000,
    " " * 30_000 + "x",
    "1 " * 3_000 + "a",
    "1." * 3_000 + "a",
    "+" * 9_000 + "1",
    "1" * 9_000,
    "06 x" + "1" * 9_000,
    "[/bold]",
    "1" * 400,
    "c" * 300 + "-1",
    "{0}",
    "\u0301",
    "\u3000",
]


def _search_everywhere(crm: Crm, people: People, search: str) -> list[list[Any]]:
    query = ListQuery(search=search)
    actor = people.gestion
    return [
        clients.list_clients(crm, actor, query),
        contracts.list_contracts(crm, actor, query),
        events.list_events(crm, actor, query),
        collaborators.list_collaborators(crm, actor, query),
        collaborators.choose_collaborators(crm, actor, None, search),
        list(list_journal(crm, actor, query)),
    ]


@pytest.mark.parametrize("search", STRANGE, ids=range(len(STRANGE)))
def test_no_text_is_too_strange_to_search_for(
    crm: Crm, people: People, records: Records, search: str
) -> None:
    records.event(name="x" * 200)
    _search_everywhere(crm, people, search)


@given(search=st.text(max_size=60) | st.text("%_\\/'\"-;c0123456789 ", max_size=20))
def test_any_text_can_be_searched_for(crm: Crm, people: People, search: str) -> None:
    _search_everywhere(crm, people, search)


@given(
    name=st.text(min_size=1, max_size=30) | st.text("ÉéœŒßøØłŁïŞı%_\\'- abc", min_size=1, max_size=12),
    data=st.data(),
)
@example(name="e\u0301", data=None)
def test_whoever_is_recorded_is_found_by_the_beginnings_of_words_of_the_name_in_any_case(
    crm: Crm, people: People, records: Records, name: str, data: st.DataObject | None
) -> None:
    try:
        command = build(ClientUpdate, {"full_name": name})
    except CrmError:
        return
    rows = clients.list_clients(crm, people.support, ListQuery(), limit=1)
    client = rows[0] if rows else records.client()
    kept = clients.update_client(crm, people.commercial, client.id, command)
    words = kept.full_name.split()
    if data is not None:
        chosen = data.draw(st.lists(st.sampled_from(words), max_size=3))
        words = [word[: data.draw(st.integers(1, len(word)))] for word in chosen]
    part = " ".join(words)
    if not search_terms(part) and words:
        return  # a name without letters is found by nothing
    for typed in (part, part.upper(), part.casefold(), fold(part)):
        found = clients.list_clients(crm, people.support, ListQuery(search=typed))
        assert found == [kept], typed
