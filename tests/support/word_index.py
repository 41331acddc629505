"""Checks of SQLite's word index, and an SQLite without FTS5."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from services.crm import Crm
from services.lists.search.sqlite import is_usable
from services.persistence import database, sqlite_fts
from services.settings import Settings
from services.startup import open_crm


def require_whole_index(crm: Crm) -> None:
    """Fail unless the index holds exactly the words of the live records; FTS5 itself compares them."""
    if crm.database.kind != "sqlite":
        return
    with crm.database.read() as connection:
        assert is_usable(connection)
    check = "INSERT INTO {table}_search({table}_search, rank) VALUES ('integrity-check', 1)"
    with crm.database.write_session() as session:
        for table in sqlite_fts.TABLES:
            session.connection().exec_driver_sql(check.format(table=table))


@contextmanager
def without_fts5(settings: Settings) -> Iterator[Crm]:
    """A CRM opened by an SQLite without FTS5, in which every access to an FTS5 table fails."""

    def forbid(connection: sqlite3.Connection, record: object) -> None:
        connection.set_authorizer(_refuse_fts5)

    def tell(connection: Any, cursor: Any, statement: str, *rest: Any) -> tuple[str, Any]:
        return statement.replace("name = 'fts5'", "name = 'nothing'"), rest[0]

    make = database._sqlite_engine

    def make_without(path: Path) -> Engine:
        engine = make(path)
        event.listen(engine, "connect", forbid)
        event.listen(engine, "before_cursor_execute", tell, retval=True)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_sqlite_engine", make_without)
        crm = open_crm(settings)
        assert crm.database.engine
    yield crm
    crm.close()


def _refuse_fts5(action: int, one: str | None, other: str | None, *where: str | None) -> int:
    used = any(one == f"{table}_search" for table in sqlite_fts.TABLES)
    return sqlite3.SQLITE_DENY if used or action == sqlite3.SQLITE_CREATE_VTABLE else sqlite3.SQLITE_OK
