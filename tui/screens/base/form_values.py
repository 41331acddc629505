"""The fields of a form, their values now and before any change, and the problems under them."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from textual import events, on
from textual.containers import VerticalScroll
from textual.css.query import DOMQuery, NoMatches
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from services import formats, time_zones
from services.errors import FieldProblem, Invalid
from services.i18n import _
from tui.form_state import FormState, Values
from tui.protocols import the_app
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.dialogs.record_picker import PickerScreen
from tui.widgets.banner import Banner
from tui.widgets.form.choice_controls import ChoiceControl, Chooser, PickerControl
from tui.widgets.form.field import Field
from tui.widgets.form.field_spec import FieldSpec, FieldValue, Picked, read_value

if TYPE_CHECKING:
    from models.write_models import Command

TOGETHER: Final = (
    frozenset({"start", "end", "time_zone"}),
    frozenset({"first_contact_date", "last_contact_date"}),
    frozenset({"username", "password", "new", "again"}),
)
"""Fields with rules over several of them: a change of one may put another right."""


class FormValues:
    """Reads and fills the fields of a form, and knows which of them were changed."""

    def __init__(self, screen: Screen[Any], *, is_new: bool) -> None:
        self._screen = screen
        self._is_new = is_new
        self._stored: Values = {}
        self._base: dict[str, FieldValue] = {}
        self._read_at: dict[str, tuple[FieldValue, datetime]] = {}

    @property
    def fields(self) -> DOMQuery[Field]:
        """The fields, in order."""
        return self._screen.query(Field)

    def field(self, name: str) -> Field:
        """A field by its name."""
        return self._screen.query_one(f"#field-{name}", Field)

    def now(self) -> dict[str, FieldValue]:
        """The values of the fields now."""
        return {field.spec.name: field.value for field in self.fields}

    def make_fields(self, specs: Iterable[FieldSpec], stored: Values) -> list[Field]:
        """The fields, which start with the values of the record or with the suggestions for a new one."""
        self._stored = stored
        return [Field(spec, stored.get(spec.name, ""), self.reference) for spec in specs]

    def remember(self) -> None:
        """Take the values of the fields, which are filled by now, for unchanged."""
        self._base = self.now()

    # Changes

    @property
    def are_filled(self) -> bool:
        """Whether the form has been painted, so that its fields hold their first values."""
        return bool(self._base)

    @property
    def are_changed(self) -> bool:
        """Whether any field, passwords included, holds something else than at the start."""
        return self.are_filled and self.now() != self._base

    def was_changed(self, field: Field) -> bool:
        """Whether the field holds something else than at the start."""
        # The first field has the focus before the form is painted.
        return self.are_filled and (self._holds_another(field) or self._is_read_anew(field))

    def _holds_another(self, field: Field) -> bool:
        return field.value != self._base.get(field.spec.name)

    def _is_read_anew(self, field: Field) -> bool:
        """Whether the text of a time means another moment, since its time zone was changed."""
        zones = [each for each in self.fields if each.spec.name == field.spec.zone and field.value]
        return any(map(self._holds_another, zones))

    def is_suggestion(self, field: Field) -> bool:
        """Whether the value is a suggestion of a new form, which typing replaces."""
        return self._is_new and not self.was_changed(field)

    # Dates

    def reference(self, field: Field) -> formats.Reference:
        """What the date of a field is read against.

        The clock is that of the moment at which the text was typed, so midnight changes no reading.
        """
        name, value = field.spec.name, field.value
        if name not in self._read_at or self._read_at[name][0] != value:
            self._read_at[name] = value, the_app(self._screen).crm.database.clock.estimate()
        now, start = self._read_at[name][1], self._start_of(field)
        return formats.Reference(now, field.spec.looks_back, start, self._zone_of(field))

    def _zone_of(self, field: Field) -> tzinfo | None:
        """The zone in which the times of a field are typed; ``None`` means the local one."""
        if not field.spec.zone:
            return None
        with suppress(NoMatches):  # while the form opens
            value = self.field(field.spec.zone).value
            return time_zones.event_zone(str(value.id) if isinstance(value, Picked) else "")
        return time_zones.event_zone("")

    def _start_of(self, field: Field) -> datetime | None:
        """The start of what the field ends, if one can be read."""
        if not field.spec.starts:
            return None
        with suppress(Invalid, NoMatches):  # while the form opens, the field of the start may not be complete
            start = self.read(self.field(field.spec.starts))
            return start if isinstance(start, datetime) else None
        return None

    def read_ends_again(self, changed: Field) -> None:
        """Show how the end that follows a changed start is read now."""
        for field in self.fields:
            if field.spec.starts == changed.spec.name:
                field.read_again()

    def times_in(self, zone: FieldSpec) -> list[Field]:
        """The filled fields with times that are typed in the zone of this field."""
        return [field for field in self.fields if field.spec.zone == zone.name and field.value]

    def write_dates_in_full(self) -> None:
        """Put the date that is read now into every changed field, also into an end that follows its start."""
        for field in self.fields:
            if field.spec.is_date and self.was_changed(field):
                with suppress(Invalid):
                    field.value = formats.edit_value(self.read(field), self._zone_of(field))

    # To the service

    def read(self, field: Field) -> object:
        """The value that the service is given for a field. Raises :class:`Invalid`."""
        currency = the_app(self._screen).opening.currency
        value = read_value(field.spec, field.value, currency, lambda: self.reference(field))
        if field.spec.check is not None and isinstance(value, str) and value:
            field.spec.check(value, self.now())
        return value

    def to_send(self) -> dict[str, object]:
        """The changed values of a record, or the filled ones of a new record.

        Raises :class:`Invalid`, which names every field at fault.
        """
        sent: dict[str, object] = {}
        problems: list[FieldProblem] = []
        for field in self.fields:
            try:
                value = self.read(field)
            except Invalid as error:
                problems.extend(error.problems)
                continue
            if value not in (None, "") if self._is_new else self.was_changed(field):
                sent[field.spec.name] = value
        if problems:
            raise Invalid(*problems)
        return sent

    # Drafts

    def state(self) -> FormState:
        """The values of the fields, without passwords."""
        return FormState.of(self.fields, self._base, self._stored)

    def restore(self, draft: FormState) -> None:
        """Fill the fields with the values typed before the program stopped."""
        self._stored = {**self._stored, **draft.stored}
        for field in self.fields:
            name = field.spec.name
            if name in draft.values and not field.is_secret:
                self._base[name] = draft.base.get(name, self._base[name])
                field.value = draft.values[name]

    # Conflicts

    @property
    def base(self) -> Values:
        """The values of the fields before any change."""
        return self._base

    def as_shown(self, stored: Values) -> Values:
        """The values that the fields would show for a newer state of the record.

        A control may hold a text otherwise than it is stored: an unchanged value is no difference.
        """
        return {
            name: self._base.get(name) if value == self._stored.get(name) else value
            for name, value in stored.items()
        }

    def rebase(self, stored: Values, chosen: Mapping[str, FieldValue]) -> None:
        """Go on from a newer state of the record, with the chosen values on top."""
        shown = self.as_shown(stored)
        for field in self.fields:
            name = field.spec.name
            field.value = shown.get(name, "")
            self._base[name] = field.value
            field.value = chosen.get(name, field.value)
        self._stored = stored


class FormProblems:
    """Judges the fields of a form, each by itself and beside others."""

    def __init__(
        self, screen: Screen[Any], values: FormValues, shape: "Callable[[], type[Command] | None]"
    ) -> None:
        self._screen = screen
        self._values = values
        self._shape = shape
        self._judged: dict[str, Values] = {}

    # While one types

    def look_again(self) -> None:
        """A problem goes once the value of its field is right, or that of a field with a common rule."""
        for field in self._values.fields:
            if field.problem and self._is_stale(field):
                self._judge(field, self._problem_of(field))

    def look_at(self, field: Field) -> None:
        """Judge a changed field that the person leaves."""
        is_changed = self._values.was_changed(field)
        if is_changed and (not field.problem or self._is_stale(field)):
            self._judge(field, self._problem_of(field))

    def _is_stale(self, field: Field) -> bool:
        return self._judged.get(field.spec.name) != self._values_with(field)

    def _judge(self, field: Field, problem: str) -> None:
        self._judged[field.spec.name] = self._values_with(field)
        if problem != field.problem:
            field.show_problem(problem)

    def _values_with(self, field: Field) -> Values:
        return {each.spec.name: each.value for each in self._fields_with(field)}

    def _fields_with(self, field: Field) -> list[Field]:
        name = field.spec.name
        names = frozenset({name}).union(*(group for group in TOGETHER if name in group))
        return [each for each in self._values.fields if each.spec.name in names]

    # One field

    def _problem_of(self, field: Field) -> str:
        """The problem of a field, alone or beside others, translated; empty when it is right."""
        return self._by_itself(field) or self._beside_others(field)

    def _by_itself(self, field: Field) -> str:
        from services.validation import check_field

        try:
            value = self._values.read(field)
        except Invalid as error:
            return error.problems[0].message()
        name, shape = field.spec.name, self._shape()
        if value in (None, "") or shape is None or name not in shape.model_fields:
            return ""
        problem = check_field(shape, name, value)
        return "" if problem is None else problem.message()

    def _beside_others(self, field: Field) -> str:
        from services.validation import check_together

        shape, others = self._shape(), self._fields_with(field)
        if shape is None or len(others) < 2:
            return ""
        try:
            values = {each.spec.name: self._values.read(each) for each in others}
        except Invalid:
            return ""  # shown under the other field
        problem = check_together(shape, values)
        return problem.message() if problem is not None and problem.field == field.spec.name else ""

    # All of them

    def show(self, problems: Iterable[FieldProblem]) -> None:
        """Show each problem under its field, or in the banner if it has none, and focus the first field."""
        by_field: dict[str, str] = {}
        elsewhere: list[str] = []
        names = {field.spec.name for field in self._values.fields}
        for problem in problems:
            if problem.field in names:
                by_field.setdefault(problem.field, problem.message())
            else:
                elsewhere.append(problem.message())
        for field in self._values.fields:
            by_itself = self._by_itself(field) if self._values.was_changed(field) else ""
            self._judge(field, by_field.get(field.spec.name, by_itself))
        first = next((field for field in self._values.fields if field.problem), None)
        if first is not None:
            first.control.focus()
            self._screen.call_after_refresh(first.scroll_visible, animate=False)
        if elsewhere:
            self._screen.query_one(Banner).show(" ".join(elsewhere))


class FormFields(VerticalScroll):
    """The fields in a box that scrolls; calls ``keep`` after changes, and opens the lists to choose from."""

    def __init__(
        self, *fields: Field, values: FormValues, problems: FormProblems, keep: Callable[[], None]
    ) -> None:
        super().__init__(*fields, id="form-fields", can_focus=False)
        self._values = values
        self._problems = problems
        self._keep = keep

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Chooser.Changed)
    def _changed(self) -> None:
        self._problems.look_again()
        self._keep()

    @on(Input.Changed)
    def _read_ends_again(self, event: Input.Changed) -> None:
        field = _field_of(event.input)
        if field is not None and field.spec.is_date:
            self._values.read_ends_again(field)

    @on(Chooser.Changed)
    def _read_times_again(self, event: Chooser.Changed) -> None:
        for field in self._values.times_in(event.chooser.spec):
            field.read_again()
            self._problems.look_at(field)

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.screen.focus_next()

    @on(events.DescendantFocus)
    def _select_suggestion(self, event: events.DescendantFocus) -> None:
        field = _field_of(event.widget)
        if field is not None and isinstance(event.widget, Input) and self._values.is_suggestion(field):
            event.widget.select_all()

    @on(events.DescendantBlur)
    def _left(self, event: events.DescendantBlur) -> None:
        field = _field_of(event.widget)
        if field is not None:
            self._problems.look_at(field)
            if self._values.was_changed(field):
                field.make_lasting()

    @on(Chooser.Opened)
    def _open_dialog(self, message: Chooser.Opened) -> None:
        chooser = message.chooser
        if not self.screen.is_current:
            return  # the second of two clicks comes after the dialog has opened
        if isinstance(chooser, PickerControl):
            self.app.push_screen(PickerScreen(chooser.spec, message.typed), chooser.take)
        elif isinstance(chooser, ChoiceControl):
            menu = ChoiceScreen(_(chooser.spec.label), chooser.choices, str(chooser.value or ""))
            self.app.push_screen(menu, chooser.take)


def _field_of(control: Widget) -> Field | None:
    """The field that a control belongs to."""
    return next((node for node in control.ancestors if isinstance(node, Field)), None)
