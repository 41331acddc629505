"""Columns that follow from others: folded copies for search and order, phones in E.164."""

from functools import lru_cache

from models.tables import Client, Collaborator, Event, Record
from models.text import fold


def refresh(record: Record, phone_region: str) -> None:
    """Bring the derived columns of a record up to date, before it is written."""
    if isinstance(record, Client):
        _refresh_client(record, phone_region)
    elif isinstance(record, Collaborator):
        _refresh_collaborator(record, phone_region)
    elif isinstance(record, Event):
        record.sort_name = fold(record.name)
        record.search = _searchable(record.name, record.location)


def _refresh_client(client: Client, region: str) -> None:
    client.phone_e164 = e164(client.phone, region)
    client.sort_name = fold(client.full_name)
    client.sort_company = fold(client.company)
    client.search = _searchable(
        client.full_name, client.contact_person, client.company, client.email,
        client.phone, _digits(client.phone), client.phone_e164 or "",
    )  # fmt: skip


def _refresh_collaborator(person: Collaborator, region: str) -> None:
    person.username_key = person.username.lower()
    person.phone_e164 = e164(person.phone, region)
    person.sort_name = fold(f"{person.last_name} {person.first_name}")
    person.search = _searchable(
        person.first_name, person.last_name, person.username, person.email,
        person.employee_number, person.phone, _digits(person.phone),
    )  # fmt: skip


def _searchable(*parts: str) -> str:
    # A line break between the parts: no word of a search holds one, so no match runs over two fields.
    return "\n".join(fold(part) for part in parts if part)


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())


@lru_cache(maxsize=1000)
def e164(phone: str, region: str) -> str | None:
    """The phone in E.164, for search and comparison; ``None`` where it does not parse as a number.

    ``region`` (ISO 3166, such as ``FR``) is where a number without a country code belongs.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
