"""Denormalised copies: every list sorts and filters on columns of its own table.

A record gets its copies when it is created or linked to another record. The copies are updated when the
original changes. Neither step changes the version or the times of the record that holds the copy.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Table, bindparam, func, select, text, update
from sqlmodel import SQLModel

from models.activity_tables import Note, Task
from models.search_words import SOLD_BY, person_word, words_to_copy
from models.tables import Client, Collaborator, Contract, Event, Record
from services import record_types, shared_values
from services.denormalized import computed_columns, period_figures, stuck_links, team_names
from services.denormalized.computed_columns import EventFacts
from services.denormalized.counters import CounterDeltas
from services.persistence import mapper, prepared
from services.record_types import Find

_CLIENT: Final = SQLModel.metadata.tables["client"]
_CONTRACT: Final = SQLModel.metadata.tables["contract"]
_EVENT: Final = SQLModel.metadata.tables["event"]
_NEXT_BY_SEQUENCE: Final = text("SELECT nextval(pg_get_serial_sequence('contract', 'id'))")
_NEXT_BY_LAST: Final = text("SELECT coalesce(max(id), 0) + 1 FROM contract")

Model = TypeVar("Model", bound=Record)


def set_copies(connection: Connection, find: Find, record: Record) -> None:
    """Set the copies of a record, before it is written."""
    record_types.of_record(record).set_copies(connection, find, record)


def set_copies_of_client(_connection: Connection, find: Find, client: Client) -> None:
    """Set the copies of a client."""
    if _has_changed(client, "sales_contact_id"):
        client.sort_sales_contact = _read_parent(find, Collaborator, client.sales_contact_id).sort_name


def set_copies_of_contract(connection: Connection, find: Find, contract: Contract) -> None:
    """Set the copies of a new contract, and its id, which is one of its search words; follow its chain."""
    if contract.id is not None:
        if _has_changed(contract, "signed_on", "amount_due"):
            stuck_links.set_values(contract, stuck_links.read_facts(connection, contract.id))
        if _has_changed(contract, "signed_on"):
            client = _read_parent(find, Client, contract.client_id)
            contract.search = _words_of_contract(connection, contract, client)
        return
    client = _read_parent(find, Client, contract.client_id)
    contract.sales_contact_id = client.sales_contact_id
    contract.sort_client, contract.sort_sales_contact = client.sort_name, client.sort_sales_contact
    contract.id = _next_contract_id(connection)
    contract.search = _words_of_contract(connection, contract, client)
    stuck_links.set_values(contract, stuck_links.NO_EVENT)


def _words_of_contract(connection: Connection, contract: Contract, client: Client) -> str:
    assert contract.id is not None  # noqa: S101 - reserved before
    created, zone = contract.created_at, shared_values.zone(connection)
    return computed_columns.contract_words(client.search, contract.id, created, contract.signed_on, zone)


_OF_WORDS: Final = ("name", "location", "notes", "start", "end", "support_contact_id", "contract_id")


def set_copies_of_event(connection: Connection, find: Find, event: Event) -> None:
    """Set the copies of an event."""
    if _has_changed(event, *_OF_WORDS):
        contract = _read_parent(find, Contract, event.contract_id)
        client = _read_parent(find, Client, contract.client_id)
        event.client_id = contract.client_id
        event.sales_contact_id, event.sort_client = client.sales_contact_id, client.sort_name
        facts = EventFacts._make([*(getattr(event, name) for name in _OF_WORDS), contract.created_at])
        event.search = computed_columns.event_words(facts, client.search, shared_values.zone(connection))
    if _has_changed(event, "support_contact_id"):
        support = event.support_contact_id
        event.sort_support = "" if support is None else _read_parent(find, Collaborator, support).sort_name


def set_copies_of_note(connection: Connection, find: Find, note: Note) -> None:
    """Set the client of a new note, and the words of a note: its day depends on the CRM's time zone."""
    set_client_of(connection, find, note)
    if _has_changed(note, "text", "at"):
        note.search = computed_columns.note_words(note.text, note.at, shared_values.zone(connection))


def set_client_of(_connection: Connection, find: Find, record: Note | Task) -> None:
    """Set the client of the record that a new note or task is on."""
    if record.id is not None:
        return
    record.of_client_id = record.client_id
    contract_id = record.contract_id
    if record.event_id is not None:
        contract_id = _read_parent(find, Event, record.event_id).contract_id
    if contract_id is not None:
        record.of_client_id = _read_parent(find, Contract, contract_id).client_id


def _read_parent(find: Find, model: type[Model], record_id: int) -> Model:
    found = find(model, record_id)
    assert found is not None  # noqa: S101 - read before, or guaranteed by a foreign key
    return found


def _next_contract_id(connection: Connection) -> int:
    # Reserved before the insert: setting the search words afterwards would rewrite every index entry of the
    # row.
    query = _NEXT_BY_SEQUENCE if connection.dialect.name == "postgresql" else _NEXT_BY_LAST
    return int(prepared.run(connection, query, {}).rows[0][0])


def _has_changed(record: Record, *names: str) -> bool:
    before = mapper.unsaved(record)
    return any(name in before for name in names)


