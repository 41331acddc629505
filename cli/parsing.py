"""Reads the options of a command field by field, and reports all mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from cli import prompts
from cli.context import require
from models.enums import Department
from services.errors import FieldProblem, Invalid
from services.i18n import N_
from services.rights import Action

if TYPE_CHECKING:
    from models.write_models import Command
    from services.actor import Actor
    from services.crm import Crm

Shape = TypeVar("Shape", bound="Command")
Parser = Callable[[str, str], object]
"""Converts the text of a field; takes the text and the field's name, raises ``Invalid`` for the field."""

_NEGATIVE = re.compile("-[0-9]+")
_MOST_DIGITS = 18
_REQUIRED = N_("This field is required.")


class FieldParser:
    """Collects the values of the given options; the others are absent.

    ``shape`` is the write model that validates the values. Once all given values are valid, the missing ones
    are asked for, and each answer is validated before the next question.
    """

    def __init__(self, shape: type[Command] | None = None) -> None:
        self._shape = shape
        self._values: dict[str, Any] = {}
        self._problems: list[FieldProblem] = []
        self._questions: list[Callable[[], object]] = []

    def take(self, field: str, text: str | None, parse: Parser | None = None) -> Self:
        """Read one field, if it is given."""
        if text is None:
            return self
        try:
            self._values[field] = parse(text, field) if parse else text
        except Invalid as refused:
            self._problems.extend(refused.field_problems())
        return self

    def texts(self, given: Mapping[str, str | None]) -> Self:
        """Take several fields without conversion."""
        for field, text in given.items():
            self.take(field, text)
        return self

    def require(self, field: str, label: str, text: str | None, parse: Parser | None = None) -> Self:
        """Read a required field. If it is missing, ask for it on a terminal; elsewhere note an error."""
        if text is None and prompts.can_ask():
            self._questions.append(lambda: self._ask(field, label, parse))
        elif text is None:
            self._problems.append(FieldProblem(field, _REQUIRED))
        return self.take(field, text, parse)

    def refuse(self, field: str, template: str, **params: object) -> Self:
        """Note a problem of a field that the caller has read."""
        self._problems.append(FieldProblem(field, template, params))
        return self

    def compute(self, field: str, read: Callable[[], object]) -> Self:
        """Read a field that is no option, such as a password."""

        def keep() -> None:
            try:
                self._values[field] = read()
            except Invalid as refused:
                self._problems.extend(refused.field_problems())

        if prompts.can_ask():
            self._questions.append(keep)
        else:
            keep()
        return self

    def known(self, field: str) -> Any:
        """The value of a field that has been read, or ``None``."""
        return self._values.get(field)

    def values(self) -> dict[str, Any]:
        """Ask for the missing fields; return all values. Raises :class:`Invalid` naming the wrong ones."""
        self._answer()
        if self._problems:
            raise Invalid(*self._problems)
        return self._values

    def build(self, shape: type[Shape]) -> Shape:
        """Build the write model from the values. Raises :class:`Invalid` naming all fields at fault."""
        from services.validation import build

        self._shape = shape
        self._answer()
        problems = {problem.field: problem for problem in self._problems}
        try:
            built = build(shape, self._values)
        except Invalid as refused:
            for problem in refused.field_problems():
                problems.setdefault(problem.field, problem)
        if problems:
            raise Invalid(*problems.values())
        return built

    def changes(self, shape: type[Shape]) -> Shape:
        """Build the write model of an update, which must name at least one field."""
        if not self._values and not self._problems:
            raise NothingToChange
        return self.build(shape)

    def _answer(self) -> None:
        """Ask for the missing fields. Raises :class:`Invalid` before that if a given value is wrong."""
        if not self._questions:
            return
        wrong = [*self._problems, *(self._problem(*given) for given in self._values.items())]
        if problems := [problem for problem in wrong if problem is not None]:
            raise Invalid(*problems)
        questions, self._questions = self._questions, []
        for question in questions:
            question()

    def _ask(self, field: str, label: str, parse: Parser | None) -> None:
        def read(text: str) -> object:
            value = parse(text, field) if parse else text
            if problem := self._problem(field, value):
                raise Invalid(problem)
            return value

        self._values[field] = prompts.ask_until(label, read)

    def _problem(self, field: str, value: object) -> FieldProblem | None:
        if self._shape is None or field not in self._shape.model_fields:
            return None
        from services.validation import check_field

        return check_field(self._shape, field, value)


class NothingToChange(Invalid):
    """An update names no field."""

    template = N_("Nothing to change: give at least one field as an option.")


def whole_number(text: str, field: str) -> int:
    """Read a whole number of at least 0. Raises :class:`Invalid`."""
    digits = text.strip()
    if _NEGATIVE.fullmatch(digits):
        raise Invalid.of(field, N_("This must not be negative."))
    if not (digits.isascii() and digits.isdigit()):
        raise Invalid.of(field, N_("Write a whole number in digits, such as 12."))
    if len(digits) > _MOST_DIGITS:
        raise Invalid.of(field, N_("This number is too large."))
    return int(digits)


def up_to(most: int) -> Parser:
    """A parser of whole numbers from 1 to ``most`` that raises ``Invalid``."""

    def read(text: str, field: str) -> int:
        number = whole_number(text, field)
        if not 1 <= number <= most:
            raise Invalid.of(field, N_("A whole number from 1 to {max}."), max=most)
        return number

    return read


def record_id(text: str) -> int:
    """Read the id of the argument. Raises :class:`Invalid`."""
    return whole_number(text, "id")


def optional_day(text: str, field: str) -> object:
    """Read a date in any accepted format; an empty text clears the field. Raises :class:`Invalid`."""
    from services.formats import parse_date

    return parse_date(text, field) if text.strip() else None


def optional_due(text: str, field: str) -> object:
    """Read a day, or a day with a time; an empty text clears the field. Raises :class:`Invalid`."""
    from services.formats import parse_due

    return parse_due(text, field) if text.strip() else None


def optional_moment(text: str, field: str) -> object:
    """Read a date with a time; an empty text clears the field. Raises :class:`Invalid`."""
    from services.formats import parse_datetime

    return parse_datetime(text, field) if text.strip() else None


def money(currency: str) -> Parser:
    """A parser of amounts, with or without the currency, that raises ``Invalid``."""
    from services.formats import parse_money

    return partial(parse_money, currency=currency)


def collaborator_id(crm: Crm, actor: Actor, action: Action) -> Callable[[str, str], int]:
    """A parser that returns the collaborator's id for a username, for an action that names a collaborator.

    The parser raises ``NotFound`` if the username is unknown, ``Invalid`` if it is empty, and ``Forbidden``
    if it is not the actor's own and the rule of the action refuses it.
    """

    def read(username: str, field: str) -> int:
        name = username.strip()
        if not name:
            raise Invalid.of(field, N_("Give the username of a collaborator."))
        if name.lower() == actor.username.lower():
            return actor.id  # only Gestion may look up others
        require(crm, actor, action)
        from services.collaborators import find_collaborator

        return find_collaborator(crm, actor, name).id

    return read


def department(text: str, field: str) -> str:
    """Read a department in upper or lower case. Raises :class:`Invalid`."""
    name = text.strip().upper()
    if name not in Department.__members__:
        names = ", ".join(member.lower() for member in Department.__members__)
        raise Invalid.of(field, N_("One of these: {names}."), names=names)
    return name
