"""The rows of every table, as both databases take them: numbers, texts, days and moments as texts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from services import derived
from services.demo import SAMPLE_ACCOUNTS
from services.demo.crowd.calendar import Calendar
from services.demo.crowd.deals import Planned, met
from services.demo.crowd.people import Identity, People
from services.demo.crowd.places import NOTES
from services.demo.crowd.plan import Plan, Told
from services.demo.crowd.pools import Pools, joined
from services.demo.words import TEAM

Row = tuple[Any, ...]
Batch = tuple[str, list[Row]]
"""The name of a table and rows of it."""

_BATCH: Final = 5_000
_NEVER: Final = "0001-01-01"
_RECORD: Final = ("id", "version", "created_at", "updated_at")
_TRASHABLE: Final = (*_RECORD, "deleted_at")

COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "collaborator": (
        *_RECORD, "employee_number", "username", "username_key", "first_name", "last_name", "email", "phone",
        "phone_e164", "department", "active", "password_hash", "last_login_at", "sort_name", "search",
        "client_count", "event_count",
    ),
    "client": (
        *_TRASHABLE, "full_name", "contact_person", "email", "phone", "phone_e164", "company",
        "first_contact_date", "last_contact_date", "sales_contact_id", "sort_name", "sort_company",
        "sort_sales_contact", "sort_last_contact", "search", "contract_count", "event_count",
        "amount_contracted", "amount_due",
    ),
    "contract": (
        *_TRASHABLE, "client_id", "total_amount", "amount_paid", "signed_on", "sales_contact_id", "amount_due",
        "event_over_at", "sort_client", "sort_sales_contact", "sort_signed", "search",
    ),
    "payment": (*_TRASHABLE, "contract_id", "amount", "received_on", "recorded_by_id"),
    "event": (
        *_TRASHABLE, "contract_id", "name", "starts_at", "ends_at", "support_contact_id", "location",
        "attendees", "notes", "sort_name", "search", "client_id", "sales_contact_id", "sort_client",
        "sort_support",
    ),
    "total": ("kind", "slot", "count"),
}  # fmt: skip


class Writer:
    """Makes the rows of a plan, in the order that foreign keys ask for."""

    def __init__(self, plan: Plan, hashes: Mapping[str, str], phone_region: str) -> None:
        self._plan = plan
        self._calendar: Calendar = plan.calendar
        self._hashes = hashes
        self._region = phone_region
        self._pools = Pools()
        self._people = People(self._pools, phone_region)
        self._staff_names = [""]
        # What contracts and events say again of their clients, by id.
        self._names = [""]
        self._words = [""]

    def batches(self) -> Iterator[Batch]:
        """All rows, some thousands of one table at a time."""
        people = list(self._collaborators())
        yield "collaborator", people
        yield from _in_batches("client", self._clients())
        yield from self._deals()
        yield "total", self._totals(len(people))

    def _totals(self, people: int) -> list[Row]:
        live = self._plan.figures.live
        counts = {
            "COLLABORATOR": people, "CLIENT": live["client"], "CONTRACT": live["contract"],
            "PAYMENT": self._plan.figures.payments, "EVENT": live["event"],
        }  # fmt: skip
        return [(kind, 0, count) for kind, count in counts.items()]

    def _collaborators(self) -> Iterator[Row]:
        figures = self._plan.figures
        for number, department in sorted(self._plan.staff.departments().items()):
            username, first, last, phone = self._colleague(number)
            email = f"{username}@epicevents.example"
            employee_number = f"EMP-{number:04d}"
            sort_name = derived.collaborator_sort_name(first, last)
            self._staff_names.append(sort_name)
            hired = self._calendar.moment(-2_395, 540 + number % 60)
            seen = self._calendar.moment(-1, 480) if username in self._hashes else None
            yield (
                number, 1, hired, hired, employee_number, username, username, first, last, email, phone,
                derived.e164(phone, self._region), department.name, True, self._hashes.get(username, "none"),
                seen, sort_name,
                derived.collaborator_words(first, last, username, email, employee_number, phone),
                figures.clients_of[number], figures.events_of[number],
            )  # fmt: skip

    def _colleague(self, number: int) -> tuple[str, str, str, str]:
        if number <= len(SAMPLE_ACCOUNTS):
            known = TEAM[number - 1]
            return known.username, known.first_name, known.last_name, known.phone
        first, last, phone = self._people.colleague(self._plan.people_chances[number])
        letters = "".join(letter for letter in last.folded if letter.isascii() and letter.isalpha())
        return f"{first.folded[0]}{letters}_{number}", first.text.strip(), last.text, phone.text

    def _clients(self) -> Iterator[Row]:
        plan = self._plan
        for number in range(1, plan.clients + 1):
            who, what = plan.who[number], plan.what[number]
            identity = self._people.client(number, who, what)
            self._names.append(identity.name.folded)
            self._words.append(identity.search)
            yield self._client(number, identity, what >> 56)

    def _client(self, number: int, client: Identity, luck: int) -> Row:
        plan, figures, days = self._plan, self._plan.figures, self._calendar.days
        first = met(number, plan.clients)
        last = figures.last[number] or first
        if luck < 100:  # of 256 were called since
            last = max(last, -1 - luck % 28)
        never = luck > 250 and last == first
        created = self._calendar.moment(first, 480 + luck % 60)
        updated = self._calendar.moment(last, 1_080) if last != first else created
        trashed = bool(plan.trashed_clients[number])
        seller = plan.seller(number)
        return (
            number, 1 + (last != first) + trashed, created, updated, updated if trashed else None,
            client.name.text, client.contact.text, client.email, client.phone.text, client.phone.e164,
            client.company.text, days[first], None if never else days[last], seller, client.name.folded,
            client.company.folded, self._staff_names[seller], _NEVER if never else days[last], client.search,
            figures.contract_count[number], figures.event_count[number], figures.contracted[number],
            figures.due[number],
        )  # fmt: skip

    def _deals(self) -> Iterator[Batch]:
        contracts: list[Row] = []
        payments: list[Row] = []
        events: list[Row] = []
        paid = 0
        for told in self._plan.contracts():
            created = self._calendar.moment(told.day, told.minute)
            numbers = _numbers(told.number, created[:4])
            theirs = [
                self._event(told, numbers, planned, number, support, trashed)
                for planned, (number, support, trashed) in zip(told.course.events, told.events, strict=True)
            ]
            contracts.append(self._contract(told, numbers, created, theirs))
            events += theirs
            for payment in self._payments(told, paid):
                payments.append(payment)
                paid += 1
            if len(contracts) == _BATCH:
                yield from (("contract", contracts), ("payment", payments), ("event", events))
                contracts, payments, events = [], [], []
        yield from (("contract", contracts), ("payment", payments), ("event", events))

    def _contract(self, told: Told, numbers: tuple[str, ...], created: str, events: list[Row]) -> Row:
        calendar, course = self._calendar, told.course
        paid = course.paid
        signed = calendar.days[course.signed] if course.signed else None
        last = course.payments[-1][0] if course.payments else course.signed
        updated = calendar.moment(last, 1_030) if last else created
        # In the text of a moment, earlier is less.
        over = min((event[8] for event in events if event[4] is None), default=None)
        seller = self._plan.seller(told.client)
        words = self._words[told.client]
        looked_up = f"{words} "
        return (
            told.number, 1 + bool(course.signed) + len(course.payments) + told.trashed, created, updated,
            updated if told.trashed else None, told.client, course.total, paid, signed, seller,
            course.total - paid, over, self._names[told.client], self._staff_names[seller], signed or _NEVER,
            words + "".join(f" {word}" for word in numbers if f" {word} " not in looked_up),
        )  # fmt: skip

    def _payments(self, told: Told, before: int) -> Iterator[Row]:
        staff = self._plan.staff
        for turn, (day, amount) in enumerate(told.course.payments):
            at = self._calendar.moment(day, 840 + 30 * turn)
            who = (
                staff.managers[told.number % len(staff.managers)] if turn else self._plan.seller(told.client)
            )
            yield (before + turn + 1, 1, at, at, None, told.number, amount, self._calendar.days[day], who)

    def _event(
        self,
        told: Told,
        numbers: tuple[str, ...],
        planned: Planned,
        number: int,
        support: int | None,
        trashed: bool,
    ) -> Row:
        calendar, client = self._calendar, told.client
        identity = self._people.client(client, self._plan.who[client], self._plan.what[client])
        occasions = self._pools.occasions[identity.kind]
        chance, at = divmod(planned.chance, len(occasions))
        occasion, hour, hours, guests = occasions[at]
        name = identity.who + occasion
        location = self._pools.locations[chance % len(self._pools.locations)]
        noted = support is not None and chance % 25 < (24 if planned.day < 0 else 12)
        created = calendar.moment(planned.created, 720)
        changes = (support is not None) + noted + trashed
        updated = calendar.moment(-1 if planned.day >= 0 else max(planned.created, planned.day - 3), 1_050)
        return (
            number, 1 + changes, created, updated if changes else created, updated if trashed else None,
            told.number, name.text, calendar.moment(planned.day, hour * 60),
            calendar.moment(planned.day, (hour + hours) * 60), support, location.text, guests * (chance % 60 + 40) // 100,
            NOTES[chance % len(NOTES)] if noted else "", name.folded,
            joined((*name.words, *location.words, *self._words[client].split(), *dict.fromkeys(numbers))),
            client, self._plan.seller(client), self._names[client],
            self._staff_names[support] if support is not None else "",
        )  # fmt: skip


def _numbers(contract: int, year: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((f"c{year}", year, f"{contract:05d}", str(contract), f"c{contract}")))


def _in_batches(table: str, rows: Iterator[Row]) -> Iterator[Batch]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield table, batch
            batch = []
    yield table, batch
