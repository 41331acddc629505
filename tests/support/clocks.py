"""A machine with a wrong clock."""

from datetime import UTC, datetime, timedelta

import pytest

from services import clock


class MachineClock:
    """The machine's clock as read by the database layer; it is correct until :meth:`set_ahead`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead = timedelta(0)
        monkeypatch.setattr(clock, "machine_now", lambda: datetime.now(UTC) + self._ahead)

    def set_ahead(self, **by: float) -> None:
        """Set the clock ahead of the true time by this ``timedelta``; negative values set it behind."""
        self._ahead = timedelta(**by)
