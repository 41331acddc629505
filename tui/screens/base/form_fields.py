"""The fields of a form, in a box that scrolls."""

from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, TextArea

from services.i18n import _
from tui.form_state import Values
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.dialogs.record_picker import PickerScreen
from tui.widgets.form.choice_controls import ChoiceControl, Chooser, PickerControl
from tui.widgets.form.field import Field

if TYPE_CHECKING:
    from tui.screens.base.form import RecordForm


class FormFields(VerticalScroll):
    """Tells the form what happens in its fields, and opens the lists that they choose from."""

    def __init__(self, form: "RecordForm[Any]", start: Values) -> None:
        fields = [Field(spec, start.get(spec.name, "")) for spec in form.fields()]
        super().__init__(*fields, id="form-fields", can_focus=False)
        self._form = form

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Chooser.Changed)
    def _changed(self) -> None:
        self._form.problems.look_again()
        self._form.draft.keep_soon()

    @on(Input.Submitted)
    def _entered(self) -> None:
        self._form.focus_next()

    @on(events.DescendantFocus)
    def _select_suggestion(self, event: events.DescendantFocus) -> None:
        field = _field_of(event.widget)
        if field is not None and isinstance(event.widget, Input) and self._form.values.is_suggestion(field):
            event.widget.select_all()

    @on(events.DescendantBlur)
    def _left(self, event: events.DescendantBlur) -> None:
        field = _field_of(event.widget)
        if field is not None:
            self._form.problems.look_at(field)

    @on(Chooser.Opened)
    def _open_dialog(self, message: Chooser.Opened) -> None:
        chooser = message.chooser
        if not self._form.is_current:
            return  # the second of two clicks comes after the dialog has opened
        if isinstance(chooser, PickerControl):
            self.app.push_screen(PickerScreen(chooser.spec, message.typed), chooser.take)
        elif isinstance(chooser, ChoiceControl):
            menu = ChoiceScreen(_(chooser.spec.label), chooser.choices, str(chooser.value or ""))
            self.app.push_screen(menu, chooser.take)


def _field_of(control: Widget) -> Field | None:
    """The field whose control has the focus."""
    return next((node for node in control.ancestors if isinstance(node, Field)), None)
