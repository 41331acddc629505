"""Wherever a password is checked, failures are counted, locked out, told of and timed alike."""

from collections.abc import Callable
from datetime import timedelta

import bcrypt
import pytest

from models.enums import LoginOutcome
from services import collaborators
from services.actor import Actor
from services.auth import passwords, sessions
from services.crm import Crm
from services.domain_events import BruteForceSuspected, DomainEvent, SignInAttempted
from services.errors import Invalid, NotSignedIn, SignInRefused
from services.settings import Settings
from tests.support.accounts import BCRYPT_COST, PASSWORD, People
from tests.support.records import moved, rewrite, row_count
from tests.support.use_cases import OTHER_PASSWORD

WRONG = "not her password!"
NEWEST = "Lanterns & larkspur 9"


def guess(crm: Crm, actor: Actor, times: int = 1, current: str = WRONG, new: str = OTHER_PASSWORD) -> str:
    """Try to change the password with a wrong current one; what the last refusal said."""
    said = ""
    for _ in range(times):
        with pytest.raises(Invalid) as refusal:
            sessions.change_password(crm, actor, current, new)
        (problem,) = refusal.value.field_problems()
        assert problem.field == "current"
        said = problem.message()
    return said


def test_a_password_cannot_be_guessed_through_its_change(crm: Crm, people: People) -> None:
    assert "not your current password" in guess(crm, people.commercial, 5)
    said = guess(crm, people.commercial, 55)
    assert said == "Too many wrong passwords: your account is locked for 15 minutes. Gestion can unlock it."
    # The right one, too: who guesses must not learn that it is.
    assert guess(crm, people.commercial, current=PASSWORD) == said
    with pytest.raises(SignInRefused):
        sessions.sign_in(crm, people.commercial.username, PASSWORD)


def test_failures_at_sign_in_and_at_the_change_are_counted_together(crm: Crm, people: People) -> None:
    guess(crm, people.commercial, 3)
    for _ in range(2):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, people.commercial.username, WRONG)
    assert "locked" in guess(crm, people.commercial, current=PASSWORD)


def test_the_right_current_password_forgets_the_failures(crm: Crm, people: People) -> None:
    guess(crm, people.commercial, 4)
    with pytest.raises(Invalid) as refusal:
        sessions.change_password(crm, people.commercial, PASSWORD, "short")
    assert [problem.field for problem in refusal.value.field_problems()] == ["new"]
    guess(crm, people.commercial, 4)
    sessions.change_password(crm, people.commercial, PASSWORD, OTHER_PASSWORD)


def test_a_new_password_that_breaks_the_policy_is_no_way_to_guess_for_nothing(
    crm: Crm, people: People
) -> None:
    guess(crm, people.commercial, 5, new="short")
    assert "locked" in guess(crm, people.commercial, new="short")


def test_guesses_at_the_change_raise_the_alert_and_are_told_to_telemetry(
    crm: Crm, people: People, announced: list[DomainEvent]
) -> None:
    guess(crm, people.commercial, 11)
    refused = [what for what in announced if isinstance(what, SignInAttempted)]
    name = people.commercial.username
    assert refused[:5] == [SignInAttempted(name, LoginOutcome.WRONG_PASSWORD, None)] * 5
    assert refused[5:] == [SignInAttempted(name, LoginOutcome.LOCKED, None)] * 6
    assert [what.count for what in announced if isinstance(what, BruteForceSuspected)] == [11]


def test_a_change_that_is_made_is_no_sign_in(crm: Crm, people: People, announced: list[DomainEvent]) -> None:
    sessions.change_password(crm, people.commercial, PASSWORD, OTHER_PASSWORD)
    assert not [what for what in announced if isinstance(what, SignInAttempted)]
    read = collaborators.get_collaborator(crm, people.gestion, people.commercial.id)
    assert read.last_login is None


@pytest.mark.parametrize("current", [PASSWORD, WRONG])
def test_the_session_is_asked_for_before_the_password(
    crm: Crm, people: People, monkeypatch: pytest.MonkeyPatch, current: str
) -> None:
    checked: list[object] = []
    monkeypatch.setattr(bcrypt, "checkpw", lambda *args: checked.append(args))
    sessions.sign_out(crm, people.commercial)
    with pytest.raises(NotSignedIn):
        sessions.change_password(crm, people.commercial, current, OTHER_PASSWORD)
    # Somebody else's session is no session of one's own either.
    with pytest.raises(NotSignedIn):
        sessions.change_password(
            crm, moved(people.support, people.gestion.session_id), current, OTHER_PASSWORD
        )
    assert checked == []
    assert row_count(crm, "login_attempt") == 0


