"""The specification of form fields, and the parsing of their values."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from models.text import clean_typed
from services import formats
from services.errors import Invalid
from services.i18n import N_
from services.record_fields import FieldKind, RecordField

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm


@dataclass(frozen=True)
class Picked:
    """What was chosen in a picker: the id and name of a record, or a time zone. Two of one id are equal."""

    id: int | str
    label: str
    note: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picked) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True)
class Choice:
    """One line of a menu; ``label`` is translated and may hold user text."""

    key: str
    label: str
    note: str = ""


FieldValue = str | Picked | None
"""The value of a field: typed text, a key of the choices, ``"yes"`` or ``""``, or what was picked."""

PickerSearch = Callable[["Crm", "Actor", str], Sequence[Picked]]
"""Finds records by the typed text; called in a thread."""

YES = "yes"


FieldCheck = Callable[[str, Mapping[str, FieldValue]], None]
"""Raises :class:`Invalid` for an invalid text; the second argument holds the values of all fields."""


@dataclass(frozen=True)
class FieldSpec:
    """A field as data. ``label``, ``help`` and ``placeholder`` are translatable English.

    ``name`` is the field of the write model, which problems refer to. ``check`` is for rules that the write
    model does not have. ``looks_back``, ``starts`` and ``zone`` are those of a :class:`RecordField`.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    help: str = ""
    placeholder: str = ""
    choices: Sequence[Choice] = ()
    search: PickerSearch | None = None
    check: FieldCheck | None = None
    looks_back: bool = False
    starts: str = ""
    zone: str = ""

    @classmethod
    def of(cls, field: RecordField) -> Self:
        """A field of a record, as it is described for all."""
        return cls(
            field.name, field.label, field.kind, field.required, field.hint,
            looks_back=field.looks_back, starts=field.starts, zone=field.zone,
        )  # fmt: skip

    @property
    def is_date(self) -> bool:
        """Whether a day or a moment is typed in it."""
        return self.kind in _SAY


REQUIRED = N_("This field is required.")


ReferenceOf = Callable[[], formats.Reference]
"""What a typed date is read against; called for dates alone."""


def read_value(spec: FieldSpec, value: FieldValue, currency: str, reference: ReferenceOf) -> object:
    """The value of a field as the write models expect it; ``None`` or ``""`` if it is empty.

    Raises :class:`Invalid` naming the field.
    """
    if isinstance(value, Picked):
        return value.id
    text = "" if value is None else value
    if spec.kind is not FieldKind.PASSWORD:
        text = clean_typed(text, multiline=spec.kind is FieldKind.NOTES).strip()
    if not text and spec.required:
        raise Invalid.of(spec.name, REQUIRED)
    if spec.kind is FieldKind.CHECKBOX:
        return text == YES
    return _parsed(spec, text, currency, reference)


def say_read(spec: FieldSpec, value: FieldValue, reference: ReferenceOf) -> str:
    """A typed date or moment in words; empty if it is invalid, and for all other kinds."""
    text = _typed_date(spec, value)
    if text:
        with suppress(Invalid):
            return _SAY[spec.kind](text, spec.name, reference())
    return ""


def lasting_value(spec: FieldSpec, value: FieldValue, reference: ReferenceOf) -> FieldValue:
    """The value as it means the same later on: the date for ``tomorrow``, all else as it is."""
    text = _typed_date(spec, value)
    if text:
        with suppress(Invalid):
            found = _LASTING[spec.kind](text, spec.name, reference())
            return value if found == text else found
    return value


def _typed_date(spec: FieldSpec, value: FieldValue) -> str:
    return clean_typed(value).strip() if spec.is_date and isinstance(value, str) else ""


def _parsed(spec: FieldSpec, text: str, currency: str, reference: ReferenceOf) -> object:
    if not text:
        return None if spec.kind in _WITHOUT_EMPTY else ""
    match spec.kind:
        case FieldKind.MONEY:
            return formats.parse_money(text, spec.name, currency)
        case FieldKind.DATE:
            return formats.parse_date(text, spec.name, reference())
        case FieldKind.DATETIME:
            return formats.parse_datetime(text, spec.name, reference())
        case FieldKind.DUE:
            return formats.parse_due(text, spec.name, reference())
        case FieldKind.INTEGER:
            return formats.parse_integer(text, spec.name)
    return text


_WITHOUT_EMPTY = frozenset(
    {
        FieldKind.MONEY, FieldKind.DATE, FieldKind.DATETIME, FieldKind.DUE, FieldKind.INTEGER,
        FieldKind.PICKER, FieldKind.CHOICE, FieldKind.ZONE,
    }
)  # fmt: skip
_SAY: Mapping[FieldKind, Callable[[str, str, formats.Reference], str]] = {
    FieldKind.DATE: formats.say_typed_date,
    FieldKind.DATETIME: formats.say_typed_datetime,
    FieldKind.DUE: formats.say_typed_due,
}
_LASTING: Mapping[FieldKind, Callable[[str, str, formats.Reference], str]] = {
    FieldKind.DATE: formats.lasting_date,
    FieldKind.DATETIME: formats.lasting_datetime,
    FieldKind.DUE: formats.lasting_due,
}
