"""Definitions shared by the generators of sample data and their callers. They load no ORM."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

from services.errors import CrmError
from services.i18n import N_

DEFAULT_SEED: Final = 2026
MAX_CLIENTS: Final = 1_000_000
"""The maximum number of clients of :func:`services.demo.bulk.fill.fill_bulk`."""


class SampleAccount(NamedTuple):
    """An account of every demo database; its password is published in the documentation."""

    username: str
    password: str
    department: str


# Source: "Samples from the brief". The passwords break the policy, which only demo databases allow.
SAMPLE_ACCOUNTS: Final = (
    SampleAccount("admin", "Admin123!", "Gestion"),
    SampleAccount("commercial1", "Commercial123!", "Commercial"),
    SampleAccount("commercial2", "Commercial123!", "Commercial"),
    SampleAccount("support1", "Support123!", "Support"),
    SampleAccount("support2", "Support123!", "Support"),
)


class Step(StrEnum):
    """The steps of :func:`services.demo.bulk.fill.fill_bulk` in order."""

    PLAN = "plan"
    ROWS = "rows"
    WORDS = "words"
    INDEXES = "indexes"


Progress = Callable[[Step, float], None]
"""Called with the step and the completed share of the whole work, from 0 to 1."""


class NotEmpty(CrmError):
    """The database is not empty: sample data must never mix with real records."""

    exit_code = 6
    template = N_("This database holds records already; sample data go into an empty one only.")
