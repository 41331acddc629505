"""The chain of a deal: what is done, since when, what is missing, and who may do it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import ChainLink, RecordKind
from models.write_models import EventUpdate
from services import chain, chain_texts, contracts, events, i18n
from services.actor import Actor
from services.chain import Chain, StepState
from services.crm import Crm
from services.errors import NotFound
from services.rights import Action
from services.validation import build
from tests.support.accounts import People
from tests.support.records import Records

DONE, OPEN, MISSING, WAITING = StepState.DONE, StepState.OPEN, StepState.MISSING, StepState.WAITING
AGO = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=3)


def _states(found: Chain, deal: int = 0) -> list[tuple[ChainLink, StepState]]:
    return [(step.link, step.state) for step in found.deals[deal].steps]


def _mends(found: Chain) -> list[Action | None]:
    steps = [*found.steps, *(step for deal in found.deals for step in deal.steps)]
    return [step.mends for step in steps if step.mends is not None]


def test_a_client_without_a_contract_lacks_one(crm: Crm, people: People, records: Records) -> None:
    client = records.client()
    found = chain.read_chain(crm, people.support, RecordKind.CLIENT, client.id)
    assert [(step.link, step.state) for step in found.steps] == [
        (ChainLink.CLIENT, DONE), (ChainLink.CONTRACT, MISSING),
    ]  # fmt: skip
    assert _mends(found) == [Action.CONTRACT_CREATE]
    assert (found.deals, found.left_out) == ([], 0)


def test_each_step_waits_for_the_one_before_it(crm: Crm, people: People, records: Records) -> None:
    contract = records.contract()
    at = RecordKind.CONTRACT, contract.id
    found = chain.read_chain(crm, people.gestion, *at)
    assert _states(found) == [
        (ChainLink.CONTRACT, DONE), (ChainLink.SIGNATURE, MISSING), (ChainLink.PAYMENTS, OPEN),
        (ChainLink.EVENT, WAITING), (ChainLink.SUPPORT, WAITING), (ChainLink.NOTES, WAITING),
    ]  # fmt: skip
    assert _mends(found) == [Action.CONTRACT_SIGN, Action.PAYMENT_RECORD]
    contracts.sign_contract(crm, people.commercial, contract.id)
    found = chain.read_chain(crm, people.gestion, *at)
    assert _mends(found) == [Action.PAYMENT_RECORD, Action.EVENT_CREATE]
    event = records.event(contracts.get_contract(crm, people.gestion, contract.id))
    found = chain.read_chain(crm, people.gestion, *at)
    assert _mends(found) == [Action.PAYMENT_RECORD, Action.EVENT_ASSIGN, Action.EVENT_UPDATE]
    events.assign_support(crm, people.gestion, event.id, people.support.id)
    events.update_event(crm, people.support, event.id, build(EventUpdate, {"notes": "Ready"}))
    records.payment(contract, "1000.00")
    found = chain.read_chain(crm, people.gestion, *at)
    assert {state for _link, state in _states(found)} == {DONE}
    assert _mends(found) == []


def test_each_done_step_says_since_when(crm: Crm, people: People, records: Records) -> None:
    event = records.event(records.contract(signed=True), support=people.support, notes="Kept")
    contract = contracts.get_contract(crm, people.gestion, event.contract)
    records.payment(contract, "1000.00")
    (deal,) = chain.read_chain(crm, people.gestion, RecordKind.EVENT, event.id).deals
    since = {step.link: step.since for step in deal.steps}
    assert since[ChainLink.CONTRACT] == contract.created
    assert since[ChainLink.SIGNATURE] == contract.signed_on
    assert since[ChainLink.PAYMENTS] == contract.signed_on  # both today
    assert since[ChainLink.EVENT] == event.start
    assert since[ChainLink.SUPPORT] == events.get_event(crm, people.gestion, event.id).updated
    assert since[ChainLink.NOTES] == event.created


def test_an_event_that_is_over_makes_payment_and_notes_late(
    crm: Crm, people: People, records: Records
) -> None:
    contract = records.contract(signed=True)
    event = records.event(contract, start=AGO - timedelta(hours=4), end=AGO, support=people.support)
    found = chain.read_chain(crm, people.support, RecordKind.EVENT, event.id)
    late = {step.link: step.since for step in found.deals[0].steps if step.state is MISSING}
    assert late == {ChainLink.PAYMENTS: AGO, ChainLink.NOTES: AGO}


def test_an_assignment_that_was_taken_away_is_missing_since_then(
    crm: Crm, people: People, records: Records
) -> None:
    event = records.event(support=people.support)
    taken = events.assign_support(crm, people.gestion, event.id, None)
    (deal,) = chain.read_chain(crm, people.gestion, RecordKind.EVENT, event.id).deals
    (step,) = (each for each in deal.steps if each.link is ChainLink.SUPPORT)
    assert (step.state, step.since) == (MISSING, taken.updated)


def test_a_client_shows_its_stuck_contracts_first(crm: Crm, people: People, records: Records) -> None:
    client = records.client()
    stuck = records.contract(client, signed=True)
    records.event(stuck)
    later = [records.contract(client) for _ in range(3)]
    found = chain.read_chain(crm, people.commercial, RecordKind.CLIENT, client.id)
    assert [deal.contract.id for deal in found.deals] == [stuck.id, *(each.id for each in reversed(later))]
    assert found.left_out == 0


def test_contracts_that_a_chain_leaves_out_are_counted(
    crm: Crm, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = records.client()
    for _ in range(3):
        records.contract(client)
    monkeypatch.setattr(chain, "MOST_DEALS", 2)
    found = chain.read_chain(crm, people.commercial, RecordKind.CLIENT, client.id)
    assert (len(found.deals), found.left_out) == (2, 1)


def test_the_chain_of_a_payment_is_that_of_its_contract(crm: Crm, people: People, records: Records) -> None:
    contract = records.contract()
    payment = records.payment(contract)
    found = chain.read_chain(crm, people.support, RecordKind.PAYMENT, payment.id)
    assert [deal.contract.id for deal in found.deals] == [contract.id]


@pytest.mark.parametrize("kind", [*chain.SHOWN, RecordKind.COLLABORATOR, RecordKind.SETTINGS])
def test_a_record_that_is_in_no_chain_is_not_found(crm: Crm, people: People, kind: RecordKind) -> None:
    with pytest.raises(NotFound):
        chain.read_chain(crm, people.gestion, kind, 10**6)


def test_a_missing_step_names_who_may_do_it_to_those_who_may_not(
    crm: Crm, people: People, records: Records
) -> None:
    event = records.event()
    (deal,) = chain.read_chain(crm, people.gestion, RecordKind.EVENT, event.id).deals
    mends = {step.link: step for step in deal.steps if step.mends is not None}
    may = {
        ChainLink.PAYMENTS: (people.commercial, people.gestion),
        ChainLink.SUPPORT: (people.gestion,),
        ChainLink.NOTES: (),
    }
    everyone: tuple[Actor, ...] = (people.commercial, people.other_commercial, people.support, people.gestion)
    for link, allowed in may.items():
        refused = {who for who in everyone if chain_texts.refusal_of(mends[link], who)}
        assert refused == set(everyone) - set(allowed), link


SAID = [(link, state) for state, texts in chain_texts._BY_STATE.items() for link in texts]


@given(st.sampled_from(["en", "fr"]), st.sampled_from(SAID), st.text(min_size=1, max_size=20))
def test_a_step_is_said_in_each_language_with_the_name_as_it_is(
    language: str, said: tuple[ChainLink, StepState], name: str
) -> None:
    i18n.activate(language)
    link, state = said
    text = chain_texts.say_step(chain.Step(link, state, RecordKind.CLIENT, 1, AGO, name, Decimal(3)), "EUR")
    assert text
    assert name in text or "{name}" not in chain_texts._BY_STATE[state][link]
