"""How long a list is, where a figure that every write keeps up to date tells it."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from models.column_types import whole_sum
from models.list_indexes import LIVE
from models.tables import Total
from services import list_sql
from services.list_sql import Asking, Listing, Narrowing, Shape, narrowings
from services.listing import ListQuery


def exact(listing: Listing[Any], connection: Connection, asking: Asking, query: ListQuery) -> int | None:
    """The length of a list that is a whole kind, or all that is of one record; ``None`` for other lists."""
    if list_sql.searches(query):
        return None
    figure = _figure(listing, Shape.of(asking, query))
    if figure is None:
        return None
    return connection.execute(figure, list_sql.values(listing, asking, query)).scalar() or 0


@lru_cache(maxsize=512)
def _figure(listing: Listing[Any], shape: Shape) -> Select[*tuple[Any, ...]] | None:
    if listing.kind is None:
        return None
    live = Narrowing((LIVE,))
    owners = [narrowing for narrowing in narrowings(listing, shape) if narrowing != live]
    if not owners:
        return select(whole_sum(col(Total.count))).where(col(Total.kind) == listing.kind)
    if len(owners) > 1 or owners[0].known or owners[0].rest or owners[0].equal is None:
        return None
    column, value = owners[0].equal
    if column not in listing.figures:
        return None
    figure = listing.figures[column]
    return select(figure).where(figure.table.c.id == value)
