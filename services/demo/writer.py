"""Writes the sample data to an empty database in one transaction."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from models.activity_tables import Note, Task
from models.tables import (
    AuditEntry,
    Client,
    Collaborator,
    Contract,
    DatabaseFact,
    Event,
    LoginAttempt,
    LoginSession,
    Payment,
)
from services import shared_values
from services.auth import passwords
from services.crm import Crm
from services.demo.brief_examples import record_samples
from services.demo.dates import Diary, local_today
from services.demo.definitions import DEFAULT_SEED, SAMPLE_ACCOUNTS, NotEmpty
from services.demo.history import History
from services.demo.names_and_phrases import AGENCY
from services.demo.notes import record_notes
from services.demo.scenario import FIRST_IDS, record_year
from services.demo.staff import create_team
from services.demo.tasks import record_tasks
from services.demo.zones_of_events import settle_zones
from services.denormalized import computed_columns, consistency
from services.iso_codes import currency_digits

MARK: Final = ("kind", "demo")
"""The database fact that marks a demo."""

# In the order that foreign keys require.
_NUMBERED: Final = (Collaborator, Client, Contract, Payment, Event, Note, Task, AuditEntry)
_TABLES: Final = (*_NUMBERED, LoginSession, LoginAttempt)


def fill(crm: Crm, seed: int = DEFAULT_SEED, today: date | None = None) -> None:
    """Fill an empty database with the sample data around ``today`` (local), and mark it as a demo.

    Takes about the time of five bcrypt hashes. Raises :class:`NotEmpty`, and writes nothing, if the database
    is not empty.
    """
    with crm.database.write_session() as session:
        require_empty(session)
    records = _record_all(crm, seed, today or local_today(), hash_sample_passwords(crm.settings.bcrypt_cost))
    try:
        with crm.database.write_session() as session:
            require_empty(session)
            # In one transaction, so that no database has the weak passwords without the mark.
            session.add(DatabaseFact(key=MARK[0], value=MARK[1]))
            describe_agency(session.connection())
            _add(session, records)
            consistency.rebuild(session.connection())
    except IntegrityError:  # another process filled it at the same time, on PostgreSQL
        raise NotEmpty from None


def is_demo(crm: Crm) -> bool:
    """Whether the database holds the mark of a demo."""
    key, value = MARK
    with crm.database.read() as connection:
        query = select(func.count()).select_from(DatabaseFact).filter_by(key=key, value=value)
        return bool(connection.execute(query).scalar())


def require_empty(session: Session) -> None:
    """Raise :class:`NotEmpty` if the database holds records, sign-ins or the mark of a demo."""
    for table in _TABLES:
        if session.scalar(select(table).limit(1)) is not None:
            raise NotEmpty
    if session.get(DatabaseFact, MARK[0]) is not None:
        raise NotEmpty


def hash_sample_passwords(cost: int) -> dict[str, str]:
    """The password hash of each sample account by its username."""
    # bcrypt releases the GIL, so two cores need half the time.
    with ThreadPoolExecutor() as pool:
        hashes = pool.map(lambda account: passwords.hash_password(account.password, cost), SAMPLE_ACCOUNTS)
        return {account.username: text for account, text in zip(SAMPLE_ACCOUNTS, hashes, strict=True)}


def _record_all(crm: Crm, seed: int, today: date, hashes: dict[str, str]) -> list[SQLModel]:
    rng = Random(seed)  # noqa: S311 - sample data, not secrets
    diary = Diary(today, rng)
    unit = Decimal(1).scaleb(-currency_digits(crm.shared.currency))
    history = History(rng, FIRST_IDS, unit)
    team = create_team(history, diary, hashes)
    record_samples(history, team)
    record_year(history, diary, team)
    record_notes(history)
    record_tasks(history, diary, team)
    settle_zones(history, crm.shared.time_zone, today)
    computed_columns.refresh(team.admin, crm.shared.phone_region)
    records, entries = history.replay(crm.shared.phone_region)
    return [team.admin, *records, *entries]


def _add(session: Session, records: Sequence[SQLModel]) -> None:
    for table in _NUMBERED:
        session.add_all(record for record in records if isinstance(record, table))
        session.flush()
    continue_sequences(session.connection(), [str(table.__tablename__) for table in _NUMBERED])


def describe_agency(connection: Connection) -> None:
    """Fill in what papers say of the agency; the rest of the shared settings stays."""
    connection.execute(update(shared_values.TABLE).values(AGENCY))


def continue_sequences(connection: Connection, tables: Sequence[str]) -> None:
    """Let the sequences of PostgreSQL continue after the ids that were set explicitly."""
    if connection.dialect.name == "postgresql":
        for name in tables:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608
            )
