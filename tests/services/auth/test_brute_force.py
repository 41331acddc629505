"""Brute force: one alert for each window over all terminals, for Gestion to read, on both engines."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from services import collaborators
from services.auth import brute_force, sessions
from services.crm import Crm
from services.demo.writer import fill
from services.domain_events import BruteForceSuspected, DomainEvent
from services.errors import Forbidden, NotSignedIn, SignInRefused
from services.settings import Settings
from services.startup import open_crm
from tests.support.accounts import PASSWORD, People
from tests.support.crm import settings_for
from tests.support.race_processes import fail_to_sign_in, race
from tests.support.records import rewrite, row_count

PROCESSES: Final = 8
WRONG: Final = "not it!"
NAMES: Final = ("nobody_here", "claire_d", "benoit_l", "sofia-m")


@pytest.fixture
def elsewhere(crm: Crm, settings: Settings) -> Iterator[Crm]:
    """The same CRM in another terminal."""
    opened = open_crm(settings)
    yield opened
    opened.close()


def fail(crm: Crm, times: int, username: str = "nobody_here", password: str = WRONG) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, username, password)


def let_time_pass(crm: Crm, time: timedelta) -> None:
    """Move the attempts and the alerts into the past."""
    for table in ("login_attempt", "security_alert"):
        if crm.database.kind == "postgresql":
            moved = "at - make_interval(secs => :seconds)"
        else:
            moved = "strftime('%Y-%m-%d %H:%M:%f', julianday(at) - :seconds / 86400.0) || '000'"
        rewrite(crm, f"UPDATE {table} SET at = {moved}", seconds=time.total_seconds())  # noqa: S608


def alarms(announced: list[DomainEvent]) -> list[int]:
    return [what.count for what in announced if isinstance(what, BruteForceSuspected)]


def test_the_eleventh_refused_sign_in_of_five_minutes_raises_the_alert_and_those_after_it_no_other(
    crm: Crm, announced: list[DomainEvent]
) -> None:
    fail(crm, 10)
    assert alarms(announced) == []
    assert row_count(crm, "security_alert") == 0
    fail(crm, 1)
    assert alarms(announced) == [11]
    fail(crm, 15)
    assert alarms(announced) == [11]
    assert row_count(crm, "security_alert") == 1


def test_every_reason_of_a_refusal_counts_and_what_was_accepted_does_not(
    crm: Crm, people: People, announced: list[DomainEvent]
) -> None:
    collaborators.deactivate_collaborator(crm, people.gestion, people.support.id)
    fail(crm, 3, people.support.username)  # inactive
    fail(crm, 5, people.commercial.username)  # wrong, and with the fifth locked
    fail(crm, 1, people.commercial.username, PASSWORD)  # locked
    fail(crm, 1)  # unknown
    for _ in range(3):
        sessions.sign_in(crm, people.gestion.username, PASSWORD)
    assert alarms(announced) == []
    fail(crm, 1)
    assert alarms(announced) == [11]


def test_terminals_are_counted_together(crm: Crm, elsewhere: Crm, announced: list[DomainEvent]) -> None:
    fail(elsewhere, 10)
    fail(crm, 1)
    assert alarms(announced) == [11]


def test_what_is_older_than_the_window_is_forgotten_and_a_new_window_raises_a_new_alert(
    crm: Crm, announced: list[DomainEvent]
) -> None:
    fail(crm, 8)
    let_time_pass(crm, timedelta(minutes=5, seconds=1))
    fail(crm, 10)
    assert alarms(announced) == []
    fail(crm, 1)
    let_time_pass(crm, timedelta(minutes=4, seconds=50))
    fail(crm, 12)
    assert alarms(announced) == [11]
    let_time_pass(crm, timedelta(seconds=11))
    fail(crm, 1)
    assert alarms(announced) == [11, 13]


def test_of_many_programs_that_fail_at_once_exactly_one_raises_the_alert(
    crm: Crm, staffed_url: str, home: Path
) -> None:
    # Each stays below the limit alone, and no two of them fail at the same account only.
    rows = [(staffed_url, home, NAMES[turn % 4 :] + NAMES[: turn % 4]) for turn in range(PROCESSES)]
    alarmed = [count for counts in race(fail_to_sign_in, rows) for count in counts]
    assert alarmed == [11]
    assert row_count(crm, "security_alert") == 1
    assert row_count(crm, "login_attempt") == len(NAMES) * PROCESSES


def test_the_last_that_makes_eleven_is_not_overlooked_when_all_come_at_once(
    crm: Crm, staffed_url: str, home: Path
) -> None:
    fail(crm, 11 - PROCESSES)
    rows = [(staffed_url, home, [f"nobody_{number}"]) for number in range(PROCESSES)]
    assert [count for counts in race(fail_to_sign_in, rows) for count in counts] == [11]


def test_gestion_reads_the_newest_alert_for_an_hour(crm: Crm, people: People) -> None:
    assert brute_force.current_alert(crm, people.gestion) is None
    fail(crm, 11)
    alert = brute_force.current_alert(crm, people.gestion)
    assert alert is not None
    assert alert.count == 11
    assert timedelta(0) <= datetime.now(UTC) - alert.at < timedelta(minutes=1)
    fail(crm, 2)
    grown = brute_force.current_alert(crm, people.gestion)
    assert grown is not None
    assert (grown.id, grown.count) == (alert.id, 13)
    let_time_pass(crm, timedelta(minutes=59))
    later = brute_force.current_alert(crm, people.gestion)
    assert later is not None
    assert later.count == 11
    let_time_pass(crm, timedelta(minutes=2))
    assert brute_force.current_alert(crm, people.gestion) is None


@pytest.mark.parametrize("department", ["commercial", "support"])
def test_nobody_but_gestion_reads_it(crm: Crm, people: People, department: str) -> None:
    fail(crm, 11)
    with pytest.raises(Forbidden) as refusal:
        brute_force.current_alert(crm, getattr(people, department))
    assert refusal.value.message() == "Only Gestion sees the security banner."


def test_who_was_signed_out_meanwhile_reads_it_no_more(crm: Crm, people: People) -> None:
    sessions.sign_out(crm, people.gestion)
    with pytest.raises(NotSignedIn):
        brute_force.current_alert(crm, people.gestion)


def test_alerts_are_kept_for_a_month(crm: Crm) -> None:
    fail(crm, 11)
    let_time_pass(crm, timedelta(days=29))
    fail(crm, 11)
    assert row_count(crm, "security_alert") == 2
    let_time_pass(crm, timedelta(days=2))
    fail(crm, 11)
    assert row_count(crm, "security_alert") == 2


def test_an_alert_that_is_raised_does_not_change_the_answer(crm: Crm) -> None:
    fail(crm, 10)
    with pytest.raises(SignInRefused) as refusal:
        sessions.sign_in(crm, "claire_d", WRONG)
    assert refusal.value.message() == (
        "Wrong username or password, or the account is locked. Five wrong passwords lock an account for"
        " 15 minutes; Gestion can unlock it."
    )


def test_the_sample_data_raise_no_alert(database_url: str, home: Path) -> None:
    crm = open_crm(settings_for(database_url, home))
    fill(crm, today=date(2026, 9, 16))
    assert row_count(crm, "security_alert") == 0
    fail(crm, 1)
    assert row_count(crm, "security_alert") == 0
    crm.close()
