"""What is slow at start-up, done in a thread while the person types.

The services bring the ORM with them; opening the database may migrate it. Nothing waits for any of this
but the first thing that needs it.
"""

from concurrent.futures import Future
from importlib import import_module
from typing import TYPE_CHECKING

from tui.sections import SECTIONS

if TYPE_CHECKING:
    from services.crm import Crm
    from services.settings import Settings

_MODULES = (
    "services.sessions",
    "services.token_store",
    "services.validation",
    "services.changes",
    "services.history",
    "phonenumbers",
)


class CrmOpening:
    """The CRM of some settings, opened once in the background; any thread may wait for it."""

    def __init__(self, settings: "Settings") -> None:
        self.settings = settings
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
            from services.crm import open_crm

            crm = open_crm(self.settings)
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
    """Import what the first signed-in screen needs."""
    for module in (*_MODULES, *(section.module for section in SECTIONS)):
        import_module(module)


def open_telemetry(settings: "Settings") -> str:
    """Initialise Sentry; the line that says so, in the active language."""
    from services import monitoring

    return monitoring.init_sentry(settings).line()
