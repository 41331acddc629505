"""Opens the CRM in a thread while the person types. Only a caller that needs the CRM waits for it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.crm import Crm
    from services.settings import Settings


class CrmLoader:
    """The CRM of some settings, opened once in the background; any thread may wait for it.

    ``on_wait`` is called in that thread, before work that takes long with many records; ``on_busy`` in
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
        """The CRM, as soon as it is open. Blocks: for threads. Raises the exception of the opening."""
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
