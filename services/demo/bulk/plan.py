"""The numbers of the bulk data, computed before any row is written: the counters and the trash."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from random import Random
from typing import NamedTuple

from models.enums import Department
from services.demo.bulk.contracts import Deal, Planned, agenda, chances, deal, drawn_up
from services.demo.bulk.dates import Calendar
from services.demo.definitions import SAMPLE_ACCOUNTS

_CLIENTS_A_SELLER = 2_000
_EVENTS_A_SUPPORT = 2_500
_CLIENTS_A_MANAGER = 50_000
_TRASHED_PROSPECTS = (200, 100)
_TRASHED_CONTRACTS = (20, 3)
_TRASHED_EVENTS = (300, 50)


def staff_for(clients: int) -> dict[Department, list[int]]:
    """The ids of the collaborators of each department; the sample accounts come first."""
    known = {
        department: [
            number
            for number, account in enumerate(SAMPLE_ACCOUNTS, start=1)
            if account.department.upper() == department
        ]
        for department in Department
    }
    wanted = {
        Department.COMMERCIAL: ceil(clients / _CLIENTS_A_SELLER),
        Department.SUPPORT: ceil(clients * 3 / 4 / _EVENTS_A_SUPPORT),
        Department.GESTION: ceil(clients / _CLIENTS_A_MANAGER),
    }
    following = len(SAMPLE_ACCOUNTS) + 1
    for department, ids in known.items():
        while len(ids) < wanted[department]:
            ids.append(following)
            following += 1
    return known


@dataclass
class Figures:
    """The counters of the records; the arrays of clients and collaborators are indexed by id, 0 is unused."""

    contract_count: "array[int]"
    event_count: "array[int]"
    contracted: "array[int]"
    due: "array[int]"
    last: "array[int]"
    clients_of: "array[int]"
    events_of: "array[int]"
    live: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("client", "contract", "event"), 0))
    payments: int = 0
    events: int = 0


class PlannedEvent(NamedTuple):
    """An event with its id; ``support`` is the id of its support contact, ``trashed`` means cancelled."""

    number: int
    day: int
    created: int
    support: int | None
    trashed: bool
    chance: int


@dataclass(frozen=True, slots=True)
class PlannedContract:
    """A contract with its id and all its random values drawn."""

    number: int
    client: int
    day: int
    minute: int
    course: Deal
    trashed: bool
    events: list[PlannedEvent]


class Plan:
    """The data to be written. The arguments determine everything, so each method can be called repeatedly."""

    def __init__(self, clients: int, seed: int, calendar: Calendar, step: int = 1) -> None:
        self._step = step
        self.clients = clients
        self.calendar = calendar
        staff = staff_for(clients)
        self.managers = staff[Department.GESTION]
        self._sellers, self._supports = staff[Department.COMMERCIAL], staff[Department.SUPPORT]
        self.departments = {person: department for department, ids in staff.items() for person in ids}
        rng = Random(seed)  # noqa: S311 - sample data, not secrets
        self.people_chances = chances(len(self.departments) + 1, rng)
        self.person_bits = chances(clients + 1, rng)
        self.company_bits = chances(clients + 1, rng)
        self.agenda = agenda(clients, rng, calendar)
        self.fates = chances(len(self.agenda), rng)
        self.trashed_clients = bytearray(clients + 1)
        self.figures = self._figures()

    @property
    def searched_rows(self) -> int:
        """The number of clients, contracts and events."""
        return self.clients + len(self.agenda) + self.figures.events

    @property
    def rows(self) -> int:
        """The number of rows without collaborators and totals."""
        return self.searched_rows + self.figures.payments

    def seller(self, client: int) -> int:
        """The id of a client's sales contact."""
        return self._sellers[(self.person_bits[client] >> 40) % len(self._sellers)]

    def contracts(self) -> Iterator[PlannedContract]:
        """Every contract, the oldest first."""
        unsigned = event_id = 0
        for number, entry in enumerate(self.agenda, start=1):
            day, minute, client = drawn_up(entry)
            course = deal(day, self.fates[number - 1], self.calendar, self._step)
            # No contract of the first client is trashed, so that their number is exact.
            refused = not course.signed and client > 1
            unsigned += refused
            trashed = refused and unsigned % _TRASHED_CONTRACTS[0] == _TRASHED_CONTRACTS[1]
            events = []
            for planned in course.events:
                event_id += 1
                events.append(self._plan_event(event_id, planned))
            yield PlannedContract(number, client, day, minute, course, trashed, events)

    def _plan_event(self, number: int, planned: Planned) -> PlannedEvent:
        chance, luck = divmod(planned.chance, 100)
        chance, who = divmod(chance, len(self._supports))
        # Nearly all past events had a support contact; a quarter of the future ones have none yet.
        without = luck < 1 if planned.day < 0 else luck < 25
        every, turn = _TRASHED_EVENTS
        support = None if without else self._supports[who]
        return PlannedEvent(number, planned.day, planned.created, support, number % every == turn, chance)

    def _figures(self) -> Figures:
        size = self.clients + 1
        sizes = [size] * 5 + [len(self.people_chances)] * 2
        zeros = [array("q", bytes(8 * each)) for each in sizes]
        figures = Figures(zeros[0], zeros[1], zeros[2], zeros[3], zeros[4], zeros[5], zeros[6])
        known = bytearray(size)
        for contract in self.contracts():
            known[contract.client] = 1
            figures.payments += len(contract.course.payments)
            figures.events += len(contract.events)
            _count(figures, contract)
        self._trash_prospects(known)
        for client in range(1, size):
            if not self.trashed_clients[client]:
                figures.clients_of[self.seller(client)] += 1
                figures.live["client"] += 1
        return figures

    def _trash_prospects(self, known: bytearray) -> None:
        prospects = 0
        for client in range(1, self.clients + 1):
            prospects += not known[client]
            every, turn = _TRASHED_PROSPECTS
            self.trashed_clients[client] = not known[client] and prospects % every == turn


def _count(figures: Figures, contract: PlannedContract) -> None:
    client = contract.client
    # Past days are negative, so 0 means no further contact.
    last = contract.course.signed or contract.day
    figures.last[client] = max(figures.last[client] or last, last)
    if not contract.trashed:
        figures.live["contract"] += 1
        figures.contract_count[client] += 1
        figures.contracted[client] += contract.course.total
        figures.due[client] += contract.course.total - contract.course.paid
    for event in contract.events:
        if not event.trashed:
            figures.live["event"] += 1
            figures.event_count[client] += 1
            # The index 0 counts events without a support contact.
            figures.events_of[event.support or 0] += 1
