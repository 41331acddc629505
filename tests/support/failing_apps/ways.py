"""Small Textual apps, each of which fails in one way, most of them when x is pressed."""

from __future__ import annotations

import asyncio

from textual import on, work
from textual.app import App, ComposeResult, RenderResult
from textual.reactive import reactive
from textual.screen import Screen
from textual.validation import Function
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from tests.support.failing_apps.apps import Plain, crash, crash_later


class OnLoad(Plain):
    def on_load(self) -> None:
        crash()


class AppCompose(Plain):
    def compose(self) -> ComposeResult:
        yield Static()
        crash()


class WidgetCompose(Plain):
    class Box(Widget):
        def compose(self) -> ComposeResult:
            yield Static()
            crash()

    def compose(self) -> ComposeResult:
        yield self.Box()


class AppMount(Plain):
    def on_mount(self) -> None:
        crash()


class ScreenMount(Plain):
    class Next(Screen[None]):
        def on_mount(self) -> None:
            crash()

    def action_go(self) -> None:
        self.push_screen(self.Next())


class WidgetMount(Plain):
    class Box(Widget):
        def on_mount(self) -> None:
            crash()

    def action_go(self) -> None:
        self.mount(self.Box())


class Render(Plain):
    class Box(Widget):
        def render(self) -> RenderResult:
            crash()

    def compose(self) -> ComposeResult:
        yield Static("beside")
        yield self.Box()


class Action(Plain):
    def action_go(self) -> None:
        crash()


class AsyncAction(Plain):
    async def action_go(self) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        crash()


class KeyHandler(Plain):
    def on_key(self) -> None:
        crash()


class ButtonHandler(Plain):
    def compose(self) -> ComposeResult:
        yield Button("Press")

    def action_go(self) -> None:
        self.query_one(Button).press()

    @on(Button.Pressed)
    def fail(self) -> None:
        crash()


class ScreenCallback(Plain):
    def action_go(self) -> None:
        self.push_screen(Screen(), self.answered)
        self.call_later(self.pop_screen_with_result)

    def pop_screen_with_result(self) -> None:
        self.screen.dismiss(None)

    def answered(self, _result: None) -> None:
        crash()


class Resume(Plain):
    class Next(Screen[None]):
        def on_screen_resume(self) -> None:
            crash()

    def action_go(self) -> None:
        self.push_screen(self.Next())


class Watcher(Plain):
    number = reactive(0)

    def action_go(self) -> None:
        self.number += 1

    def watch_number(self) -> None:
        if self.number:
            crash()


class AsyncWatcher(Plain):
    number = reactive(0)

    def action_go(self) -> None:
        self.number += 1

    async def watch_number(self) -> None:
        await asyncio.sleep(0)
        if self.number:
            crash()


class Validate(Plain):
    number = reactive(0)

    def action_go(self) -> None:
        self.number += 1

    def validate_number(self, _number: int) -> int:
        crash()


class Compute(Plain):
    number = reactive(0)
    double = reactive(0)

    def action_go(self) -> None:
        self.number += 1

    def compute_double(self) -> int:
        if self.number:
            crash()
        return 0


class ComputeAtOnce(Plain):
    double = reactive(0)

    def compute_double(self) -> int:
        crash()


class ComputeOfWidget(Plain):
    class Box(Widget):
        double = reactive(0)

        def compute_double(self) -> int:
            crash()

        def render(self) -> RenderResult:
            return str(self.double)

    def compose(self) -> ComposeResult:
        yield self.Box()


class InputValidator(Plain):
    def compose(self) -> ComposeResult:
        yield Input(validators=[Function(self.is_good)], validate_on=["changed"])

    def is_good(self, _value: str) -> bool:
        crash()


class Timer(Plain):
    def action_go(self) -> None:
        self.set_timer(0.001, self.fail)

    def fail(self) -> None:
        crash()


class Interval(Plain):
    def action_go(self) -> None:
        self.set_interval(0.001, self.fail)

    def fail(self) -> None:
        crash()


