"""The frame around a list: its name above, the place of the cursor below."""

from textual.content import Content
from textual.geometry import Region

from tui.widgets.cached_containers import UnchangedVertical


class ListPane(UnchangedVertical):
    """A frame whose lower line changes with every key, and is painted without the rest."""

    def show_title(self, text: str) -> None:
        """Write into the upper line of the frame."""
        if Content(text) != self._border_title:
            self.border_title = Content(text)

    def show_position(self, text: str) -> None:
        """Write into the lower line of the frame."""
        content = Content(text)
        if not self.outer_size:  # not laid out yet
            self.border_subtitle = content
        elif content != self._border_subtitle:
            self._border_subtitle = content
            offset, (width, height) = self.content_offset, self.outer_size
            self.refresh(Region(-offset.x, height - 1 - offset.y, width, 1))
