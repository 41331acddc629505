"""Columns computed from other columns of the same row: search words, sort keys, phones in E.164.

Columns copied from other records are in ``services.denormalized.copies``.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final, NamedTuple

from models.activity_tables import Note, Task
from models.search_words import (
    RUN_BY,
    SOLD_BY,
    day_word,
    person_word,
    phone_words,
    plain_words,
    stored,
    words_of,
    words_to_copy,
)
from models.tables import Client, Collaborator, Contract, Event, Record
from models.text import fold, plain_number
from models.view_tables import SavedView
from services import record_types
from services.record_fields import CLIENT_WORDS

NEVER_DUE: Final = "9999"
_SUMMARY: Final = 120
_SEARCHED: Final = 4_000
MOST_DAYS: Final = 60
"""A longer event is found by so many of its first days, and by its last one."""
# The same result as phonenumbers in a hundredth of the time; a database may hold a million of these.
_FRENCH: Final = re.compile(r"\+33([1-9][0-9]{8})")


def refresh(record: Record, phone_region: str) -> None:
    """Compute the derived columns of a record, before it is written."""
    record_types.of_record(record).compute(record, phone_region)


def refresh_client(client: Client, region: str) -> None:
    """Compute the columns of a client."""
    client.phone_e164 = e164(client.phone, region)
    client.sort_name = fold(client.full_name)
    client.sort_company = fold(client.company)
    client.sort_last_contact = sort_day(client.last_contact_date)
    client.search = client_words(client)


def refresh_collaborator(person: Collaborator, region: str) -> None:
    """Compute the columns of a collaborator."""
    person.username_key = person.username.lower()
    person.phone_e164 = e164(person.phone, region)
    person.sort_name = collaborator_sort_name(person.first_name, person.last_name)
    person.search = collaborator_words(person)


def refresh_contract(contract: Contract, _region: str) -> None:
    """Compute the columns of a contract."""
    contract.amount_due = contract.total_amount - contract.amount_paid
    contract.sort_signed = sort_day(contract.signed_on)


def refresh_event(event: Event, _region: str) -> None:
    """Compute the columns of an event."""
    event.sort_name = fold(event.name)


def refresh_note(note: Note, _region: str) -> None:
    """Compute the columns of a note."""
    note.summary = note_summary(note.text)


def note_summary(text: str) -> str:
    """The start of a text, on one line."""
    start = " ".join(text[: 4 * _SUMMARY].split())
    return start if len(start) <= _SUMMARY else f"{start[: _SUMMARY - 1].rstrip()}…"


def note_words(text: str, at: datetime, zone: tzinfo | None) -> str:
    """The search words of a note: those of its text, and its day in a time zone."""
    return stored([*_words_of_long(text), day_word(at.astimezone(zone).date())])


def _words_of_long(text: str) -> list[str]:
    """The words of a text; of a very long one those of its start, as PostgreSQL indexes 1 MB a row."""
    return words_of(text[:_SEARCHED])


def refresh_task(task: Task, _region: str) -> None:
    """Compute the columns of a task."""
    task.sort_title = fold(task.title)
    task.sort_due = sort_due(task.due_on, task.due_time)
    task.search = task_words(task.title, task.due_on)


def refresh_view(view: SavedView, _region: str) -> None:
    """Compute the columns of a saved view."""
    view.name_key = fold(view.name)


def sort_due(day: date | None, time: str) -> str:
    """The end of the time in which a task is due, for sorting; a task that is never due comes last."""
    return NEVER_DUE if day is None else f"{day.isoformat()} {time or '24:00'}"


def task_words(title: str, due_on: date | None) -> str:
    """The search words of a task: those of its title, and the day on which it is due."""
    return stored([*words_of(title), *_day_words(due_on)])


def _day_words(*days: date | None) -> Iterable[str]:
    return (day_word(day) for day in days if day is not None)


def sort_day(day: date | None) -> date:
    """The day for sorting; no day sorts before all others."""
    return day or date.min


def client_words(client: Any) -> str:
    """The search words of a client or of its row.

    They include all notations of its phone, its sales contact, and the days of the first and last contact.
    """
    texts = words_of(*(getattr(client, name) for name in CLIENT_WORDS))
    phone = words_of_phone(client.phone, client.phone_e164)
    own = [*texts, *plain_words(client.email), *phone]
    days = client.first_contact_date, client.last_contact_date
    return stored([*own, *client_links(client.sales_contact_id, *days)])


def client_links(seller_id: int, *days: date | None) -> list[str]:
    """The last words of a client: its sales contact and its days."""
    return [person_word(SOLD_BY, seller_id), *_day_words(*days)]


def collaborator_words(person: Any) -> str:
    """The search words of a collaborator or of its row, including all notations of its phone."""
    name = words_of(f"{person.first_name} {person.last_name}", person.employee_number)
    phone = words_of_phone(person.phone, person.phone_e164)
    return stored([*name, *plain_words(person.username, person.email), *phone])


def contract_words(
    of_client: str, contract_id: int, created: datetime, signed_on: date | None, zone: tzinfo | None
) -> str:
    """The search words of a contract: those of its client, the parts of its number, and its days in a zone.

    The days are those of its creation and of its signature.
    """
    days = _day_words(created.astimezone(zone).date(), signed_on)
    return stored([*words_to_copy(of_client).split(), *_number_words(contract_id, created), *days])


class EventFacts(NamedTuple):
    """What the words of an event are made of, besides those of its client; its times are aware."""

    name: str
    location: str
    notes: str
    start: datetime
    end: datetime
    support_contact_id: int | None
    contract_id: int
    contract_created: datetime


def event_words(event: EventFacts, of_client: str, zone: tzinfo | None) -> str:
    """The search words of an event: its own and those of its client, and the parts of its contract number.

    Last come its support contact, its days in a zone, and the words of its notes.
    """
    numbers = _number_words(event.contract_id, event.contract_created)
    texts = words_of(event.name, event.location)
    days = days_between(event.start, event.end, zone)
    links = event_links(event.support_contact_id, days)
    copied = words_to_copy(of_client).split()
    return stored([*texts, *copied, *numbers, *links, *_words_of_long(event.notes)])


def event_links(support_id: int | None, days: Iterable[date]) -> list[str]:
    """The words for the support contact and the days of an event."""
    support = [] if support_id is None else [person_word(RUN_BY, support_id)]
    return [*support, *_day_words(*days)]


def days_between(start: datetime, end: datetime, zone: tzinfo | None) -> list[date]:
    """The days that something touches in a time zone; midnight at its end is on the day before.

    Of something very long these are the first :data:`MOST_DAYS` days and the last one.
    """
    first = start.astimezone(zone).date()
    last = (end - timedelta(microseconds=1)).astimezone(zone).date()
    further = min((last - first).days, MOST_DAYS - 1)
    days = [first + timedelta(days=number) for number in range(further + 1)]
    return days if days[-1] == last else [*days, last]


def _number_words(contract_id: int, created: datetime) -> tuple[str, ...]:
    # C2026-00412 as it is displayed, spoken or abbreviated.
    year = created.astimezone(UTC).year
    return f"c{year}", str(year), f"{contract_id:05d}", str(contract_id), f"c{contract_id}"


def collaborator_sort_name(first_name: str, last_name: str) -> str:
    """A collaborator's name for sorting."""
    return fold(f"{last_name} {first_name}")


def words_of_phone(phone: str, phone_e164: str | None) -> list[str]:
    """The search words of a phone in all its notations."""
    return phone_words(phone, phone_e164 or "", _national(phone_e164 or ""))


@lru_cache(maxsize=1000)
def e164(phone: str, region: str) -> str | None:
    """The phone in E.164, for search and comparison; ``None`` if it does not parse as a number.

    ``region`` (ISO 3166, such as ``FR``) is the country of a number without a country code.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(plain_number(phone), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=1000)
def _national(e164_number: str) -> str:
    # As dialled within its country: +33 6 12 34 56 78 is 06 12 34 56 78 in France.
    if not e164_number:
        return ""
    if french := _FRENCH.fullmatch(e164_number):
        return f"0{french[1]}"
    import phonenumbers

    try:
        number = phonenumbers.parse(e164_number)
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
