"""Rules about time: PostgreSQL's own clock decides; on SQLite a moment in the future counts as now."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.enums import Department
from models.write_models import ClientUpdate, CollaboratorCreate
from services import clients, collaborators, events, session_rows
from services.auth import brute_force, sessions
from services.crm import Crm
from services.domain_events import BruteForceSuspected, DomainEvent
from services.errors import NotSignedIn, SignInRefused
from services.lists.query import Filter, ListQuery
from services.startup import open_crm
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.clocks import MachineClock
from tests.support.crm import environment_for, settings_for
from tests.support.databases import postgresql_only, sqlite_only
from tests.support.list_reads import count_clients, count_events
from tests.support.records import Records, rewrite, row_count

WRONG = "not her password!"
NAME = "claire_d"


def fail(crm: Crm, times: int, password: str = WRONG) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, NAME, password)


def in_the_future(**after: float) -> datetime:
    return datetime.now(UTC) + timedelta(**after)


def set_moment(crm: Crm, table: str, column: str, moment: datetime, where: str = "1 = 1") -> None:
    kept = moment if crm.database.kind == "postgresql" else moment.replace(tzinfo=None)
    rewrite(crm, f"UPDATE {table} SET {column} = :moment WHERE {where}", moment=kept.isoformat(" "))  # noqa: S608


def moments(crm: Crm, table: str, column: str) -> list[datetime]:
    with crm.database.read() as connection:
        found = connection.exec_driver_sql(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
        return [
            each if isinstance(each, datetime) else datetime.fromisoformat(f"{each}Z")
            for each in found.scalars()
        ]


@postgresql_only
@pytest.mark.parametrize("minutes", [16, 60 * 24 * 365, -16, -60 * 24 * 365])
def test_no_clock_of_a_terminal_ends_a_lock(crm: Crm, machine_clock: MachineClock, minutes: int) -> None:
    fail(crm, 5)
    machine_clock.set_ahead(minutes=minutes)
    fail(crm, 1, PASSWORD)


@postgresql_only
def test_failures_of_a_terminal_that_runs_behind_lock_at_the_true_time(
    crm: Crm, machine_clock: MachineClock
) -> None:
    machine_clock.set_ahead(hours=-1)
    fail(crm, 5)
    machine_clock.set_ahead(hours=0)
    fail(crm, 1, PASSWORD)


@pytest.mark.parametrize("minutes", [1, 60, 60 * 24 * 365])
def test_a_sign_in_from_a_clock_ahead_lets_nobody_guess(
    crm: Crm, machine_clock: MachineClock, minutes: int
) -> None:
    machine_clock.set_ahead(minutes=minutes)
    sessions.sign_in(crm, NAME, PASSWORD)
    machine_clock.set_ahead(minutes=0)
    fail(crm, 5)
    fail(crm, 1, PASSWORD)


def test_an_unlock_from_a_clock_ahead_lets_nobody_guess(
    crm: Crm, people: People, machine_clock: MachineClock
) -> None:
    fail(crm, 5)
    machine_clock.set_ahead(hours=1)
    collaborators.unlock_collaborator(crm, people.gestion, people.commercial.id)
    machine_clock.set_ahead(hours=0)
    fail(crm, 4)
    sessions.sign_in(crm, NAME, PASSWORD)
    fail(crm, 5)
    fail(crm, 1, PASSWORD)


def test_a_window_that_begins_in_the_future_begins_now(crm: Crm) -> None:
    set_moment(crm, "collaborator", "failures_counted_from", in_the_future(days=400))
    fail(crm, 4)
    sessions.sign_in(crm, NAME, PASSWORD)
    set_moment(crm, "collaborator", "failures_counted_from", in_the_future(days=400))
    fail(crm, 5)
    fail(crm, 1, PASSWORD)


def test_failures_noted_by_a_clock_ahead_count_as_now(crm: Crm) -> None:
    fail(crm, 4)
    set_moment(crm, "login_attempt", "at", in_the_future(hours=1))
    fail(crm, 1)
    fail(crm, 1, PASSWORD)


def test_failures_noted_by_a_clock_ahead_are_forgotten_with_the_others(crm: Crm) -> None:
    fail(crm, 4)
    set_moment(crm, "login_attempt", "at", in_the_future(hours=1))
    sessions.sign_in(crm, NAME, PASSWORD)
    fail(crm, 4)
    sessions.sign_in(crm, NAME, PASSWORD)


def test_a_lock_set_by_a_clock_ahead_holds_for_a_quarter_of_an_hour_from_when_it_is_met(crm: Crm) -> None:
    fail(crm, 5)
    set_moment(crm, "collaborator", "locked_until", in_the_future(days=400), f"username = '{NAME}'")
    fail(crm, 2, PASSWORD)
    set_moment(crm, "login_attempt", "at", in_the_future(minutes=-14))
    fail(crm, 1, PASSWORD)
    set_moment(crm, "login_attempt", "at", in_the_future(minutes=-16))
    sessions.sign_in(crm, NAME, PASSWORD)


@sqlite_only
def test_a_clock_that_jumped_back_opens_no_lock(crm: Crm, machine_clock: MachineClock) -> None:
    fail(crm, 5)
    machine_clock.set_ahead(hours=-1)
    fail(crm, 2, PASSWORD)
    machine_clock.set_ahead(minutes=1)
    fail(crm, 1, PASSWORD)


@sqlite_only
def test_the_failure_that_locks_does_so_at_the_true_time_though_its_clock_runs_behind(
    crm: Crm, machine_clock: MachineClock
) -> None:
    fail(crm, 4)
    machine_clock.set_ahead(hours=-1)
    fail(crm, 1)
    machine_clock.set_ahead(hours=0)
    fail(crm, 1, PASSWORD)


def test_a_lock_that_is_over_is_not_shown_as_one(crm: Crm, people: People) -> None:
    def shown() -> list[datetime | None]:
        listed = collaborators.list_collaborators(crm, people.gestion, ListQuery(search=NAME))
        return [
            collaborators.get_collaborator(crm, people.gestion, people.commercial.id).locked_until,
            *(person.locked_until for person in listed if person.id == people.commercial.id),
        ]

    fail(crm, 5)
    until = shown()
    assert until[0] is not None
    assert until == until[:1] * 2
    set_moment(crm, "collaborator", "locked_until", in_the_future(seconds=-1), f"username = '{NAME}'")
    assert shown() == [None, None]


def _list(crm: Crm, people: People) -> None:
    clients.list_clients(crm, people.commercial, ListQuery())


def _search(crm: Crm, people: People) -> None:
    clients.list_clients(crm, people.commercial, ListQuery(search="dubois"))


def _count(crm: Crm, people: People) -> None:
    count_clients(crm, people.commercial, ListQuery())


def _write(crm: Crm, people: People) -> None:
    Records(crm, people).client()


@pytest.mark.parametrize("use", [_list, _search, _count, _write])
def test_a_session_of_a_clock_ahead_counts_as_opened_when_it_is_used(
    crm: Crm, people: People, use: Callable[[Crm, People], None]
) -> None:
    set_moment(crm, "login_session", "created_at", in_the_future(days=400))
    set_moment(crm, "login_session", "expires_at", in_the_future(days=401))
    use(crm, people)
    mine = f"id = '{people.commercial.session_id}'"
    with crm.database.read() as connection:
        ends = connection.exec_driver_sql(f"SELECT max(expires_at) FROM login_session WHERE {mine}").scalar()  # noqa: S608
    end = ends if isinstance(ends, datetime) else datetime.fromisoformat(f"{ends}Z")
    assert end <= in_the_future(hours=24)
    set_moment(crm, "login_session", "expires_at", end - timedelta(hours=24, minutes=1), mine)
    with pytest.raises(NotSignedIn):
        use(crm, people)


def test_a_kept_session_of_a_clock_ahead_is_resumed_and_lasts_for_a_day(
    crm: Crm, machine_clock: MachineClock
) -> None:
    machine_clock.set_ahead(hours=30)
    token = sessions.sign_in(crm, NAME, PASSWORD).token
    machine_clock.set_ahead(hours=0)
    assert sessions.resume(crm, token).username == NAME
    assert max(moments(crm, "login_session", "expires_at")) <= in_the_future(hours=24)
    if crm.database.kind == "sqlite":
        machine_clock.set_ahead(hours=24, minutes=1)
        with pytest.raises(NotSignedIn):
            sessions.resume(crm, token)


@postgresql_only
@pytest.mark.parametrize("hours", [-48, -1, 1, 48])
def test_a_session_lasts_as_long_as_the_server_says(
    crm: Crm, machine_clock: MachineClock, hours: int
) -> None:
    machine_clock.set_ahead(hours=hours)
    signed_in = sessions.sign_in(crm, NAME, PASSWORD)
    assert timedelta(hours=23, minutes=59) < signed_in.expires - datetime.now(UTC) <= session_rows.LIFETIME
    machine_clock.set_ahead(hours=-hours)
    assert sessions.resume(crm, signed_in.token) == signed_in.actor
    clients.list_clients(crm, signed_in.actor, ListQuery())
    set_moment(crm, "login_session", "expires_at", in_the_future(seconds=-1))
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, signed_in.token)
    with pytest.raises(NotSignedIn):
        clients.list_clients(crm, signed_in.actor, ListQuery())


@postgresql_only
def test_whatever_is_written_bears_the_server_s_time(
    crm: Crm, people: People, machine_clock: MachineClock
) -> None:
    machine_clock.set_ahead(days=3)
    records = Records(crm, people)
    client = records.client()
    clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"company": "Cool"}))
    records.event(support=people.support)
    clients.trash_client(crm, people.commercial, client.id)
    sessions.sign_out(crm, people.support)
    fail(crm, 11)
    written = [
        *moments(crm, "client", "created_at"), *moments(crm, "client", "updated_at"),
        *moments(crm, "client", "deleted_at"), *moments(crm, "contract", "created_at"),
        *moments(crm, "event", "updated_at"), *moments(crm, "audit_entry", "at"),
        *moments(crm, "login_session", "revoked_at"), *moments(crm, "login_attempt", "at"),
        *moments(crm, "security_alert", "at"),
    ]  # fmt: skip
    assert len(written) > 25
    assert max(written) <= datetime.now(UTC)


def test_a_record_and_its_entry_in_the_journal_bear_one_moment(crm: Crm, people: People) -> None:
    Records(crm, people).client()
    assert moments(crm, "client", "created_at") == moments(crm, "audit_entry", "at")
    assert moments(crm, "client", "updated_at") == moments(crm, "audit_entry", "at")


@postgresql_only
def test_the_first_account_bears_the_server_s_time(database_url: str, machine_clock: MachineClock) -> None:
    machine_clock.set_ahead(days=3)
    values = {
        "username": "ada_m", "first_name": "Ada", "last_name": "M", "email": "ada@epicevents.example",
        "department": Department.GESTION, "password": PASSWORD,
    }  # fmt: skip
    crm = open_crm(settings_for(database_url, Path.cwd()))
    collaborators.create_first_collaborator(crm, build(CollaboratorCreate, values))
    written = [*moments(crm, "collaborator", "created_at"), *moments(crm, "audit_entry", "at")]
    crm.close()
    assert len(written) == 2
    assert max(written) <= datetime.now(UTC)


@postgresql_only
@pytest.mark.parametrize("days", [-30, 30])
def test_the_next_seven_days_are_those_of_the_server(
    crm: Crm, people: People, machine_clock: MachineClock, days: int
) -> None:
    start, records = in_the_future(days=3), Records(crm, people)
    event = records.event(start=start, end=start + timedelta(hours=4))
    # Of the terminal's next seven days, not of the server's.
    records.event(start=start + timedelta(days=days), end=start + timedelta(days=days, hours=4))
    token = sessions.sign_in(crm, NAME, PASSWORD).token
    machine_clock.set_ahead(days=days)
    actor = sessions.resume(crm, token)
    soon = ListQuery(filters=frozenset({Filter.NEXT_7_DAYS}))
    assert [found.id for found in events.list_events(crm, actor, soon)] == [event.id]
    assert count_events(crm, actor, soon) == 1


def test_an_alert_of_a_clock_ahead_silences_this_window_and_no_later_one(
    crm: Crm, announced: list[DomainEvent]
) -> None:
    def alarms() -> int:
        return sum(isinstance(what, BruteForceSuspected) for what in announced)

    fail(crm, 11)
    set_moment(crm, "security_alert", "at", in_the_future(days=400))
    fail(crm, 2)
    assert alarms() == 1
    assert max(moments(crm, "security_alert", "at")) <= datetime.now(UTC)
    set_moment(crm, "security_alert", "at", in_the_future(minutes=-5, seconds=-1))
    fail(crm, 1)
    assert alarms() == 2
    assert row_count(crm, "security_alert") == 2


def test_an_alert_of_a_clock_ahead_is_shown_as_of_now(crm: Crm, people: People) -> None:
    fail(crm, 11)
    set_moment(crm, "security_alert", "at", in_the_future(hours=5))
    alert = brute_force.current_alert(crm, people.gestion)
    assert alert is not None
    assert alert.at <= datetime.now(UTC)


_AHEAD = """
import sys
from datetime import UTC, datetime, timedelta
from services import clock
clock.machine_now = lambda: datetime.now(UTC) + timedelta(minutes={minutes})
from cli.main import main
sys.exit(main())
"""


def _login(url: str, minutes: int) -> int:
    """The exit code of the program on a machine whose clock is so far ahead."""
    return subprocess.run(
        [sys.executable, "-c", _AHEAD.format(minutes=minutes), "login", "-u", NAME, "--password-stdin"],
        input=f"{PASSWORD}\n", env=os.environ | environment_for(url), capture_output=True, text=True,
        timeout=60, check=False,
    ).returncode  # fmt: skip


@postgresql_only
def test_the_program_on_a_machine_ahead_is_locked_out_like_any_other(crm: Crm, staffed_url: str) -> None:
    assert _login(staffed_url, 60) == 0
    fail(crm, 5)
    assert _login(staffed_url, 0) == 3
    assert _login(staffed_url, 16) == 3


@sqlite_only
def test_the_program_on_a_machine_once_ahead_leaves_the_lock_as_it_is(crm: Crm, staffed_url: str) -> None:
    assert _login(staffed_url, 60) == 0
    fail(crm, 5)
    assert _login(staffed_url, 0) == 3
