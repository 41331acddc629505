"""Column types that store the same values on SQLite and on PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, DateTime, SQLColumnExpression, String, cast, func
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.enums import RecordKind


def ordered_text(length: int | None = None) -> String:
    """Text that both engines sort by code point; PostgreSQL's default collation sorts by language."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def whole_sum(column: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """The sum of whole numbers as a ``bigint``; PostgreSQL's own sum of a ``bigint`` is a ``numeric``."""
    return cast(func.sum(column), BigInteger)


class this_transaction(ColumnElement[int]):  # noqa: N801 - as the functions of SQL
    """The id of the transaction that writes a row; 0 on SQLite, which has one writer at a time.

    It is a ``bigint``, since neither SQLAlchemy nor the driver supports ``xid8``.
    """

    inherit_cache = True
    type = BigInteger()


@compiles(this_transaction)
def _compile_this_transaction(element: this_transaction, compiler: SQLCompiler, **_options: object) -> str:
    on_postgresql = compiler.dialect.name == "postgresql"
    return "CAST(CAST(pg_current_xact_id() AS text) AS bigint)" if on_postgresql else "0"


_STORED_DIGITS: Final = 2
_DIGITS: Final = "currency_digits"


def set_currency_digits(dialect: Dialect, digits: int) -> None:
    """Set the number of decimals of a database's currency. Each engine has its own dialect."""
    setattr(dialect, _DIGITS, digits)


class Money(TypeDecorator[Decimal]):
    """An exact amount, stored as a whole number, so that neither engine rounds it.

    The number counts hundredths, or thousandths if the currency of the database has three decimals. A
    currency without decimals is stored in hundredths too, since older versions accepted cents there. An
    amount is read with the decimals of the currency, or with two if it holds cents.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """The stored number. Raises :class:`ValueError` for more decimals than are stored."""
        if value is None:
            return None
        digits = _stored_digits(dialect)
        scaled = value * 10**digits
        if scaled != int(scaled):
            message = f"an amount has at most {digits} decimals"
            raise ValueError(message)
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The amount with the decimals of the currency."""
        return None if value is None else self.read([value], dialect)[0]

    def read(self, values: Sequence[int], dialect: Dialect) -> list[Decimal]:
        """Convert a column of stored numbers, none of them ``None``, to amounts."""
        stored, shown = _stored_digits(dialect), getattr(dialect, _DIGITS, _STORED_DIGITS)
        unit = Decimal(1).scaleb(-stored)
        if shown == stored:
            return list(map(unit.__mul__, values))
        step = 10 ** (stored - shown)
        return [unit * value if value % step else Decimal(value // step) for value in values]


def _stored_digits(dialect: Dialect) -> int:
    return max(_STORED_DIGITS, getattr(dialect, _DIGITS, _STORED_DIGITS))


class KindOfRecord(TypeDecorator[RecordKind]):
    """The kind of a record, stored in capitals. A check of its form alone lets a new kind in."""

    impl = String(16)
    cache_ok = True
    CHECK: Final = "length(kind) BETWEEN 1 AND 16 AND kind = upper(kind)"

    def process_bind_param(self, value: RecordKind | None, _dialect: Dialect) -> str | None:
        """The name of the kind."""
        return None if value is None else RecordKind(value).name

    def process_result_value(self, value: str | None, _dialect: Dialect) -> RecordKind | None:
        """The kind of this name."""
        return None if value is None else RecordKind(value.lower())


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. A naive datetime raises :class:`ValueError`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; naive for SQLite, which stores no time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def read(self, values: Sequence[Any], dialect: Dialect) -> list[datetime | None]:
        """Convert a column of the driver's values (text on SQLite, else aware datetimes) to UTC."""
        if dialect.name == "sqlite":
            parse = datetime.fromisoformat
            return [None if value is None else parse(f"{value}Z") for value in values]
        return [None if value is None else value.astimezone(UTC) for value in values]


Values = Sequence[Any]
"""The values of one column, of some rows."""
Converter = Callable[[Values], Values]


def converter(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    """The function that makes Python values of a driver's values; ``None`` if they are the same."""
    if isinstance(kind, (Money, UtcDateTime)):
        return partial(kind.read, dialect=dialect)
    convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return None if convert is None else lambda values: list(map(convert, values))
