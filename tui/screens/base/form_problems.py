"""What is wrong with the fields of a form: shown under each, and gone as soon as its value is right."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from textual import events, on
from textual.message import Message
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Input, TextArea

from services.errors import FieldProblem, Invalid
from tui.widgets.banner import Banner
from tui.widgets.form.choice_controls import Chooser
from tui.widgets.form.field import Field
from tui.widgets.form.field_spec import FieldValue

if TYPE_CHECKING:
    from models.write_models import Command

TOGETHER: Final = (
    frozenset({"start", "end"}),
    frozenset({"first_contact_date", "last_contact_date"}),
    frozenset({"username", "password", "new", "again"}),
)
"""Fields with rules over several of them: a change of one may put another right."""


class ShowsProblems(Screen[ScreenResultType]):
    """A screen of fields with a :class:`Banner`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._judged: dict[str, Mapping[str, FieldValue]] = {}

    # Of the form

    def shape(self) -> "type[Command] | None":
        """The write shape of the form."""
        raise NotImplementedError

    def _read(self, field: Field) -> object:
        raise NotImplementedError

    def _was_changed(self, field: Field) -> bool:
        raise NotImplementedError

    # While one types

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Chooser.Changed)
    def _look_again(self, message: Message) -> None:
        """A problem goes once the value of its field is right, or that of a field with a common rule."""
        for field in self.query(Field):
            if field.problem and self._is_stale(field):
                self._judge(field, self.problem_of(field))

    @on(events.DescendantBlur)
    def _left(self, event: events.DescendantBlur) -> None:
        field = field_of(event.widget)
        if field is not None and self._was_changed(field) and (not field.problem or self._is_stale(field)):
            self._judge(field, self.problem_of(field))

    def _is_stale(self, field: Field) -> bool:
        return self._judged.get(field.spec.name) != self._values_with(field)

    def _judge(self, field: Field, problem: str) -> None:
        self._judged[field.spec.name] = self._values_with(field)
        if problem != field.problem:
            field.show_problem(problem)

    def _values_with(self, field: Field) -> Mapping[str, FieldValue]:
        return {each.spec.name: each.value for each in self._fields_with(field)}

    def _fields_with(self, field: Field) -> list[Field]:
        name = field.spec.name
        names = frozenset({name}).union(*(group for group in TOGETHER if name in group))
        return [each for each in self.query(Field) if each.spec.name in names]

    # One field

    def problem_of(self, field: Field) -> str:
        """What is wrong with a field, by itself or beside others, for the person; empty when it is right."""
        return self.check(field) or self._beside_others(field)

    def check(self, field: Field) -> str:
        """What is wrong with a field by itself, for the person; empty when it is right."""
        from services.validation import check_field

        try:
            value = self._read(field)
        except Invalid as error:
            return error.problems[0].message()
        name, shape = field.spec.name, self.shape()
        if value in (None, "") or shape is None or name not in shape.model_fields:
            return ""
        problem = check_field(shape, name, value)
        return "" if problem is None else problem.message()

    def _beside_others(self, field: Field) -> str:
        from services.validation import check_together

        shape, others = self.shape(), self._fields_with(field)
        if shape is None or len(others) < 2:
            return ""
        try:
            values = {each.spec.name: self._read(each) for each in others}
        except Invalid:
            return ""  # shown under the other field
        problem = check_together(shape, values)
        return problem.message() if problem is not None and problem.field == field.spec.name else ""

    # All of them

    def show_problems(self, problems: Iterable[FieldProblem]) -> None:
        """Show each under its field and go to the first; those of no field stand in the banner."""
        by_field: dict[str, str] = {}
        elsewhere: list[str] = []
        names = {field.spec.name for field in self.query(Field)}
        for problem in problems:
            if problem.field in names:
                by_field.setdefault(problem.field, problem.message())
            else:
                elsewhere.append(problem.message())
        for field in self.query(Field):
            by_itself = self.check(field) if self._was_changed(field) else ""
            self._judge(field, by_field.get(field.spec.name, by_itself))
        first = next((field for field in self.query(Field) if field.problem), None)
        if first is not None:
            first.control.focus()
            self.call_after_refresh(first.scroll_visible, animate=False)
        if elsewhere:
            self.query_one(Banner).show(" ".join(elsewhere))


def field_of(control: Widget) -> Field | None:
    """The field whose control has the focus."""
    return next((node for node in control.ancestors if isinstance(node, Field)), None)
