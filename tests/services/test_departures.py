"""A session ends with the right behind it, in every way in: a token, a page, one record, a count, a write."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from models.tables import LoginSession
from models.write_models import ClientUpdate
from services import clients, collaborators
from services.actor import Actor
from services.auth import sessions
from services.auth.sessions import SignedIn
from services.crm import Crm
from services.errors import Invalid, NotSignedIn, SignInRefused
from services.lists.query import ListQuery
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.list_reads import count_clients
from tests.support.records import Records, everything, rewrite
from tests.support.use_cases import OTHER_PASSWORD

USES: dict[str, Callable[[Crm, Actor], object]] = {
    "a page": lambda crm, actor: clients.list_clients(crm, actor, ListQuery()),
    "one record": lambda crm, actor: clients.get_client(crm, actor, 1),
    "a search": lambda crm, actor: clients.list_clients(crm, actor, ListQuery(search="anna")),
    "a count": lambda crm, actor: count_clients(crm, actor, ListQuery()),
    "a write": lambda crm, actor: clients.update_client(crm, actor, 1, build(ClientUpdate, {"company": "A"})),
}
# Behind the services' back, so that each condition stands alone.
ENDS = {
    "revoked": "UPDATE login_session SET revoked_at = created_at WHERE collaborator_id = :id",
    "over": "UPDATE login_session SET expires_at = created_at WHERE collaborator_id = :id",
    "inactive": "UPDATE collaborator SET active = FALSE WHERE id = :id",
}


@pytest.fixture
def claire(crm: Crm, records: Records) -> SignedIn:
    records.client(full_name="Anna Nowak")
    return sessions.sign_in(crm, "claire_d", PASSWORD)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("use", USES)
def test_a_session_that_ended_opens_nothing(crm: Crm, claire: SignedIn, use: str, end: str) -> None:
    assert USES[use](crm, claire.actor)
    rewrite(crm, ENDS[end], id=claire.actor.id)
    before = everything(crm)
    with pytest.raises(NotSignedIn):
        USES[use](crm, claire.actor)
    assert everything(crm) == before


@pytest.mark.parametrize("end", ENDS)
def test_a_kept_token_of_a_session_that_ended_opens_nothing(crm: Crm, claire: SignedIn, end: str) -> None:
    assert sessions.resume(crm, claire.token) == claire.actor
    rewrite(crm, ENDS[end], id=claire.actor.id)
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, claire.token)


def test_a_session_from_before_a_departure_stays_ended_after_the_return(
    crm: Crm, people: People, claire: SignedIn
) -> None:
    collaborators.deactivate_collaborator(
        crm, people.gestion, people.commercial.id, people.other_commercial.id
    )
    collaborators.reactivate_collaborator(crm, people.gestion, people.commercial.id)
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, claire.token)
    assert sessions.sign_in(crm, "claire_d", PASSWORD).actor.id == claire.actor.id


@pytest.mark.parametrize("password", ["short", "password1234", "claire_d_claire_d", "claire.d"])
def test_a_password_that_gestion_sets_meets_the_policy(crm: Crm, people: People, password: str) -> None:
    before = everything(crm)
    with pytest.raises(Invalid) as refusal:
        collaborators.set_password(crm, people.gestion, people.commercial.id, password)
    assert [problem.field for problem in refusal.value.field_problems()] == ["new"]
    assert everything(crm) == before


def test_nobody_inherits_from_oneself(crm: Crm, people: People, claire: SignedIn) -> None:
    me = people.commercial.id
    before = everything(crm)
    with pytest.raises(Invalid) as refusal:
        collaborators.deactivate_collaborator(crm, people.gestion, me, me)
    assert [problem.field for problem in refusal.value.field_problems()] == ["reassign_to"]
    assert "claire_d" in refusal.value.field_problems()[0].message()
    assert everything(crm) == before


def test_a_password_that_gestion_set_is_the_only_one_that_opens(crm: Crm, people: People) -> None:
    collaborators.set_password(crm, people.gestion, people.commercial.id, OTHER_PASSWORD)
    assert sessions.sign_in(crm, "claire_d", OTHER_PASSWORD).actor.id == people.commercial.id
    with pytest.raises(SignInRefused):
        sessions.sign_in(crm, "claire_d", PASSWORD)


def test_a_password_that_was_changed_ends_every_session_of_the_person_and_no_other(
    crm: Crm, people: People, claire: SignedIn
) -> None:
    elsewhere = sessions.sign_in(crm, "claire_d", PASSWORD)
    colleague = sessions.sign_in(crm, "benoit_l", PASSWORD)
    sessions.change_password(crm, claire.actor, PASSWORD, OTHER_PASSWORD)
    for ended in (claire, elsewhere):
        with pytest.raises(NotSignedIn):
            sessions.resume(crm, ended.token)
    assert sessions.resume(crm, colleague.token) == colleague.actor


@pytest.mark.parametrize("password", ["short", "password1234", "claire_d_claire_d", "claire.d"])
def test_a_password_that_one_sets_oneself_meets_the_policy(crm: Crm, claire: SignedIn, password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        sessions.change_password(crm, claire.actor, PASSWORD, password)
    assert [problem.field for problem in refusal.value.field_problems()] == ["new"]
    assert sessions.sign_in(crm, "claire_d", PASSWORD).actor.id == claire.actor.id


def test_a_session_of_a_clock_ahead_lasts_for_a_day_from_when_it_is_used(crm: Crm, claire: SignedIn) -> None:
    far = datetime.now(UTC) + timedelta(days=3)
    with crm.database.write_session() as session:
        mine = col(LoginSession.id) == claire.actor.session_id
        session.execute(update(LoginSession).where(mine).values(expires_at=far))
    for use in USES.values():
        assert use(crm, claire.actor)
    with crm.database.write_session() as session:
        expires = session.scalars(select(LoginSession.expires_at).where(mine)).one()
    left = expires - datetime.now(UTC)
    assert timedelta(hours=23, minutes=50) < left <= timedelta(hours=24, minutes=1)
