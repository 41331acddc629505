"""Days and moments of the bulk data as texts, counted from the day of the data."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

FIRST_DAY: Final = -2_400
LAST_DAY: Final = 420
_MINUTES: Final = tuple(f" {minute // 60:02}:{minute % 60:02}:00.000000" for minute in range(1_440))


class Calendar:
    """Texts of the days around ``today``; a day is its offset from today, so yesterday is -1.

    Both engines accept these texts for dates and moments (UTC), so that the same rows fit both. ``zone`` is
    that of the CRM, in which records have their days.
    """

    def __init__(self, today: date, zone: tzinfo | None = None) -> None:
        self.zone = zone
        days = [today + timedelta(days=offset) for offset in range(FIRST_DAY, LAST_DAY + 1)]
        # The lists begin with today, so that negative indexes are past days.
        self.days = [day.isoformat() for day in days[-FIRST_DAY:] + days[:-FIRST_DAY]]
        self._shifts = [_shift(day) for day in days[-FIRST_DAY:] + days[:-FIRST_DAY]]
        self._weekday = today.weekday()

    def moment(self, day: int, minute: int) -> str:
        """The moment (UTC) ``minute`` minutes after the local midnight of a day."""
        further, minute = divmod(minute + self._shifts[day], 1_440)
        return self.days[day + further] + _MINUTES[minute]

    def working(self, day: int) -> int:
        """The day, or the Monday after it; at the latest yesterday."""
        weekday = (self._weekday + day) % 7
        return min(day + 7 - weekday if weekday > 4 else day, -1)

    def celebrated(self, day: int, by_company: bool) -> int:
        """A day of the same week that suits the event: working days for companies, else the weekend."""
        weekday = (self._weekday + day) % 7
        if by_company:
            return day + min(0, 4 - weekday)
        return day if weekday > 3 else day + 5 - weekday


def _shift(day: date) -> int:
    """The offset from local time to UTC at noon, in minutes."""
    noon = datetime.combine(day, time(12))
    return round((noon.astimezone(UTC).replace(tzinfo=None) - noon) / timedelta(minutes=1))
