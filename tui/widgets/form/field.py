"""A labelled field of a form, with its help or its problem below."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from services import formats
from services.i18n import _
from services.record_fields import FieldKind
from tui.runtime.stylesheets import sheet_beside
from tui.widgets.form.choice_controls import ChoiceControl, Chooser, PickerControl
from tui.widgets.form.field_spec import YES, Choice, FieldSpec, FieldValue, lasting_value, say_read
from tui.widgets.form.text_input import TextInput, as_hint

# With a day after the twelfth, the example shows the order of day and month.
_EXAMPLE = datetime(2027, 6, 15, 16, 30, tzinfo=UTC)


def _placeholder(kind: FieldKind) -> str:
    match kind:
        case FieldKind.EMAIL:
            return _("name@example.com")
        case FieldKind.PHONE:
            return "+33 6 12 34 56 78"
        case FieldKind.DATE | FieldKind.DUE:
            return formats.edit_date(_EXAMPLE.date())
        case FieldKind.DATETIME:
            return formats.edit_datetime(_EXAMPLE)
    return ""


class Notes(TextArea):
    """Text of several lines."""

    # Undo is not on Ctrl+Z, which suspends the program as in a shell.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+underscore", "undo", show=False),
        Binding("ctrl+y", "redo", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, tab_behavior="focus", soft_wrap=True, show_line_numbers=False)


class Field(Vertical):
    """A field drawn from its spec; ``reference`` returns what a date typed in it is read against."""

    DEFAULT_CSS = sheet_beside(__file__)

    def __init__(
        self,
        spec: FieldSpec,
        value: FieldValue,
        reference: "Callable[[Field], formats.Reference] | None" = None,
    ) -> None:
        super().__init__(id=f"field-{spec.name}")
        self.spec = spec
        self._first_value = value
        self._reference = reference or (lambda field: formats.Reference(looks_back=field.spec.looks_back))
        self.problem = ""

    def compose(self) -> ComposeResult:
        """Label and control side by side, and the note below."""
        mark = " *" if self.spec.required else ""
        with Horizontal(classes="field-line"):
            yield Static(Content(_(self.spec.label) + mark), classes="field-label")
            yield self._control()
        yield Static("", classes="field-note", markup=False)

    def _control(self) -> Widget:
        spec = self.spec
        match spec.kind:
            case FieldKind.NOTES:
                return Notes(id="control")
            case FieldKind.PICKER | FieldKind.ZONE:
                return PickerControl(spec, id="control")
            case FieldKind.CHOICE:
                return ChoiceControl(spec, [_translated(choice) for choice in spec.choices], id="control")
            case FieldKind.CHECKBOX:
                return ChoiceControl(spec, [Choice(YES, _("Yes")), Choice("", _("No"))], id="control")
        return TextInput(
            placeholder=as_hint(self, _(spec.placeholder) if spec.placeholder else _placeholder(spec.kind)),
            password=spec.kind is FieldKind.PASSWORD,
            id="control",
        )

    def on_mount(self) -> None:
        """Set the initial value."""
        self.value = self._first_value
        self.show_problem("")

    # A class, since Textual does not update ":focus-within" styles of the children when the focus leaves.

    def on_descendant_focus(self) -> None:
        """Mark the label."""
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        """Unmark it."""
        self.remove_class("-focused")

    @property
    def control(self) -> Widget:
        """The widget that receives the keys."""
        return self.query_one("#control")

    @property
    def is_secret(self) -> bool:
        """Whether the value must not be stored in a draft or elsewhere."""
        return self.spec.kind is FieldKind.PASSWORD

    @property
    def value(self) -> FieldValue:
        """The current value of the control."""
        control = self.control
        if isinstance(control, TextArea):
            return control.text
        if isinstance(control, Chooser):
            return control.value
        return control.value if isinstance(control, Input) else None

    @value.setter
    def value(self, value: FieldValue) -> None:
        control = self.control
        if isinstance(control, Chooser):
            control.value = value
        elif isinstance(control, TextArea):
            control.text = value if isinstance(value, str) else ""
        elif isinstance(control, Input):
            control.value = value if isinstance(value, str) else ""

    @property
    def lasting_value(self) -> FieldValue:
        """The value as it means the same later on: the date where ``tomorrow`` was typed."""
        return lasting_value(self.spec, self.value, lambda: self._reference(self))

    def make_lasting(self) -> None:
        """Put the date in the place of words that mean another one later on."""
        lasting = self.lasting_value
        if lasting != self.value:
            self.value = lasting

    def show_problem(self, problem: str) -> None:
        """Show the problem; if it is empty, show the date in words, or the help."""
        self.problem = problem
        note = self.query_one(".field-note", Static)
        beneath = self._reading() or (_(self.spec.help) if self.spec.help else "")
        note.update(Content(f"✗ {problem}" if problem else beneath))
        self.set_class(bool(problem), "-wrong")

    @on(Input.Changed)
    def _typed(self) -> None:
        if self.spec.is_date:
            self.read_again()

    def read_again(self) -> None:
        """Show how the date is read now, unless a problem is shown."""
        if not self.problem:
            self.show_problem("")

    def _reading(self) -> str:
        """The typed date in words, since 05/06/2027 is ambiguous."""
        return say_read(self.spec, self.value, lambda: self._reference(self))


def _translated(choice: Choice) -> Choice:
    return Choice(choice.key, _(choice.label), choice.note)
