"""The protocol by which a table reads its rows.

A source is called in thread workers only, and each table makes one call at a time.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

Row = TypeVar("Row")


class DataSource(Protocol[Row]):
    """A list in a stable order, read window by window. Raises ``CrmError`` for problems users can solve."""

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[Row]:
        """At most ``limit`` rows from ``offset`` on; fewer only at the end of the list.

        ``after`` and ``before`` are the key of the row next to the window. They replace ``offset`` and are
        quicker, because no rows are counted. The rows are in the order of the list in either case. Raises
        ``Invalid`` if that row no longer exists.
        """
        ...

    def count(self) -> int:
        """The number of rows; exactly ``COUNT_CAP`` means "at least as many"."""
        ...

    def build_position_index(self) -> int | None:
        """Index the positions of the whole list, so that jumps are quick, and count it exactly.

        This is slow; a table asks for it once, after everything else. ``None``: the list is never counted.
        """
        ...

    def position(self, key: int) -> int | None:
        """The number of rows before the row of this key; ``None`` if it is not in the list, or not known."""
        ...

    def key(self, row: Row) -> int:
        """The identity of a row, by which the cursor stays on it."""
        ...
