"""The rows of the contracts, and of the payments and events that belong to them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from models.search_words import day_word, words_of
from services.demo.bulk.columns import NEVER, Batch, Row, Written
from services.demo.bulk.people import People
from services.demo.bulk.places import NOTES
from services.demo.bulk.plan import Plan, PlannedContract, PlannedEvent
from services.demo.bulk.text_pools import Pools, join_words
from services.denormalized.computed_columns import days_between, event_links
from services.denormalized.stuck_links import GRACE

_BATCH = 5_000
_NOTE_WORDS: Final = {text: tuple(words_of(text)) for text in ("", *NOTES)}
_CREATED_AT, _DELETED_AT = 2, 4
_ENDS_AT, _SUPPORT, _NOTES = 8, 9, 12
"""The indexes of these columns in an event row; those of the first two are the same in every row."""


class DealRows:
    """Builds the rows of a plan, after ``written`` holds all clients and collaborators."""

    def __init__(self, plan: Plan, pools: Pools, people: People, written: Written, time_zone: str) -> None:
        self._plan = plan
        self._pools = pools
        self._people = people
        self._written = written
        self._time_zone = time_zone
        self._paid = 0

    def batches(self) -> Iterator[Batch]:
        """All rows, contracts before their payments and events."""
        contracts: list[Row] = []
        payments: list[Row] = []
        events: list[Row] = []
        for contract in self._plan.contracts():
            created = self._plan.calendar.moment(contract.day, contract.minute)
            numbers = _numbers(contract.number, created[:4])
            of_this = [self._event(contract, numbers, event) for event in contract.events]
            contracts.append(self._contract(contract, numbers, created, of_this))
            events += of_this
            payments += self._payments(contract)
            if len(contracts) == _BATCH:
                yield from (("contract", contracts), ("payment", payments), ("event", events))
                contracts, payments, events = [], [], []
        yield from (("contract", contracts), ("payment", payments), ("event", events))

    def _contract(
        self, contract: PlannedContract, numbers: tuple[str, ...], created: str, events: list[Row]
    ) -> Row:
        calendar, course, written = self._plan.calendar, contract.course, self._written
        paid, signed = course.paid, calendar.days[course.signed] if course.signed else None
        last = course.payments[-1][0] if course.payments else course.signed
        updated = calendar.moment(last, 1_030) if last else created
        live = [event for event in events if event[_DELETED_AT] is None]
        seller, words = self._plan.seller(contract.client), written.words[contract.client]
        days = [day_word(day) for day in (self._day(created), signed and date.fromisoformat(signed)) if day]
        known = f"{words} "
        return (
            contract.number, 1 + bool(signed) + len(course.payments) + contract.trashed, created, updated,
            updated if contract.trashed else None, contract.client, course.total, paid, signed, seller,
            course.total - paid, *_chain(created, signed, course.total - paid, live),
            written.clients[contract.client], written.colleagues[seller], signed or NEVER,
            words
            + "".join(f" {word}" for word in numbers if f" {word} " not in known)
            + "".join(f" {word}" for word in dict.fromkeys(days)),
        )  # fmt: skip

    def _day(self, moment: str) -> date:
        return _aware(moment).astimezone(self._plan.calendar.zone).date()

    def _payments(self, contract: PlannedContract) -> Iterator[Row]:
        plan = self._plan
        for turn, (day, amount) in enumerate(contract.course.payments):
            self._paid += 1
            at = plan.calendar.moment(day, 840 + 30 * turn)
            who = (
                plan.managers[contract.number % len(plan.managers)] if turn else plan.seller(contract.client)
            )
            yield (self._paid, 1, at, at, None, contract.number, amount, plan.calendar.days[day], who)

    def _event(self, contract: PlannedContract, numbers: tuple[str, ...], event: PlannedEvent) -> Row:
        plan, pools, written, client = self._plan, self._pools, self._written, contract.client
        moment, support = plan.calendar.moment, event.support
        who, by_company = self._people.called(plan.person_bits[client], plan.company_bits[client])
        chance, at = divmod(event.chance, len(pools.occasions[by_company]))
        occasion, hour, hours, guests = pools.occasions[by_company][at]
        chance, at = divmod(chance, len(pools.locations))
        name, location = who + occasion, pools.locations[at]
        chance, share = divmod(chance, 60)
        day = plan.calendar.celebrated(event.day, by_company)
        notes = _notes(chance, day) if support is not None else ""
        changes = (support is not None) + bool(notes) + event.trashed
        created, last = moment(event.created, 720), -1 if day >= 0 else max(event.created, day - 3)
        updated = moment(last, 1_050) if changes else created
        start, end = moment(day, hour * 60), moment(day, (hour + hours) * 60)
        links = event_links(support, days_between(_aware(start), _aware(end), plan.calendar.zone))
        return (
            event.number, 1 + changes, created, updated, updated if event.trashed else None, contract.number,
            name.text, start, end, support, location.text,
            guests * (share + 40) // 100, notes, name.folded,
            join_words((
                *name.words, *location.words, *written.words[client].split(), *numbers, *links,
                *_NOTE_WORDS[notes],
            )), client,
            plan.seller(client), written.clients[client], written.colleagues[support or 0],
            self._time_zone,
        )  # fmt: skip


def _aware(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def _chain(created: str, signed: str | None, due: int, events: list[Row]) -> Row:
    """The columns that :mod:`services.denormalized.stuck_links` computes; texts of moments sort by time."""
    over = min((event[_ENDS_AT] for event in events), default=None)
    unnoted = [event for event in events if not event[_NOTES]]
    first = min(unnoted or events, key=lambda event: (event[_ENDS_AT], event[0]), default=None)
    facts = over, None if first is None else first[_SUPPORT]
    if signed is None:
        return *facts, "signature", _after_grace(created)
    if over is None:
        return *facts, "event", _after_grace(f"{signed} 00:00")
    unassigned = [event[_CREATED_AT] for event in events if event[_SUPPORT] is None]
    if unassigned:
        return *facts, "support", min(unassigned)
    if due:
        return *facts, "payments", over
    return (*facts, "notes", first[_ENDS_AT]) if unnoted and first is not None else (*facts, "", None)


def _after_grace(moment: str) -> str:
    return (datetime.fromisoformat(moment) + GRACE).isoformat(" ", "microseconds")


def _notes(chance: int, day: int) -> str:
    # A few past events never got notes; half of the future ones have none yet.
    chance, luck = divmod(chance, 25)
    return NOTES[chance % len(NOTES)] if luck < (23 if day < 0 else 12) else ""


def _numbers(contract: int, year: str) -> tuple[str, ...]:
    # Some numbers coincide, from contract 10000 on and for contract 2026 of the year 2026.
    return tuple(dict.fromkeys((f"c{year}", year, f"{contract:05d}", str(contract), f"c{contract}")))
