"""Filling a database with sample data by the thousand: whole or not there at all, on both engines."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from models.tables import Client, Contract
from models.write_models import ClientCreate, ContractCreate
from services import clients, contracts
from services.crm import Crm
from services.demo import definitions
from services.demo.bulk import bulk_insert
from services.demo.bulk.columns import COLUMNS, Row
from services.demo.bulk.fill import bulk_clients_of, fill_bulk
from services.demo.definitions import Step
from services.denormalized import consistency
from services.errors import DatabaseUnavailable
from services.startup import open_crm
from tests.support.crm import environment_for, settings_for
from tests.support.databases import postgresql_only, sqlite_only
from tests.support.isolation import ROOT
from tests.support.large_demo import generated, is_empty, rows, signed_in
from tests.support.postgres import sqlite_path

TODAY = date(2026, 9, 16)


@pytest.fixture
def blank(database_url: str, home: Path) -> Iterator[Crm]:
    crm = open_crm(settings_for(database_url, home))
    yield crm
    crm.close()


def stored(crm: Crm, table: str) -> list[Row]:
    """The rows of a table as they were given to it."""
    key = "kind" if table == "total" else "id"
    query = text(f"SELECT {', '.join(COLUMNS[table])} FROM {table} ORDER BY {key}")  # noqa: S608
    with crm.database.read() as connection:
        return [tuple(as_given(value) for value in row) for row in connection.execute(query)]


def as_given(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return f"{value:%Y-%m-%d}".rjust(10, "0") if isinstance(value, date) else value


def without(columns: Sequence[str], *left_out: str) -> Callable[[Row], Row]:
    kept = [at for at, name in enumerate(columns) if name not in left_out]
    return lambda row: tuple(row[at] for at in kept)


def indexes(crm: Crm) -> set[tuple[str, str]]:
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }[crm.database.kind]
    with crm.database.read() as connection:
        return {(name, "".join(sql.split())) for name, sql in connection.execute(text(query))}


def test_both_engines_hold_the_rows_as_they_were_made_up(blank: Crm) -> None:
    fill_bulk(blank, 120, 7, TODAY)
    expected = generated(120, 7, TODAY)
    expected["total"].sort()
    for table, columns in COLUMNS.items():
        same = without(columns, "password_hash", "last_login_at")
        assert [same(row) for row in stored(blank, table)] == [same(row) for row in expected[table]], table


@sqlite_only
@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_few_clients_are_a_crowd_too(blank: Crm, size: int) -> None:
    fill_bulk(blank, size, size)
    assert len(rows(blank, Client)) == bulk_clients_of(blank) == size
    with blank.database.read() as connection:
        assert consistency.differences(connection) == []


def test_the_indexes_are_those_that_were_there(blank: Crm) -> None:
    before = indexes(blank)
    fill_bulk(blank, 20)
    assert indexes(blank) == before


def test_the_next_records_have_the_next_ids(blank: Crm) -> None:
    fill_bulk(blank, 20)
    sales, admin = signed_in(blank, "commercial1"), signed_in(blank, "admin")
    highest = {model: max(row.id for row in rows(blank, model)) for model in (Client, Contract)}
    client = clients.create_client(blank, sales, ClientCreate(full_name="New", email="new@client.example"))
    command = ContractCreate(client_id=client.id, total_amount=Decimal(1))
    contract = contracts.create_contract(blank, admin, command)
    assert (client.id, contract.id) == (highest[Client] + 1, highest[Contract] + 1)
    with blank.database.read() as connection:
        assert consistency.differences(connection) == []


def test_only_an_empty_database_is_filled(blank: Crm, crm: Crm) -> None:
    fill_bulk(blank, 20)
    for database in (blank, crm):
        before = len(rows(database, Client))
        with pytest.raises(definitions.NotEmpty):
            fill_bulk(database, 10)
        assert len(rows(database, Client)) == before
    assert (bulk_clients_of(blank), bulk_clients_of(crm)) == (20, 0)


@pytest.mark.parametrize(
    ("database_kind", "step"),
    [*(("sqlite", step) for step in Step), ("postgresql", Step.INDEXES)],
    indirect=["database_kind"],
)
def test_an_interrupted_database_is_as_empty_as_before_and_can_be_filled(blank: Crm, step: Step) -> None:
    def interrupt(now: Step, share: float) -> None:
        if now is step:
            raise KeyboardInterrupt

    before = indexes(blank)
    with pytest.raises(KeyboardInterrupt):
        fill_bulk(blank, 50, progress=interrupt)
    assert is_empty(blank)
    assert indexes(blank) == before
    fill_bulk(blank, 50)
    assert len(rows(blank, Client)) == 50


@sqlite_only
def test_a_statement_of_sqlite_that_takes_long_can_be_interrupted(
    blank: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_insert, "TICK", 100)
    told: list[float] = []

    def interrupt(now: Step, share: float) -> None:
        told.append(share)
        if now is Step.WORDS and len([each for each in told if each > 0.36]) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_bulk(blank, 200, progress=interrupt)
    assert told == sorted(told)
    assert is_empty(blank)


@sqlite_only
def test_an_interruption_of_which_sqlite_tells_no_cause_is_ctrl_c(
    blank: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Python raises it before the first line of a function that C calls.
    monkeypatch.setattr(bulk_insert, "TICK", 100)
    monkeypatch.setattr(bulk_insert._Ticks, "__call__", lambda self: 1)
    with pytest.raises(KeyboardInterrupt):
        fill_bulk(blank, 20)
    assert is_empty(blank)


@sqlite_only
def test_a_full_disk_is_said_as_such(blank: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_insert, "_SQLITE", ("journal_mode=DELETE", "max_page_count=210"))
    with pytest.raises(DatabaseUnavailable):
        fill_bulk(blank, 100)
    assert is_empty(blank)


@postgresql_only
def test_a_server_that_goes_away_is_said_as_such(blank: Crm) -> None:
    def stop(step: Step, share: float) -> None:
        if step is Step.ROWS:
            with blank.database.read() as other:
                other.execute(text(OTHERS_LEAVE))

    with pytest.raises(DatabaseUnavailable):
        fill_bulk(blank, 100, progress=stop)
    assert is_empty(blank)


OTHERS_LEAVE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
KILLED = """
import os, signal, sys
from services.startup import open_crm
from services.demo.bulk import bulk_insert
from services.demo.bulk.fill import fill_bulk
from services.settings import load_settings