def test_a_wrong_and_a_right_current_password_of_a_locked_account_take_the_same_work(
    crm: Crm, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(crm, people.commercial, 5)
    calls: list[str] = []

    def watch(name: str) -> None:
        real: Callable[..., object] = getattr(bcrypt, name)

        def noted(*args: bytes) -> object:
            calls.append(name)
            return real(*args)

        monkeypatch.setattr(bcrypt, name, noted)

    watch("checkpw")
    watch("hashpw")
    guess(crm, people.commercial)
    guess(crm, people.commercial, current=PASSWORD)
    assert calls == ["checkpw", "checkpw"]


def test_the_lock_of_a_change_ends_as_that_of_a_sign_in_does(crm: Crm, people: People) -> None:
    guess(crm, people.commercial, 5)
    collaborators.unlock_collaborator(crm, people.gestion, people.commercial.id)
    sessions.change_password(crm, people.commercial, PASSWORD, OTHER_PASSWORD)


class Meanwhile:
    """Has somebody else give claire_d another password while hers is being checked or hashed."""

    def __init__(self, crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
        self._crm = crm
        self._monkeypatch = monkeypatch
        self.newest = passwords.hash_password(NEWEST, BCRYPT_COST)

    def changed_during(self, name: str) -> None:
        real = getattr(passwords, name)

        def slow(*args: object) -> object:
            done = real(*args)
            rewrite(
                self._crm, "UPDATE collaborator SET password_hash = :new WHERE username = 'claire_d'",
                new=self.newest,
            )  # fmt: skip
            return done

        self._monkeypatch.setattr(passwords, name, slow)

    def stored(self) -> str:
        with self._crm.database.read() as connection:
            query = "SELECT password_hash FROM collaborator WHERE username = 'claire_d'"
            return str(connection.exec_driver_sql(query).scalar_one())


@pytest.fixture
def meanwhile(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return Meanwhile(crm, monkeypatch)


def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(crm: Crm, meanwhile: Meanwhile) -> None:
    meanwhile.changed_during("verify_password")
    with pytest.raises(SignInRefused):
        sessions.sign_in(crm, "claire_d", PASSWORD)


def test_a_password_that_is_changed_while_it_is_checked_changes_nothing(
    crm: Crm, people: People, meanwhile: Meanwhile
) -> None:
    meanwhile.changed_during("verify_password")
    guess(crm, people.commercial, current=PASSWORD)
    assert meanwhile.stored() == meanwhile.newest


def test_a_password_that_is_changed_while_the_new_one_is_hashed_stays(
    crm: Crm, people: People, meanwhile: Meanwhile
) -> None:
    meanwhile.changed_during("hash_password")
    guess(crm, people.commercial, current=PASSWORD)
    assert meanwhile.stored() == meanwhile.newest


def test_a_password_that_is_changed_while_it_is_hashed_anew_stays(
    crm: Crm, settings: Settings, meanwhile: Meanwhile
) -> None:
    object.__setattr__(settings, "bcrypt_cost", BCRYPT_COST + 1)
    meanwhile.changed_during("hash_password")
    sessions.sign_in(crm, "claire_d", PASSWORD)
    assert meanwhile.stored() == meanwhile.newest


def test_a_hash_that_matches_by_chance_where_there_is_no_password_is_no_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bcrypt, "checkpw", lambda *_args: True)
    assert not passwords.verify_password(PASSWORD, None, BCRYPT_COST)
    assert not passwords.verify_password(PASSWORD, "another-scheme:$2b$04$", BCRYPT_COST)
    assert passwords.verify_password(PASSWORD, "hmac-sha256:$2b$04$", BCRYPT_COST)


def test_a_lock_of_a_change_is_over_after_a_quarter_of_an_hour(crm: Crm, people: People) -> None:
    guess(crm, people.commercial, 5)
    read = collaborators.get_collaborator(crm, people.gestion, people.commercial.id)
    assert read.locked_until is not None
    with crm.database.read() as connection:
        left = read.locked_until - crm.database.clock.now(connection)
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
