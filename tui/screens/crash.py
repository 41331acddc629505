"""The crash screen, in its own application, which does not depend on the one that crashed.

It shows neither variables nor the text of the exception, since they may hold personal data.
"""

import traceback
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static, TextArea

from services.i18n import N_, _
from tui.form_state import OpenForm
from tui.runtime.crash_reporting import Crash
from tui.runtime.key_queue import KeyQueueApp
from tui.runtime.output_filter import SafeOutputFilter
from tui.runtime.shutdown_signals import leave_on_signals
from tui.runtime.stylesheets import path_beside
from tui.runtime.workers import run_in_background
from tui.themes import EPIC, use_themes
from tui.widgets.footer import KeyBar

QUIET: Final = 0.5
"""Seconds without a key before keys are accepted: earlier keys were typed for the previous screen."""

_PACKAGES = frozenset({"models", "services", "tui", "cli"})
_WORK: Final = {
    OpenForm.NONE: N_("No form with unsaved changes was open."),
    OpenForm.KEPT: N_(
        "The form that was open is kept as you typed it: it is offered when you sign in again."
    ),
    OpenForm.SAVED: N_("The form that was open is saved too."),
    OpenForm.LOST: N_("The open form could not be kept."),
}


def show_crash(crash: Crash, form: OpenForm, *, theme: str = EPIC.name) -> None:
    """Show the screen until the user leaves it. Raises :class:`RuntimeError` if the screen itself fails."""
    app = CrashApp(crash, form, theme=theme)
    app.run()
    if app.has_failed:
        raise RuntimeError("the crash screen crashed")


def place_of(error: BaseException) -> str:
    """The file and line that raised the exception, as ``tui/app.py:12``; for foreign files only the name."""
    raised = list(traceback.walk_tb(error.__traceback__))[-1:]
    return "".join(_place(frame.f_code.co_filename, line) for frame, line in raised)


def _place(file: str, line: int) -> str:
    path, root = Path(file), Path(__file__).parents[2]
    if path.is_relative_to(root) and path.relative_to(root).parts[0] in _PACKAGES:
        return f"{path.relative_to(root).as_posix()}:{line}"
    return f"{path.name}:{line}"


class FeedbackBox(TextArea):
    """A text area for a description of the user's actions. While it is empty, Enter leaves the screen."""

    BINDING_GROUP_TITLE = N_("Your comment")

    def __init__(self) -> None:
        super().__init__(id="feedback", compact=True, soft_wrap=True, highlight_cursor_line=False)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and not self.text.strip():
            event.prevent_default()  # the key bubbles to the screen, which leaves
        else:
            await super()._on_key(event)


