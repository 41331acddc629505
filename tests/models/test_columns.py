"""Values as they stand in the database: exact cents, moments in UTC."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.engine import Dialect

from models.columns import Money, UtcDateTime

DIALECTS: list[Dialect] = [create_engine(url).dialect for url in ("sqlite://", "postgresql+psycopg://")]


@given(amount=st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_an_amount_is_stored_as_whole_cents_and_comes_back_exactly(amount: Decimal) -> None:
    for dialect in DIALECTS:
        cents = Money().process_bind_param(amount, dialect)
        assert cents == amount * 100
        assert str(Money().process_result_value(cents, dialect)) == f"{amount:.2f}"


def test_an_amount_with_more_than_two_decimals_is_never_rounded() -> None:
    with pytest.raises(ValueError, match="two decimals"):
        Money().process_bind_param(Decimal("0.001"), DIALECTS[0])


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
