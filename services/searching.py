"""The rows that hold the words of a search, and how many they are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from services import list_sql
from services.list_sql import Asking, Listing
from services.listing import ListQuery


def found(
    listing: Listing[Any], connection: Connection, asking: Asking, query: ListQuery,
    *, limit: int, offset: int = 0, after: int | None = None, before: int | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """The rows of a window of a search, in the order of the query; as :func:`services.queries.window`."""
    columns = list_sql.order(listing, query)
    statement = listing.select.where(
        *list_sql.conditions(listing, asking, query), *list_sql.like(listing, list_sql.terms(query))
    )
    for record, backwards in ((after, False), (before, True)):
        if record is not None:
            larger = query.descending is backwards
            statement = statement.where(list_sql.beyond(listing, connection, columns, record, larger=larger))
    backwards = before is not None
    directed = list_sql.directed(columns, descending=query.descending is not backwards)
    rows = connection.execute(statement.order_by(*directed).limit(limit).offset(offset)).all()
    return rows[::-1] if backwards else rows


def count(listing: Listing[Any], connection: Connection, asking: Asking, query: ListQuery, cap: int) -> int:
    """How many rows a search finds, at most ``cap``."""
    matching = listing.select.with_only_columns(listing.key).where(
        *list_sql.conditions(listing, asking, query), *list_sql.like(listing, list_sql.terms(query))
    )
    total = connection.execute(select(func.count()).select_from(matching.limit(cap).subquery())).scalar()
    return total or 0
