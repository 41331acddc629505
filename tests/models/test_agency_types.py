"""The legal numbers and the address of the agency, as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.write_models import SharedSettingsUpdate
from services.errors import Invalid
from services.validation import build


def read(field: str, typed: str) -> str:
    value: str = getattr(build(SharedSettingsUpdate, {field: typed}), field)
    return value


def refusal(field: str, typed: str) -> str:
    with pytest.raises(Invalid) as refused:
        build(SharedSettingsUpdate, {field: typed})
    (problem,) = refused.value.problems
    assert problem.field == field
    return problem.message()


def luhn_digit(digits: str) -> str:
    """The last digit by the table of Luhn's patent, where a doubled digit is looked up."""
    doubled = "0246813579"
    total = sum(
        int(doubled[int(digit)] if place % 2 == 0 else digit) for place, digit in enumerate(digits[::-1])
    )
    return str(-total % 10)


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(1, 9))
def test_a_siret_is_taken_with_its_check_digit_and_with_no_other(digits: str, off: int) -> None:
    check = luhn_digit(digits)
    number = digits + check
    typed = f" {number[:3]} {number[3:6]}\u00a0{number[6:9]}.{number[9:]} "
    assert read("agency_siret", typed) == number
    assert "check digit" in refusal("agency_siret", digits + str((int(check) + off) % 10))


@pytest.mark.parametrize("typed", ["7328293200007", "732829320000741", "73282932X00074", "FR73282932000074"])
def test_a_siret_has_fourteen_digits(typed: str) -> None:
    assert "14 digits" in refusal("agency_siret", typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("fr 40 303 265 045", "FR40303265045"), ("FRK7399859412", "FRK7399859412"),
        ("DE-123456789", "DE123456789"),
        ("ＦＲ４０３０３２６５０４５", "FR40303265045"),
        ("IE1234567T", "IE1234567T"), ("ESX1234567X", "ESX1234567X"), ("", ""),
    ],
)  # fmt: skip
def test_a_vat_number_is_kept_in_capitals_without_its_grouping(typed: str, kept: str) -> None:
    assert read("agency_vat", typed) == kept


@pytest.mark.parametrize("typed", ["40303265045", "F1234", "FR", "FRANCE", "FR12345678901234", "FR#123"])
def test_what_is_no_vat_number_is_refused(typed: str) -> None:
    assert "VAT number" in refusal("agency_vat", typed)


def test_an_address_has_at_most_eight_lines_and_no_control_character() -> None:
    assert read("agency_address", " 1 rue Haute\r\n31000 Toulouse\n") == "1 rue Haute\n31000 Toulouse"
    assert "At most 8 lines; this has 9." in refusal("agency_address", "x\n" * 8 + "x")
    assert "At most 500 characters" in refusal("agency_address", "x" * 501)
    assert "Control characters" in refusal("agency_address", "a\x1b[2J")


def test_the_language_of_papers_is_one_of_the_program() -> None:
    assert read("paper_language", " FR ") == "fr"
    assert refusal("paper_language", "de") == "One of these: en, fr."
    assert refusal("paper_language", "") == "This field is required."
