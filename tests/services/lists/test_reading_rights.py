"""Every read of a list checks the session and the rights of its actor in the transaction that reads."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.enums import Department, RecordKind
from models.read_models import ClientRead
from models.tables import Collaborator, LoginSession
from services import clients
from services.crm import Crm
from services.errors import CrmError, Forbidden, NotFound, NotSignedIn
from services.list_reader import ListReader
from services.lists.query import ListQuery
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.records import Records


def _end_session(people: People) -> Any:
    ended = update(LoginSession).where(col(LoginSession.id) == people.support.session_id)
    return ended.values(revoked_at=datetime.now(UTC))


def _let_expire(people: People) -> Any:
    expired = update(LoginSession).where(col(LoginSession.id) == people.support.session_id)
    return expired.values(expires_at=datetime.now(UTC))


def _deactivate(people: People) -> Any:
    return update(Collaborator).where(col(Collaborator.id) == people.support.id).values(active=False)


@pytest.mark.parametrize("end", [_end_session, _let_expire, _deactivate])
def test_nothing_is_shown_once_the_session_is_over(
    crm: Crm, people: People, records: Records, end: Callable[[People], Any]
) -> None:
    client = records.client()
    reader: ListReader[ClientRead] = ListReader(crm, lambda: people.support, RecordKind.CLIENT, ListQuery())
    searched: ListReader[ClientRead] = ListReader(
        crm, lambda: people.support, RecordKind.CLIENT, ListQuery(search="nobody")
    )
    assert searched.position(client.id) is None
    reader.build_position_index()
    with crm.database.write_session() as session:
        session.connection().execute(end(people))
    for read in (
        lambda: clients.list_clients(crm, people.support, ListQuery()),
        lambda: clients.list_clients(crm, people.support, ListQuery(), after=client.id),
        lambda: clients.get_client(crm, people.support, client.id),
        lambda: reader.window(0, 10),
        reader.count,
        reader.build_position_index,
        lambda: reader.position(client.id),
        lambda: searched.position(client.id),
    ):
        with pytest.raises(NotSignedIn):
            read()


def test_a_list_that_is_read_after_the_sign_out_is_refused(crm: Crm) -> None:
    reader: ListReader[ClientRead] = ListReader(crm, lambda: None, RecordKind.CLIENT, ListQuery())
    with pytest.raises(NotSignedIn):
        reader.window(0, 10)


def test_who_has_moved_to_another_department_has_its_rights_and_no_others(
    crm: Crm, people: People, records: Records
) -> None:
    records.client()
    moved = update(Collaborator).where(col(Collaborator.id) == people.gestion.id)
    with crm.database.write_session() as session:
        session.connection().execute(moved.values(department=Department.COMMERCIAL))
    with pytest.raises(Forbidden):
        list_journal(crm, people.gestion, ListQuery())
    assert len(clients.list_clients(crm, people.gestion, ListQuery())) == 1


@pytest.mark.parametrize("record_id", [999_999, 0, -1, 2**40])
def test_what_is_not_there_is_not_found(crm: Crm, people: People, record_id: int) -> None:
    with pytest.raises(NotFound):
        clients.get_client(crm, people.gestion, record_id)


def test_a_list_that_cannot_be_is_refused(crm: Crm, people: People) -> None:
    with pytest.raises(CrmError):
        clients.list_clients(crm, people.gestion, ListQuery(sort="password_hash"))
