"""Who waits for whom on PostgreSQL: each of these would go through at once without its lock."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy import text

from models.write_models import CollaboratorUpdate, SharedSettingsUpdate
from services import clients, collaborators, shared_settings
from services.auth import sessions
from services.crm import Crm
from services.errors import SignInRefused
from services.lists.query import ListQuery
from services.persistence.locking import TEAM_LOCK
from services.rights import Action
from services.unit_of_work import writing
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.databases import postgresql_only
from tests.support.records import Records

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
_ALERT_LOCK = 7_216_041_904


def wait_for(crm: Crm, count: int) -> None:
    """Until so many transactions wait for another."""
    for _ in range(1000):
        with crm.database.read() as connection:
            if connection.exec_driver_sql(WAITING).scalar() == count:
                return
        sleep(0.01)
    pytest.fail(f"there were never {count} who waited")


@postgresql_only
def test_a_write_waits_until_the_change_of_the_team_is_done(crm: Crm, records: Records) -> None:
    with ThreadPoolExecutor(1) as pool:
        with crm.database.write() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TEAM_LOCK})
            made = pool.submit(records.client)
            wait_for(crm, 1)
        assert made.result().id


@postgresql_only
@pytest.mark.parametrize("change", ["settings", "department", "departure", "unlock"])
def test_who_changes_the_team_or_the_settings_waits_for_writes_under_way(
    crm: Crm, people: People, change: str
) -> None:
    region = build(SharedSettingsUpdate, {"phone_region": "BE"})
    moved = build(CollaboratorUpdate, {"department": "SUPPORT"})
    person = people.other_commercial.id
    changes = {
        "settings": lambda: shared_settings.update_settings(crm, people.gestion, region),
        "department": lambda: collaborators.update_collaborator(crm, people.gestion, person, moved),
        "departure": lambda: collaborators.deactivate_collaborator(crm, people.gestion, person),
        "unlock": lambda: collaborators.unlock_collaborator(crm, people.gestion, person),
    }
    with ThreadPoolExecutor(1) as pool:
        with writing(crm, people.commercial, Action.CLIENT_CREATE):
            done = pool.submit(changes[change])
            wait_for(crm, 1)
        assert done.result()


@postgresql_only
def test_guesses_that_come_at_once_are_all_counted(crm: Crm) -> None:
    def guess(number: int) -> None:
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, "claire_d", f"not her password {number}!")

    with ThreadPoolExecutor(5) as pool:
        with crm.database.write() as connection:
            # The last step of a refusal waits for this; whoever has not waited before has counted alone.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALERT_LOCK})
            guesses = [pool.submit(guess, number) for number in range(5)]
            wait_for(crm, 5)
        for each in guesses:
            each.result()
    with pytest.raises(SignInRefused):
        sessions.sign_in(crm, "claire_d", PASSWORD)


def test_guesses_of_threads_lock_on_both_kinds(crm: Crm, people: People) -> None:
    def guess(number: int) -> str:
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, "claire_d", f"not her password {number}!")
        return "refused"

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(guess, range(5))) == ["refused"] * 5
    with pytest.raises(SignInRefused):
        sessions.sign_in(crm, "claire_d", PASSWORD)
    assert clients.list_clients(crm, people.commercial, ListQuery()) == []


@pytest.mark.parametrize("name", ["claire_d", "Claire_D", "CLAIRE_D", " claire_d "])
def test_a_name_in_other_letters_is_the_same_account(crm: Crm, people: People, name: str) -> None:
    assert sessions.sign_in(crm, name, PASSWORD).actor.id == people.commercial.id
