"""What is slow at start-up, done in a thread while the person types.

The services bring the ORM with them; opening the database may migrate it. Nothing waits for any of this
but the first thing that needs it.
"""

import gc
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.crm import Crm
    from services.settings import Settings

_MODULES = (
    "services.auth.sessions",
    "services.auth.token_store",
    "services.validation",
    "services.change_feed",
    "services.undo",
    "tui.security_alerts",
    "tui.runtime.idle_tasks",
    "tui.command_palette",
    "tui.screens.telemetry",
    "email_validator",
    "phonenumbers",
)


class CrmLoader:
    """The CRM of some settings, opened once in the background; any thread may wait for it.

    ``on_wait`` is called in that thread, before what takes long where there are many records; ``on_busy`` in
    any thread that has waited for another program for a second.
    """

    def __init__(
        self,
        settings: "Settings",
        on_wait: Callable[[], None] = lambda: None,
        on_busy: Callable[[], None] = lambda: None,
    ) -> None:
        self.settings = settings
        self._on_wait = on_wait
        self._on_busy = on_busy
        self._future: Future[Crm] = Future()

    @property
    def crm(self) -> "Crm | None":
        """The CRM if it is open by now."""
        done = self._future.done() and self._future.exception() is None
        return self._future.result() if done else None

    def wait(self) -> "Crm":
        """The CRM, as soon as it is open. Blocks: for threads. Raises what opening raised."""
        return self._future.result()

    def open(self) -> "Crm":
        """Open it, once more after a failure. Blocks: for the warm-up thread."""
        if self._future.done() and self._future.exception() is not None:
            self._future = Future()
        try:
            from services.startup import open_crm

            crm = open_crm(self.settings, on_wait=self._on_wait, on_busy=self._on_busy)
        except BaseException as error:
            self._future.set_exception(error)
            raise
        self._future.set_result(crm)
        return crm

    def close(self) -> None:
        """Give the connections back."""
        if self.crm is not None:
            self.crm.close()


def load_modules() -> None:
    """Import what the first signed-in screen needs, and read the formats of the active language.

    Collecting garbage stops every thread. What is made at start-up is no garbage: nothing is collected from
    the launch until the modules are loaded, and afterwards all of it is left out for good, or a collection in
    the middle of a key press would look through it for tens of milliseconds.
    """
    from tui.sections import SECTIONS

    gc.disable()
    try:
        for module in (*_MODULES, *(section.module for section in SECTIONS)):
            import_module(module)
        _read_formats()
    finally:
        gc.freeze()
        gc.enable()


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
    with suppress(CrmError):  # reads the names of all currencies
        formats.parse_money("1 ?", "amount")
