"""A value of a record as text, whatever its type."""

from datetime import date, datetime, tzinfo
from decimal import Decimal

from services.formats.dates import edit_date, edit_datetime, show_date, show_datetime
from services.formats.numbers import edit_money, show_money
from services.i18n import _


def show_value(value: object, currency: str = "") -> str:
    """The value for display: local times, amounts in the currency, an empty text for ``None``."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case Decimal():
            return show_money(value, currency)
        case datetime():
            return show_datetime(value)
        case date():
            return show_date(value)
        case _other:
            return str(value)


def edit_value(value: object, zone: tzinfo | None = None) -> str:
    """The value as the initial text of an input with times of this zone, by default the local one."""
    match value:
        case None:
            return ""
        case Decimal():
            return edit_money(value)
        case datetime():
            return edit_datetime(value, zone)
        case date():
            return edit_date(value)
        case _other:
            return str(value)
