"""Concurrent changes during a test: others write, sessions end, the database has outages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from models.read_models import ClientRead, CollaboratorRead, ContractRead, EventRead
from models.write_models import ClientUpdate, CollaboratorUpdate, ContractUpdate, EventUpdate
from services import clients, collaborators, contracts, events
from services.actor import Actor
from services.auth import passwords, sessions
from services.crm import Crm
from services.errors import CrmError
from tests.support.accounts import BCRYPT_COST
from tests.support.outages import ConnectionsRefused, FileMoved, Outage
from tests.support.records import rewrite


@dataclass
class Meanwhile:
    """Makes changes as other users. ``accounts`` maps their usernames to passwords."""

    crm: Crm
    accounts: Mapping[str, str]
    _away: int = field(default=0, init=False)
    _outage: Outage = field(init=False)

    def __post_init__(self) -> None:
        """Choose the kind of outage for the kind of database."""
        path, url = self.crm.database.path, self.crm.settings.database_url
        self._outage = FileMoved(path) if path is not None else ConnectionsRefused(url)

    def pass_time(self) -> None:
        """Count down a running outage, and end it when its time is over."""
        if self._away:
            self._away -= 1
            if not self._away:
                self._outage.end()
                self.crm.database.dispose()  # its connections ended with the outage

    def settle(self) -> None:
        """End a running outage."""
        self._away = min(self._away, 1)
        self.pass_time()

    def stir(self, random: Random, me: Actor | None, record: Any) -> None:
        """Change or trash the shown record, end the session, or start an outage, at random."""
        if self._away:
            return
        deed = random.choice([self._write, self._write, self._write, self._trash, self._end, self._lose])
        with suppress(CrmError):
            deed(random, me, record)

    def _write(self, random: Random, _me: Actor | None, record: Any) -> None:
        number = random.randrange(1000)
        match record:
            case ClientRead() if record.sales_contact in self.accounts:
                changes = ClientUpdate(company=f"Company {number}", phone="")
                clients.update_client(self.crm, self._as(record.sales_contact), record.id, changes)
            case ContractRead():
                more = ContractUpdate(total_amount=record.total_amount + Decimal(number))
                contracts.update_contract(self.crm, self._as("admin"), record.id, more)
            case EventRead() if record.support_contact in self.accounts:
                later = EventUpdate(end=record.end + timedelta(minutes=number + 1), notes=f"Note {number}")
                events.update_event(self.crm, self._as(record.support_contact), record.id, later)
            case CollaboratorRead():
                renamed = CollaboratorUpdate(last_name=f"Name {number}")
                collaborators.update_collaborator(self.crm, self._as("admin"), record.id, renamed)

    def _trash(self, _random: Random, _me: Actor | None, record: Any) -> None:
        trash: Mapping[type[Any], Callable[[Crm, Actor, int], object]] = {
            ClientRead: clients.trash_client,
            ContractRead: contracts.trash_contract,
            EventRead: events.trash_event,
        }
        if type(record) in trash:
            trash[type(record)](self.crm, self._as("commercial1"), record.id)

    def _end(self, _random: Random, me: Actor | None, _record: Any) -> None:
        if me is not None:
            sessions.sign_out(self.crm, me)

    def _lose(self, random: Random, _me: Actor | None, _record: Any) -> None:
        self._away = random.randint(1, 8)
        self._outage.begin()

    def _as(self, username: str) -> Actor:
        return sessions.sign_in(self.crm, username, self.accounts[username]).actor

    def let_in(self, username: str, collaborator_id: int) -> None:
        """Restore the username, the password and the access of an account."""
        if self._away:
            return
        rewrite(
            self.crm,
            "UPDATE collaborator SET username = :name, username_key = :name, password_hash = :hash,"
            " active = TRUE, locked_until = NULL, failures_counted_from = NULL WHERE id = :id",
            name=username, hash=_hashed(self.accounts[username]), id=collaborator_id,
        )  # fmt: skip


def _hashed(password: str) -> str:
    return passwords.hash_password(password, BCRYPT_COST)
