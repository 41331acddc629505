"""Who acts is read from the database: an actor that was made up, or in another's session, gets nowhere."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.enums import Department
from models.write_models import ClientUpdate, CollaboratorUpdate
from services import clients, collaborators, contracts, global_search, undo
from services.actor import Actor
from services.auth import brute_force, sessions
from services.crm import Crm
from services.errors import Forbidden, NotSignedIn
from services.lists.query import ListQuery
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.list_reads import count_clients, count_collaborators, list_journal
from tests.support.records import Records, moved

ALL = ListQuery()
USES: dict[str, Callable[[Crm, Actor], object]] = {
    "list": lambda crm, actor: clients.list_clients(crm, actor, ALL),
    "count": lambda crm, actor: count_clients(crm, actor, ALL),
    "search": lambda crm, actor: clients.list_clients(crm, actor, ListQuery(search="anna")),
    "palette": lambda crm, actor: global_search.search_everywhere(crm, actor, "anna"),
    "update": lambda crm, actor: clients.update_client(crm, actor, 1, build(ClientUpdate, {"company": "A"})),
    "undo": lambda crm, actor: undo.undo_last(crm, actor),
    "redo": lambda crm, actor: undo.redo_last(crm, actor),
    "look at undo": lambda crm, actor: undo.look_at_undo(crm, actor),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("whose", ["other_commercial", "support", "gestion"])
def test_nobody_acts_in_another_s_session(crm: Crm, people: People, use: str, whose: str) -> None:
    Records(crm, people).client(full_name="Anna Nowak")
    forged = moved(people.commercial, getattr(people, whose).session_id)
    with pytest.raises(NotSignedIn):
        USES[use](crm, forged)


_GESTION_ONLY: dict[str, Callable[[Crm, Actor], object]] = {
    "the team": lambda crm, actor: collaborators.list_collaborators(crm, actor, ALL),
    "how many": lambda crm, actor: count_collaborators(crm, actor, ALL),
    "a colleague": lambda crm, actor: collaborators.get_collaborator(crm, actor, 1),
    "a username": lambda crm, actor: collaborators.find_collaborator(crm, actor, "claire_d"),
    "a picker": lambda crm, actor: collaborators.choose_collaborators(crm, actor, None),
    "the journal": lambda crm, actor: list_journal(crm, actor, ALL),
    "the alert": lambda crm, actor: brute_force.current_alert(crm, actor),
    "a password": lambda crm, actor: collaborators.set_password(crm, actor, 2, PASSWORD),
}


@pytest.mark.parametrize("what", _GESTION_ONLY)
@pytest.mark.parametrize("department", [Department.COMMERCIAL, Department.SUPPORT])
def test_a_department_that_is_only_claimed_gives_no_right(
    crm: Crm, people: People, what: str, department: Department
) -> None:
    forged = replace(people.of(department), department=Department.GESTION)
    with pytest.raises(Forbidden):
        _GESTION_ONLY[what](crm, forged)
    assert not [
        hit for hit in global_search.search_everywhere(crm, forged, "claire") if hit.kind == "collaborator"
    ]


def test_a_department_that_is_only_claimed_creates_no_contract(crm: Crm, people: People) -> None:
    from models.write_models import ContractCreate

    client = Records(crm, people).client()
    forged = replace(people.commercial, department=Department.GESTION)
    command = build(ContractCreate, {"client_id": client.id, "total_amount": "10"})
    with pytest.raises(Forbidden):
        contracts.create_contract(crm, forged, command)


def test_a_session_does_not_outlive_an_undone_change_of_department(crm: Crm, people: People) -> None:
    command = build(CollaboratorUpdate, {"department": Department.SUPPORT})
    collaborators.update_collaborator(crm, people.gestion, people.commercial.id, command)
    moved_one = sessions.sign_in(crm, people.commercial.username, PASSWORD)
    undo.undo_last(crm, people.gestion)
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, moved_one.token)
    with pytest.raises(NotSignedIn):
        clients.list_clients(crm, moved_one.actor, ALL)


def test_a_session_does_not_outlive_an_undone_reactivation(crm: Crm, people: People) -> None:
    collaborators.deactivate_collaborator(crm, people.gestion, people.commercial.id)
    collaborators.reactivate_collaborator(crm, people.gestion, people.commercial.id)
    returned = sessions.sign_in(crm, people.commercial.username, PASSWORD)
    undo.undo_last(crm, people.gestion)
    collaborators.reactivate_collaborator(crm, people.gestion, people.commercial.id)
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, returned.token)
