"""The wireframe shows where things stood and nothing that could be read."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult, RenderResult
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, DataTable, Input, Static

from tests.support.failing_apps import ways
from tests.support.failing_apps.apps import Crash, Plain, Receiver, crash, run_into, sentry_on
from tui.textual_sentry import wireframe
from tui.textual_sentry.wireframe import mask_text, masked_wireframe


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Claire Dupont", "Xxxxxx Xxxxxx"),
        ("4532-1234 €", "0000.0000 ."),
        ("Été ŒUVRE", "Xxx XXXXX"),
        ("你好", "xxxx"),
        ("😀 ok", ".. xx"),
        ("٣٤ ²", "00 0"),
        ("│ ─┐ ▔▁", "│ ─┐ ▔▁"),
        ("▀▄█░", "▒▒▒▒"),
        ("e\u0301t", "xx"),
    ],
)
def test_what_is_readable_is_replaced_and_the_boxes_stay(text: str, expected: str) -> None:
    assert mask_text(text) == expected


@given(st.text())
def test_nothing_but_the_mask_is_left_of_any_text_and_it_is_as_wide_as_before(text: str) -> None:
    result = mask_text(text)

    assert len(result) == sum(map(cell_len, text))
    for character in result:
        assert character in "xX0. ▒" or unicodedata.name(character).startswith(
            ("BOX DRAWINGS", "UPPER", "LOWER", "LEFT", "RIGHT")
        )


class Showing(Plain):
    """A screen with a bit of everything."""

    def compose(self) -> ComposeResult:
        yield Static("Claire Dupont, 06 12 34 56 78", classes="box")
        yield Input("hunter2!", password=True)
        yield DataTable()
        yield Button("Save")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("Name", "Amount")
        table.add_row("ACME", "1 234,00 €")


async def drawn(app: App[None], size: tuple[int, int] = (60, 20)) -> str:
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        return masked_wireframe(app)


async def test_the_layout_is_kept() -> None:
    lines = (await drawn(Showing())).splitlines()

    assert lines[0] == "Xxxxxx Xxxxxx. 00 00 00 00 00"
    assert lines[1].startswith("▊▔▔▔")
    assert lines[4:6] == [" Xxxx  Xxxxxx", " XXXX  0 000.00 ."]
    assert "Xxxx" in lines[-1] or any("Xxxx" in line for line in lines[6:])


async def test_a_password_field_does_not_tell_a_length() -> None:
    class Asks(Plain):
        def __init__(self, password: str) -> None:
            super().__init__()
            self.password = password

        def compose(self) -> ComposeResult:
            yield Input(self.password, password=True)

    short, long = await drawn(Asks("abc")), await drawn(Asks("correct horse battery"))

    assert short == long
    assert "x" * 50 in short


async def test_a_large_screen_is_cut_to_200_by_60() -> None:
    class Wide(Plain):
        def compose(self) -> ComposeResult:
            yield Static("\n".join(["x" * 300] * 100))

    lines = (await drawn(Wide(), size=(300, 100))).split("\n")

    assert (len(lines), {len(line) for line in lines}) == (60, {200})


async def test_a_modal_screen_lies_on_what_it_covers() -> None:
    class Question(ModalScreen[None]):
        CSS = "Static { width: 10; height: 1; }"

        def compose(self) -> ComposeResult:
            yield Static("Sure?")

    app = Showing()
    async with app.run_test(size=(60, 20)) as pilot:
        await app.push_screen(Question())
        await pilot.pause()
        assert "Xxxx." in masked_wireframe(app)


async def test_a_widget_that_cannot_be_drawn_leaves_the_others_to_be_seen() -> None:
    class Fails(Widget):
        DEFAULT_CSS = "Fails { height: 2; }"

        def render(self) -> RenderResult:
            if self.name:
                crash()
            return ""

    class Mixed(Plain):
        def compose(self) -> ComposeResult:
            yield Static("Claire")
            yield Fails()

    app = Mixed()
    async with app.run_test(size=(10, 5)) as pilot:
        await pilot.pause()
        failing = app.query_one(Fails)
        failing._name = "now"
        failing._layout_cache.clear()
        failing._styles_cache.clear()
        failing._dirty_regions.add(failing.region)
        assert masked_wireframe(app).splitlines()[:3] == ["Xxxxxx", "?" * 10, "?" * 10]
        failing._name = ""


def test_an_app_that_does_not_run_has_no_wireframe() -> None:
    assert masked_wireframe(Showing()) == ""


async def test_it_is_attached_to_what_ends_the_app(receiver: Receiver) -> None:
    class Fails(Showing):
        def action_go(self) -> None:
            crash()

    await run_into(Fails(), "f2")

    assert receiver.attachments["wireframe.txt"].startswith("Xxxxxx Xxxxxx. 00 00 00 00 00")
    assert "Claire" not in receiver.attachments["wireframe.txt"]


async def test_it_is_not_attached_where_the_app_goes_on_or_does_not_want_it(receiver: Receiver) -> None:
    class Tolerant(Plain):
        def action_go(self) -> None:
            self.run_worker(crash, thread=True, exit_on_error=False)

    await run_into(Tolerant(), "x")
    assert (len(receiver.events), receiver.attachments) == (1, {})

    with sentry_on(textual={"wireframe": False}) as without:
        await run_into(ways.Action(), "x")
    assert (len(without.events), without.attachments) == (1, {})


async def test_a_widget_that_fails_again_while_it_is_drawn_for_the_report_makes_no_second_event(
    receiver: Receiver,
) -> None:
    app = ways.Render()

    await run_into(app)

    assert receiver.event["exception"]["values"][-1]["type"] == Crash.__name__


async def test_a_full_screen_is_drawn_in_a_few_frames() -> None:
    class Full(Plain):
        def compose(self) -> ComposeResult:
            for _ in range(58):
                yield Static("Claire Dupont, 06 12 34 56 78 " * 6)

    app = Full()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        wireframe._masked_character.cache_clear()
        started = time.thread_time()
        masked_wireframe(app)
        assert time.thread_time() - started < 0.25
