"""The state of a form, apart from its widgets."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from tui.widgets.form.field_spec import FieldValue

if TYPE_CHECKING:
    from tui.widgets.form.field import Field

Values = Mapping[str, FieldValue]


@dataclass(frozen=True)
class FormState:
    """The fields of a form by name. Passwords are in none of the three.

    ``values`` are those of the fields, with dates for words such as "tomorrow", ``base`` those before any
    change, and ``stored`` those of the record: a field may show a text otherwise than it is stored.
    """

    values: Values = field(repr=False)
    base: Values = field(repr=False)
    stored: Values = field(repr=False)

    @classmethod
    def of(cls, fields: "Iterable[Field]", base: Values, stored: Values) -> "FormState":
        """The state of these fields; of a broken form, as much as can be read."""
        values: dict[str, FieldValue] = {}
        for each in fields:
            if not each.is_secret:
                with suppress(Exception):
                    values[each.spec.name] = each.value
                    values[each.spec.name] = each.lasting_value
        return cls(values, _only(values, base), _only(values, stored))

    @property
    def is_changed(self) -> bool:
        """Whether anything would be lost; a form without a base has not been painted yet."""
        return bool(self.base) and any(value != self.base.get(name) for name, value in self.values.items())


class OpenForm(Enum):
    """The fate of the form that was open when the program stopped."""

    NONE = "none"
    KEPT = "kept"
    SAVED = "saved"
    LOST = "lost"


def _only(names: Iterable[str], values: Values) -> Values:
    return {name: values[name] for name in names if name in values}
