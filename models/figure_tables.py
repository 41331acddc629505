"""The table of figures by period."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Index, text
from sqlmodel import Field

from models.column_types import Money
from models.list_indexes import OF_SUPPORT
from models.tables import Table


class PeriodFigure(Table, table=True):
    """The number and the amount of the records of one kind of figure in a period, by person.

    ``period`` is the first day of a month or a week, or a day; see ``services.denormalized.period_figures``,
    which keeps these rows. ``owner_id`` is a collaborator, or 0 for the whole agency. A figure is the sum
    over its slots.
    """

    __tablename__ = "period_figure"
    __table_args__ = (
        Index(
            "ix_period_figure_run", "period", "owner_id", "number",
            sqlite_where=text(OF_SUPPORT), postgresql_where=text(OF_SUPPORT),
        ),
    )  # fmt: skip
    kind: str = Field(primary_key=True, max_length=12)
    owner_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    period: date = Field(primary_key=True)
    slot: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(default=0)
    amount: Decimal = Field(default=Decimal("0.00"), sa_type=Money)
