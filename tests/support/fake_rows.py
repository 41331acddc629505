"""Lists of any length for a table that knows nothing of where its rows come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

from services.errors import Cancelled, Invalid
from services.lists.query import COUNT_CAP
from services.persistence.cancellation import interruptible

MILLION = 1_000_000


@dataclass(frozen=True)
class NumberRow:
    """A row that says which one it is; ``[/row]`` would end any table that reads markup."""

    id: int
    note: str = "[/row]"


class Numbers:
    """The rows of a list of ids, made when they are asked for; remembers what it was asked.

    ``ids`` may be changed like the records of a database. ``counts`` is what a count says, ``surveys`` what
    a survey does; both tell the truth unless they are set.
    """

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = ids
        self.notes: dict[int, str] = {}
        self.asked: list[tuple[str, int]] = []
        self.counts: int | None = None
        self.surveys: int | None = None

    @property
    def windows(self) -> list[int]:
        """From where on windows were read."""
        return [start for way, start in self.asked if way in ("offset", "after", "before")]

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[NumberRow]:
        """As a database would."""
        start, stop = offset, offset + limit
        if after is not None:
            start = self._place(after) + 1
            stop = start + limit
        elif before is not None:
            stop = self._place(before)
            start = max(0, stop - limit)
        way = "offset" if after is before is None else "before" if after is None else "after"
        self.asked.append((way, start))
        return [NumberRow(id, self.notes.get(id, "[/row]")) for id in self.ids[start:stop]]

    def _place(self, key: int) -> int:
        try:
            return self.ids.index(key)
        except ValueError:
            raise Invalid from None

    def count(self) -> int:
        """The length, or what it is said to be."""
        self.asked.append(("count", 0))
        return len(self.ids) if self.counts is None else self.counts

    def build_position_index(self) -> int | None:
        """The length, where a survey finds it."""
        self.asked.append(("survey", 0))
        return self.surveys

    def position(self, key: int) -> int | None:
        """As a database would."""
        self.asked.append(("position", key))
        return self.ids.index(key) if key in self.ids else None

    def key(self, row: NumberRow) -> int:
        """The id."""
        return row.id


class Capped(Numbers):
    """A list that a count does not come to the end of."""

    def __init__(self, ids: Sequence[int], *, surveyed: bool) -> None:
        super().__init__(ids)
        self.counts = COUNT_CAP
        self.surveys = len(ids) if surveyed else None


class Slow(Numbers):
    """A list that takes its time: no window is answered before ``answers`` is set, unless it is cancelled."""

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__(ids)
        self.answers = Event()
        self.answers.set()
        self.cancelled: list[int] = []

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[NumberRow]:
        """Wait, and stop waiting when nobody waits for the answer any more."""
        query: Any = Stoppable()
        rows = super().window(offset, limit, after=after, before=before)
        with interruptible(query):
            while not self.answers.wait(0.001):
                if query.stopped.is_set():
                    self.cancelled.append(offset)
                    raise Cancelled
        return rows


class Stoppable:
    """What stands for a connection: it can be asked, by another thread, to stop what runs on it."""

    def __init__(self) -> None:
        self.stopped = Event()
        self.connection = self
        self.driver_connection = self

    def cancel_safe(self, *, timeout: float) -> None:
        """Stop."""
        self.stopped.set()
