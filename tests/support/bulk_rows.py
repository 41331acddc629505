"""Inserts many records directly: equal sort keys, empty fields, accents, past, future and trashed ones."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlmodel import Session

from models.activity_tables import Note, Task
from models.enums import NoteKind
from models.tables import Client, Contract, Event
from services.crm import Crm
from services.denormalized import computed_columns, consistency
from tests.support.accounts import People

# Sorted by folded name, with accents, case, ligatures, apostrophes and another script.
NAMES: Final = (
    "Ægir", "Alizée", "Åsa", "Béatrice", "Élodie", "elodie", "Émile", "Łukasz", "Noël", "O'Brien", "Œdipe",
    "Øyvind", "Straße", "Strasse", "Zola", "Александр", "東京",
)  # fmt: skip
COMPANIES: Final = ("", "Cool Startup LLC", "Éditions du Lac", "zénith")


def fill(crm: Crm, people: People, times: int = 1) -> None:
    """Insert ``times`` times 40 clients, 60 contracts, 50 events, 50 notes and 80 tasks."""
    with crm.database.write_session() as session:
        clients = [_client(people, number, 40 * times) for number in range(40 * times)]
        _add(session, clients)
        contracts = [_contract(clients, number) for number in range(60 * times)]
        _add(session, contracts)
        events = [_event(contracts, people, number) for number in range(50 * times)]
        _add(session, events)
        on: dict[str, Any] = {"client_id": clients, "contract_id": contracts, "event_id": events}
        _add(session, [_note(people, number, on) for number in range(50 * times)])
        _add(session, [_task(people, number, on) for number in range(80 * times)])
        consistency.rebuild(session.connection())


def _add(session: Session, records: Sequence[Client | Contract | Event | Note | Task]) -> None:
    for record in records:
        computed_columns.refresh(record, "FR")
    session.add_all(records)
    session.flush()


def _trashed(number: int) -> datetime | None:
    return datetime.now(UTC) if number % 9 == 8 else None


def _client(people: People, number: int, among: int) -> Client:
    contact = (people.commercial, people.other_commercial)[number % 2]
    last = None if number % 5 == 0 else date.today() - timedelta(days=number % 40 * 2)  # noqa: DTZ011
    return Client(
        full_name=NAMES[number * 7 % len(NAMES)],
        email=f"c{number * 11 % among:03d}@example.com",
        company=COMPANIES[number % len(COMPANIES)],
        last_contact_date=last,
        sales_contact_id=contact.id,
        deleted_at=_trashed(number),
    )


def _contract(clients: list[Client], number: int) -> Contract:
    client = clients[number * 7 % len(clients)]
    assert client.id is not None
    total = Decimal(number % 6 + 1) * 100
    signed = None if number % 3 == 0 else date.today() - timedelta(days=number % 20)  # noqa: DTZ011
    return Contract(
        client_id=client.id,
        total_amount=total,
        amount_paid=total if number % 4 == 0 else Decimal(number % 3),
        signed_on=signed,
        created_at=datetime.now(UTC) - timedelta(days=number % 30),
        deleted_at=_trashed(number),
    )


def _event(contracts: list[Contract], people: People, number: int) -> Event:
    contract = contracts[number * 7 % len(contracts)]
    assert contract.id is not None
    support = (people.support, people.other_support, None)[number % 3]
    start = datetime.now(UTC) + timedelta(days=number % 24 - 12, hours=1)
    return Event(
        contract_id=contract.id,
        name=f"{NAMES[number * 5 % len(NAMES)]} night",
        start=start,
        end=start + timedelta(hours=number % 4 + 1),
        support_contact_id=support.id if support else None,
        attendees=number % 7 * 10,
        notes="Lanterns" if number % 4 else "",
        deleted_at=_trashed(number),
    )


def _note(people: People, number: int, on: Mapping[str, Sequence[Client | Contract | Event]]) -> Note:
    links: dict[str, Any] = {name: each[number * 7 % len(each)].id for name, each in on.items()}
    links["collaborator_id"] = people.support.id
    chosen = list(links)[number % 7 % 4]
    return Note(
        kind=list(NoteKind)[number % 3],
        text=f"{NAMES[number * 5 % len(NAMES)]} called",
        at=datetime.now(UTC) - timedelta(days=number % 12, hours=1),
        author_id=(people.support.id, people.commercial.id, people.gestion.id)[number % 3],
        deleted_at=_trashed(number),
        **{chosen: links[chosen]},
    )


def _task(people: People, number: int, on: Mapping[str, Sequence[Client | Contract | Event]]) -> Task:
    links: dict[str, Any] = {name: each[number * 7 % len(each)].id for name, each in on.items()}
    chosen = list(links)[number % 3]
    staff = (people.support, people.commercial, people.gestion, people.other_support)
    day = datetime.now(UTC).date() + timedelta(days=number % 5 - 2)
    now = datetime.now(UTC)
    return Task(
        title=f"{NAMES[number * 5 % len(NAMES)]}: call back",
        due_on=None if number % 7 == 0 else day,
        due_time="18:30" if number % 7 and number % 2 else "",
        assignee_id=staff[number % 4].id,
        creator_id=staff[number // 4 % 4].id,
        done_at=now - timedelta(hours=number) if number % 11 % 3 == 0 else None,
        remind_at=now - timedelta(hours=number % 9) if number % 3 == 0 else None,
        deleted_at=_trashed(number),
        **({chosen: links[chosen]} if number % 4 else {}),
    )
