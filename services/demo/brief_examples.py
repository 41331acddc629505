"""The records that the brief quotes, with its ids, and one more contract for its first client."""

from datetime import date, time
from decimal import Decimal

from models.tables import Client, Collaborator, Contract, Event
from services.demo.contract_history import pay
from services.demo.dates import moment
from services.demo.history import PENDING, History
from services.demo.staff import Team
from services.rights import Action


def record_samples(history: History, team: Team) -> None:
    """Kevin Casey, the "John Ouick Wedding", and the "Lou Bouzin General Assembly"."""
    _record_kevin_casey(history, team)
    _record_lou_bouzin(history, team)
    _record_john_ouick(history, team)


def _record_kevin_casey(history: History, team: Team) -> None:
    bill = team.sales[0]
    kevin = Client(
        full_name="Kevin Casey", email="kevin@startup.io", phone="+678 123 456 78",
        company="Cool Startup LLC", first_contact_date=date(2021, 4, 18),
        sales_contact_id=PENDING,
    )  # fmt: skip
    _record_client(history, bill, kevin, date(2021, 4, 18), date(2023, 3, 29))
    contract = Contract(id=37, client_id=PENDING, total_amount=Decimal("4200.00"))
    _record_contract(history, team, bill, kevin, contract, date(2021, 6, 7))
    party = Event(
        id=21, contract_id=PENDING, name="Cool Startup launch party",
        start=moment(date(2021, 9, 17), time(19)), end=moment(date(2021, 9, 18), time(1)),
        location="Péniche L'Indolente, port de la Fonderie, 75015 Paris", attendees=60,
    )  # fmt: skip
    notes = "Projector and two screens on the upper deck. Boarding from 18:30, casting off at 20:00 sharp."
    _record_event(history, team, bill, contract, party, team.support[0], date(2021, 6, 21), notes)


def _record_lou_bouzin(history: History, team: Team) -> None:
    ines = team.sales[1]
    lou = Client(
        full_name="Lou Bouzin", contact_person="Jacky Blangier", email="jacky@loubouzin.example",
        phone="+ 666 12345", first_contact_date=date(2022, 12, 12), sales_contact_id=PENDING,
    )  # fmt: skip
    _record_client(history, ines, lou, date(2022, 12, 12), date(2023, 5, 9))
    contract = Contract(id=412, client_id=PENDING, total_amount=Decimal("8400.00"))
    _record_contract(history, team, ines, lou, contract, date(2023, 2, 6))
    assembly = Event(
        id=1023, contract_id=PENDING, name="Lou Bouzin General Assembly",
        start=moment(date(2023, 5, 5), time(15)), end=moment(date(2023, 5, 5), time(17)),
        location="Salle des fêtes de Mufflins", attendees=200,
    )  # fmt: skip
    notes = "Assemblée générale des actionnaires : 200 chaises, une urne, deux micros dans la salle."
    _record_event(history, team, ines, contract, assembly, team.support[1], date(2023, 4, 3), notes)


def _record_john_ouick(history: History, team: Team) -> None:
    bill = team.sales[0]
    john = Client(
        full_name="John Ouick", email="john@ouick.example", phone="06 39 98 65 20",
        first_contact_date=date(2023, 1, 20), sales_contact_id=PENDING,
    )  # fmt: skip
    _record_client(history, bill, john, date(2023, 1, 20), date(2023, 6, 8))
    contract = Contract(id=652, client_id=PENDING, total_amount=Decimal("12750.00"))
    _record_contract(history, team, bill, john, contract, date(2023, 3, 13))
    wedding = Event(
        id=109, contract_id=PENDING, name="John Ouick Wedding",
        start=moment(date(2023, 6, 4), time(13)), end=moment(date(2023, 6, 5), time(2)),
        location="53 Rue du Château, 41120 Candé-sur-Beuvron", attendees=75,
    )  # fmt: skip
    notes = (
        "The party is by the river, the ceremony in the park.\n"
        "Catering is booked; reception from 17:00. Kate finds the DJ for the evening."
    )
    _record_event(history, team, bill, contract, wedding, team.support[0], date(2023, 3, 27), notes)


def _record_client(history: History, sales: Collaborator, client: Client, first: date, last: date) -> None:
    history.create(sales, moment(first, time(10, 5)), Action.CLIENT_CREATE, client, sales_contact_id=sales)
    at = moment(last, time(16, 40))
    history.change(sales, at, Action.CLIENT_UPDATE, client, last_contact_date=last)


def _record_contract(
    history: History, team: Team, sales: Collaborator, client: Client, contract: Contract, drawn_up: date
) -> None:
    at = moment(drawn_up, time(9, 20))
    signed = drawn_up.replace(day=drawn_up.day + 7)
    total = contract.total_amount
    deposit = (total * Decimal("0.3")).quantize(history.unit)
    history.create(team.admin, at, Action.CONTRACT_CREATE, contract, client_id=client)
    history.change(sales, moment(signed, time(11)), Action.CONTRACT_SIGN, contract, signed_on=signed)
    pay(history, sales, contract, deposit, deposit, moment(signed, time(11, 30)))
    # Before the first of the regular contracts, for every possible ``today``.
    settled = drawn_up.replace(month=drawn_up.month + 4)
    pay(history, team.admin, contract, total - deposit, total, moment(settled, time(15, 10)))


def _record_event(
    history: History,
    team: Team,
    sales: Collaborator,
    contract: Contract,
    event: Event,
    support: Collaborator,
    day: date,
    notes: str,
) -> None:
    history.create(sales, moment(day, time(12)), Action.EVENT_CREATE, event, contract_id=contract)
    history.change(team.admin, moment(day, time(14)), Action.EVENT_ASSIGN, event, support_contact_id=support)
    history.change(support, moment(day, time(17)), Action.EVENT_UPDATE, event, notes=notes)
