"""One base for every form: fields as data, problems under their fields, nothing typed is ever lost."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Button, Input, TextArea

from services.actor import Actor
from services.errors import Conflict, CrmError, DatabaseUnavailable, FieldProblem, Invalid, NotSignedIn
from services.i18n import N_, _
from tui.form_state import FormState
from tui.key_labels import EVERYWHERE_ON_TOP
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.runtime.workers import run_in_background
from tui.screens.base.form_problems import ShowsProblems, field_of
from tui.screens.base.form_saving import Saves
from tui.screens.base.screen import SingleResult
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.screens.dialogs.conflict import ConflictScreen, sides_of
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.dialogs.record_picker import PickerScreen
from tui.widgets.banner import Banner
from tui.widgets.footer import KeyBar
from tui.widgets.form.choice_controls import ChoiceControl, Chooser, PickerControl
from tui.widgets.form.field import Field
from tui.widgets.form.field_spec import FieldSpec, FieldValue, read_value

if TYPE_CHECKING:
    from models.write_models import Command
    from services.crm import Crm

Record = TypeVar("Record")

KEEP_AFTER: Final = 0.4
"""Seconds from a change until it is on its way to the disk, whether more is typed meanwhile or not."""


class RecordForm(ModalScreen[Any], SingleResult[Any], Saves[Any], ShowsProblems[Any], Generic[Record]):
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

    def __init__(self, record: Record | None = None) -> None:
        super().__init__()
        self.record = record
        self._stored: Mapping[str, FieldValue] = {}
        self._base: dict[str, FieldValue] = {}
        self._draft: FormState | None = None
        self._keeping: Timer | None = None
        self.is_saved = False

    # Hooks

    def title_text(self) -> str:
        """The title of the box, translated; may hold what people typed."""
        return _(self.TITLE_TEXT)

    def fields(self) -> Sequence[FieldSpec]:
        """The fields, in order."""
        raise NotImplementedError

    def start_values(self) -> Mapping[str, FieldValue]:
        """What stands in a new form; the default is nothing."""
        return {}

    def values_of(self, record: Record) -> Mapping[str, FieldValue]:
        """What stands in the fields for a record; texts as ``formats.edit_…`` gives them."""
        return {}

    def shape(self) -> "type[Command] | None":
        """The write shape that the values must fit; ``None``: they are handed over as a dictionary."""
        return None

    def command(self, sent: dict[str, object]) -> Any:
        """What :meth:`save` is given. Raises :class:`Invalid`."""
        from services.validation import build

        shape = self.shape()
        return sent if shape is None else build(shape, sent)

    def save(self, crm: "Crm", actor: Actor, command: Any, version: int | None) -> Record:
        """Call the service; in a thread."""
        raise NotImplementedError

    def call(self, command: Any, version: int | None) -> Record:
        """Save as the signed-in person; in a thread."""
        app = the_app(self)
        return self.save(app.crm, app.actor, command, version)

    def after_save(self, record: Record) -> None:
        """What follows a save; the form closes."""
        self.dismiss(record)

    def read_again(self, crm: "Crm", actor: Actor) -> Record:
        """The record as it is now, after a conflict; in a thread."""
        raise NotImplementedError

    # Layout

    def compose(self) -> ComposeResult:
        """The fields in a box that scrolls, the buttons beneath."""
        start = self._stored = self.start_values() if self.record is None else self.values_of(self.record)
        with Vertical(id="form-box") as box:
            box.border_title = Content(self.title_text())
            box.border_subtitle = Content(_("* required"))
            with VerticalScroll(id="form-fields", can_focus=False):
                for spec in self.fields():
                    yield Field(spec, start.get(spec.name, ""))
            yield Banner()
            with Horizontal(id="form-buttons"):
                yield Button(Content(_("Back")), id="leave", compact=True)
                yield Button(Content(_("Save")), id="save", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Remember what stood in the fields, which are filled by now; a moment later somebody types."""
        self._base = self.values()
        if self._draft is not None:
            self._take_up(self._draft)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Passwords are shown where there are any."""
        return action != "reveal" or any(field.is_secret for field in self.query(Field))

    def action_reveal(self) -> None:
        """Show the passwords, or hide them again."""
        for field in self.query(Field):
            if field.is_secret and isinstance(field.control, Input):
                field.control.password = not field.control.password

    def on_resize(self) -> None:
        """Keep the field in focus in view."""
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    # Values

    def values(self) -> dict[str, FieldValue]:
        """What stands in the fields now."""
        return {field.spec.name: field.value for field in self.query(Field)}

    @property
    def is_painted(self) -> bool:
        """Whether the fields have been filled."""
        return bool(self._base)

    @property
    def unsaved(self) -> bool:
        """Whether something was changed and not saved."""
        return bool(self._base) and self.values() != self._base

    def field(self, name: str) -> Field:
        """A field by its name."""
        return self.query_one(f"#field-{name}", Field)

    @on(Chooser.Opened)
    def _open_dialog(self, message: Chooser.Opened) -> None:
        chooser = message.chooser
        if not self.is_current:
            return  # the second of two clicks comes after the dialog has opened
        if isinstance(chooser, PickerControl):
            self.app.push_screen(PickerScreen(chooser.spec, message.typed), chooser.take)
        elif isinstance(chooser, ChoiceControl):
            menu = ChoiceScreen(_(chooser.spec.label), chooser.choices, str(chooser.value or ""))
            self.app.push_screen(menu, chooser.take)

    # Drafts

    def state(self) -> FormState:
        """What stands in the fields, without passwords."""
        return FormState.of(self.query(Field), self._base, self._stored)

    def resume(self, draft: FormState) -> None:
        """Open with what was typed before the program stopped; to be said before the form is shown."""
        self._draft = draft

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Chooser.Changed)
    def keep_soon(self) -> None:
        """Keep what stands in the fields, in a moment."""
        if self._keeping is None:
            self._keeping = self.set_timer(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        self._keeping = None
        the_app(self).session.drafts.keep_soon(self)

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close; nothing typed in it is wanted any more."""
        the_app(self).session.drafts.give_up(self)
        return super().dismiss(result)

    def _take_up(self, draft: FormState) -> None:
        self._stored = {**self._stored, **draft.stored}
        for field in self.query(Field):
            name = field.spec.name
            if name in draft.values and not field.is_secret:
                self._base[name] = draft.base.get(name, self._base[name])
                field.value = draft.values[name]
        if any(field.is_secret for field in self.query(Field)):
            the_app(self).say(_("Passwords are not kept: type them again."))

    def _read(self, field: Field) -> object:
        value = read_value(field.spec, field.value, the_app(self).currency)
        if field.spec.check is not None and isinstance(value, str) and value:
            field.spec.check(value, self.values())
        return value

    def _to_send(self) -> dict[str, object]:
        sent: dict[str, object] = {}
        problems: list[FieldProblem] = []
        for field in self.query(Field):
            try:
                value = self._read(field)
            except Invalid as error:
                problems.extend(error.problems)
                continue
            if self._was_changed(field) if self.record is not None else value not in (None, ""):
                sent[field.spec.name] = value
        if problems:
            raise Invalid(*problems)
        return sent

    # Suggestions

    @on(events.DescendantFocus)
    def _entered_field(self, event: events.DescendantFocus) -> None:
        self._select_suggestion(event.widget)

    def _select_suggestion(self, control: Widget) -> None:
        """What stands in a new form is a suggestion: typing takes its place."""
        field = field_of(control)
        suggested = self.record is None and field is not None and not self._was_changed(field)
        if suggested and isinstance(control, Input):
            control.select_all()

    def _was_changed(self, field: Field) -> bool:
        return field.value != self._base.get(field.spec.name)

    # Saving

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Save; pressed again meanwhile it does nothing."""
        if self._saving:
            return
        self.query_one(Banner).clear()
        try:
            sent = self._to_send()
            if self.record is not None and not sent:
                self.dismiss(None)
                return
            command = self.command(sent)
        except Invalid as error:
            self.show_problems(error.problems)
            return
        self.show_problems(())
        self._send(command)

    def _send(self, command: Any) -> None:
        version = getattr(self.record, "version", None)
        self._begin_saving()
        around = the_app(self).session.drafts.saving(self)

        def work() -> Record:
            with around:
                saved = self.call(command, version)
                self.is_saved = True  # known even where the program stops before the answer arrives
            return saved

        run_in_background(
            self,
            work,
            then=self.after_save,
            failed=self._refused,
            group="save",
        )

    def _refused(self, error: CrmError) -> None:
        self._end_saving()
        self.keep_soon()
        if isinstance(error, NotSignedIn):
            the_app(self).session.sign_in_again(self.action_save)
        elif isinstance(error, Conflict) and self.record is not None:
            self._show_conflict(error)
        elif error.field_problems():
            self.show_problems(error.field_problems())
        else:
            hint = _("Your input is kept. Ctrl+S: try again.")
            lost = isinstance(error, DatabaseUnavailable)
            self.query_one(Banner).show(f"{error.message()}\n{hint}" if lost else error.message())

    # Conflicts

    def _show_conflict(self, conflict: Conflict) -> None:
        app = the_app(self)
        run_in_background(
            self,
            lambda: self.read_again(app.crm, app.actor),
            then=lambda theirs: self._compare(conflict, theirs),
            failed=self._refused,
            group="save",
        )

    def _compare(self, conflict: Conflict, theirs: Record) -> None:
        their_values = self._as_held(theirs)
        sides = sides_of(self.query(Field), self._base, their_values)

        def chosen(values: Mapping[str, FieldValue] | None) -> None:
            if values is not None:
                self._rebase(theirs, their_values, {**sides.mine, **values})

        self.app.push_screen(ConflictScreen(conflict, sides), chosen)

    def _as_held(self, theirs: Record) -> Mapping[str, FieldValue]:
        # A control may hold a text otherwise than it is stored: what nobody changed is no difference.
        before = self._stored
        return {
            name: self._base.get(name) if value == before.get(name) else value
            for name, value in self.values_of(theirs).items()
        }

    def _rebase(
        self, theirs: Record, their_values: Mapping[str, FieldValue], chosen: Mapping[str, FieldValue]
    ) -> None:
        for field in self.query(Field):
            name = field.spec.name
            field.value = their_values.get(name, "")
            self._base[name] = field.value
            field.value = chosen.get(name, field.value)
        self.record, self._stored = theirs, self.values_of(theirs)
        if self.values() == self._base:
            self.dismiss(theirs)
        else:
            self.action_save()

    # Leaving

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Back; asked first where something would be lost."""
        if self._saving:
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
