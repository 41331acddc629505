"""A window on rows of one line each, under a line of labels: what is in sight, and what of it is painted."""

from collections.abc import Iterable

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView


class RowView(ScrollView):
    """Scrolls by rows. Subclasses say how many there are and draw them."""

    @property
    def row_count(self) -> int:
        """How many rows can be moved to by what is known now."""
        raise NotImplementedError

    @property
    def in_sight(self) -> range:
        """The rows for which there is room in the window, below the labels."""
        top = round(self.scroll_y)
        return range(top, top + max(0, self.size.height - 1))

    def resize_rows(self) -> None:
        """Fit the scroll bar to the number of rows."""
        size = Size(self.scrollable_content_region.width, self.row_count + 1)
        if size != self.virtual_size:
            # Only the scroll bar depends on it; setting it as one does would lay the whole screen out anew.
            self.set_reactive(RowView.virtual_size, size)
            self._scroll_update(size)

    def repaint_rows(self, rows: Iterable[int]) -> None:
        """Paint these rows anew, as far as they are in sight, and nothing else."""
        seen, width = self.in_sight, self.size.width
        regions = [Region(0, row - seen.start + 1, width, 1) for row in rows if row in seen]
        if regions:
            self.refresh(*regions)

    def begin_with(self, row: int) -> None:
        """Scroll until this row is the first in sight."""
        self.scroll_to(y=row, animate=False)

    def bring_into_sight(self, row: int) -> None:
        """Scroll no further than needed until this row is in sight."""
        seen = self.in_sight
        room = max(1, len(seen))
        if row < seen.start:
            self.begin_with(row)
        elif row >= seen.start + room:
            self.begin_with(row - room + 1)
