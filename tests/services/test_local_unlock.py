"""Unlocking an account without a session, for whoever holds the key and the database."""

from dataclasses import replace

import pytest

from models.enums import Department, Operation, RecordKind
from services import collaborators, local_unlock, undo
from services.auth import sessions
from services.auth.signing_key import OtherKey
from services.crm import Crm
from services.domain_events import DomainEvent, RecordChanged
from services.errors import NotFound, NothingToUndo, SignInRefused
from services.lists.query import ListQuery
from services.settings import Settings
from tests.support.accounts import PASSWORD, People
from tests.support.list_reads import list_journal

NAME = "gwenaelle"


def lock(crm: Crm) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, NAME, "not her password!")


def test_the_only_account_of_gestion_is_unlocked_and_its_failures_are_forgotten(
    crm: Crm, people: People
) -> None:
    collaborators.delete_collaborator(crm, people.gestion, people.other_gestion.id)
    lock(crm)
    before = collaborators.get_collaborator(crm, people.gestion, people.gestion.id)
    read = local_unlock.unlock_locally(crm, NAME, "root")
    assert (read.id, read.locked_until, read.version) == (people.gestion.id, None, before.version + 1)
    for _ in range(4):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, NAME, "not her password!")
    sessions.sign_in(crm, NAME, PASSWORD)


def test_it_stands_in_the_journal_and_is_announced_under_the_account_of_the_machine(
    crm: Crm, people: People, announced: list[DomainEvent]
) -> None:
    lock(crm)
    announced.clear()
    local_unlock.unlock_locally(crm, NAME, "x" * 80)
    (told,) = announced
    assert isinstance(told, RecordChanged)
    assert (told.action, told.kind, told.record_id) == (
        "collaborator.unlock", RecordKind.COLLABORATOR, people.gestion.id,
    )  # fmt: skip
    assert (told.operation, told.actor.department) == (Operation.UPDATED, Department.GESTION)
    entry = list_journal(crm, people.gestion, ListQuery(sort="id", descending=True))[0]
    assert entry.actor == f"local:{'x' * 44}"
    assert entry.changes["locked_until"][0] is not None
    with pytest.raises(NothingToUndo):
        undo.undo_last(crm, people.gestion)


def test_it_takes_the_key_with_which_gestion_signs_in(crm: Crm, settings: Settings) -> None:
    sessions.sign_in(crm, NAME, PASSWORD)
    lock(crm)
    other = Crm(replace(settings, secret_key="another key for tests, of forty-two bytes!"), crm.database)
    with pytest.raises(OtherKey):
        local_unlock.unlock_locally(other, NAME, "root")
    with pytest.raises(SignInRefused):
        sessions.sign_in(crm, NAME, PASSWORD)
    local_unlock.unlock_locally(crm, NAME, "root")
    # A new key is known from the next sign-in of Gestion on; nobody else's makes it known.
    sessions.sign_in(other, "claire_d", PASSWORD)
    with pytest.raises(OtherKey):
        local_unlock.unlock_locally(other, NAME, "root")
    sessions.sign_in(other, NAME, PASSWORD)
    local_unlock.unlock_locally(other, NAME, "root")
    with pytest.raises(OtherKey):
        local_unlock.unlock_locally(crm, NAME, "root")


@pytest.mark.parametrize("username", ["nobody_here", "", "\x00", "\ud800", "é"])
def test_who_is_not_there_is_not_found(crm: Crm, username: str) -> None:
    with pytest.raises(NotFound):
        local_unlock.unlock_locally(crm, username, "root")


def test_an_account_of_any_department_is_unlocked(crm: Crm) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, "claire_d", "not her password!")
    local_unlock.unlock_locally(crm, "Claire_D", "root")
    sessions.sign_in(crm, "claire_d", PASSWORD)
