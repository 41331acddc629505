"""What follows from the columns of a record itself."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tables import Client
from services.denormalized import computed_columns


def client_with(**values: Any) -> Client:
    given: dict[str, Any] = {"full_name": "", "email": "", "sales_contact_id": 7} | values
    return Client(**given)


@given(st.integers(100_000_000, 999_999_999))
def test_a_french_phone_is_found_as_it_is_dialled_in_france(number: int) -> None:
    parsed = phonenumbers.parse(f"+33{number}")
    dialled = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "")
    words = computed_columns.words_of_phone("", f"+33{number}")
    assert words[:3] == [f"§33{number}", f"§{dialled}", f"§{number}"]


@pytest.mark.parametrize(
    ("phone", "e164", "words"),
    [
        ("06 12 34 56 78", "+33612345678",
         "§33612345678 §0612345678 §612345678 ¤12345678 ¤2345678 ¤345678 ¤45678 ¤5678"),
        ("+49 30 123456", "+4930123456", "§4930123456 §030123456 §30123456 ¤0123456 ¤123456 ¤23456 ¤3456"),
        ("06 12 34 56 78 ext. 12", "+33612345678",
         "§33612345678 §0612345678 §612345678 ¤12345678 ¤2345678 ¤345678 ¤45678 ¤5678 ext 12"),
        ("3639", None, "§3639"),
        ("+1-800-FLOWERS", "+18003569377",
         "§18003569377 §8003569377 §1800 ¤003569377 ¤03569377 ¤3569377 ¤569377 ¤69377 ¤9377"
         " 1 800 flowers 1800flowers 800flowers"),
        ("ext. 12", None, "ext 12"),
        ("", None, ""),
    ],
)  # fmt: skip
def test_a_phone_is_found_however_it_is_typed(phone: str, e164: str | None, words: str) -> None:
    assert computed_columns.e164(phone, "FR") == e164
    found = computed_columns.client_words(client_with(phone=phone, phone_e164=e164))
    assert found.split() == [*words.split(), "£7£"]


def test_a_contract_copies_neither_the_last_digits_of_a_phone_nor_the_days_of_its_client() -> None:
    client = client_with(full_name="Zoe", phone="36391", first_contact_date=date(2025, 12, 24))
    words = computed_columns.client_words(client)
    assert words.endswith(" £7£ ¥c242025")
    created = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    found = computed_columns.contract_words(words, 412, created, date(2026, 10, 5), ZoneInfo("Europe/Paris"))
    assert found == " zoe §36391 £7£ c2026 2026 00412 412 c412 ¥1022026 ¥a052026"


def test_the_year_in_the_number_of_a_contract_is_that_of_utc() -> None:
    created = datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    expected = " zoe c2026 2026 00412 412 c412 ¥c312026"
    assert computed_columns.contract_words(" zoe", 412, created, None, UTC) == expected
    assert computed_columns.contract_words(" zoe", 412, created.astimezone(UTC), None, UTC) == expected


def test_the_days_of_an_event_are_those_that_it_touches_on_the_clocks_of_the_zone() -> None:
    def days(start: str, end: str) -> list[str]:
        first, last = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (start, end))
        return [str(day) for day in computed_columns.days_between(first, last, ZoneInfo("Europe/Paris"))]

    assert days("2027-06-15 21:00", "2027-06-15 22:00") == ["2027-06-15"]
    assert days("2027-06-15 21:00", "2027-06-15 22:01") == ["2027-06-15", "2027-06-16"]
    long = days("2027-01-01 12:00", "2028-01-01 12:00")
    assert (len(long), long[0], long[59], long[60]) == (61, "2027-01-01", "2027-03-01", "2028-01-01")
