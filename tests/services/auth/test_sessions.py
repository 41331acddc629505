"""Signing in: one answer and the same work for every reason, locked after 5 failures, over all terminals."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import bcrypt
import pytest

from models.enums import LoginOutcome
from services import clients, collaborators
from services.auth import password_checks, sessions
from services.crm import Crm
from services.domain_events import DomainEvent, SignInAttempted
from services.errors import CrmError, Invalid, NotSignedIn, SignInRefused
from services.lists.query import ListQuery
from services.settings import Settings
from services.startup import open_crm
from tests.support.accounts import PASSWORD, People
from tests.support.records import Records, everything, rewrite, row_count
from tests.support.use_cases import OTHER_PASSWORD

WRONG = "not her password!"


@pytest.fixture
def elsewhere(crm: Crm, settings: Settings) -> Iterator[Crm]:
    """The same CRM in another terminal."""
    opened = open_crm(settings)
    yield opened
    opened.close()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls of bcrypt from now on, each of which takes a quarter of a second in earnest."""
    calls: list[str] = []

    def watch(name: str) -> None:
        real = getattr(bcrypt, name)

        def counted(*args: bytes) -> object:
            calls.append(name)
            return real(*args)

        monkeypatch.setattr(bcrypt, name, counted)

    watch("checkpw")
    watch("hashpw")
    return calls


def fail(crm: Crm, username: str, times: int = 1, password: str = WRONG) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, username, password)


def let_time_pass(crm: Crm, time: timedelta) -> None:
    """Move everything that has happened into the past."""
    for table, column in (
        ("login_attempt", "at"),
        ("collaborator", "locked_until"),
        ("collaborator", "failures_counted_from"),
        ("login_session", "expires_at"),
    ):
        if crm.database.kind == "postgresql":
            moved = f"{column} - make_interval(secs => :seconds)"
        else:
            moved = f"strftime('%Y-%m-%d %H:%M:%f', julianday({column}) - :seconds / 86400.0) || '000'"
        rewrite(crm, f"UPDATE {table} SET {column} = {moved}", seconds=time.total_seconds())  # noqa: S608


def test_the_right_password_opens_a_session_of_24_hours(crm: Crm, people: People) -> None:
    signed_in = sessions.sign_in(crm, "CLAIRE_D", PASSWORD)
    assert signed_in.actor.id == people.commercial.id
    assert signed_in.actor.full_name == "Claire Dubois"
    assert timedelta(hours=23, minutes=59) < signed_in.expires - datetime.now(UTC) <= timedelta(hours=24)
    assert sessions.resume(crm, signed_in.token) == signed_in.actor
    read = collaborators.get_collaborator(crm, people.gestion, people.commercial.id)
    assert read.last_login is not None
    assert datetime.now(UTC) - read.last_login < timedelta(minutes=1)


@pytest.mark.parametrize("reason", ["unknown", "wrong", "locked", "inactive"])
def test_every_reason_gets_one_answer_for_the_same_work(
    crm: Crm, people: People, hashed: list[str], announced: list[DomainEvent], reason: str
) -> None:
    username = "nobody_here" if reason == "unknown" else "claire_d"
    password = WRONG if reason in ("unknown", "wrong") else PASSWORD
    if reason == "locked":
        fail(crm, "claire_d", 5)
    if reason == "inactive":
        collaborators.deactivate_collaborator(crm, people.gestion, people.commercial.id)
    hashed.clear()
    announced.clear()
    with pytest.raises(SignInRefused) as refusal:
        sessions.sign_in(crm, username, password)
    assert hashed == ["checkpw"]
    assert refusal.value.message() == (
        "Wrong username or password, or the account is locked. Five wrong passwords lock an account for"
        " 15 minutes; Gestion can unlock it."
    )
    assert refusal.value.exit_code == 3
    outcome = {"unknown": "unknown_user", "wrong": "wrong_password"}.get(reason, reason)
    assert announced == [SignInAttempted(username, LoginOutcome(outcome), None)]


def test_a_locked_account_gives_the_same_work_away_when_the_cost_has_risen(
    crm: Crm, settings: Settings, hashed: list[str]
) -> None:
    fail(crm, "claire_d", 5)
    object.__setattr__(settings, "bcrypt_cost", 5)
    hashed.clear()
    fail(crm, "claire_d", password=PASSWORD)
    assert hashed == ["checkpw"]


