"""The values of a form: in its fields now, when nothing was changed yet, and as the record holds them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.css.query import DOMQuery

from services.errors import FieldProblem, Invalid
from tui.form_state import FormState, Values
from tui.protocols import the_app
from tui.widgets.form.field import Field
from tui.widgets.form.field_spec import FieldValue, read_value

if TYPE_CHECKING:
    from tui.screens.base.form import RecordForm


class FormValues:
    """Reads and fills the fields of a form, and knows which of them were changed."""

    def __init__(self, form: "RecordForm[Any]") -> None:
        self._form = form
        self._stored: Values = {}
        self._base: dict[str, FieldValue] = {}

    @property
    def fields(self) -> DOMQuery[Field]:
        """The fields, in order."""
        return self._form.query(Field)

    def field(self, name: str) -> Field:
        """A field by its name."""
        return self._form.query_one(f"#field-{name}", Field)

    def now(self) -> dict[str, FieldValue]:
        """The values of the fields now."""
        return {field.spec.name: field.value for field in self.fields}

    def start(self) -> Values:
        """The first values of the fields."""
        form = self._form
        self._stored = form.start_values() if form.record is None else form.values_of(form.record)
        return self._stored

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
        return self.are_filled and field.value != self._base.get(field.spec.name)

    def is_suggestion(self, field: Field) -> bool:
        """Whether the value is a suggestion of a new form, which typing replaces."""
        return self._form.record is None and not self.was_changed(field)

    # To the service

    def read(self, field: Field) -> object:
        """The value that the service is given for a field. Raises :class:`Invalid`."""
        value = read_value(field.spec, field.value, the_app(self._form).opening.currency)
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
            if value not in (None, "") if self._form.record is None else self.was_changed(field):
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
        """The values that the fields would show of a newer state of the record.

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
