"""The trail of a Textual app: one breadcrumb for each change of screen and each action, by name, in order."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import pytest
import sentry_sdk
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, TextArea

from tests.support.failing_apps.apps import Receiver, sentry_on


class First(Screen[None]):
    """Where each of these tests begins."""


class Second(Screen[None]):
    """Another one."""


class Question(ModalScreen[bool]):
    """A modal one."""


class Walked(App[None]):
    """An app with screens to walk through."""

    MODES: ClassVar[dict[str, type[Screen[Any]]]] = {"one": First, "other": Second}  # type: ignore[assignment]

    def on_mount(self) -> None:
        self.push_screen(First())


def crumbs(category: str) -> list[dict[str, Any]]:
    """The breadcrumbs of a category so far."""
    return [crumb for crumb in sentry_sdk.get_isolation_scope()._breadcrumbs if crumb["category"] == category]


async def walk(*steps: Callable[[App[None]], object]) -> list[str]:
    """The breadcrumbs of these steps, after that of the first screen."""
    async with Walked().run_test() as pilot:
        for step in steps:
            step(pilot.app)
            await pilot.pause()
    first, *rest = [crumb["message"] for crumb in crumbs("navigation")]
    assert first == "Screen → First"
    return rest


def push(app: App[None]) -> None:
    app.push_screen(Second())


def ask(app: App[None]) -> None:
    app.push_screen(Question())


def answer(app: App[None]) -> None:
    assert isinstance(app.screen, Question)
    app.screen.dismiss(True)


WALKS = [
    pytest.param([push], ["First → Second"], id="push"),
    pytest.param([ask], ["First → Question"], id="modal"),
    pytest.param([ask, answer], ["First → Question", "Question → First"], id="dismiss"),
    pytest.param([push, App.pop_screen], ["First → Second", "Second → First"], id="pop"),
    pytest.param([lambda app: app.switch_screen(Second())], ["First → Second"], id="switch"),
    pytest.param(
        [lambda app: app.switch_mode("other"), lambda app: app.switch_mode("one")],
        ["First → Second", "Second → First"],
        id="mode",
    ),
    pytest.param(
        [lambda app: app.action_command_palette(), lambda app: app.pop_screen()],
        ["First → CommandPalette", "CommandPalette → First"],
        id="palette",
    ),
]


@pytest.mark.usefixtures("receiver")
@pytest.mark.parametrize(("steps", "expected"), WALKS)
async def test_each_change_of_screen_is_one_breadcrumb(
    steps: list[Callable[[App[None]], object]], expected: list[str]
) -> None:
    assert await walk(*steps) == expected


@pytest.mark.usefixtures("receiver")
async def test_a_whole_walk_is_in_its_order() -> None:
    steps = [push, ask, answer, lambda app: app.switch_mode("other"), ask, answer]

    assert await walk(*steps) == [
        "First → Second",
        "Second → Question",
        "Question → Second",
        "Second → Second",
        "Second → Question",
        "Question → Second",
    ]


@pytest.mark.usefixtures("receiver")
async def test_a_screen_that_is_pushed_where_nobody_sees_it_is_no_step() -> None:
    steps = [
        lambda app: app.switch_mode("other"),
        lambda app: app.switch_mode("one"),
        lambda app: app.push_screen(Question(), mode="other"),
        lambda app: app.switch_mode("other"),
    ]

    assert await walk(*steps) == ["First → Second", "Second → First", "First → Question"]


async def test_the_screen_is_a_tag_of_whatever_is_sent_from_it(receiver: Receiver) -> None:
    async with Walked().run_test():
        sentry_sdk.capture_message("hello")

    assert receiver.event["tags"] == {"screen": "First"}


class Marker(Widget, can_focus=True):
    """A widget of the app's own, with an action of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [("m", "mark('4532-1234')", "Mark")]

    def action_mark(self, _card: str) -> None:
        """Do nothing."""


class Busy(App[None]):
    """An app with everything in which one can press keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "app.note('claire@secret.example')", "Note"),
        ("f3", "no_such_action", "Nothing"),
    ]

    def compose(self) -> ComposeResult:
        yield Button("Claire Dupont", id="save")
        yield Input(password=True, id="password")
        yield TextArea(id="notes")
        yield OptionList("one", "two", id="list")
        yield Marker(id="marker")

    def action_note(self, _address: str) -> None:
        """Do nothing."""


async def in_busy_app(do: Callable[[Pilot[None]], Awaitable[object]]) -> list[dict[str, Any]]:
    app = Busy()
    async with app.run_test(size=(80, 40)) as pilot:
        sentry_sdk.get_isolation_scope().clear_breadcrumbs()
        await do(pilot)
        return list(sentry_sdk.get_isolation_scope()._breadcrumbs)


@pytest.mark.usefixtures("receiver")
async def test_an_action_is_recorded_by_its_name_without_what_it_is_given() -> None:
    recorded = await in_busy_app(lambda pilot: pilot.press("f2"))

    assert [(crumb["category"], crumb["message"], crumb["data"]) for crumb in recorded] == [
        ("ui.action", "note", {"screen": "Screen"})
    ]
    assert "secret" not in json.dumps(recorded, default=str)


@pytest.mark.usefixtures("receiver")
async def test_an_action_of_a_widget_of_the_app_is_recorded() -> None:
    async def do(pilot: Pilot[None]) -> None:
        pilot.app.query_one(Marker).focus()
        await pilot.press("m")

    assert [crumb["message"] for crumb in await in_busy_app(do)] == ["mark"]


@pytest.mark.usefixtures("receiver")
@pytest.mark.parametrize("field", ["#password", "#notes"])
async def test_no_key_in_a_field_is_recorded_since_it_would_tell_how_long_a_password_is(field: str) -> None:
    async def do(pilot: Pilot[None]) -> None:
        pilot.app.query_one(field).focus()
        await pilot.press("s", "e", "backspace", "left", "right", "home", "end", "ctrl+a", "delete", "ctrl+k")

    assert await in_busy_app(do) == []


@pytest.mark.usefixtures("receiver")
async def test_a_field_of_the_app_with_editing_of_its_own_is_a_field_all_the_same() -> None:
    class Code(Input):
        BINDINGS: ClassVar[list[BindingType]] = [("f4", "erase", "Erase")]

        def action_erase(self) -> None:
            self.value = ""

    async def do(pilot: Pilot[None]) -> None:
        code = Code()
        await pilot.app.mount(code, before=0)
        code.focus()
        await pilot.press("f4")

    assert await in_busy_app(do) == []


@pytest.mark.usefixtures("receiver")
async def test_a_cursor_in_a_list_of_textual_is_no_step_and_neither_is_an_action_without_method() -> None:
    async def do(pilot: Pilot[None]) -> None:
        pilot.app.query_one("#list").focus()
        await pilot.press("down", "up", "f3")

    assert await in_busy_app(do) == []


@pytest.mark.usefixtures("receiver")
async def test_a_pressed_button_is_recorded_by_class_and_id_without_its_label() -> None:
    recorded = await in_busy_app(lambda pilot: pilot.click("#save"))

    assert [(crumb["category"], crumb["message"]) for crumb in recorded] == [("ui.click", "Button#save")]


async def test_actions_that_the_app_names_are_not_recorded() -> None:
    async def do(pilot: Pilot[None]) -> None:
        pilot.app.query_one(Marker).focus()
        await pilot.press("m", "f2")

    with sentry_on(textual={"ignored_actions": {"Marker.mark", "note"}}):
        assert await in_busy_app(do) == []
