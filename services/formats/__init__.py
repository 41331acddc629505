"""Numbers, amounts, dates and moments as text in the active language.

``parse_…`` reads typed text and raises :class:`services.errors.Invalid` naming the field. ``show_…`` formats
a value for display. ``edit_…`` formats the initial value of an input; parsing it gives the same value.
"""

from services.formats.ages import show_age
from services.formats.dates import (
    edit_date,
    edit_datetime,
    list_datetime,
    parse_date,
    parse_datetime,
    say_date,
    say_datetime,
    say_typed_datetime,
    show_date,
    show_datetime,
)
from services.formats.dues import parse_due, say_typed_due, show_due
from services.formats.numbers import (
    check_decimals,
    edit_money,
    example_money,
    parse_integer,
    parse_money,
    show_amount,
    show_integer,
    show_money,
)
from services.formats.values import edit_value, show_value

__all__ = [
    "check_decimals",
    "edit_date",
    "edit_datetime",
    "edit_money",
    "edit_value",
    "example_money",
    "list_datetime",
    "parse_date",
    "parse_datetime",
    "parse_due",
    "parse_integer",
    "parse_money",
    "say_date",
    "say_datetime",
    "say_typed_datetime",
    "say_typed_due",
    "show_age",
    "show_amount",
    "show_date",
    "show_datetime",
    "show_due",
    "show_integer",
    "show_money",
    "show_value",
]
