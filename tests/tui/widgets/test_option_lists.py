"""A click on an option that its list no longer has, and keys in a list without room."""

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.events import Click
from textual.widgets import OptionList

import tui.widgets.option_lists


class Options(App[None]):
    """An application with a list of two options."""

    def compose(self) -> ComposeResult:
        """The list."""
        yield OptionList("one", "two")


def _click(options: OptionList, option: int) -> Click:
    style = Style(meta={"option": option})
    return Click(options, 1, option, 0, 0, 1, False, False, False, 1, option, style=style)


async def test_a_click_on_an_option_that_is_gone_does_nothing() -> None:
    assert tui.widgets.option_lists
    async with Options().run_test() as pilot:
        options = pilot.app.query_one(OptionList)
        options.post_message(_click(options, 1))
        await pilot.pause()
        assert options.highlighted == 1
        options.remove_option_at_index(1)
        options.post_message(_click(options, 1))
        await pilot.pause()
        assert pilot.app._exception is None


@pytest.mark.parametrize("action", ["page_down", "page_up", "cursor_down", "cursor_up", "first", "last"])
async def test_a_key_in_a_list_without_room_ends_nothing(action: str) -> None:
    async with Options().run_test() as pilot:
        options = pilot.app.query_one(OptionList)
        options.styles.height = 0
        await pilot.pause()
        options.set_options(["three", "four"])
        options.highlighted = 0
        assert not options._index_to_line
        await options.run_action(action)
        options.styles.height = 5
        await pilot.pause()
        await options.run_action("page_down")
        assert options.highlighted == 1
