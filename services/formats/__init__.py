"""Numbers, amounts, dates and moments as text in the active language.

``parse_…`` reads typed text and raises :class:`services.errors.Invalid` naming the field. ``show_…`` formats
a value for display. ``edit_…`` formats the initial value of an input; parsing it gives the same value.
"""

from services.formats.ages import show_age
from services.formats.dates import (
    edit_date,
    edit_datetime,
    list_datetime,
    say_age,
    say_date,
    say_datetime,
    say_month,
    short_weekday,
    show_date,
    show_datetime,
)
from services.formats.dues import lasting_due, parse_due, say_typed_due, show_due
from services.formats.event_times import say_event_time, show_event_period, show_event_time
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
from services.formats.typed_dates import (
    lasting_date,
    lasting_datetime,
    parse_date,
    parse_datetime,
    say_typed_date,
    say_typed_datetime,
)
from services.formats.typed_days import Reference
from services.formats.values import edit_value, show_value
from services.formats.zones import find_zones, parse_zone, say_zone

__all__ = [
    "Reference",
    "check_decimals",
    "edit_date",
    "edit_datetime",
    "edit_money",
    "edit_value",
    "example_money",
    "find_zones",
    "lasting_date",
    "lasting_datetime",
    "lasting_due",
    "list_datetime",
    "parse_date",
    "parse_datetime",
    "parse_due",
    "parse_integer",
    "parse_money",
    "parse_zone",
    "say_age",
    "say_date",
    "say_datetime",
    "say_event_time",
    "say_month",
    "say_typed_date",
    "say_typed_datetime",
    "say_typed_due",
    "say_zone",
    "short_weekday",
    "show_age",
    "show_amount",
    "show_date",
    "show_datetime",
    "show_due",
    "show_event_period",
    "show_event_time",
    "show_integer",
    "show_money",
    "show_value",
]