class CopyUpdates:
    """The originals that a transaction changed; their copies are updated once, at its end."""

    def __init__(self) -> None:
        self._people: dict[int, str] = {}
        self._sellers: dict[int, tuple[int, int]] = {}
        self._names: dict[int, str] = {}
        self._words: dict[int, str] = {}
        self._chains: set[int] = set()
        self._renames_team = False

    def note(self, record: Record) -> None:
        """Remember the copies that follow from the changes of a record, before it is written."""
        record_types.of_record(record).note_originals(self, record)

    def note_event(self, event: Event) -> None:
        """The contract holds the earliest end of its live events, and the link that its chain lacks."""
        if _has_changed(event, "end", "deleted_at", "support_contact_id", "notes"):
            self._chains.add(event.contract_id)

    def note_collaborator(self, person: Collaborator) -> None:
        """Clients, contracts and events hold names of collaborators, and searches look them up."""
        self._renames_team = self._renames_team or _has_changed(person, "search")
        if person.id is not None and _has_changed(person, "sort_name"):
            self._people[person.id] = person.sort_name

    def note_client(self, client: Client) -> None:
        """Contracts and events hold the sales contact, the name and the words of their client."""
        if client.id is None:
            return
        before: dict[str, Any] = mapper.unsaved(client)
        if "sales_contact_id" in before:
            first, _ = self._sellers.get(client.id, (before["sales_contact_id"], 0))
            self._sellers[client.id] = first, client.sales_contact_id
        if "sort_name" in before:
            self._names[client.id] = client.sort_name
        if "search" in before and _own_words(before["search"] or "") != _own_words(client.search):
            self._words[client.id] = client.search

    def apply(self, connection: Connection, differences: CounterDeltas) -> None:
        """Update the copies in a fixed order of tables and ids, which prevents deadlocks.

        The counters that follow from copies are noted in ``differences``.
        """
        if self._renames_team:
            team_names.note_change(connection)
            self._renames_team = False
        for person_id, name in sorted(self._people.items()):
            _update_person(connection, person_id, name)
        _update_sellers(connection, self._sellers, differences)
        for client_id, name in sorted(self._names.items()):
            _set_below(connection, [client_id], {"sort_client": name}, {"sort_client": name})
        for client_id, words in sorted(self._words.items()):
            _update_words(connection, client_id, words)
        for contract_id in sorted(self._chains):
            for before, after in stuck_links.update_contract(connection, contract_id):
                differences.note(before, after)
        for noted in (self._people, self._sellers, self._names, self._words, self._chains):
            noted.clear()


def _set_below(
    connection: Connection,
    clients: Collection[int],
    of_contracts: dict[str, Any],
    of_events: dict[str, Any],
) -> None:
    for table, values in ((_CONTRACT, of_contracts), (_EVENT, of_events)):
        connection.execute(update(table).where(table.c.client_id.in_(clients)).values(values))


def _update_person(connection: Connection, person_id: int, name: str) -> None:
    theirs = _CLIENT.c.sales_contact_id == person_id
    copy = {"sort_sales_contact": name}
    connection.execute(update(_CLIENT).where(theirs).values(copy))
    clients = select(_CLIENT.c.id).where(theirs)
    connection.execute(update(_CONTRACT).where(_CONTRACT.c.client_id.in_(clients)).values(copy))
    run = _EVENT.c.support_contact_id == person_id
    connection.execute(update(_EVENT).where(run).values(sort_support=name))


def _own_words(words: str) -> str:
    """The words that contracts and events copy, without the sales contact, whose change they follow alone."""
    return re.sub(f" {SOLD_BY}[0-9]+{SOLD_BY}", "", words_to_copy(words))


_CLIENTS_AT_ONCE: Final = 500


def _update_sellers(
    connection: Connection, sellers: dict[int, tuple[int, int]], differences: CounterDeltas
) -> None:
    clients_of: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for client_id, change in sorted(sellers.items()):
        clients_of[change].append(client_id)
    people = SQLModel.metadata.tables["collaborator"]
    for (before, seller_id), clients in clients_of.items():
        name = select(people.c.sort_name).where(people.c.id == seller_id).scalar_subquery()
        seller = {"sales_contact_id": seller_id}
        # In place, by the database: other words of the contracts and events stay as they are.
        words = (f" {person_word(SOLD_BY, each)}" for each in (before, seller_id))
        of_contracts, of_events = (
            seller | {"search": func.replace(table.c.search, *pair)}
            for pair in [tuple(words)] for table in (_CONTRACT, _EVENT)
        )  # fmt: skip
        for start in range(0, len(clients), _CLIENTS_AT_ONCE):
            some = clients[start : start + _CLIENTS_AT_ONCE]
            for share_before, share_after in period_figures.shares_of_clients(connection, some, seller_id):
                differences.note(share_before, share_after)
            _set_below(connection, some, of_contracts | {"sort_sales_contact": name}, of_events)


def _update_words(connection: Connection, client_id: int, words: str) -> None:
    contracts = connection.execute(
        select(_CONTRACT.c.id, _CONTRACT.c.created_at, _CONTRACT.c.signed_on).where(
            _CONTRACT.c.client_id == client_id
        )
    ).all()
    if not contracts:
        return
    zone = shared_values.zone(connection)
    of_contracts = {
        row.id: computed_columns.contract_words(words, row.id, row.created_at, row.signed_on, zone)
        for row in contracts
    }
    set_words(connection, _CONTRACT, of_contracts)
    created = {row.id: row.created_at for row in contracts}
    facts = (_EVENT.c[mapper.fields_of(Event)[name].name] for name in _OF_WORDS)
    events = connection.execute(select(_EVENT.c.id, *facts).where(_EVENT.c.client_id == client_id))
    of_events = {
        row.id: computed_columns.event_words(
            EventFacts._make([*row[1:], created[row.contract_id]]), words, zone
        )
        for row in events
    }
    set_words(connection, _EVENT, of_events)


def set_words(connection: Connection, table: Table, words: dict[int, str]) -> None:
    """Write the search words of records, given by id."""
    if words:
        statement = update(table).where(table.c.id == bindparam("key")).values(search=bindparam("words"))
        connection.execute(statement, [{"key": key, "words": text} for key, text in sorted(words.items())])
