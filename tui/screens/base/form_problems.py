"""The problems of the fields of a form: shown under each, and gone as soon as its value is right."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from services.errors import FieldProblem, Invalid
from tui.form_state import Values
from tui.widgets.banner import Banner
from tui.widgets.form.field import Field

if TYPE_CHECKING:
    from tui.screens.base.form import RecordForm

TOGETHER: Final = (
    frozenset({"start", "end"}),
    frozenset({"first_contact_date", "last_contact_date"}),
    frozenset({"username", "password", "new", "again"}),
)
"""Fields with rules over several of them: a change of one may put another right."""


class FormProblems:
    """Judges the fields of a form, each by itself and beside others."""

    def __init__(self, form: "RecordForm[Any]") -> None:
        self._form = form
        self._judged: dict[str, Values] = {}

    # While one types

    def look_again(self) -> None:
        """A problem goes once the value of its field is right, or that of a field with a common rule."""
        for field in self._form.values.fields:
            if field.problem and self._is_stale(field):
                self._judge(field, self._problem_of(field))

    def look_at(self, field: Field) -> None:
        """Judge a changed field that the person leaves."""
        is_changed = self._form.values.was_changed(field)
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
        return [each for each in self._form.values.fields if each.spec.name in names]

    # One field

    def _problem_of(self, field: Field) -> str:
        """The problem of a field, alone or beside others, translated; empty when it is right."""
        return self._by_itself(field) or self._beside_others(field)

    def _by_itself(self, field: Field) -> str:
        from services.validation import check_field

        try:
            value = self._form.values.read(field)
        except Invalid as error:
            return error.problems[0].message()
        name, shape = field.spec.name, self._form.shape()
        if value in (None, "") or shape is None or name not in shape.model_fields:
            return ""
        problem = check_field(shape, name, value)
        return "" if problem is None else problem.message()

    def _beside_others(self, field: Field) -> str:
        from services.validation import check_together

        shape, others = self._form.shape(), self._fields_with(field)
        if shape is None or len(others) < 2:
            return ""
        try:
            values = {each.spec.name: self._form.values.read(each) for each in others}
        except Invalid:
            return ""  # shown under the other field
        problem = check_together(shape, values)
        return problem.message() if problem is not None and problem.field == field.spec.name else ""

    # All of them

    def show(self, problems: Iterable[FieldProblem]) -> None:
        """Show each under its field and go to the first; those of no field stand in the banner."""
        form = self._form
        by_field: dict[str, str] = {}
        elsewhere: list[str] = []
        names = {field.spec.name for field in form.values.fields}
        for problem in problems:
            if problem.field in names:
                by_field.setdefault(problem.field, problem.message())
            else:
                elsewhere.append(problem.message())
        for field in form.values.fields:
            by_itself = self._by_itself(field) if form.values.was_changed(field) else ""
            self._judge(field, by_field.get(field.spec.name, by_itself))
        first = next((field for field in form.values.fields if field.problem), None)
        if first is not None:
            first.control.focus()
            form.call_after_refresh(first.scroll_visible, animate=False)
        if elsewhere:
            form.query_one(Banner).show(" ".join(elsewhere))
