"""A monkey tester that presses random keys, but also fills and saves forms to reach the whole program.

A seed and the current screen determine the keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

from textual._compositor import Compositor
from textual.screen import Screen
from textual.widgets import Input, TextArea

from services.actor import Actor
from services.record_fields import FieldKind
from tests.support.accounts import PASSWORD
from tests.support.concurrent_changes import Meanwhile
from tests.support.raw_input import Fingers
from tui.screens.account.login import LoginScreen
from tui.screens.base.form import RecordForm
from tui.screens.base.section import SectionScreen
from tui.screens.dialogs.confirm import ConfirmScreen, Dialog, MessageScreen
from tui.screens.dialogs.conflict import ConflictScreen
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.dialogs.record_picker import PickerScreen
from tui.widgets.form.choice_controls import ChoiceControl, PickerControl
from tui.widgets.form.field import Field

MOVES: Final = (*"jkgG", "up", "down", "pageup", "pagedown", "home", "end", "tab", "shift+tab", "enter")
LETTERS: Final = tuple("12345678jkgGfsnedrutpSaLPUWNtX?/xyz0àé€😀漢 ")
NAMED: Final = (
    *MOVES, "escape", "ctrl+s", "ctrl+p", "ctrl+r", "ctrl+t", "ctrl+c", "ctrl+v", "ctrl+x", "ctrl+a",
    "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+z", "ctrl+y", "ctrl+backslash", "ctrl+home", "ctrl+end",
    "left", "right", "shift+left", "shift+right", "shift+home", "shift+end", "shift+up", "shift+down",
    "delete", "backspace", "insert", "f1", "f2", "f5", "alt+x", "ctrl+at", "space",
)  # fmt: skip
STRANGE: Final = (
    "[/bold]", "[red]x", "[@click=app.quit]q[/]", "two\nlines", "tab\there", "\x1b[2J\x1b]8;;http://x\x07",
    "\x00\x07\x9b31m", "\u202eabc\u202c", "e\u0301\u0302", "👩\u200d👩\u200d👧", "漢字" * 20, "x" * 300,
    "%s {name}", "' OR 1=1 --", "\r\n", " ", "\ufeff", "\U0010ffff", "12/13/2027", "-5", "1e400",
    "99999999999999999999",
)  # fmt: skip
SIZES: Final = ((80, 24), (140, 40), (80, 24), (200, 60), (60, 16), (40, 10), (20, 5))
PLAUSIBLE: Final[dict[FieldKind, Sequence[str]]] = {
    FieldKind.TEXT: ("Anna", "Zoé d'Arc", "山田太郎", "O'Neill & fils", "person_77", "Salle 4"),
    FieldKind.EMAIL: ("anna@example.com", "zoe@example.org", "Kevin@Startup.io", "x@y.example"),
    FieldKind.PHONE: ("+33 6 12 34 56 78", "06 12 34 56 78", "+1 212 555 0100"),
    FieldKind.MONEY: ("1234.50", "10", "0.01", "1 200,00", "9000"),
    FieldKind.DATE: ("15/06/2026", "2026-01-31", "01/02/2025", "1/1/2020"),
    FieldKind.DATETIME: ("15/06/2027 18:30", "2027-06-15 23:30", "01/02/2027 08:00", "16/06/2027 02:00"),
    FieldKind.DUE: ("15/06/2027", "15/06/2027 18:30", "2026-01-31"),
    FieldKind.INTEGER: ("0", "75", "1200"),
    FieldKind.NOTES: ("A few words", "Two\nlines", "Vegetarian menu [/b]"),
}


def _widgets_at(compositor: Compositor, y: int) -> list[object]:
    seen = compositor.visible_widgets.items()
    return [(widget, *places) for widget, places in seen if places[0].y <= y < places[0].bottom]


class Walker:
    """Presses keys in small bursts up to a total number."""

    def __init__(self, fingers: Fingers, seed: int, me: Actor, meanwhile: Meanwhile) -> None:
        self.fingers = fingers
        self.me = me
        self.meanwhile = meanwhile
        self.password = meanwhile.accounts[me.username]
        self.random = Random(seed)  # noqa: S311 - keys to press, no secrets
        self.seen: set[str] = set()

    @property
    def screen(self) -> Any:
        """The screen on top."""
        return self.fingers.driven.app.screen

    async def walk(self, presses: int) -> None:
        """Press this many keys."""
        while self.fingers.sent < presses:
            self.seen.add(type(self.screen).__name__)
            self.meanwhile.pass_time()
            self._next()()
            if self.random.random() < 0.7:  # otherwise send more keys at once
                await self.fingers.rest()
                self._look()
        self.meanwhile.settle()
        await self.fingers.rest()

    def _look(self) -> None:
        assert type(self.screen) is not Screen, "nothing but Textual's own blank screen"
        compositor = self.screen._compositor
        width = compositor.size.width  # a resize reaches the screen later than the application
        for y, line in enumerate(compositor.render_strips()):
            assert line.cell_length == width, (
                f"line {y} of {self.screen} has {line.cell_length} cells instead of {width}: {line.text!r}, "
                f"cut at {compositor.cuts[y]} from {_widgets_at(compositor, y)}"
            )
            assert not any(c < " " or "\x7f" <= c < "\xa0" for c in line.text), (
                f"control characters in {line.text!r}"
            )

    def _next(self) -> Callable[[], None]:
        if self.random.random() < 0.25 or not self.screen.is_mounted:
            return self._pick(
                (self.chaos, 12), (self.strange, 3), (self.mouse, 6), (self.resize, 2), (self.other, 3)
            )
        here: list[tuple[type[Any], Callable[[], None]]] = [
            (LoginScreen, self.sign_in), (RecordForm, self.form), (PickerScreen, self.picker),
            (ConflictScreen, self.conflict), (ConfirmScreen, self.question), (MessageScreen, self.question),
            (ChoiceScreen, self.menu), (Dialog, self.escape),
        ]  # fmt: skip
        return next((act for kind, act in here if isinstance(self.screen, kind)), self.section)

    def _pick(self, *weighted: tuple[Callable[[], None], int]) -> Callable[[], None]:
        return self.random.choices([act for act, _ in weighted], [weight for _, weight in weighted])[0]

    def _choice(self, *options: str) -> str:
        return self.random.choice(options)

    # Independent of the screen

    def chaos(self) -> None:
        """Press several random keys."""
        for _press in range(self.random.randint(1, 6)):
            if self.random.random() < 0.5:
                self.fingers.press(self._choice(*NAMED))
            else:
                self.fingers.type(self._choice(*LETTERS))

    def strange(self) -> None:
        """Paste a hostile text."""
        self.fingers.paste(self._choice(*STRANGE))

    def mouse(self) -> None:
        """Click or double-click at a random position."""
        width, height = self.fingers.driven.app.size
        x, y = self.random.randrange(width), self.random.randrange(height)
        for _click in range(self.random.choice((1, 1, 2))):
            self.fingers.click(x, y)

    def resize(self) -> None:
        """Resize the window."""
        self.fingers.resize(*self.random.choice(SIZES))

    def other(self) -> None:
        """Make a concurrent change as another user."""
        self.fingers.last.append("somebody else")
        app = self.fingers.driven.app
        shown = next(
            (screen.record for screen in app.screen_stack if isinstance(screen, SectionScreen)), None
        )
        self.meanwhile.stir(self.random, app.session.actor, shown)

    # Suited to the screen

    def section(self) -> None:
        """Move in the list, or start an action."""
        actions = (self.wander, 4), (self.begin, 6), (self.search, 2), (self.palette, 1)
        self._pick(*actions)()

    def wander(self) -> None:
        """Move to another record or section."""
        self.fingers.press(*(self._choice(*MOVES) for _move in range(self.random.randint(1, 6))))
        if self.random.random() < 0.4:
            self.fingers.press(self._choice(*"1234578"))

    def begin(self) -> None:
        """Press a key that opens a dialog or form."""
        self.fingers.press(self._choice(*"nnneeeppSSaadrufsuLPUW", "question_mark"))

    def search(self) -> None:
        """Search in the list."""
        self.fingers.press("slash")
        self.fingers.type(self._choice("an", "e", "C-00", "zzz", "[/b", "é à", "0612"))
        self.fingers.press(self._choice("enter", "escape", "down"))

    def palette(self) -> None:
        """Run a command of the palette by its name."""
        self.fingers.press("ctrl+p")
        self.fingers.type(self._choice("new", "sort", "pay", "xyz", "s", ""))
        self.fingers.press(*self._choice("down enter", "enter", "escape").split())

    def form(self) -> None:
        """Fill some fields, then save or leave."""
        for field in self.screen.query(Field):
            if self.random.random() < 0.6:
                self._fill(field)
        self.fingers.press(self._choice("ctrl+s", "ctrl+s", "ctrl+s", "escape"))

    def _fill(self, field: Field) -> None:
        control = field.control
        control.focus()
        if isinstance(control, ChoiceControl):
            self.fingers.press(self._choice("right", "left", "enter"))
        elif isinstance(control, PickerControl):
            self.fingers.type(self._choice(*"aeios"))
        elif isinstance(control, Input | TextArea):
            self.fingers.press("end", "ctrl+u")
            text = self._text_for(field)
            (self.fingers.type if len(text) < 8 else self.fingers.paste)(text)

    def _text_for(self, field: Field) -> str:
        if self.random.random() < 0.1:
            return self._choice(*STRANGE)
        if field.spec.kind is FieldKind.PASSWORD:
            return self._choice(self.password, PASSWORD)
        return self._choice(*PLAUSIBLE[field.spec.kind])

    def picker(self) -> None:
        """Choose a record, or go back."""
        self.fingers.press(*self._choice("enter", "enter", "down enter", "escape", "backspace enter").split())

    def conflict(self) -> None:
        """Choose values and save, or go back."""
        self.fingers.press(
            self._choice("m", "t", "space"),
            self._choice("down", "up"),
            self._choice("ctrl+s", "ctrl+s", "escape"),
        )

    def question(self) -> None:
        """Answer yes or no."""
        self.fingers.press(*self._choice("tab enter", "right enter", "enter", "escape").split())

    def menu(self) -> None:
        """Choose a line of the menu, or go back."""
        self.fingers.press(
            *self._choice("1", "2", "3", "4", "9", "j enter", "k enter", "down enter", "escape").split()
        )

    def escape(self) -> None:
        """Leave the dialog after some keys."""
        self.fingers.press(*self._choice("a b escape", "down escape", "escape").split())

    def sign_in(self) -> None:
        """Sign in again as the same user; sometimes first with a wrong password."""
        if self.random.random() < 0.1:
            self.fingers.press("x", "enter")
            return
        self.meanwhile.let_in(self.me.username, self.me.id)
        if not self.screen.again:
            self.screen.query_one("#username", Input).value = self.me.username
        self.screen.query_one("#password", Input).value = self.password
        self.fingers.press("enter")
