"""Turning typed values into a write model, with every broken rule named by its field."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from models.write_models import Command
from services.errors import FieldProblem, Invalid
from services.i18n import N_

Shape = TypeVar("Shape", bound=Command)

# Pydantic's own error types, in the words of this program.
_TEMPLATES: Mapping[str, str] = {
    "missing": N_("This field is required."),
    "extra_forbidden": N_("There is no such field."),
    "string_type": N_("This must be text."),
    "decimal_parsing": N_("This is not an amount; write it like 1234.50."),
    "decimal_type": N_("This is not an amount; write it like 1234.50."),
    "int_parsing": N_("This is not a whole number."),
    "int_type": N_("This is not a whole number."),
    "int_from_float": N_("This is not a whole number."),
    "enum": N_("This is not one of the choices."),
    "finite_number": N_("This is not an amount; write it like 1234.50."),
}  # fmt: skip
_OTHER = N_("This value is not valid.")


def build(shape: type[Shape], values: Mapping[str, object]) -> Shape:
    """The write shape of these values.

    Raises :class:`Invalid` with one problem for each field at fault, all at once.
    """
    try:
        return shape.model_validate(dict(values))
    except ValidationError as error:
        problems = [_problem(details) for details in error.errors(include_url=False, include_input=False)]
    raise Invalid(*problems)


def check_field(shape: type[Command], field: str, value: object) -> FieldProblem | None:
    """The problem of one value of a shape, regardless of the others; ``None`` if it is valid."""
    try:
        _adapter(shape, field).validate_python(value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)[0]
        return FieldProblem(field, *_template(details))
    return None


def check_together(shape: type[Command], values: Mapping[str, object]) -> FieldProblem | None:
    """The problem of several values of a shape together, each of them valid by itself."""
    partial = shape.model_construct(None, **values)
    for validator in shape.__pydantic_decorators__.model_validators.values():
        if validator.info.mode == "after":
            try:
                validator.func(partial)
            except PydanticCustomError as error:
                template, params = _template({"type": error.type, "ctx": error.context or {}})
                return FieldProblem(error.type, template, params)
    return None


@lru_cache(maxsize=200)
def _adapter(shape: type[Command], field: str) -> TypeAdapter[Any]:
    info = shape.model_fields[field]
    annotation: Any = info.annotation
    return TypeAdapter(Annotated[(annotation, *info.metadata)] if info.metadata else annotation)


def _problem(details: ErrorDetails) -> FieldProblem:
    # A rule over several fields has the later field's name as its error type: the person is in that field.
    location = details["loc"]
    name = str(location[0]) if location else details["type"]
    return FieldProblem(name, *_template(details))


def _template(details: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
    context = dict(details.get("ctx", {}))
    template = context.pop("template", None)
    if isinstance(template, str):
        return template, context
    return _TEMPLATES.get(details["type"], _OTHER), {}
