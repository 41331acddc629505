"""Generated lists of any length as data sources of a table."""

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
    """A row with its number; ``[/row]`` would crash a table that parses markup."""

    id: int
    note: str = "[/row]"


class Numbers:
    """Generates the rows of a list of ids on demand, and records the calls.

    Tests may change ``ids`` like the records of a database. ``counts`` is the result of a count, ``surveys``
    that of building the position index; both are correct unless they are set.
    """

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = ids
        self.notes: dict[int, str] = {}
        self.asked: list[tuple[str, int]] = []
        self.counts: int | None = None
        self.surveys: int | None = None

    @property
    def windows(self) -> list[int]:
        """The offsets or keys of the windows that were read."""
        return [start for way, start in self.asked if way in ("offset", "after", "before")]

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[NumberRow]:
        """Answer like a database."""
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
        """The length, or ``counts`` if that is set."""
        self.asked.append(("count", 0))
        return len(self.ids) if self.counts is None else self.counts

    def build_position_index(self) -> int | None:
        """The value of ``surveys``."""
        self.asked.append(("survey", 0))
        return self.surveys

    def position(self, key: int) -> int | None:
        """Answer like a database."""
        self.asked.append(("position", key))
        return self.ids.index(key) if key in self.ids else None

    def key(self, row: NumberRow) -> int:
        """The id."""
        return row.id


class Capped(Numbers):
    """A list that is longer than the cap of a count."""

    def __init__(self, ids: Sequence[int], *, surveyed: bool) -> None:
        super().__init__(ids)
        self.counts = COUNT_CAP
        self.surveys = len(ids) if surveyed else None


class Slow(Numbers):
    """A slow list: a window is returned only after ``answers`` is set, unless it is cancelled."""

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__(ids)
        self.answers = Event()
        self.answers.set()
        self.cancelled: list[int] = []

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[NumberRow]:
        """Wait for ``answers``; stop waiting when the read is cancelled."""
        query: Any = Stoppable()
        rows = super().window(offset, limit, after=after, before=before)
        with interruptible(query):
            while not self.answers.wait(0.001):
                if query.stopped.is_set():
                    self.cancelled.append(offset)
                    raise Cancelled
        return rows


class Stoppable:
    """A fake connection; another thread may cancel its query."""

    def __init__(self) -> None:
        self.stopped = Event()
        self.connection = self
        self.driver_connection = self

    def cancel_safe(self, *, timeout: float) -> None:
        """Cancel the query."""
        self.stopped.set()
