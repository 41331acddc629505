"""The border of a list, with its title above and the cursor position below."""

from textual.content import Content
from textual.geometry import Region

from tui.widgets.cached_containers import UnchangedVertical


class ListPane(UnchangedVertical):
    """A container whose lower border changes with every key and is repainted alone."""

    def show_title(self, text: str) -> None:
        """Set the title in the upper border."""
        if Content(text) != self._border_title:
            self.border_title = Content(text)

    def show_position(self, text: str) -> None:
        """Set the text in the lower border and repaint only that line."""
        content = Content(text)
        if not self.outer_size:  # not laid out yet
            self.border_subtitle = content
        elif content != self._border_subtitle:
            self._border_subtitle = content
            offset, (width, height) = self.content_offset, self.outer_size
            self.refresh(Region(-offset.x, height - 1 - offset.y, width, 1))
