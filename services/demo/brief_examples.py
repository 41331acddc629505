"""The records that the brief quotes, with its ids, and one more contract for its first client."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from models.tables import Client, Collaborator, Contract, Event
from services.demo.contract_history import pay
from services.demo.dates import moment
from services.demo.history import PENDING, History
from services.demo.staff import Team
from services.rights import Action


@dataclass(frozen=True)
class _Example:
    """A client with one contract and one event, and the days on which they were recorded."""

    client: Client
    last_contact: date
    contract: Contract
    drawn_up: date
    event: Event
    planned: date
    notes: str


def record_samples(history: History, team: Team) -> None:
    """Kevin Casey, the "Lou Bouzin General Assembly", and the "John Ouick Wedding"."""
    _record(history, team, _kevin_casey(), team.sales[0], team.support[0])
    _record(history, team, _lou_bouzin(), team.sales[1], team.support[1])
    _record(history, team, _john_ouick(), team.sales[0], team.support[0])


def _kevin_casey() -> _Example:
    kevin = Client(
        full_name="Kevin Casey", email="kevin@startup.io", phone="+678 123 456 78",
        company="Cool Startup LLC", language="en", first_contact_date=date(2021, 4, 18),
        sales_contact_id=PENDING,
    )  # fmt: skip
    party = Event(
        id=21, contract_id=PENDING, name="Cool Startup launch party",
        start=moment(date(2021, 9, 17), time(19)), end=moment(date(2021, 9, 18), time(1)),
        location="Péniche L'Indolente, port de la Fonderie, 75015 Paris", attendees=60,
    )  # fmt: skip
    contract = Contract(id=37, client_id=PENDING, total_amount=Decimal("4200.00"))
    notes = "Projector and two screens on the upper deck. Boarding from 18:30, casting off at 20:00 sharp."
    return _Example(kevin, date(2023, 3, 29), contract, date(2021, 6, 7), party, date(2021, 6, 21), notes)


def _lou_bouzin() -> _Example:
    lou = Client(
        full_name="Lou Bouzin", contact_person="Jacky Blangier", email="jacky@loubouzin.example",
        phone="+ 666 12345", first_contact_date=date(2022, 12, 12), sales_contact_id=PENDING,
    )  # fmt: skip
    assembly = Event(
        id=1023, contract_id=PENDING, name="Lou Bouzin General Assembly",
        start=moment(date(2023, 5, 5), time(15)), end=moment(date(2023, 5, 5), time(17)),
        location="Salle des fêtes de Mufflins", attendees=200,
    )  # fmt: skip
    contract = Contract(id=412, client_id=PENDING, total_amount=Decimal("8400.00"))
    notes = "Assemblée générale des actionnaires : 200 chaises, une urne, deux micros dans la salle."
    return _Example(lou, date(2023, 5, 9), contract, date(2023, 2, 6), assembly, date(2023, 4, 3), notes)


def _john_ouick() -> _Example:
    john = Client(
        full_name="John Ouick", email="john@ouick.example", phone="06 39 98 65 20",
        first_contact_date=date(2023, 1, 20), language="en", sales_contact_id=PENDING,
    )  # fmt: skip
    wedding = Event(
        id=109, contract_id=PENDING, name="John Ouick Wedding",
        start=moment(date(2023, 6, 4), time(13)), end=moment(date(2023, 6, 5), time(2)),
        location="53 Rue du Château, 41120 Candé-sur-Beuvron", attendees=75,
    )  # fmt: skip
    contract = Contract(id=652, client_id=PENDING, total_amount=Decimal("12750.00"))
    notes = (
        "The party is by the river, the ceremony in the park.\n"
        "Catering is booked; reception from 17:00. Kate finds the DJ for the evening."
    )
    return _Example(john, date(2023, 6, 8), contract, date(2023, 3, 13), wedding, date(2023, 3, 27), notes)


def _record(
    history: History, team: Team, example: _Example, sales: Collaborator, support: Collaborator
) -> None:
    client, contract, event = example.client, example.contract, example.event
    met, last = example.client.first_contact_date, example.last_contact
    assert met is not None  # noqa: S101 - as above
    history.create(sales, moment(met, time(10, 5)), Action.CLIENT_CREATE, client, sales_contact_id=sales)
    at = moment(last, time(16, 40))
    history.change(sales, at, Action.CLIENT_UPDATE, client, last_contact_date=last)
    at = moment(example.drawn_up, time(9, 20))
    history.create(team.admin, at, Action.CONTRACT_CREATE, contract, client_id=client)
    _record_signature(history, team, contract, sales, example.drawn_up)
    at = moment(example.planned, time(12))
    history.create(sales, at, Action.EVENT_CREATE, event, contract_id=contract)
    at = moment(example.planned, time(14))
    history.change(team.admin, at, Action.EVENT_ASSIGN, event, support_contact_id=support)
    at = moment(example.planned, time(17))
    history.change(support, at, Action.EVENT_UPDATE, event, notes=example.notes)


def _record_signature(
    history: History, team: Team, contract: Contract, sales: Collaborator, drawn_up: date
) -> None:
    """The signature, a deposit, and the rest."""
    signed = drawn_up.replace(day=drawn_up.day + 7)
    total = contract.total_amount
    deposit = (total * Decimal("0.3")).quantize(history.unit)
    history.change(sales, moment(signed, time(11)), Action.CONTRACT_SIGN, contract, signed_on=signed)
    pay(history, sales, contract, deposit, deposit, moment(signed, time(11, 30)))
    # Before the first of the regular contracts, for every possible ``today``.
    settled = drawn_up.replace(month=drawn_up.month + 4)
    pay(history, team.admin, contract, total - deposit, total, moment(settled, time(15, 10)))
