"""What follows from the columns of a record itself."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tables import Client
from services.denormalized import computed_columns


def client_with(**values: Any) -> Client:
    return Client(**({"full_name": "", "email": ""} | values))


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
    assert computed_columns.client_words(client_with(phone=phone, phone_e164=e164)).split() == words.split()


def test_a_contract_is_not_found_by_the_last_digits_of_a_phone() -> None:
    client = computed_columns.client_words(client_with(full_name="Zoe", phone="36391"))
    assert (
        computed_columns.contract_words(client, 412, datetime(2026, 1, 1, tzinfo=UTC))
        == " zoe §36391 c2026 2026 00412 412 c412"
    )


def test_the_year_in_the_number_of_a_contract_is_that_of_utc() -> None:
    created = datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert computed_columns.contract_words(" zoe", 412, created) == " zoe c2026 2026 00412 412 c412"
    assert computed_columns.contract_words(" zoe", 412, created.astimezone(UTC)).split()[1] == "c2026"
