"""After a crash one reads what happened, under which number, and what becomes of one's work."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from textual.filter import Monochrome, NoColor
from textual.pilot import Pilot

from services.monitoring import user_feedback
from tests.support.app_driver import nodes, until
from tui import launcher
from tui.form_state import OpenForm
from tui.runtime.crash_reporting import Crash
from tui.screens import crash as crash_screen
from tui.screens.crash import CrashApp, CrashScreen, place_of, show_crash

EVENT = "0123456789abcdef0123456789abcdef"


def crashed() -> Crash:
    """A crash whose text and variables hold a secret."""
    secret = "correct horse battery"
    try:
        int(secret)
    except ValueError as error:
        return Crash(error, "")
    raise AssertionError


@dataclass
class Shown:
    """The crash screen with a pilot at its keys."""

    event_id: str = EVENT
    form: OpenForm = OpenForm.NONE
    quiet: float = 0.0
    said: list[tuple[str, str]] = field(default_factory=list)
    app: CrashApp = field(init=False)
    pilot: Pilot[None] = field(init=False)

    @asynccontextmanager
    async def running(self, size: tuple[int, int] = (80, 24)) -> AsyncIterator["Shown"]:
        crash = Crash(crashed().error, self.event_id)
        self.app = CrashApp(crash, self.form, quiet=self.quiet)
        async with self.app.run_test(size=size) as self.pilot:
            await until(lambda: self.app._last_key is not None, self.pilot)  # before, it hears no key
            yield self

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await until(self._is_at_rest, self.pilot)
        await self.pilot.pause()

    def _is_at_rest(self) -> bool:
        app = self.app
        return app._exit or not (
            any(not worker.is_finished for worker in app.workers)
            or any(node.message_queue_size for node in nodes(app))
        )

    @property
    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def flat(self) -> str:
        """The text without frames and line breaks."""
        return " ".join(self.text.replace("│", " ").split())

    def has_left(self) -> bool:
        return self.app._exit


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is sent as feedback, in the place of sending it."""
    said: list[tuple[str, str]] = []

    def send(event_id: str, text: str) -> bool:
        said.append((event_id, text))
        return text != "refused"

    monkeypatch.setattr(user_feedback, "send_feedback", send)
    return said


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (OpenForm.NONE, "No form with unsaved changes was open."),
        (
            OpenForm.KEPT,
            "The form that was open is kept as you typed it: it is offered when you sign in again.",
        ),
        (OpenForm.SAVED, "The form that was open is saved too."),
        (OpenForm.LOST, "The open form could not be kept."),
    ],
)
async def test_it_names_the_event_and_what_becomes_of_the_work(form: OpenForm, sentence: str) -> None:
    async with Shown(form=form).running() as shown:
        assert EVENT in shown.text
        assert "╭─ Epic Events has stopped ─" in shown.text
        assert f"Everything that was saved is safe. {sentence}" in shown.flat
        assert "correct" not in shown.text


async def test_without_sentry_it_names_kind_and_place_and_offers_no_feedback() -> None:
    async with Shown(event_id="").running() as shown:
        assert "ValueError test_crash.py:" in shown.text
        assert "correct" not in shown.text
        assert "Tab" not in shown.text
        assert "Send" not in shown.text
        await shown.press("tab", "ctrl+s", "x")
        assert not shown.has_left()
        await shown.press("enter")
        assert shown.has_left()


@pytest.mark.parametrize("key", ["enter", "escape", "ctrl+q", "ctrl+c"])
@pytest.mark.parametrize("first", [(), ("tab",)], ids=["at once", "from the empty box"])
async def test_each_of_these_keys_leaves(key: str, first: tuple[str, ...]) -> None:
    async with Shown().running() as shown:
        await shown.press(*first, key)
        assert shown.has_left()


async def test_what_one_writes_is_sent_with_the_event_and_thanked_for(sent: list[tuple[str, str]]) -> None:
    async with Shown().running() as shown:
        await shown.press("n", "ctrl+s")
        assert not sent, "nobody writes before going to the box"
        await shown.press("tab", *"ab", "enter", "c", "ctrl+s")
        assert sent == [(EVENT, "ab\nc")]
        assert "Thank you." in shown.text
        assert "Ctrl+S" not in shown.text
        assert not shown.app.screen.query("#feedback")
        await shown.press("ctrl+s", "enter")
        assert shown.has_left()
    assert len(sent) == 1


async def test_leaving_with_something_written_says_once_that_it_is_not_sent(
    sent: list[tuple[str, str]],
) -> None:
    async with Shown().running() as shown:
        await shown.press("tab", "a", "escape")
        assert "Not sent yet." in shown.text
        assert not shown.has_left()
        await shown.press("escape")
        assert shown.has_left()
    assert not sent


