"""What the terminal shows after a layout, when places were asked for in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyte
import pytest
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Size
from textual.widgets import Input, Static

from tui.screens.base_screen import BaseScreen

if TYPE_CHECKING:
    from textual.screen import Screen

WIDTH, HEIGHT = 40, 10


class ListScreen(BaseScreen[None]):
    """A banner that is hidden at first, a line to search in, and a list that scrolls."""

    CSS = """
        #banner, #hidden { height: 1; display: none; }
        #line { height: 1; }
        #mark { width: 3; }
        Input { width: 1fr; }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 0; }
    """

    def compose(self) -> ComposeResult:
        yield Static("A banner", id="banner")
        yield Static("hidden", id="hidden")
        with Horizontal(id="line"):
            yield Static("/", id="mark")
            yield Input("0612", compact=True)
        with VerticalScroll():
            yield Static("\n".join(f"row {number}" for number in range(50)), id="rows")


class ListApp(App[None]):
    """Sends each frame to a terminal, too."""

    def __init__(self) -> None:
        super().__init__()
        self.terminal = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self.terminal)

    def on_mount(self) -> None:
        self.push_screen(ListScreen())

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            self._stream.feed(renderable.render_segments(self.console).replace("\n", "\r\n"))
        super()._display(screen, renderable)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, as they would be painted now."""
        return [strip.text for strip in self.screen._compositor.render_strips()]


@pytest.fixture
def app() -> ListApp:
    return ListApp()


@pytest.mark.parametrize("asked", ["#hidden", "#banner", "#rows", "#mark"])
async def test_a_place_asked_for_before_the_layout_changes_no_frame(app: ListApp, asked: str) -> None:
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        for shown in (True, False, True):
            app.screen.query_one(VerticalScroll).scroll_relative(y=5, animate=False)
            await pilot.pause()
            before = app.lines
            assert app.terminal.display == before
            app.screen.query_one("#banner").display = shown
            _place = app.screen.query_one(asked).region
            assert app.lines == before, "painted as it is until the next layout"
            await pilot.pause()
            assert app.lines[0].startswith("A banner" if shown else "/  0612")
            assert app.terminal.display == app.lines


async def test_a_widget_resized_after_its_place_was_asked_for_is_told(app: ListApp) -> None:
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        rows = app.screen.query_one(VerticalScroll)
        rows.scroll_relative(y=5, animate=False)
        await pilot.pause()
        app.screen.query_one("#banner").display = True
        _place = app.screen.query_one("#hidden").region
        await pilot.pause()
        assert rows.size.height == HEIGHT - 2
        assert app.terminal.display == app.lines


class Asking(Static):
    """A widget that asks for the place of a hidden one while it is laid out."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line more than the hidden widget has."""
        return self.screen.query_one("#hidden").region.height + 1


async def test_a_place_asked_for_during_a_layout_leaves_the_new_size(app: ListApp) -> None:
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await app.screen.query_one(VerticalScroll).mount(Asking("asks", id="asking"))
        await pilot.pause()
        app.screen.query_one(VerticalScroll).scroll_relative(y=5, animate=False)
        await pilot.pause()
        await pilot.resize_terminal(WIDTH - 10, HEIGHT - 5)
        await pilot.pause()
        assert [len(line) for line in app.lines] == [WIDTH - 10] * (HEIGHT - 5)
        assert app.screen.query_one("#line").region.width == WIDTH - 10
