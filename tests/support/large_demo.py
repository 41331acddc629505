"""Helpers of the tests of the bulk sample data."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from models.tables import Client, Collaborator, Contract, Event, Payment
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.demo import definitions
from services.demo.bulk.columns import Row
from services.demo.bulk.dates import Calendar
from services.demo.bulk.plan import Plan
from services.demo.bulk.tables import batches
from services.demo.writer import is_demo


def signed_in(crm: Crm, username: str) -> Actor:
    password = next(
        account.password for account in definitions.SAMPLE_ACCOUNTS if account.username == username
    )
    return sessions.sign_in(crm, username, password).actor


def rows(crm: Crm, model: type[Any]) -> list[Any]:
    with crm.database.write_session() as session:
        return list(session.scalars(select(model)))


def is_empty(crm: Crm) -> bool:
    with crm.database.read() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(model))
            for model in (Collaborator, Client, Contract, Payment, Event)
        ]
    return not any(counts) and not is_demo(crm)


def generated(size: int, seed: int, today: date) -> dict[str, list[Row]]:
    """The rows of each table without passwords, since their salt is random."""
    told: dict[str, list[Row]] = {}
    for table, batch in batches(Plan(size, seed, Calendar(today)), {}, "FR", "Europe/Paris"):
        told.setdefault(table, []).extend(batch)
    return told