async def test_what_cannot_be_sent_stays_and_says_so(sent: list[tuple[str, str]]) -> None:
    async with Shown().running() as shown:
        await shown.press("tab", *"refused", "ctrl+s")
        assert "It could not be sent." in shown.text
        assert "refused" in shown.text


async def test_keys_meant_for_the_form_that_is_gone_do_nothing(sent: list[tuple[str, str]]) -> None:
    async with Shown(quiet=60).running() as shown:
        await shown.press("tab", *"Kévin", "tab", "enter", "escape", "ctrl+s", "ctrl+q")
        assert not shown.has_left()
        assert "Kévin" not in shown.text
        assert shown.app._last_key is not None
        shown.app._last_key -= 61  # as if a minute went by
        await shown.press("escape")
        assert shown.has_left()
    assert not sent


@pytest.mark.parametrize("size", [(80, 24), (60, 12), (200, 60)])
async def test_it_fits_or_scrolls_at_any_size(size: tuple[int, int]) -> None:
    async with Shown(form=OpenForm.KEPT).running(size) as shown:
        lines = shown.text.split("\n")
        assert len(lines) == size[1]
        assert "Esc Leave" in lines[-1]
        assert EVENT in shown.text
        await shown.press("tab", "x")
        box = shown.app.screen.query_one("#feedback")
        assert box.region.bottom < size[1] or box.region.y < size[1] - 1


def test_where_colours_are_refused_none_are_drawn_not_even_shades_of_grey(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    filters = [type(each) for each in CrashApp(crashed(), OpenForm.NONE)._filters]
    assert NoColor in filters
    assert Monochrome not in filters


@pytest.mark.parametrize("theme", ["epic", "epic-contrast", "no such theme"])
def test_the_theme_of_the_program_is_kept_where_there_is_one(theme: str) -> None:
    app = CrashApp(crashed(), OpenForm.NONE, theme=theme)
    assert app.theme == (theme if theme.startswith("epic") else "epic")


async def test_a_crash_of_the_crash_screen_prints_nothing_of_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(screen: CrashScreen) -> Any:
        secret = "correct horse battery"
        raise ValueError(secret)

    monkeypatch.setattr(CrashScreen, "compose", fail)
    app = CrashApp(crashed(), OpenForm.NONE)
    await app.run_async(headless=True)
    assert app.has_failed
    assert not "".join(capsys.readouterr())


def ended(monkeypatch: pytest.MonkeyPatch, *, painted: bool = True, terminal: bool = True) -> None:
    """The end of a crashed program, as far as ``tui.launcher`` has to do with it."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: terminal))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: terminal))
    opening = SimpleNamespace(is_painted=painted)
    app: Any = SimpleNamespace(opening=opening, theme="epic", settings=SimpleNamespace(debug=False))
    launcher._end_with_crash(app, Crash(crashed().error, EVENT), OpenForm.NONE)


@pytest.mark.parametrize(("painted", "terminal"), [(True, True), (False, True), (True, False)])
def test_the_screen_is_shown_where_there_can_be_one_and_the_line_stays_in_any_case(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], painted: bool, terminal: bool
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(crash_screen, "show_crash", lambda crash, form, theme: shown.append(theme))
    ended(monkeypatch, painted=painted, terminal=terminal)
    assert shown == (["epic"] if painted and terminal else [])
    assert f"stopped because of an error. Event: {EVENT}\n" in capsys.readouterr().err


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_screen_that_fails_leaves_the_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failure: type[BaseException]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise failure

    monkeypatch.setattr(crash_screen, "show_crash", fail)
    ended(monkeypatch)
    assert EVENT in capsys.readouterr().err


def test_a_failed_screen_is_told_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(app: CrashApp, **options: object) -> None:
        app._fatal_error()

    monkeypatch.setattr(CrashApp, "run", fail)
    with pytest.raises(RuntimeError, match="crash screen"):
        show_crash(crashed(), OpenForm.NONE)


def test_the_place_is_where_it_was_raised_without_the_folders_of_this_machine() -> None:
    from services.errors import Invalid
    from services.formats import parse_money

    with pytest.raises(Invalid) as refused:
        parse_money("x", "amount", "EUR")
    assert place_of(refused.value).startswith("services/formats/numbers.py:")
    assert place_of(crashed().error).startswith("test_crash.py:")
    assert not place_of(ValueError("never raised"))


async def test_it_says_whether_the_report_names_the_person() -> None:
    for names_person, said in ((True, "which names you"), (False, "It is sent with the report. Please")):
        app = CrashApp(Crash(crashed().error, EVENT, names_person=names_person), OpenForm.NONE)
        async with app.run_test(size=(140, 40)) as pilot:
            await pilot.pause()
            text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert said in text