@pytest.mark.parametrize("pasted", ["claire_d\u200b", "\ufeffClaire_D", " claire_d\u00a0", "ｃlaire_d"])
def test_a_name_that_was_pasted_signs_in(crm: Crm, people: People, pasted: str) -> None:
    assert sessions.sign_in(crm, pasted, PASSWORD).actor.username == "claire_d"


@pytest.mark.parametrize(
    "username", ["", " ", "\x00", "\ud800", "é", "[/bold]", "x" * 10_000, "' OR 1=1 --", "%"]
)
def test_whatever_is_typed_as_a_name_is_refused_like_any_unknown_one(crm: Crm, username: str) -> None:
    fail(crm, username)


@pytest.mark.parametrize(
    "password", ["", "\x00", "\ud800", "é" * 10_000, f"{PASSWORD}\n", f"{PASSWORD} ", PASSWORD[:-1]]
)
def test_whatever_is_typed_as_a_password_is_refused_unless_it_is_the_one(crm: Crm, password: str) -> None:
    fail(crm, "claire_d", password=password)


def test_five_failures_in_five_minutes_lock_for_fifteen_over_all_terminals(crm: Crm, elsewhere: Crm) -> None:
    fail(crm, "claire_d", 2)
    fail(elsewhere, "Claire_D", 2)
    let_time_pass(crm, timedelta(minutes=4, seconds=50))
    fail(crm, "claire_d")
    fail(crm, "claire_d", password=PASSWORD)
    fail(elsewhere, "claire_d", password=PASSWORD)
    let_time_pass(crm, timedelta(minutes=14, seconds=50))
    fail(elsewhere, "claire_d", password=PASSWORD)
    let_time_pass(crm, timedelta(seconds=15))
    sessions.sign_in(elsewhere, "claire_d", PASSWORD)


def test_the_refusal_says_the_rule_that_is_in_force() -> None:
    assert (5, timedelta(minutes=15)) == (password_checks.MAX_FAILURES, password_checks.LOCK_TIME)
    assert "Five wrong passwords lock an account for 15 minutes" in SignInRefused().message()


def test_four_failures_do_not_lock(crm: Crm) -> None:
    fail(crm, "claire_d", 4)
    sessions.sign_in(crm, "claire_d", PASSWORD)


def test_failures_of_more_than_five_minutes_ago_do_not_count(crm: Crm) -> None:
    fail(crm, "claire_d", 4)
    let_time_pass(crm, timedelta(minutes=5, seconds=5))
    fail(crm, "claire_d", 4)
    sessions.sign_in(crm, "claire_d", PASSWORD)


def test_failures_before_a_success_do_not_count(crm: Crm) -> None:
    fail(crm, "claire_d", 4)
    sessions.sign_in(crm, "claire_d", PASSWORD)
    fail(crm, "claire_d", 4)
    sessions.sign_in(crm, "claire_d", PASSWORD)


def test_attempts_while_locked_do_not_lock_for_longer(crm: Crm) -> None:
    fail(crm, "claire_d", 5)
    let_time_pass(crm, timedelta(minutes=14))
    fail(crm, "claire_d", 6)
    let_time_pass(crm, timedelta(minutes=1, seconds=5))
    fail(crm, "claire_d", 4)
    sessions.sign_in(crm, "claire_d", PASSWORD)


def test_a_lock_is_one_account_s_own(crm: Crm) -> None:
    fail(crm, "claire_d", 5)
    sessions.sign_in(crm, "benoit_l", PASSWORD)


def test_gestion_unlocks_and_the_failures_are_forgotten(crm: Crm, people: People) -> None:
    fail(crm, "claire_d", 5)
    locked = collaborators.get_collaborator(crm, people.gestion, people.commercial.id)
    assert locked.locked_until is not None
    assert timedelta(minutes=14) < locked.locked_until - datetime.now(UTC) <= timedelta(minutes=15)
    assert collaborators.unlock_collaborator(crm, people.gestion, people.commercial.id).locked_until is None
    fail(crm, "claire_d", 4)
    sessions.sign_in(crm, "claire_d", PASSWORD)


