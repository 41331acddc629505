"""Sample data: a small agency in the middle of its year, for looking around and for trying things out.

The whole content follows from a seed and a day. Importing this package loads no ORM, so that the login
screen can name the sample accounts before anything else is there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from services.demo.definitions import DEFAULT_SEED, Progress

if TYPE_CHECKING:
    from services.crm import Crm


def fill(crm: Crm, seed: int = DEFAULT_SEED, today: date | None = None) -> None:
    """Fill an empty database with the sample data around ``today`` (local), and mark it as a demo.

    Takes about as long as bcrypt needs for five passwords. Raises :class:`NotEmpty` where the database
    holds anything at all; then nothing is written.
    """
    from services.demo.writer import write_all

    write_all(crm, seed, today or _today())


def fill_bulk(
    crm: Crm,
    clients: int,
    seed: int = DEFAULT_SEED,
    today: date | None = None,
    progress: Progress = lambda step, share: None,
) -> None:
    """Fill an empty database with so many clients (1 to a million), their contracts, payments and events.

    An exception that ``progress`` raises ends the work; the database is then as empty as before, as it is
    whatever else ends the program. The journal stays empty. Raises :class:`NotEmpty` as :func:`fill` does.
    """
    from services.demo.bulk.fill import fill as fill_with_bulk

    fill_with_bulk(crm, clients, seed, today or _today(), progress)


def is_demo(crm: Crm) -> bool:
    """Whether the database was filled by :func:`fill` or :func:`fill_bulk`."""
    from services.demo.writer import is_marked

    return is_marked(crm)


def bulk_clients_of(crm: Crm) -> int:
    """How many clients :func:`fill_bulk` made up in the database; 0 where it did not."""
    from services.demo.bulk.fill import noted

    return noted(crm)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
