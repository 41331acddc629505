"""The places between which a person moves, as data."""

from dataclasses import dataclass

from models.enums import RecordKind
from services.lists.query import ListQuery


@dataclass(frozen=True)
class Origin:
    """The record from which a linked one is opened; ``label`` may hold what people typed."""

    kind: RecordKind
    id: int
    label: str


@dataclass(frozen=True)
class Place:
    """Where one stands in a section: the list, the record chosen, and where it was opened from.

    ``order_before`` is the order to which one comes back from a search.
    """

    query: ListQuery
    key: int | None = None
    origin: Origin | None = None
    order_before: tuple[str, bool] | None = None
