"""The link at which a contract's chain stands still, through every step of the workflow and back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from models.enums import ChainLink
from models.write_models import EventUpdate, PaymentCancel, PaymentCreate
from services import contracts, events, payments, undo
from services.crm import Crm
from services.denormalized import consistency
from services.denormalized.stuck_links import GRACE
from services.errors import Invalid
from services.lists.query import Filter, ListQuery
from services.validation import build
from tests.support.accounts import People
from tests.support.records import Records

TODAY = datetime.now(UTC).date()


def _link(crm: Crm, people: People, contract_id: int) -> tuple[str, datetime | None]:
    contract = contracts.get_contract(crm, people.gestion, contract_id)
    assert consistency.check(crm) == []
    return contract.stuck_link, contract.stuck_since


def test_each_step_of_the_workflow_moves_the_stuck_link_on(
    crm: Crm, people: People, records: Records
) -> None:
    contract = records.contract(total="100.00")
    assert _link(crm, people, contract.id) == (ChainLink.SIGNATURE, contract.created + GRACE)
    contracts.sign_contract(crm, people.gestion, contract.id, date(2025, 3, 1))
    no_event = (ChainLink.EVENT, datetime.combine(date(2025, 3, 1), time(), UTC) + GRACE)
    assert _link(crm, people, contract.id) == no_event
    event = records.event(contract, notes="")
    assert _link(crm, people, contract.id) == (ChainLink.SUPPORT, event.created)
    events.assign_support(crm, people.gestion, event.id, people.support.id)
    assert _link(crm, people, contract.id) == (ChainLink.PAYMENTS, event.end)
    paid = build(PaymentCreate, {"amount": "100", "received_on": str(TODAY)})
    payment = payments.record_payment(crm, people.gestion, contract.id, paid)
    assert _link(crm, people, contract.id) == (ChainLink.NOTES, event.end)
    events.update_event(crm, people.support, event.id, build(EventUpdate, {"notes": "All went well"}))
    assert _link(crm, people, contract.id) == ("", None)
    cancelled = build(PaymentCancel, {"payment_id": payment.id, "reason": "Bounced"})
    payments.cancel_payment(crm, people.gestion, cancelled)
    assert _link(crm, people, contract.id) == (ChainLink.PAYMENTS, event.end)
    undo.undo_last(crm, people.gestion)
    assert _link(crm, people, contract.id) == ("", None)
    events.trash_event(crm, people.commercial, event.id)
    assert _link(crm, people, contract.id) == no_event
    events.restore_event(crm, people.commercial, event.id)
    assert _link(crm, people, contract.id) == ("", None)


def test_of_several_events_the_one_that_needs_most_decides(
    crm: Crm, people: People, records: Records
) -> None:
    contract = records.contract(signed=True, total="100.00")
    whole = build(PaymentCreate, {"amount": "100", "received_on": str(TODAY)})
    payments.record_payment(crm, people.gestion, contract.id, whole)
    late = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    noted = records.event(contract, start=late - timedelta(days=9), end=late - timedelta(days=8))
    bare = records.event(contract, start=late - timedelta(hours=4), end=late, notes="")
    assert _link(crm, people, contract.id) == (ChainLink.SUPPORT, noted.created)
    events.assign_support(crm, people.gestion, noted.id, people.support.id)
    assert _link(crm, people, contract.id) == (ChainLink.SUPPORT, bare.created)
    events.assign_support(crm, people.gestion, bare.id, people.other_support.id)
    update = build(EventUpdate, {"notes": "Done"})
    events.update_event(crm, people.support, noted.id, update)
    assert _link(crm, people, contract.id) == (ChainLink.NOTES, bare.end)
    stuck = ListQuery(frozenset({Filter.RUN_BY_ME, Filter.STUCK}))
    assert contracts.list_contracts(crm, people.support, stuck) == []
    (found,) = contracts.list_contracts(crm, people.other_support, stuck)
    assert found.id == contract.id


def test_a_link_that_only_time_makes_late_is_not_listed_before(
    crm: Crm, people: People, records: Records
) -> None:
    contract = records.contract(signed=True)
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    event = records.event(contract, start=soon, end=soon + timedelta(hours=1), support=people.support)
    stuck = ListQuery(frozenset({Filter.STUCK}), sort="stuck_since")
    assert _link(crm, people, contract.id) == (ChainLink.PAYMENTS, event.end)
    assert contracts.list_contracts(crm, people.gestion, stuck) == []
    with crm.database.write_session() as session:
        session.execute(text("UPDATE event SET starts_at = '2020-01-01 10:00', ends_at = '2020-01-01 12:00'"))
        consistency.rebuild(session.connection())
    assert [each.id for each in contracts.list_contracts(crm, people.gestion, stuck)] == [contract.id]


def test_the_order_of_age_is_refused_outside_the_stuck_chains(crm: Crm, people: People) -> None:
    with pytest.raises(Invalid):
        contracts.list_contracts(crm, people.gestion, ListQuery(sort="stuck_since"))
    query = ListQuery(frozenset({Filter.STUCK}), sort="stuck_since")
    assert contracts.list_contracts(crm, people.gestion, query) == []
