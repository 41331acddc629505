"""The server's rate limits by category, stored in a file so that the next process obeys them too.

The server sends them in the headers ``X-Sentry-Rate-Limits`` and ``Retry-After``:
https://develop.sentry.dev/sdk/expected-features/rate-limiting/
"""

import email.utils
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from services.files import write_private

DEFAULT: Final = 60.0
"""Seconds of a limit for which the server gives no time."""
LONGEST: Final = 24 * 3600.0
"""The longest limit in seconds; a longer one is shortened to it."""
_ALL: Final = ""


class RateLimits:
    """The end of each category's rate limit, in seconds since 1970."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._until: dict[str, float] = {}
        self.reload()

    def until(self, category: str) -> float:
        """The end of the limit on this category or on all categories; 0 if there is none."""
        latest = max(self._until.get(category, 0.0), self._until.get(_ALL, 0.0))
        return latest if latest > time.time() else 0.0

    def names(self, category: str) -> bool:
        """Whether a limit names this category; a limit on all categories does not count."""
        return self._until.get(category, 0.0) > time.time()

    def learn(self, status: int, headers: Mapping[str, str]) -> None:
        """Store the limits that an answer's status and headers set."""
        header = headers.get("X-Sentry-Rate-Limits")
        if header:
            limits = dict(_limits(header))
        elif status == 429:
            limits = {_ALL: _seconds(headers.get("Retry-After"))}
        else:
            return
        for category, seconds in limits.items():
            self.hold(category, seconds)

    def hold(self, category: str, seconds: float = DEFAULT) -> None:
        """Limit this category for so many seconds."""
        end = time.time() + min(max(seconds, 0.0), LONGEST)
        self._until[category] = max(end, self._until.get(category, 0.0))
        self._save()

    def reload(self) -> None:
        """Merge in the limits that other processes have stored."""
        try:
            known = json.loads(self._file.read_bytes())
            ends = {str(category): float(end) for category, end in known.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return
        latest = time.time() + LONGEST  # after the clock was set back, a stored end may be years away
        for category, end in ends.items():
            self._until[category] = max(min(end, latest), self._until.get(category, 0.0))

    def _save(self) -> None:
        ends = {category: end for category, end in self._until.items() if end > time.time()}
        with suppress(OSError):
            write_private(self._file, json.dumps(ends), replace=True)


def _limits(header: str) -> Iterator[tuple[str, float]]:
    """The limits in ``60:error;transaction:organization, 2700::key``; an invalid limit is left out."""
    for limit in header.split(","):
        seconds, _colon, rest = limit.strip().partition(":")
        categories = rest.partition(":")[0]
        with suppress(ValueError):
            for category in categories.split(";"):
                yield category.strip(), float(seconds)


def _seconds(retry_after: str | None) -> float:
    """The seconds that ``Retry-After`` asks for, as a number or as a date."""
    if retry_after is None:
        return DEFAULT
    try:
        return float(retry_after)
    except ValueError:
        pass
    try:
        return email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time()
    except (ValueError, OverflowError):
        return DEFAULT
