"""Sample data: a small agency in the middle of its year, for looking around and for trying things out.

The whole content follows from a seed and a day. Importing this package loads no ORM, so that the login
screen can name the sample accounts before anything else is there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from services.errors import CrmError
from services.i18n import N_

if TYPE_CHECKING:
    from services.crm import Crm

DEFAULT_SEED: Final = 2026


class SampleAccount(NamedTuple):
    """An account of every demo database; its password is in the documentation for all to read."""

    username: str
    password: str
    department: str


# Source: "Samples from the brief". The passwords break the policy; a demo database is the one exception.
SAMPLE_ACCOUNTS: Final = (
    SampleAccount("admin", "Admin123!", "Gestion"),
    SampleAccount("commercial1", "Commercial123!", "Commercial"),
    SampleAccount("commercial2", "Commercial123!", "Commercial"),
    SampleAccount("support1", "Support123!", "Support"),
    SampleAccount("support2", "Support123!", "Support"),
)


class NotEmpty(CrmError):
    """The database holds something: sample data must never mix with what somebody wrote."""

    exit_code = 6
    template = N_("This database holds records already; sample data go into an empty one only.")


def fill(crm: Crm, seed: int = DEFAULT_SEED, today: date | None = None) -> None:
    """Fill an empty database with the sample data around ``today`` (local), and mark it as a demo.

    Takes about as long as bcrypt needs for five passwords. Raises :class:`NotEmpty` where the database
    holds anything at all; then nothing is written.
    """
    from services.demo.writing import write_all

    write_all(crm, seed, today or datetime.now(UTC).astimezone().date())


def is_demo(crm: Crm) -> bool:
    """Whether the database was filled by :func:`fill`."""
    from services.demo.writing import is_marked

    return is_marked(crm)
