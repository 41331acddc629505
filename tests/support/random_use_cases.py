"""Runs random use cases of the services, determined by a seed."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from models.enums import Department, NoteKind
from models.write_models import (
    ClientUpdate,
    CollaboratorUpdate,
    ContractUpdate,
    EventUpdate,
    NoteUpdate,
    PaymentCancel,
    TaskUpdate,
)
from services import clients, collaborators, contracts, events, notes, payments, tasks, undo
from services.actor import Actor
from services.errors import CrmError
from services.validation import build
from tests.support.records import NOON, Records

_WORDS: Final = ("Tents", "Élan", "Œuvre 2026", "C12", "Straße", "", "O'Brien & fils", "412")
_PHONES: Final = ("06 12 34 56 78", "+49 30 123456", "12345", "")


class BusyDay:
    """Runs random use cases on random records; refusals are expected."""

    def __init__(self, records: Records, seed: int) -> None:
        self.done: Counter[str] = Counter()
        self._records = records
        self._crm = records.crm
        self._people = records.people
        self._rng = Random(seed)  # noqa: S311 - a test, no secret
        self._clients = [records.client() for _ in range(3)]
        self._contracts = [records.contract(client) for client in self._clients]
        self._events = [records.event(contract=self._signed(contract.id)) for contract in self._contracts]
        self._notes = [records.note(client_id=self._clients[0].id)]
        self._tasks = [records.task(self._people.gestion)]
        self._hired = [records.collaborator(Department.COMMERCIAL), records.collaborator(Department.SUPPORT)]

    def go_on(self, times: int) -> None:
        """Run this number of use cases; some are refused."""
        names = [name for name, weight in _WEIGHTS.items() for _ in range(weight)]
        for _ in range(times):
            name = self._rng.choice(names)
            try:
                getattr(self, f"_{name}")()
            except CrmError:
                self.done[f"{name} refused"] += 1
            else:
                self.done[name] += 1

    def _signed(self, contract_id: int) -> Any:
        return contracts.sign_contract(self._crm, self._people.gestion, contract_id, self._past_day())

    def _past_day(self) -> date:
        return datetime.now(UTC).date() - timedelta(days=self._rng.randint(0, 450))

    def _one(self, records: list[Any]) -> int:
        # Prefer the newest records, so that some records have a long history.
        return int(self._rng.choice(records[-12:] if self._rng.random() < 0.7 else records).id)

    def _word(self) -> str:
        return self._rng.choice(_WORDS)

    def _somebody(self, department: Department) -> int:
        staff = [actor.id for actor in self._people if actor.department is department]
        return self._rng.choice([*staff, *(each.id for each in self._hired if each.department is department)])

    def _seller_of(self, sales_contact_id: int) -> Actor:
        staff = {actor.id: actor for actor in self._people}
        return staff.get(sales_contact_id, self._people.commercial)

    def _create_client(self) -> None:
        contact = self._rng.choice((self._people.commercial, self._people.other_commercial))
        self._clients.append(self._records.client(contact, company=self._word()))

    def _update_client(self) -> None:
        client = clients.get_client(self._crm, self._people.gestion, self._one(self._clients))
        field, value = self._rng.choice(
            (("company", self._word()), ("full_name", f"Zoé {self._word()}".strip()),
             ("phone", self._rng.choice(_PHONES)), ("last_contact_date", NOON.date() - timedelta(days=400)))
        )  # fmt: skip
        seller = self._seller_of(client.sales_contact_id)
        clients.update_client(self._crm, seller, client.id, build(ClientUpdate, {field: value}))

    def _reassign_client(self) -> None:
        command = build(ClientUpdate, {"sales_contact_id": self._somebody(Department.COMMERCIAL)})
        clients.update_client(self._crm, self._people.gestion, self._one(self._clients), command)

    def _create_contract(self) -> None:
        client = clients.get_client(self._crm, self._people.gestion, self._one(self._clients))
        total = str(Decimal(self._rng.randint(1, 500_000)).scaleb(-2))
        self._contracts.append(self._records.contract(client, total=total, signed=self._rng.random() < 0.7))

    def _update_contract(self) -> None:
        command = build(ContractUpdate, {"total_amount": str(self._rng.randint(1, 5_000))})
        contracts.update_contract(self._crm, self._people.gestion, self._one(self._contracts), command)

    def _sign_contract(self) -> None:
        self._signed(self._one(self._contracts))

    def _record_payment(self) -> None:
        contract = contracts.get_contract(self._crm, self._people.gestion, self._one(self._contracts))
        self._records.payment(contract, str(self._rng.randint(1, 300)), self._past_day())

    def _cancel_payment(self) -> None:
        found = payments.list_payments(self._crm, self._people.gestion, self._one(self._contracts))
        payment_id = self._rng.choice([each.id for each in found] or [0])  # 0 if there is no payment
        command = build(PaymentCancel, {"payment_id": payment_id, "reason": "Booked twice"})
        payments.cancel_payment(self._crm, self._people.gestion, command)

    def _create_note(self) -> None:
        on = self._rng.choice(("client", "contract", "event", "collaborator"))
        of_kind: dict[str, list[Any]] = {
            "client": self._clients,
            "contract": self._contracts,
            "event": self._events,
        }
        key = self._one(of_kind[on]) if on in of_kind else self._rng.choice(list(self._people)).id
        by = self._people.gestion if on == "collaborator" else self._rng.choice(list(self._people))
        at = datetime.now(UTC) - timedelta(hours=self._rng.randint(1, 3_000))
        kind = self._rng.choice(list(NoteKind))
        self._notes.append(self._records.note(by, **{f"{on}_id": key, "kind": kind, "at": at}))

    def _author_of(self, note_id: int) -> Actor:
        author = notes.get_note(self._crm, self._people.gestion, note_id).author_id
        return next(each for each in self._people if each.id == author)

    def _update_note(self) -> None:
        note_id = self._one(self._notes)
        at = datetime.now(UTC) - timedelta(hours=self._rng.randint(1, 3_000))
        field, value = self._rng.choice(
            (("text", f"Call {self._word()}"), ("kind", self._rng.choice(list(NoteKind))), ("at", at))
        )
        command = build(NoteUpdate, {field: value})
        notes.update_note(self._crm, self._author_of(note_id), note_id, command)

    def _trash_note(self) -> None:
        note_id = self._one(self._notes)
        notes.trash_note(self._crm, self._author_of(note_id), note_id)

    def _restore_note(self) -> None:
        note_id = self._one(self._notes)
        notes.restore_note(self._crm, self._author_of(note_id), note_id)

    def _create_task(self) -> None:
        on = self._rng.choice(("client", "contract", "event", ""))
        of_kind: dict[str, list[Any]] = {"client": self._clients, "event": self._events}
        of_kind["contract"] = self._contracts
        links = {f"{on}_id": self._one(of_kind[on])} if on else {}
        assignee = self._somebody(self._rng.choice((Department.SUPPORT, Department.COMMERCIAL)))
        task = self._records.task(self._people.gestion, assignee_id=assignee, **links)
        self._tasks.append(task)

    def _update_task(self) -> None:
        field, value = self._rng.choice(
            (("title", f"Call {self._word()}"), ("due", NOON), ("due", NOON.date()), ("due", None))
        )
        command = build(TaskUpdate, {field: value})
        tasks.update_task(self._crm, self._people.gestion, self._one(self._tasks), command)

    def _finish_task(self) -> None:
        done = self._rng.random() < 0.6
        tasks.finish_task(self._crm, self._people.gestion, self._one(self._tasks), done=done)

    def _trash_task(self) -> None:
        tasks.trash_task(self._crm, self._people.gestion, self._one(self._tasks))

    def _restore_task(self) -> None:
        tasks.restore_task(self._crm, self._people.gestion, self._one(self._tasks))

    def _create_event(self) -> None:
        contract = contracts.get_contract(self._crm, self._people.gestion, self._one(self._contracts))
        hours = self._rng.randint(1, 5_000)
        seller = self._seller_of(contract.sales_contact_id)
        start = NOON + timedelta(hours=hours)
        event = self._records.event(contract, by=seller, start=start, end=start + timedelta(hours=3))
        self._events.append(event)

    def _update_event(self) -> None:
        event = events.get_event(self._crm, self._people.gestion, self._one(self._events))
        end = event.start + timedelta(hours=self._rng.randint(1, 900))
        field, value = self._rng.choice(
            (("end", end), ("name", f"Ball {self._word()}".strip()), ("location", self._word()),
             ("notes", self._word()))
        )  # fmt: skip
        support = next((each for each in self._people if each.id == event.support_contact_id), None)
        if support is None:
            support = self._people.support
            events.assign_support(self._crm, self._people.gestion, event.id, support.id)
        events.update_event(self._crm, support, event.id, build(EventUpdate, {field: value}))

    def _assign_support(self) -> None:
        support = self._somebody(Department.SUPPORT) if self._rng.random() < 0.8 else None
        events.assign_support(self._crm, self._people.gestion, self._one(self._events), support)

    def _trash(self) -> None:
        self._in_or_out(clients.trash_client, contracts.trash_contract, events.trash_event)

    def _restore(self) -> None:
        self._in_or_out(clients.restore_client, contracts.restore_contract, events.restore_event)

    def _in_or_out(
        self, client: Callable[..., None], contract: Callable[..., None], event: Callable[..., None]
    ) -> None:
        kind = self._rng.randrange(4)
        if kind == 0:
            client(self._crm, self._people.gestion, self._one(self._clients))
        elif kind == 1:
            contract(self._crm, self._people.gestion, self._one(self._contracts))
        else:
            found = events.get_event(self._crm, self._people.gestion, self._one(self._events))
            event(self._crm, self._seller_of(found.sales_contact_id), found.id)

    def _undo(self) -> None:
        undo.undo_last(self._crm, self._rng.choice(list(self._people)))

    def _redo(self) -> None:
        undo.redo_last(self._crm, self._rng.choice(list(self._people)))

    def _hire(self) -> None:
        department = self._rng.choice((Department.COMMERCIAL, Department.SUPPORT))
        self._hired.append(self._records.collaborator(department))

    def _rename(self) -> None:
        department = self._rng.choice((Department.COMMERCIAL, Department.SUPPORT))
        command = build(CollaboratorUpdate, {"last_name": f"Dupont {self._rng.randint(1, 99)}"})
        person_id = self._somebody(department)
        collaborators.update_collaborator(self._crm, self._people.gestion, person_id, command)

    def _deactivate(self) -> None:
        leaving = self._rng.choice(self._hired)
        heir = self._somebody(leaving.department)
        collaborators.deactivate_collaborator(self._crm, self._people.gestion, leaving.id, heir)

    def _reactivate(self) -> None:
        person = self._rng.choice(self._hired)
        collaborators.reactivate_collaborator(self._crm, self._people.gestion, person.id)

    def _fire(self) -> None:
        collaborators.delete_collaborator(self._crm, self._people.gestion, self._rng.choice(self._hired).id)


_WEIGHTS: Final = {
    "create_client": 4, "update_client": 6, "reassign_client": 4, "create_contract": 5, "update_contract": 3,
    "sign_contract": 2, "record_payment": 5, "cancel_payment": 2,
    "create_note": 4, "update_note": 3, "trash_note": 2, "restore_note": 2,
    "create_task": 4, "update_task": 3, "finish_task": 3, "trash_task": 2, "restore_task": 2,
    "create_event": 6, "update_event": 6, "assign_support": 5,
    "trash": 6, "restore": 5, "undo": 6, "redo": 4, "hire": 1, "rename": 2,
    "deactivate": 1, "reactivate": 1, "fire": 1,
}  # fmt: skip
