"""A machine whose clock is wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from services import clock


class MachineClock:
    """The clock of this machine, as the database layer reads it: right, until it is set otherwise."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead = timedelta(0)
        monkeypatch.setattr(clock, "machine_now", lambda: datetime.now(UTC) + self._ahead)

    def set_ahead(self, **by: float) -> None:
        """Let it be so far ahead of the true time; negative numbers let it run behind."""
        self._ahead = timedelta(**by)
