"""Definitions shared by the generators of sample data and their callers. They load no ORM."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

from services.errors import CrmError
from services.i18n import N_

DEFAULT_SEED: Final = 2026
MAX_CLIENTS: Final = 1_000_000
"""As many clients as :func:`services.demo.fill_bulk` makes up."""


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


class Step(StrEnum):
    """What :func:`services.demo.fill_bulk` does, one after another."""

    PLAN = "plan"
    ROWS = "rows"
    WORDS = "words"
    INDEXES = "indexes"


Progress = Callable[[Step, float], None]
"""Is told the step, and which share of the whole work is done, from 0 to 1."""


class NotEmpty(CrmError):
    """The database holds something: sample data must never mix with what somebody wrote."""

    exit_code = 6
    template = N_("This database holds records already; sample data go into an empty one only.")
