"""The columns of a table as data, and how wide each of them is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from rich.cells import cell_len

from services.i18n import _
from tui.widgets.record_table.data_source import Row
from tui.widgets.text_cells import Align, Cut

GAP = 2
"""Cells between two columns."""
_LEAST_TEXT = 10
"""Cells of a text that a person wants to see beside others."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column as data.

    ``key`` is the field of a row that the column shows, unless ``render`` makes its text. ``label`` is
    translatable English. A column is at least as wide as ``width`` and as its label. The cells that are left
    go to the columns that are not as wide as ``wanted`` yet, from the left, and then to all in proportion
    to ``weight`` (0: fixed width). A narrow table leaves out the columns with the highest ``rank`` first;
    rank 0 always stays. ``sort`` is the field to sort by, empty if the column cannot be sorted. ``extra``
    returns cells beyond the width that depend on the settings, such as those of a time zone. ``cut`` says
    where a text that is too long is cut; for one that is never cut the column is widened, as for figures,
    which stand on the right. A column that ``is_optional`` is not shown until a person chooses it.
    """

    key: str
    label: str
    render: Callable[[Row], str] | None = None
    width: int = 8
    wanted: int = 0
    weight: int = 0
    rank: int = 0
    align: Align = "left"
    sort: str = ""
    extra: Callable[[], int] = lambda: 0
    cut: Cut = "end"
    is_optional: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a cut text would read as another one."""
        return self.align == "right" or self.cut == "never"


def column_widths(
    columns: Sequence[Column[Row]], available: int, number_widths: Mapping[str, int] | None = None
) -> list[tuple[Column[Row], int]]:
    """The columns that fit and their widths in cells; the least important are left out first.

    ``number_widths`` holds, by the key of a column, the cells of its longest number. Texts are narrowed and
    then columns left out to make room for it, because a number that is cut reads as another number.
    """
    kept = list(columns)
    _leave_out(kept, lambda: _least_total(kept) > available)
    for index, column in enumerate(kept):
        kept[index] = replace(column, width=max(column.width, (number_widths or {}).get(column.key, 0)))
    _leave_out(kept, lambda: _least_total(kept) - _squeezable(kept) > available)
    return _share(kept, available - _least_total(kept))


def _leave_out(kept: list[Column[Row]], is_too_wide: Callable[[], bool]) -> None:
    while len(kept) > 1 and is_too_wide():
        dropped = max(range(len(kept)), key=lambda index: (kept[index].rank, index))
        if kept[dropped].rank == 0:
            break
        del kept[dropped]


def _squeezable(columns: Sequence[Column[Row]]) -> int:
    return sum(_least_width(column) - cell_len(_(column.label)) for column in columns if column.weight)


def _least_total(columns: Sequence[Column[Row]]) -> int:
    return sum(map(_least_width, columns)) + GAP * (len(columns) - 1)


def _least_width(column: Column[Row]) -> int:
    # The widths were chosen for English labels; French ones are longer.
    return max(column.width + column.extra(), cell_len(_(column.label)))


def _squeezed(columns: Sequence[Column[Row]], excess: int) -> list[tuple[Column[Row], int]]:
    """Narrow the texts down to the width of their labels; numbers and dates keep their width."""
    widths = [_least_width(column) for column in columns]
    for index, column in enumerate(columns):
        if column.weight:
            cut = min(excess, widths[index] - cell_len(_(column.label)))
            widths[index] -= cut
            excess -= cut
    return list(zip(columns, widths, strict=True))


def _share(columns: Sequence[Column[Row]], spare: int) -> list[tuple[Column[Row], int]]:
    if spare < 0:
        return _squeezed(columns, -spare)
    widths = [_least_width(column) for column in columns]
    for index, column in enumerate(columns):
        given = min(spare, max(0, column.wanted - widths[index]))
        widths[index] += given
        spare -= given
    weights = sum(column.weight for column in columns)
    shares = [spare * column.weight // weights if weights else 0 for column in columns]
    left_over = spare - sum(shares) if weights else 0
    for index, column in enumerate(columns):
        if column.weight:
            shares[index] += left_over
            break
    return [(column, width + share) for column, width, share in zip(columns, widths, shares, strict=True)]


def by_default(columns: Sequence[Column[Row]]) -> list[Column[Row]]:
    """The columns that are shown until a person chooses others."""
    return [column for column in columns if not column.is_optional]


def chosen(columns: Sequence[Column[Row]], keys: Sequence[str]) -> list[Column[Row]]:
    """The columns of these keys in that order, or those by default if there is none of them.

    The first one is the most important then: a narrow table leaves out the last ones, and cuts texts before.
    """
    known = {column.key: column for column in columns}
    shown = [known[key] for key in keys if key in known]
    return [
        replace(column, rank=place, width=min(column.width, _LEAST_TEXT) if column.weight else column.width)
        for place, column in enumerate(shown)
    ] or by_default(columns)
