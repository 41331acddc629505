"""Loads the modules of the signed-in screens, and the ORM with them, in a thread while the person types."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module

from services import garbage_collection

_MODULES = (
    "services.auth.sessions",
    "services.auth.token_store",
    "services.validation",
    "services.change_feed",
    "services.today_layout",
    "services.undo",
    "tui.security_alerts",
    "tui.runtime.idle_tasks",
    "tui.command_palette",
    "tui.screens.telemetry",
    "email_validator",
    "phonenumbers",
)


def load_modules() -> None:
    """Import the modules of the signed-in screens, and read the formats of the active language."""
    from tui.sections import SECTIONS  # not needed by the first screen

    garbage_collection.pause()
    try:
        for module in (*_MODULES, *(section.module for section in SECTIONS)):
            import_module(module)
        _read_formats()
    finally:
        garbage_collection.exempt_all()
        garbage_collection.resume()


def _read_formats() -> None:
    from services import formats
    from services.errors import CrmError

    now = datetime.now(UTC)
    formats.show_date(now.date())
    formats.show_datetime(now)
    formats.show_integer(1)
    formats.show_amount(Decimal(1))
    formats.show_money(Decimal(1), "EUR")
    formats.say_date(now.date())
    with suppress(CrmError):  # tries every rule of the grammar
        formats.parse_datetime("?", "start")
    with suppress(CrmError):  # reads the names of all currencies
        formats.parse_money("1 ?", "amount")