class CrashScreen(Screen[None]):
    """Tells the user that the program stopped, the event id, and the state of unsaved work."""

    AUTO_FOCUS = ""
    BINDING_GROUP_TITLE = N_("After an error")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", N_("Send"), priority=True, id="crash.send"),
        Binding("tab,shift+tab", "write", N_("Write"), id="crash.write"),
        Binding("escape,enter", "leave", N_("Leave"), id="crash.leave"),
        Binding("ctrl+q", "app.quit", show=False, priority=True),
    ]

    def __init__(self, crash: Crash, form: OpenForm) -> None:
        super().__init__()
        self.crash = crash
        self.form = form
        self._asked = False

    def compose(self) -> ComposeResult:
        """The box and the keys."""
        with Vertical(id="crash-middle"), VerticalScroll(id="crash-box", can_focus=False) as box:
            box.border_title = Content(_("Epic Events has stopped"))
            yield from self._explain()
            if self.crash.event_id:
                yield from self._feedback()
        yield KeyBar()

    def _explain(self) -> Iterator[Widget]:
        yield Static(Content(_("The program stopped because of an internal error.")))
        yield Static(self._report_line(), id="crash-what")
        safe = _("Everything that was saved is safe.")
        yield Static(Content(f"{safe} {_(_WORK[self.form])}"), id="crash-work")

    def _report_line(self) -> Content:
        if self.crash.event_id:
            label, what = _("It is reported. To ask about it, quote this number:"), self.crash.event_id
        else:
            error = self.crash.error
            label = _("To ask about it, quote this line:")
            what = " ".join(filter(None, (type(error).__name__, place_of(error))))
        return Content.assemble(f"{label}\n", (what, "$accent bold"))

    def _feedback(self) -> Iterator[Widget]:
        yield Static(Content(_("Optional: describe what you were doing (Tab):")), id="crash-ask")
        yield FeedbackBox()
        if self.crash.names_person:
            hint = _("It is sent with the report, which names you. Please leave out other personal data.")
        else:
            hint = _("It is sent with the report. Please leave out personal data.")
        yield Static(Content(hint), id="crash-note")

    @property
    def box(self) -> FeedbackBox | None:
        """The feedback box; ``None`` if there is no event to comment on, or after sending."""
        return self.query_one(FeedbackBox) if self.is_mounted and self.query(FeedbackBox) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable the keys of the feedback box while it exists."""
        return self.box is not None if action in ("send", "write") else True

    def action_write(self) -> None:
        """Move the focus to the feedback box, or out of it."""
        self.set_focus(None if self.focused is not None else self.box)

    def action_leave(self) -> None:
        """Leave; if there is unsent text, warn first and leave on the second key press."""
        if self.box is not None and self.box.text.strip() and not self._asked:
            self._asked = True
            self._say(_("Not sent yet. Ctrl+S: send, Esc: close without sending."))
        else:
            self.app.exit()

    def action_send(self) -> None:
        """Send the text of the feedback box."""
        from services.monitoring.user_feedback import send_feedback

        text = self.box.text if self.box is not None else ""
        if text.strip():
            run_in_background(
                self,
                lambda: send_feedback(self.crash.event_id, text),
                then=self._sent,
                failed=lambda _error: self._sent(False),
                group="feedback",
            )

    def _sent(self, taken: bool) -> None:
        if not taken:
            self._say(_("It could not be sent."))
            return
        self.query("#feedback, #crash-ask").remove()
        self._say(_("Thank you. Your comment is sent with the report."))

    def _say(self, text: str) -> None:
        note = self.query_one("#crash-note", Static)
        note.add_class("-said")
        note.update(Content(text))
        self.refresh_bindings()


class CrashApp(KeyQueueApp[None]):
    """The application of the crash screen. It ignores keys until none was pressed for ``quiet`` seconds."""

    TITLE = "Epic Events"
    CSS_PATH = path_beside(__file__)  # on the app, since Textual ignores the CSS of the default screen
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, crash: Crash, form: OpenForm, *, theme: str = EPIC.name, quiet: float = QUIET) -> None:
        super().__init__()
        self.crash = crash
        self.form = form
        self.has_failed = False
        self._quiet = quiet
        self._last_key: float | None = None
        self._is_listening = False
        use_themes(self, theme)
        self._filters.append(SafeOutputFilter())

    def get_default_screen(self) -> Screen[None]:
        """The crash screen."""
        return CrashScreen(self.crash, self.form)

    def on_mount(self) -> None:
        """Handle signals at once, and start the quiet period after the first frame."""
        if not self.is_headless:
            leave_on_signals(self)
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self._last_key = monotonic()

    async def on_event(self, event: events.Event) -> None:
        """Drop keys and pastes that were typed for the previous screen."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded and self._is_deaf():
            return
        await super().on_event(event)

    def _is_deaf(self) -> bool:
        if not self._is_listening and self._last_key is not None:
            now = monotonic()
            self._is_listening = now - self._last_key >= self._quiet
            self._last_key = now
        return not self._is_listening

    def action_help_quit(self) -> None:
        """Leave on Ctrl+C if no text is selected for copying."""
        self.exit()

    # A crash of the crash screen prints nothing; the caller then prints a plain line instead.

    def _fatal_error(self) -> None:
        self.has_failed = True
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """End without printing the exception."""
        self._fatal_error()
