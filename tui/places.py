"""The places between which a person moves, as data."""

from dataclasses import dataclass
from datetime import date

from models.enums import RecordKind
from services.lists.query import ListQuery


@dataclass(frozen=True)
class Origin:
    """The record from which a linked one is opened; ``label`` may hold user text."""

    kind: RecordKind
    id: int
    label: str


@dataclass(frozen=True)
class Place:
    """A place in a section: the list, the chosen record, and the record from which it was opened.

    ``order_before`` is the order to restore after a search.
    """

    query: ListQuery
    key: int | None = None
    origin: Origin | None = None
    order_before: tuple[str, bool] | None = None


@dataclass(frozen=True)
class AgendaPlace:
    """A place in the agenda: the day, today by default, and the event under the cursor.

    ``view`` and ``whose`` are names of :mod:`services.agenda`, ``username`` is that of a person. The title
    has the person's ``name``, which may hold user text, else the username.
    """

    day: date | None = None
    event_id: int | None = None
    view: str = "week"
    whose: str = "everybody"
    username: str = ""
    name: str = ""
