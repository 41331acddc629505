"""What follows from the columns of a record itself."""

from datetime import UTC, datetime, timedelta, timezone

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import derived


@given(st.integers(100_000_000, 999_999_999))
def test_a_french_phone_is_found_as_it_is_dialled_in_france(number: int) -> None:
    parsed = phonenumbers.parse(f"+33{number}")
    dialled = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "")
    words = derived.client_words("", "", "", "", "", f"+33{number}").split()
    assert words == [f"33{number}", dialled]


@pytest.mark.parametrize(
    ("phone", "e164", "words"),
    [
        ("06 12 34 56 78", "+33612345678", "06 12 34 56 78 0612345678 33612345678"),
        ("+49 30 123456", "+4930123456", "49 30 123456 4930123456 030123456"),
        ("ext. 12", None, "ext 12"),
        ("", None, ""),
    ],
)
def test_a_phone_is_found_however_it_is_typed(phone: str, e164: str | None, words: str) -> None:
    assert derived.e164(phone, "FR") == e164
    assert derived.client_words("", "", "", "", phone, e164).split() == words.split()


def test_the_year_in_the_number_of_a_contract_is_that_of_utc() -> None:
    created = datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert derived.contract_words(" zoe", 412, created) == " zoe c2026 2026 00412 412 c412"
    assert derived.contract_words(" zoe", 412, created.astimezone(UTC)).split()[1] == "c2026"
