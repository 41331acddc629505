"""Sample data: a small agency in the middle of its year, for trying the program out.

A seed and a day determine the whole content. Importing this package loads no ORM, so that the login screen
can list the sample accounts early.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from services.demo.definitions import DEFAULT_SEED, Progress

if TYPE_CHECKING:
    from services.crm import Crm


def fill(crm: Crm, seed: int = DEFAULT_SEED, today: date | None = None) -> None:
    """Fill an empty database with the sample data around ``today`` (local), and mark it as a demo.

    Takes about the time of five bcrypt hashes. Raises :class:`NotEmpty`, and writes nothing, if the database
    is not empty.
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

    An exception of ``progress`` aborts the fill. The database is then empty as before, as after any other end
    of the program. The journal stays empty. Raises :class:`NotEmpty` as :func:`fill` does.
    """
    from services.demo.bulk.fill import fill as fill_with_bulk

    fill_with_bulk(crm, clients, seed, today or _today(), progress)


def is_demo(crm: Crm) -> bool:
    """Whether the database was filled by :func:`fill` or :func:`fill_bulk`."""
    from services.demo.writer import is_marked

    return is_marked(crm)


def bulk_clients_of(crm: Crm) -> int:
    """The number of clients with which :func:`fill_bulk` filled the database; otherwise 0."""
    from services.demo.bulk.fill import noted

    return noted(crm)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
