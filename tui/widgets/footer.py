"""The footer with the active keys; a refused key is dim and shows the reason when pressed."""

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from tui.key_labels import Key, keys_of
from tui.runtime.stylesheets import sheet_beside

_LAST = "help"


class KeyBar(Widget, can_focus=False):
    """A footer with the bindings of the screen in order; the help (``?``) lists those that do not fit."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--label", "key-bar--refused"}
    DEFAULT_CSS = sheet_beside(__file__)
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[tuple[int, int, Key]] = []

    def on_mount(self) -> None:
        """Subscribe to changes of the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def _fitting(self) -> list[Key]:
        keys = [key for key in keys_of(self.screen) if key.active.binding.show]
        last = [key for key in keys if key.action == _LAST]
        room = self.size.width - sum(_width(key) for key in last)
        fitting: list[Key] = []
        for key in (key for key in keys if key.action != _LAST):
            room -= _width(key)
            if room < 0:
                break
            fitting.append(key)
        return fitting + last

    def render(self) -> Content:
        """The keys and their labels."""
        styles = [
            self.get_visual_style(name) for name in ("key-bar--key", "key-bar--label", "key-bar--refused")
        ]
        self._spans = []
        pieces: list[Content] = []
        left = 0
        for key in self._fitting():
            pieces.append(_piece(key, *styles))
            self._spans.append((left, left + _width(key), key))
            left += _width(key)
        return Content("").join(pieces)

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the clicked key."""
        for left, right, key in self._spans:
            if left <= event.x < right:
                await self.app.run_action(key.active.binding.action, key.active.node)


def _width(key: Key) -> int:
    return cell_len(key.first) + cell_len(key.label) + 3


def _piece(key: Key, key_style: Style, label_style: Style, refused_style: Style) -> Content:
    if key.refusal is not None:
        return Content.styled(f" {key.first} {key.label} ", refused_style)
    return Content.assemble((f" {key.first}", key_style), (f" {key.label} ", label_style))
