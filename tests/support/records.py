"""Creates records for tests through the real services, as actors with the required rights."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Final

from sqlalchemy import Table, func, select, text
from sqlmodel import SQLModel, col

from models.enums import Department
from models.read_models import (
    ClientRead,
    CollaboratorRead,
    ContractRead,
    EventRead,
    NoteRead,
    PaymentRead,
    TaskRead,
)
from models.tables import Collaborator
from models.write_models import (
    ClientCreate,
    CollaboratorCreate,
    ContractCreate,
    EventCreate,
    NoteCreate,
    PaymentCreate,
    TaskCreate,
)
from services import clients, collaborators, contracts, events, notes, payments, tasks
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.validation import build
from tests.support.accounts import PASSWORD, People

_numbers = count(1)
NOON: Final = datetime(2027, 6, 15, 12, 0, tzinfo=UTC)
"""When an event starts, unless a test says otherwise; it lasts four hours."""


@dataclass(frozen=True)
class Records:
    """Creates records in one CRM; fields that a test does not set have plain defaults."""

    crm: Crm
    people: People

    def client(self, contact: Actor | None = None, /, **fields: object) -> ClientRead:
        """A client of ``contact``, by default of the first actor of Commercial."""
        number = next(_numbers)
        values = {"full_name": f"Client {number}", "email": f"client{number}@example.com"} | fields
        command = build(ClientCreate, values)
        return clients.create_client(self.crm, contact or self.people.commercial, command)

    def contract(
        self, client: ClientRead | None = None, *, total: str = "1000.00", signed: bool = False
    ) -> ContractRead:
        """A contract of the client, or of a new one."""
        owner = client or self.client()
        command = build(ContractCreate, {"client_id": owner.id, "total_amount": total})
        contract = contracts.create_contract(self.crm, self.people.gestion, command)
        return contracts.sign_contract(self.crm, self.people.gestion, contract.id) if signed else contract

    def event(
        self,
        contract: ContractRead | None = None,
        *,
        support: Actor | None = None,
        by: Actor | None = None,
        **fields: object,
    ) -> EventRead:
        """An event of the contract, or of a new signed one, assigned to ``support`` if that is given.

        ``by`` is the client's sales contact if that is not one of the test's collaborators.
        """
        signed = contract or self.contract(signed=True)
        values = {
            "contract_id": signed.id,
            "name": f"Event {next(_numbers)}",
            "start": NOON,
            "end": NOON + timedelta(hours=4),
        } | fields
        contact = by or next(actor for actor in self.people if actor.id == signed.sales_contact_id)
        event = events.create_event(self.crm, contact, build(EventCreate, values))
        if support is None:
            return event
        # Events of a test are often at the same time, which needs a reason.
        gestion, note = self.people.gestion, "Two at once"
        return events.assign_support(self.crm, gestion, event.id, support.id, note=note)

    def note(self, by: Actor | None = None, /, **fields: object) -> NoteRead:
        """A note of ``by``, by default of Support, on a new client unless a record is given."""
        on_given = any(name.endswith("_id") for name in fields)
        values = {"text": f"Note {next(_numbers)}"} | ({} if on_given else {"client_id": self.client().id})
        return notes.create_note(self.crm, by or self.people.support, build(NoteCreate, values | fields))

    def task(self, by: Actor | None = None, /, **fields: object) -> TaskRead:
        """A task of ``by``, by default of Support."""
        values = {"title": f"Task {next(_numbers)}"} | fields
        return tasks.create_task(self.crm, by or self.people.support, build(TaskCreate, values))

    def payment(
        self, contract: ContractRead, amount: str = "10.00", received_on: date | None = None
    ) -> PaymentRead:
        """A payment for the contract, received today or on a past day, and recorded by Gestion."""
        command = build(PaymentCreate, {"amount": amount, "received_on": received_on})
        return payments.record_payment(self.crm, self.people.gestion, contract.id, command)

    def collaborator(
        self, department: Department = Department.COMMERCIAL, /, **fields: object
    ) -> CollaboratorRead:
        """A new collaborator with the common password."""
        number = next(_numbers)
        values = {
            "username": f"person_{number}",
            "first_name": "Person",
            "last_name": f"Number {number}",
            "email": f"person{number}@epicevents.example",
            "department": department,
            "password": PASSWORD,
        } | fields
        command = build(CollaboratorCreate, values)
        return collaborators.create_collaborator(self.crm, self.people.gestion, command)

    def signed_in(self, username: str, password: str = PASSWORD) -> Actor:
        """Sign in, and return the actor of the new session."""
        return sessions.sign_in(self.crm, username, password).actor


def moved(actor: Actor, session_id: str) -> Actor:
    """The same actor with another session."""
    return replace(actor, session_id=session_id)


def everything(crm: Crm) -> Mapping[str, list[tuple[object, ...]]]:
    """Every row of every table; two results are equal if nothing was written in between."""
    with crm.database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in SQLModel.metadata.sorted_tables
        }


def row_count(crm: Crm, table: str) -> int:
    """The number of rows of a table."""
    with crm.database.read() as connection:
        return connection.execute(select(func.count()).select_from(_table(table))).scalar() or 0


def rewrite(crm: Crm, statement: str, **values: object) -> None:
    """Change rows directly, as time or another program would."""
    with crm.database.write_session() as session:
        session.execute(text(statement), values)


def person_id(crm: Crm, username: str) -> int:
    """The id of a collaborator, read without an actor."""
    with crm.database.read() as connection:
        query = select(col(Collaborator.id)).where(col(Collaborator.username) == username)
        found = connection.execute(query).scalar_one()
    assert found is not None
    return found


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]