class CallLater(Plain):
    def action_go(self) -> None:
        self.call_later(crash)


class CallNext(Plain):
    def action_go(self) -> None:
        self.call_next(crash)


class CallAfterRefresh(Plain):
    def action_go(self) -> None:
        self.call_after_refresh(crash)


class AsyncWorker(Plain):
    def action_go(self) -> None:
        self.run_worker(crash_later())


class DecoratedWorker(Plain):
    def action_go(self) -> None:
        self.fail("secret argument")

    @work
    async def fail(self, _argument: str) -> None:
        crash()


class ThreadWorker(Plain):
    def action_go(self) -> None:
        self.run_worker(crash, thread=True)


class CoroutineInThread(Plain):
    def action_go(self) -> None:
        self.run_worker(crash_later, thread=True)


class CallFromThread(Plain):
    def action_go(self) -> None:
        self.run_worker(self.work, thread=True)

    def work(self) -> None:
        self.call_from_thread(crash)


class SignalWithoutHurry(Plain):
    def action_go(self) -> None:
        self.theme_changed_signal.subscribe(self, self.changed)
        self.theme = "nord"

    def changed(self, _theme: object) -> None:
        crash()


class OnUnmount(Plain):
    def on_unmount(self) -> None:
        crash()


class WidgetUnmount(Plain):
    class Box(Static):
        def on_unmount(self) -> None:
            crash()

    def compose(self) -> ComposeResult:
        yield self.Box("beside")

    async def action_go(self) -> None:  # type: ignore[override]
        await self.query_one(self.Box).remove()


WAYS: list[tuple[str, type[App[None]], str, str]] = [
    ("on_load", OnLoad, "load", "on_load"),
    ("compose of the app", AppCompose, "compose", "compose"),
    ("compose of a widget", WidgetCompose, "compose", "compose"),
    ("on_mount of the app", AppMount, "mount", "on_mount"),
    ("on_mount of a screen", ScreenMount, "mount", "on_mount"),
    ("on_mount of a widget", WidgetMount, "mount", "on_mount"),
    ("render", Render, "render", "render"),
    ("an action", Action, "action", "action_go"),
    ("an async action", AsyncAction, "action", "action_go"),
    ("a handler of keys", KeyHandler, "handler", "on_key"),
    ("a handler of a button", ButtonHandler, "handler", "fail"),
    ("the callback of a screen", ScreenCallback, "callback", "answered"),
    ("on_screen_resume", Resume, "resume", "on_screen_resume"),
    ("a watcher", Watcher, "watch", "watch_number"),
    ("an async watcher", AsyncWatcher, "watch", "watch_number"),
    ("a validate method", Validate, "validate", "validate_number"),
    ("a compute method", Compute, "compute", "compute_double"),
    ("a compute method from the start", ComputeAtOnce, "compute", "compute_double"),
    ("a compute method at each look", ComputeOfWidget, "compute", "compute_double"),
    ("a validator of a field", InputValidator, "validator", "is_good"),
    ("a timer", Timer, "callback", "fail"),
    ("an interval", Interval, "timer", "fail"),
    ("call_later", CallLater, "callback", "crash"),
    ("call_next", CallNext, "callback", "crash"),
    ("call_after_refresh", CallAfterRefresh, "callback", "crash"),
    ("an async worker", AsyncWorker, "worker", "crash_later"),
    ("a decorated worker", DecoratedWorker, "worker", "fail"),
    ("a thread worker", ThreadWorker, "worker", "crash"),
    ("a coroutine in a thread worker", CoroutineInThread, "worker", "crash_later"),
    ("call_from_thread", CallFromThread, "call_from_thread", "work"),
    ("a signal that waits its turn", SignalWithoutHurry, "callback", "changed"),
    ("on_unmount of the app", OnUnmount, "unmount", "on_unmount"),
    ("on_unmount of a widget", WidgetUnmount, "unmount", "on_unmount"),
]
"""What each is, the app, the path that the event names, a function that its stack holds."""
