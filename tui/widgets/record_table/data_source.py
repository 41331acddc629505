"""What a table asks of its data, and how its columns are described.

A source is called in a thread worker only, by one call at a time for each table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from rich.cells import cell_len

from services.i18n import _, language
from services.lists.query import COUNT_CAP
from tui.widgets.text_cells import Align

Row = TypeVar("Row")


class DataSource(Protocol[Row]):
    """A list in a stable order, read window by window. Raises ``CrmError`` for what a person can mend."""

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[Row]:
        """At most ``limit`` rows from ``offset`` on; fewer only at the end of the list.

        Next to a row that is at hand, ``after`` or ``before`` names its key and counts instead of
        ``offset``: reading on from a row is quicker than counting to a place. The rows come in the order
        of the list all the same. Raises ``Invalid`` where that row is no more.
        """
        ...

    def count(self) -> int:
        """How many rows there are; exactly ``COUNT_CAP`` stands for "at least as many"."""
        ...

    def build_position_index(self) -> int | None:
        """Look over the whole list so that every part of it is near, and count it exactly.

        Takes its time and is asked once, behind everything else. ``None`` where the list is never counted.
        """
        ...

    def position(self, key: int) -> int | None:
        """How many rows stand before the one of this key; ``None`` where it is not there, or not known."""
        ...

    def key(self, row: Row) -> int:
        """The identity of a row, by which the cursor stays on it."""
        ...


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column as data.

    ``label`` is translatable English. A column takes ``width`` cells, or those of its label where that is
    wider, and a share of what is left in proportion to ``weight`` (0: fixed). When the table is narrow the
    columns with the highest ``rank`` are left out first; rank 0 always stays. ``sort`` is the field name
    to sort by, empty where the column cannot be sorted by. ``extra`` are cells beyond the width that
    depend on the settings, such as those of a time zone.
    """

    key: str
    label: str
    render: Callable[[Row], str]
    width: int = 8
    weight: int = 0
    rank: int = 0
    align: Align = "left"
    sort: str = ""
    extra: Callable[[], int] = lambda: 0


@dataclass(frozen=True)
class RowsSource(Generic[Row]):
    """Rows that are at hand already, such as the one record that a link opened."""

    rows: Sequence[Row]
    key_of: Callable[[Row], int]

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[Row]:
        """A slice of the rows."""
        return self.rows[offset : offset + limit]

    def count(self) -> int:
        """All of them."""
        return len(self.rows)

    def build_position_index(self) -> int | None:
        """They are counted already."""
        return len(self.rows)

    def position(self, key: int) -> int | None:
        """Looked up in the rows."""
        return next((place for place, row in enumerate(self.rows) if self.key_of(row) == key), None)

    def key(self, row: Row) -> int:
        """As the owner says."""
        return self.key_of(row)


def position_text(cursor: int, total: int | None, *, exact: bool = False) -> str:
    """Where the cursor stands: ``12 of 345``, ``12 of 10,000+``; without the total until it is known.

    ``exact`` says of a total of ``COUNT_CAP`` that it is no more than that.
    """
    if total == 0:
        return "0"
    if total is None:
        return grouped(cursor + 1)
    capped = total == COUNT_CAP and not exact
    shown = grouped(COUNT_CAP - 1) + "+" if capped else grouped(total)
    return _("{position} of {total}").format(position=grouped(cursor + 1), total=shown)


def grouped(number: int) -> str:
    """A whole number as the active language groups its digits."""
    # Babel would be exact for every locale, and costs a second of start-up for two languages.
    return f"{number:,}".replace(",", "\u202f" if language() == "fr" else ",")


GAP = 2
"""Cells between two columns."""


def column_widths(
    columns: Sequence[Column[Row]], available: int, figures: Mapping[str, int] | None = None
) -> list[tuple[Column[Row], int]]:
    """The columns that fit and their widths in cells; the least important are left out first.

    ``figures`` says, by the key of a column, how many cells its longest number takes. For it the texts give
    way before a column is left out: a number that is cut is another number.
    """
    kept = list(columns)
    _leave_out(kept, lambda: _least(kept) > available)
    for index, column in enumerate(kept):
        kept[index] = replace(column, width=max(column.width, (figures or {}).get(column.key, 0)))
    _leave_out(kept, lambda: _least(kept) - _squeezable(kept) > available)
    return _share(kept, available - _least(kept))


def _leave_out(kept: list[Column[Row]], is_too_wide: Callable[[], bool]) -> None:
    while len(kept) > 1 and is_too_wide():
        dropped = max(range(len(kept)), key=lambda index: (kept[index].rank, index))
        if kept[dropped].rank == 0:
            break
        del kept[dropped]


def _squeezable(columns: Sequence[Column[Row]]) -> int:
    return sum(_narrowest(column) - cell_len(_(column.label)) for column in columns if column.weight)


def _least(columns: Sequence[Column[Row]]) -> int:
    return sum(map(_narrowest, columns)) + GAP * (len(columns) - 1)


def _narrowest(column: Column[Row]) -> int:
    # French labels are longer than the English ones that the widths were chosen for.
    return max(column.width + column.extra(), cell_len(_(column.label)))


def _squeezed(columns: Sequence[Column[Row]], too_much: int) -> list[tuple[Column[Row], int]]:
    """Numbers and dates keep their width; texts give way, down to the width of their label."""
    widths = [_narrowest(column) for column in columns]
    for index, column in enumerate(columns):
        if column.weight:
            given = min(too_much, widths[index] - cell_len(_(column.label)))
            widths[index] -= given
            too_much -= given
    return list(zip(columns, widths, strict=True))


def _share(columns: Sequence[Column[Row]], spare: int) -> list[tuple[Column[Row], int]]:
    if spare < 0:
        return _squeezed(columns, -spare)
    weights = sum(column.weight for column in columns)
    shares = [spare * column.weight // weights if weights else 0 for column in columns]
    left_over = spare - sum(shares) if weights else 0
    for index, column in enumerate(columns):
        if column.weight:
            shares[index] += left_over
            break
    return [(column, _narrowest(column) + share) for column, share in zip(columns, shares, strict=True)]