# So little memory that much of it stands in the file when the program dies.
bulk_insert._SQLITE = ("journal_mode=DELETE", "cache_size=-200")
def progress(step, share):
    if share > 0.9:
        os.kill(os.getpid(), signal.SIGKILL)
fill_bulk(open_crm(load_settings()), 300, progress=progress)
"""


@sqlite_only
def test_a_killed_program_leaves_an_empty_database(database_url: str, home: Path) -> None:
    file = sqlite_path(database_url)
    before = file.stat().st_size
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, env=environment_for(database_url), check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    assert file.stat().st_size > 2 * before
    crm = open_crm(settings_for(database_url, home))
    assert is_empty(crm)
    fill_bulk(crm, 20)
    assert len(rows(crm, Client)) == 20
    crm.close()


@sqlite_only
def test_progress_goes_from_nothing_to_all(blank: Crm) -> None:
    told: list[tuple[Step, float]] = []
    fill_bulk(blank, 30, progress=lambda step, share: told.append((step, share)))
    assert list(dict.fromkeys(step for step, _ in told)) == list(Step)
    shares = [share for _, share in told]
    assert (shares[0], shares[-1]) == (0, 1)
    assert shares == sorted(shares)


@sqlite_only
def test_a_filled_file_is_in_the_mode_of_the_program_again(blank: Crm) -> None:
    fill_bulk(blank, 20)
    with blank.database.read() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")
        ]
        assert modes == ["wal", 1]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_the_columns_that_are_written_are_all_that_must_be() -> None:
    for table, columns in COLUMNS.items():
        metadata = SQLModel.metadata.tables[table]
        optional = {column.name for column in metadata.columns if column.nullable or column.server_default}
        assert {column.name for column in metadata.columns} - optional <= set(columns)