def test_an_open_session_outlives_a_lock(crm: Crm, people: People) -> None:
    fail(crm, "claire_d", 5)
    clients.list_clients(crm, people.commercial, ListQuery())


def test_what_was_typed_for_an_unknown_user_is_not_kept(crm: Crm) -> None:
    fail(crm, "my password by mistake!")
    attempts = everything(crm)["login_attempt"]
    assert len(attempts) == 1
    assert "mistake" not in str(everything(crm))


def test_attempts_are_kept_for_a_month(crm: Crm) -> None:
    fail(crm, "claire_d")
    let_time_pass(crm, timedelta(days=31))
    fail(crm, "claire_d")
    assert row_count(crm, "login_attempt") == 1


def test_a_hash_is_made_anew_at_sign_in_when_the_cost_has_risen(crm: Crm, settings: Settings) -> None:
    def cost() -> str:
        with crm.database.read() as connection:
            query = "SELECT password_hash FROM collaborator WHERE username = 'claire_d'"
            return str(connection.exec_driver_sql(query).scalar_one()).split("$")[2]

    sessions.sign_in(crm, "claire_d", PASSWORD)
    assert cost() == "04"
    object.__setattr__(settings, "bcrypt_cost", 5)
    sessions.sign_in(crm, "claire_d", PASSWORD)
    assert cost() == "05"
    sessions.sign_in(crm, "claire_d", PASSWORD)


def test_a_password_is_changed_with_the_current_one_only(crm: Crm, people: People) -> None:
    with pytest.raises(Invalid) as refusal:
        sessions.change_password(crm, people.commercial, WRONG, OTHER_PASSWORD)
    assert [problem.field for problem in refusal.value.field_problems()] == ["current"]
    with pytest.raises(Invalid) as refusal:
        sessions.change_password(crm, people.commercial, PASSWORD, "short")
    assert [problem.field for problem in refusal.value.field_problems()] == ["new"]
    sessions.change_password(crm, people.commercial, PASSWORD, OTHER_PASSWORD)
    fail(crm, "claire_d", password=PASSWORD)
    sessions.sign_in(crm, "claire_d", OTHER_PASSWORD)


@pytest.mark.parametrize("password", ["é" * 80, "x" * 999 + "!", "twelve chars"])
def test_a_long_password_works_whole(crm: Crm, people: People, password: str) -> None:
    sessions.change_password(crm, people.commercial, PASSWORD, password)
    fail(crm, "claire_d", password=password[:-1])
    fail(crm, "claire_d", password=password + "x")
    sessions.sign_in(crm, "claire_d", password)


def test_a_new_collaborator_s_password_must_be_a_good_one(records: Records) -> None:
    with pytest.raises(Invalid) as refusal:
        records.collaborator(username="new_person", password="New.Person!!")
    assert [problem.field for problem in refusal.value.field_problems()] == ["password"]


@pytest.mark.parametrize("password", ["Admin123!", "Commercial123!", "Support123!"])
def test_the_passwords_of_the_samples_are_refused_everywhere_else(records: Records, password: str) -> None:
    with pytest.raises(Invalid):
        records.collaborator(password=password)


def test_no_secret_is_in_what_is_printed(crm: Crm) -> None:
    signed_in = sessions.sign_in(crm, "claire_d", PASSWORD)
    assert signed_in.token not in repr(signed_in) + str(signed_in)
    refusals: list[CrmError] = []
    for attempt in (
        lambda: sessions.sign_in(crm, "claire_d", WRONG),
        lambda: sessions.change_password(crm, signed_in.actor, WRONG, OTHER_PASSWORD),
        lambda: sessions.resume(crm, signed_in.token + "x"),
    ):
        with pytest.raises(CrmError) as refusal:
            attempt()
        refusals.append(refusal.value)
    shown = "".join(f"{refusal} {refusal!r} {refusal.message()} {vars(refusal)}" for refusal in refusals)
    assert not any(secret in shown for secret in (WRONG, OTHER_PASSWORD, signed_in.token))


def test_nobody_is_signed_in_where_no_session_is(crm: Crm, people: People) -> None:
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, "")
    sessions.sign_out(crm, people.commercial)
    with pytest.raises(NotSignedIn):
        clients.list_clients(crm, people.commercial, ListQuery())
    sessions.sign_out(crm, people.commercial)
