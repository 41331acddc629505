"""Whether to go on with the form that was open when the program stopped."""

from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from models.text import clean_typed
from services import formats
from services.drafts import Chosen, Draft
from services.i18n import N_, _
from tui.screens.confirm import Dialog

DraftAnswer = Literal["resume", "later", "discard"]

_LONGEST_NAME = 40


class DraftQuestion(Dialog[DraftAnswer]):
    """Goes on with the form, leaves it for later, or throws it away; Esc is later."""

    BINDING_GROUP_TITLE = N_("Question")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "answer('later')",
            N_("Later"),
            id="draft.later",
            tooltip=N_("It is asked again next time"),
        ),
        Binding(
            "left,up,shift+tab", "app.focus_previous", N_("Other answer"), show=False, id="draft.previous"
        ),
        Binding("right,down,tab", "app.focus_next", N_("Other answer"), id="draft.next"),
    ]
    AUTO_FOCUS = "#resume"

    def __init__(self, draft: Draft) -> None:
        super().__init__(_("Continue where you stopped?"))
        self.draft = draft

    def body(self) -> ComposeResult:
        """Which form it is, and the three answers."""
        yield Static(Content(self._text()), classes="dialog-text")
        with Horizontal(classes="dialog-buttons"):
            yield Button(Content(_("Discard it")), id="discard", classes="danger", compact=True)
            yield Button(Content(_("Later")), id="later", compact=True)
            yield Button(Content(_("Continue")), id="resume", compact=True)

    def _text(self) -> str:
        lines = [
            _("A form was open when the program stopped:"),
            f"  {draft_name(self.draft)}",
            _("Kept as you typed it, {moment}.").format(moment=formats.show_datetime(self.draft.kept)),
        ]
        if self.draft.saving:
            lines.append(_("It was being saved when the program stopped: check first whether it exists."))
        return "\n".join(lines)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id or "later")

    def action_answer(self, answer: str) -> None:
        """Answer."""
        self.dismiss(answer if answer in ("resume", "discard") else "later")  # type: ignore[arg-type]


def draft_name(draft: Draft) -> str:
    """The form's title and the first thing that was typed in it, on one line."""
    changed = (value for name, value in draft.values.items() if value and value != draft.base.get(name))
    typed = next((value.label if isinstance(value, Chosen) else value for value in changed), "")
    parts = (" ".join(clean_typed(part).split()) for part in (draft.title, typed))
    return " · ".join(_cut(part) for part in parts if part)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
