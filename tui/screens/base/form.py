"""One base for every form: fields as data, problems under their fields, nothing typed is ever lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from services import formats
from services.actor import Actor
from services.i18n import N_, _
from tui.key_labels import EVERYWHERE_ON_TOP
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.screens.base.form_saving import FormDraft, FormSaving
from tui.screens.base.form_values import FormFields, FormProblems, FormValues
from tui.screens.base_screen import SingleResult
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.widgets.banner import Banner
from tui.widgets.footer import KeyBar
from tui.widgets.form.field_spec import FieldSpec, FieldValue

if TYPE_CHECKING:
    from models.write_models import Command
    from services.crm import Crm

Record = TypeVar("Record")


@dataclass(frozen=True)
class RecordUseCases(Generic[Record]):
    """The use cases of a kind of record, and the write models of a new record and of a change."""

    create: "Callable[[Crm, Actor, Any], Record]"
    update: "Callable[[Crm, Actor, int, Any, int | None], Record]"
    get: "Callable[[Crm, Actor, int], Record]"
    new: "type[Command]"
    changed: "type[Command]"


class RecordForm(ModalScreen[Any], SingleResult[Any], Generic[Record]):
    """A form; answers the record as saved, or ``None`` when the person goes back.

    With a ``record`` it changes that record: only the fields that were changed are sent, with the version
    that was read. Without one it creates, and sends every field that is not empty.
    """

    CSS_PATH = path_beside(__file__)
    BINDING_GROUP_TITLE = N_("Form")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", N_("Save"), priority=True, id="form.save"),
        Binding(
            "escape", "leave", N_("Back"), id="form.back", tooltip=N_("Asks before unsaved changes are lost")
        ),
        Binding("tab,down", "app.focus_next", N_("Next field"), show=False, id="form.next"),
        Binding("shift+tab,up", "app.focus_previous", N_("Previous field"), show=False, id="form.previous"),
        Binding(
            "f2", "reveal", N_("Show passwords"), id="form.reveal",
            tooltip=N_("Show what is typed in the password fields, or hide it again"),
        ),
        *EVERYWHERE_ON_TOP,
    ]  # fmt: skip
    AUTO_FOCUS = "#control"

    TITLE_TEXT: ClassVar[str] = ""
    """The title of the box, translatable."""
    USE_CASES: ClassVar[RecordUseCases[Any] | None] = None
    """Those of the record; a form of something else overrides :meth:`shape` and :meth:`save`."""

    def __init__(self, record: Record | None = None) -> None:
        super().__init__()
        self.record = record
        self.values = FormValues(self, is_new=record is None)
        self.problems = FormProblems(self, self.values, self.shape)
        self.draft = FormDraft(self, self.values)
        self.saving = FormSaving(self, self.values, self.problems, self.draft)

    # Hooks

    def title_text(self) -> str:
        """The title of the box, translated; may hold user text."""
        return _(self.TITLE_TEXT)

    def fields(self) -> Sequence[FieldSpec]:
        """The fields, in order."""
        raise NotImplementedError

    def start_values(self) -> Mapping[str, FieldValue]:
        """The values of a new form; none by default."""
        return {}

    def values_of(self, record: Record) -> Mapping[str, FieldValue]:
        """The values of the fields for a record, which has them under the same names."""
        return {spec.name: formats.edit_value(getattr(record, spec.name)) for spec in self.fields()}

    def shape(self) -> "type[Command] | None":
        """The write shape that the values must fit; ``None``: they are handed over as a dictionary."""
        if self.USE_CASES is None:
            return None
        return self.USE_CASES.new if self.record is None else self.USE_CASES.changed

    def command(self, sent: dict[str, object]) -> Any:
        """The command for :meth:`save`. Raises :class:`Invalid`."""
        from services.validation import build

        shape = self.shape()
        return sent if shape is None else build(shape, sent)

    def save(self, crm: "Crm", actor: Actor, command: Any, version: int | None) -> Record:
        """Create or update the record; in a thread."""
        record: Any = self.record
        assert self.USE_CASES is not None, "this form saves something else"
        if record is None:
            return self.USE_CASES.create(crm, actor, command)  # type: ignore[no-any-return]
        return self.USE_CASES.update(crm, actor, record.id, command, version)  # type: ignore[no-any-return]

    def call(self, command: Any, version: int | None) -> Record:
        """Save as the signed-in person; in a thread."""
        app = the_app(self)
        return self.save(app.crm, app.actor, command, version)

    def send(self, command: Any) -> None:
        """Start to save a valid command."""
        self.saving.send(command)

    def after_save(self, record: Record) -> None:
        """Called after a save; the form closes."""
        self.dismiss(record)

    def read_again(self, crm: "Crm", actor: Actor) -> Record:
        """The record as it is now, after a conflict; in a thread."""
        record: Any = self.record
        assert self.USE_CASES is not None, "this form cannot be in conflict"
        return self.USE_CASES.get(crm, actor, record.id)  # type: ignore[no-any-return]

    # Layout

    def compose(self) -> ComposeResult:
        """The fields in a box that scrolls, the buttons beneath."""
        stored = self.start_values() if self.record is None else self.values_of(self.record)
        fields = self.values.make_fields(self.fields(), stored)
        with Vertical(id="form-box") as box:
            box.border_title = Content(self.title_text())
            box.border_subtitle = Content(_("* required"))
            yield FormFields(*fields, values=self.values, problems=self.problems, keep=self.draft.keep_soon)
            yield Banner()
            with Horizontal(id="form-buttons"):
                yield Button(Content(_("Back")), id="leave", compact=True)
                yield Button(Content(_("Save")), id="save", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Remember the values of the fields, which are filled by now, before the first key."""
        self.values.remember()
        self.draft.take_up()

    def on_resize(self) -> None:
        """Keep the field in focus in view."""
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    # Passwords

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable ``reveal`` only if the form has a password field."""
        return action != "reveal" or any(field.is_secret for field in self.values.fields)

    def action_reveal(self) -> None:
        """Show the passwords, or hide them again."""
        for field in self.values.fields:
            if field.is_secret and isinstance(field.control, Input):
                field.control.password = not field.control.password

    # Saving

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Save; pressed again meanwhile it does nothing."""
        self.saving.start()

    @property
    def holds_keys(self) -> bool:
        """Whether it saves: keys are then meant for the screen beneath."""
        return self.saving.is_running

    @property
    def drops_keys(self) -> bool:
        """While it saves: a key that has waited for too long goes into no field."""
        return self.saving.is_running

    def show_waiting(self, text: str) -> None:
        """Name the program that the save waits for, until it has ended."""
        self.saving.show_waiting(text)

    # Leaving

    @property
    def unsaved(self) -> bool:
        """Whether something was changed and not saved."""
        return self.values.are_changed

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close the form; ask first if it has unsaved changes."""
        if self.saving.is_running:
            return  # the answer is a moment away, and says whether there is anything left to lose
        if not self.unsaved:
            self.dismiss(None)
            return
        question = ConfirmScreen(
            _("Leave without saving?"),
            _("Your changes are not saved yet."),
            yes=_("Discard"), no=_("Keep editing"),
        )  # fmt: skip

        def answered(leave: bool | None) -> None:
            if leave:
                self.dismiss(None)

        self.app.push_screen(question, answered)

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close; nothing typed in it is wanted any more."""
        self.draft.give_up()
        return super().dismiss(result)
