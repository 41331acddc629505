"""Days and hours of the sample data; completed steps are before today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random


@dataclass(frozen=True)
class Diary:
    """Days around ``today``. Hours are local, so that the sample data look the same in every time zone."""

    today: date
    rng: Random

    @property
    def yesterday(self) -> date:
        """The last day with steps."""
        return self.today - timedelta(days=1)

    def day(self, offset: int) -> date:
        """The day at this offset from today."""
        return self.today + timedelta(days=offset)

    def after(self, day: date, least: int, most: int) -> date:
        """A working day ``least`` to ``most`` days later, at the latest yesterday."""
        return max(day, self.working(day + timedelta(days=self.rng.randint(least, most))))

    def at(self, day: date, hour: int) -> datetime:
        """A moment in that hour. The steps of a deal use rising hours, which keeps their order in a day."""
        return moment(day, time(hour, self.rng.randrange(60)))

    def working(self, day: date) -> date:
        """The day, or the Monday after it; at the latest yesterday."""
        monday = day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day
        return min(monday, self.yesterday)


def moment(day: date, hour: time) -> datetime:
    """A local day and time as a moment in UTC."""
    return datetime.combine(day, hour).astimezone(UTC)


def local_today() -> date:
    """The day by the clock of this machine."""
    return datetime.now(UTC).astimezone().date()
