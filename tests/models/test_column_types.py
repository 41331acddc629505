"""Values as they stand in the database: exact cents, moments in UTC."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.engine import Dialect

from models.column_types import Money, UtcDateTime, set_currency_digits

DIALECTS: list[Dialect] = [create_engine(url).dialect for url in ("sqlite://", "postgresql+psycopg://")]


@given(amount=st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_an_amount_is_stored_as_whole_cents_and_comes_back_exactly(amount: Decimal) -> None:
    for dialect in DIALECTS:
        cents = Money().process_bind_param(amount, dialect)
        assert cents == amount * 100
        assert str(Money().process_result_value(cents, dialect)) == f"{amount:.2f}"


def test_an_amount_with_more_than_two_decimals_is_never_rounded() -> None:
    with pytest.raises(ValueError, match="2 decimals"):
        Money().process_bind_param(Decimal("0.001"), DIALECTS[0])


@pytest.mark.parametrize(
    ("digits", "amount", "stored"),
    [
        (0, "1234", 123400),
        (0, "1234.56", 123456),  # kept by an older version, which accepted it
        (2, "1234.50", 123450),
        (3, "1234.567", 1234567),
        (3, "0.005", 5),
    ],
)
def test_an_amount_is_stored_and_read_with_the_decimals_of_the_currency(
    digits: int, amount: str, stored: int
) -> None:
    for url in ("sqlite://", "postgresql+psycopg://"):
        dialect = create_engine(url).dialect
        set_currency_digits(dialect, digits)
        assert Money().process_bind_param(Decimal(amount), dialect) == stored
        assert str(Money().process_result_value(stored, dialect)) == amount
        assert [str(each) for each in Money().read([stored, 0], dialect)] == [amount, f"{0:.{digits}f}"]


def test_an_amount_with_more_decimals_than_its_currency_can_store_is_never_rounded() -> None:
    dialect = create_engine("sqlite://").dialect
    set_currency_digits(dialect, 3)
    with pytest.raises(ValueError, match="3 decimals"):
        Money().process_bind_param(Decimal("0.0001"), dialect)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_moment_is_stored_in_utc_and_comes_back_aware(dialect: Dialect) -> None:
    paris = datetime(2027, 6, 15, 18, 30, tzinfo=timezone(timedelta(hours=2)))
    stored = UtcDateTime().process_bind_param(paris, dialect)
    assert stored is not None
    assert stored.replace(tzinfo=None) == datetime(2027, 6, 15, 16, 30)  # noqa: DTZ001
    back = UtcDateTime().process_result_value(stored, dialect)
    assert back == paris
    assert back is not None
    assert back.tzinfo is UTC


def test_a_moment_without_a_zone_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2027, 6, 15), DIALECTS[0])  # noqa: DTZ001


@pytest.mark.parametrize("column", [Money(), UtcDateTime()], ids=["money", "moment"])
def test_nothing_stays_nothing(column: Money | UtcDateTime) -> None:
    assert column.process_bind_param(None, DIALECTS[0]) is None
    assert column.process_result_value(None, DIALECTS[0]) is None
