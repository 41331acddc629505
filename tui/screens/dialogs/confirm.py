"""Modal questions and messages; Enter and Esc give the safe answer."""

from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from services.i18n import N_, _
from tui.key_labels import EVERYWHERE_ON_TOP
from tui.runtime.stylesheets import path_beside
from tui.screens.base_screen import SingleResult
from tui.widgets.footer import KeyBar

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], SingleResult[Answer]):
    """A box in the middle of the screen. Subclasses implement :meth:`body`."""

    CSS_PATH = path_beside(__file__)
    BINDINGS: ClassVar[list[BindingType]] = EVERYWHERE_ON_TOP

    def __init__(self, title: str) -> None:
        super().__init__()
        self.dialog_title = title

    def compose(self) -> ComposeResult:
        """The box and the keys."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self.dialog_title)
            yield from self.body()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """The content of the box."""
        yield from ()


class ConfirmScreen(Dialog[bool]):
    """A question; its result is ``True`` only for the confirming button. Enter and Esc give the safe answer.

    The text may hold user text, so it is not parsed as markup.
    """

    BINDING_GROUP_TITLE = N_("Question")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", N_("Back"), id="confirm.no"),
        Binding(
            "left,up,shift+tab", "app.focus_previous", N_("Other answer"), show=False, id="confirm.previous"
        ),
        Binding("right,down,tab", "app.focus_next", N_("Other answer"), id="confirm.next"),
    ]
    AUTO_FOCUS = "#safe"

    def __init__(self, title: str, text: str, *, yes: str, no: str) -> None:
        super().__init__(title)
        self.text = text
        self.yes = yes
        self.no = no

    def private_values(self) -> list[str]:
        """The question, which may name a record that nothing else shows."""
        return self.text.split("\n")

    def body(self) -> ComposeResult:
        """The question and its two answers."""
        yield Static(Content(self.text), classes="dialog-text")
        with Horizontal(classes="dialog-buttons"):
            yield Button(Content(self.no), id="safe", compact=True)
            yield Button(Content(self.yes), id="go", classes="danger", compact=True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "go")


class MessageScreen(Dialog[None]):
    """A message that stays until the user closes it."""

    BINDING_GROUP_TITLE = N_("Message")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "close", N_("Close"), id="message.close"),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self.text = text

    def private_values(self) -> list[str]:
        """The message, which may name a record or a file."""
        return self.text.split("\n")

    def body(self) -> ComposeResult:
        """The message."""
        yield Static(Content(self.text), classes="dialog-text")
        with Horizontal(classes="dialog-buttons"):
            yield Button(Content(_("Close")), id="safe", compact=True)

    @on(Button.Pressed)
    def action_close(self) -> None:
        """Close the message."""
        self.dismiss(None)
