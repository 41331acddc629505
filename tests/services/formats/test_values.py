"""A value of a record as text, whatever its type."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services import i18n
from services.formats import edit_value, show_value


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en_GB")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""), (True, "yes"), (False, "no"), ("Zoé", "Zoé"), (12, "12"),
        (Decimal("1234.50"), "€1,234.50"), (date(2027, 6, 15), "15/06/2027"),
        (datetime(2027, 6, 15, 16, 30, tzinfo=UTC), "15/06/2027"),
    ],
)  # fmt: skip
def test_a_value_is_shown_by_its_type(value: object, shown: str) -> None:
    assert show_value(value, "EUR").startswith(shown)
    assert bool(show_value(value, "EUR")) is bool(shown)


@pytest.mark.parametrize(
    ("value", "edited"),
    [
        (None, ""), ("Zoé", "Zoé"), (12, "12"), (Decimal("1234.50"), "1234.50"),
        (date(2027, 6, 15), "15/06/2027"),
    ],
)  # fmt: skip
def test_a_value_is_edited_as_it_is_typed(value: object, edited: str) -> None:
    assert edit_value(value) == edited
