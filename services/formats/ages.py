"""How long ago something was, in a few characters."""

from datetime import datetime, timedelta
from typing import Final

from services.formats.dates import show_date
from services.i18n import _

_LONGEST: Final = timedelta(days=60)


def show_age(moment: datetime, now: datetime) -> str:
    """The time between two moments: ``5 min``, ``3 h``, ``12 d``; before that, the local day."""
    age = now - moment
    if age >= _LONGEST:
        return show_date(moment.astimezone().date())
    if age.days > 0:
        return _("{number} d").format(number=age.days)
    minutes = max(age.seconds // 60, 0) if age >= timedelta(0) else 0
    if minutes >= 60:
        return _("{number} h").format(number=minutes // 60)
    return _("{number} min").format(number=minutes) if minutes else _("now")
