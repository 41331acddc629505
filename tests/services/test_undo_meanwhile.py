"""Undo reads again once it has the lock: another terminal of the same person may have been quicker."""

from typing import Any

import pytest

from models.write_models import ClientUpdate
from services import clients, undo
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.errors import NothingToUndo
from services.rights import Action
from services.undo import undo_last
from services.unit_of_work import writing
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.records import Records, everything


@pytest.fixture
def elsewhere(crm: Crm) -> Actor:
    """The same person at another terminal."""
    return sessions.sign_in(crm, "claire_d", PASSWORD).actor


def undone_first_by(elsewhere: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the other terminal undo after this one has looked and before it has the lock."""

    def late(crm: Crm, actor: Actor, action: Action) -> Any:
        monkeypatch.setattr(undo, "writing", writing)
        undo_last(crm, elsewhere)
        return writing(crm, actor, action)

    monkeypatch.setattr(undo, "writing", late)


def changed(crm: Crm, people: People, client_id: int, *companies: str) -> None:
    for company in companies:
        clients.update_client(crm, people.commercial, client_id, build(ClientUpdate, {"company": company}))


def test_the_change_before_is_undone_where_another_terminal_was_quicker(
    crm: Crm, records: Records, people: People, elsewhere: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = records.client(company="Ropes")
    changed(crm, people, client.id, "Tents", "Lanterns")
    undone_first_by(elsewhere, monkeypatch)
    undo_last(crm, people.commercial)
    assert clients.get_client(crm, people.gestion, client.id).company == "Ropes"


def test_a_change_of_another_kind_before_is_left_where_another_terminal_was_quicker(
    crm: Crm, records: Records, people: People, elsewhere: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = records.client(company="Ropes")
    changed(crm, people, client.id, "Tents")
    undone_first_by(elsewhere, monkeypatch)
    with pytest.raises(NothingToUndo):
        undo_last(crm, people.commercial)
    assert clients.get_client(crm, people.gestion, client.id).deleted is None


def test_nothing_is_undone_where_another_terminal_undid_the_only_change(
    crm: Crm, records: Records, people: People, elsewhere: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.client()
    undone_first_by(elsewhere, monkeypatch)
    with pytest.raises(NothingToUndo):
        undo_last(crm, people.commercial)
    before = everything(crm)
    with pytest.raises(NothingToUndo):
        undo_last(crm, elsewhere)
    assert everything(crm) == before
