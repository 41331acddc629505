"""What happened is announced after the commit, once, to everybody; nobody who listens can harm it."""

import pytest

from models.enums import Operation, RecordKind
from models.tables import Client
from models.write_models import ClientUpdate
from services import clients, events, monitoring
from services.auth import sessions
from services.crm import Crm
from services.domain_events import (
    DomainEvent,
    IntegrityViolated,
    PermissionRefused,
    RecordChanged,
    SignedOut,
    SignInAttempted,
)
from services.errors import Duplicate, Forbidden, Invalid
from services.lists.query import ListQuery
from services.rights import Action
from services.unit_of_work import writing
from services.validation import build
from tests.support.accounts import PASSWORD, People
from tests.support.records import Records, everything


def test_a_write_is_announced_once_it_can_be_read_by_others(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client()
    seen: list[str] = []

    def look(announcement: DomainEvent) -> None:
        assert isinstance(announcement, RecordChanged)
        seen.append(clients.get_client(crm, people.support, announcement.record_id).company)
        # A lock that is still held would make this wait in vain.
        records.client()

    crm.bus.subscribe(lambda announcement: None if seen else look(announcement))
    clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, {"company": "Tents"}))
    assert seen == ["Tents"]


def test_an_announcement_names_the_fields_and_never_their_values(
    crm: Crm, records: Records, people: People, announced: list[DomainEvent]
) -> None:
    client = records.client(phone="0123456789")
    assert announced == [
        RecordChanged(
            people.commercial,
            Action.CLIENT_CREATE,
            RecordKind.CLIENT,
            client.id,
            Operation.CREATED,
            frozenset({"full_name", "email", "phone", "sales_contact_id"}),
        )
    ]
    assert "0123456789" not in repr(announced)


def test_what_is_rolled_back_is_not_announced(
    crm: Crm, records: Records, people: People, announced: list[DomainEvent]
) -> None:
    contract = records.contract(total="10.00")
    announced.clear()
    with pytest.raises(Invalid):
        records.payment(contract, "10.01")
    assert announced == []


def _fail_halfway(crm: Crm, people: People) -> None:
    with writing(crm, people.commercial, Action.CLIENT_CREATE) as work:
        work.create(Client(full_name="Anna", email="a@b.fr", sales_contact_id=people.commercial.id))
        raise ZeroDivisionError


def test_nothing_of_a_transaction_that_fails_halfway_is_kept_or_announced(
    crm: Crm, people: People, announced: list[DomainEvent]
) -> None:
    before = everything(crm)
    with pytest.raises(ZeroDivisionError):
        _fail_halfway(crm, people)
    assert everything(crm) == before
    assert announced == []


def test_a_refusal_by_a_rule_is_announced_after_its_transaction(
    crm: Crm, records: Records, people: People
) -> None:
    heard: list[DomainEvent] = []

    def write(announcement: DomainEvent) -> None:
        heard.append(announcement)
        if isinstance(announcement, PermissionRefused):
            records.client()

    event = records.event()
    crm.bus.subscribe(write)
    with pytest.raises(Forbidden):
        events.assign_support(crm, people.support, event.id, people.support.id)
    assert heard[0] == PermissionRefused(people.support, Action.EVENT_ASSIGN)
    assert isinstance(heard[1], RecordChanged)


def test_a_violated_constraint_is_announced_by_its_name_alone(
    crm: Crm, records: Records, people: People, announced: list[DomainEvent]
) -> None:
    records.client(email="kevin@startup.io")
    announced.clear()
    with pytest.raises(Duplicate):
        records.client(email="kevin@startup.io")
    assert announced == [IntegrityViolated("client", "uq_client_email", "client.create")]


def test_signing_in_and_out_is_announced(crm: Crm, people: People, announced: list[DomainEvent]) -> None:
    actor = sessions.sign_in(crm, "claire_d", PASSWORD).actor
    sessions.sign_out(crm, actor)
    attempt, ending = announced
    assert isinstance(attempt, SignInAttempted)
    assert (attempt.username, attempt.outcome, attempt.actor) == ("claire_d", "accepted", actor)
    assert ending == SignedOut(actor)


def test_a_listener_that_fails_is_reported_and_harms_nothing(
    crm: Crm, records: Records, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[BaseException] = []
    heard: list[DomainEvent] = []
    assert crm.bus._on_error is monitoring.capture_exception
    monkeypatch.setattr(crm.bus, "_on_error", reported.append)

    def fail(event: DomainEvent) -> None:
        raise ZeroDivisionError

    crm.bus.subscribe(fail)
    crm.bus.subscribe(heard.append)
    client = records.client()
    assert clients.list_clients(crm, people.commercial, ListQuery()) == [client]
    assert [type(error) for error in reported] == [ZeroDivisionError]
    assert len(heard) == 1
