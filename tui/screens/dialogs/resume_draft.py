"""Asks whether to resume the form that was open when the program stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from models.text import clean_typed
from services import formats
from services.drafts import Chosen, Draft
from services.i18n import N_, _
from tui.screens.dialogs.confirm import Dialog

_LONGEST_NAME = 40


@dataclass(frozen=True)
class DraftAnswer:
    """The answer (``resume``, ``later`` or ``discard``) and its draft."""

    what: str
    draft: Draft


class DraftQuestion(Dialog[DraftAnswer]):
    """Asks whether to resume a draft, to keep it for later, or to discard it; Esc means later.

    Several drafts are listed, the newest first, and the answer applies to the one under the cursor.
    """

    BINDING_GROUP_TITLE = N_("Question")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "answer('later')",
            N_("Later"),
            id="draft.later",
            tooltip=N_("It is asked again next time"),
        ),
        Binding("left,shift+tab", "app.focus_previous", N_("Other answer"), show=False, id="draft.previous"),
        Binding("right,tab", "app.focus_next", N_("Other answer"), id="draft.next"),
        Binding("up", "move(-1)", N_("Other form"), show=False, id="draft.up"),
        Binding("down", "move(1)", N_("Other form"), show=False, id="draft.down"),
    ]
    AUTO_FOCUS = "#resume"

    def __init__(self, drafts: Sequence[Draft]) -> None:
        super().__init__(_("Continue where you stopped?"))
        self.drafts = drafts

    @property
    def draft(self) -> Draft:
        """The draft to which the answer applies."""
        lists = self.query(OptionList)
        place = lists.first().highlighted if lists else 0
        return self.drafts[place or 0]

    def body(self) -> ComposeResult:
        """The drafts and the three answers."""
        if len(self.drafts) == 1:
            yield Static(Content(_single_text(self.drafts[0])), classes="dialog-text")
        else:
            yield Static(Content(_("These forms were open when the program stopped:")), classes="dialog-text")
            options = OptionList(*(Option(Content(_line(draft))) for draft in self.drafts), id="drafts")
            options.can_focus = False  # the arrow keys move in the list while a button has the focus
            yield options
        with Horizontal(classes="dialog-buttons"):
            yield Button(Content(_("Discard it")), id="discard", classes="danger", compact=True)
            yield Button(Content(_("Later")), id="later", compact=True)
            yield Button(Content(_("Continue")), id="resume", compact=True)

    def on_mount(self) -> None:
        """Highlight the newest draft."""
        for options in self.query(OptionList):
            options.highlighted = 0

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id or "later")

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self.query_one("#resume").focus()

    def action_answer(self, answer: str) -> None:
        """Close the dialog with this answer."""
        self.dismiss(DraftAnswer(answer, self.draft))

    def action_move(self, step: int) -> None:
        """Move to the next or previous draft; with a single draft, to another answer."""
        lists = self.query(OptionList)
        if not lists:
            self.focus_next() if step > 0 else self.focus_previous()
        elif step > 0:
            lists.first().action_cursor_down()
        else:
            lists.first().action_cursor_up()


def _single_text(draft: Draft) -> str:
    kept = _("Kept as you typed it, {moment}.").format(moment=formats.show_datetime(draft.kept))
    texts = (_("A form was open when the program stopped:"), f"  {draft_name(draft)}", kept)
    return "\n".join((*texts, *_doubt(draft)))


def _line(draft: Draft) -> str:
    return "\n".join((f"{formats.show_datetime(draft.kept)}  {draft_name(draft)}", *_doubt(draft)))


def _doubt(draft: Draft) -> list[str]:
    text = _("It was being saved when the program stopped: check first whether it exists.")
    return [text] if draft.saving else []


def draft_name(draft: Draft) -> str:
    """The form's title and the first changed value on one line."""
    changed = (value for name, value in draft.values.items() if value and value != draft.base.get(name))
    typed = next((value.label if isinstance(value, Chosen) else value for value in changed), "")
    parts = (" ".join(clean_typed(part).split()) for part in (draft.title, typed))
    return " · ".join(_cut(part) for part in parts if part)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
