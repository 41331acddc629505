"""The chain of a client's deals: client, contract, signature, payments, event, support, notes.

Each step says whether it is done, since when, and the action that does it. The source of the steps is the
workflow of the brief. ``services.denormalized.stuck_links`` keeps the first missing one in each contract.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, func, select

from models.enums import ChainLink, RecordKind
from models.read_models import ClientRead, ContractRead, EventRead
from models.tables import AuditEntry, Payment, table_of
from services import contracts, events, record_types
from services.actor import Actor
from services.crm import Crm
from services.lists import engine
from services.lists.query import Filter, ListQuery
from services.lists.spec import QueryContext
from services.payments import LISTING as PAYMENTS
from services.rights import Action
from services.unit_of_work import ReadContext, reading

MOST_DEALS: Final = 50
"""The most contracts of one client in a chain, the stuck ones first."""
_MOST_EVENTS: Final = 50

SHOWN: Final = (RecordKind.CLIENT, RecordKind.CONTRACT, RecordKind.PAYMENT, RecordKind.EVENT)
"""The kinds of record that are part of a chain."""


class StepState(StrEnum):
    """How far a step is: ``OPEN`` may be done but is not late, ``WAITING`` needs another step first."""

    DONE = "done"
    OPEN = "open"
    MISSING = "missing"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a chain.

    ``kind`` and ``id`` are the record that the step belongs to. ``since`` is the day or the moment (UTC) from
    which the step is done or missing; ``None`` if it is not known. ``name`` is that of the client, the event
    or the support contact. ``due`` is the amount that remains to be paid. ``mends`` is the action that does
    the step, ``None`` if it is done or cannot be done yet; ``owner_id`` is the owner under that action.
    ``time_zone`` is that of the event whose start ``since`` is.
    """

    link: ChainLink
    state: StepState
    kind: RecordKind
    id: int
    since: date | datetime | None = None
    name: str = ""
    due: Decimal | None = None
    mends: Action | None = None
    owner_id: int | None = None
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """The steps of one contract, with the contract and its live events."""

    contract: ContractRead
    steps: Sequence[Step]
    events: Sequence[EventRead]


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of a client, or that of one of its contracts.

    ``steps`` are those of the client itself. ``left_out`` is the number of its contracts that are not shown.
    """

    client: ClientRead
    steps: Sequence[Step]
    deals: Sequence[Deal]
    left_out: int


def read_chain(crm: Crm, actor: Actor, kind: RecordKind, record_id: int) -> Chain:
    """The chain of a client, or of the contract that a contract, a payment or an event belongs to.

    Raises :class:`NotFound`, also for a record of another kind, which is in no chain.
    """
    with reading(crm, actor) as work:
        client_id, contract_id = _place_of(work.connection, kind, record_id)
        client = _one(work.connection, RecordKind.CLIENT, client_id)
        if contract_id is None:
            found = _contracts_of(work, client_id)
            left_out = max(0, client.contract_count - len(found))
        else:
            found, left_out = [_one(work.connection, RecordKind.CONTRACT, contract_id)], 0
        parties = {each.id: _events_of(work, each.id) for each in found}
        facts = _Facts(work, found, [event for group in parties.values() for event in group])
        deals = [Deal(each, facts.steps(each, parties[each.id]), parties[each.id]) for each in found]
        return Chain(client, _steps_of_client(client), deals, left_out)


def _place_of(connection: Connection, kind: RecordKind, record_id: int) -> tuple[int, int | None]:
    """The ids of the client and of the contract; of no contract for a client."""
    if kind not in SHOWN:
        raise record_types.not_found(RecordKind.CONTRACT, record_id)
    record = _one(connection, kind, record_id)
    if kind is RecordKind.CLIENT:
        return record_id, None
    if kind is RecordKind.CONTRACT:
        return record.client, record_id
    contract = _one(connection, RecordKind.CONTRACT, record.contract)
    return contract.client, contract.id


def _one(connection: Connection, kind: RecordKind, record_id: int) -> Any:
    listing = PAYMENTS if kind is RecordKind.PAYMENT else record_types.of_kind(kind).listing
    found = engine.one(listing, connection, record_id)
    if found is None:
        raise record_types.not_found(kind, record_id)
    return found


def _contracts_of(work: ReadContext, client_id: int) -> list[ContractRead]:
    """The contracts of a client: those that are stuck, the longest first, then the others, newest first."""
    parent = (RecordKind.CLIENT, client_id)
    queries = (
        ListQuery(frozenset({Filter.STUCK}), sort="stuck_since", parent=parent),
        ListQuery(descending=True, parent=parent),
    )
    found: dict[int, ContractRead] = {}
    for query in queries:
        for each in _window(work, contracts.LISTING, query, MOST_DEALS):
            found.setdefault(each.id, each)
    return list(found.values())[:MOST_DEALS]


def _events_of(work: ReadContext, contract_id: int) -> list[EventRead]:
    query = ListQuery(sort="start", parent=(RecordKind.CONTRACT, contract_id))
    return _window(work, events.LISTING, query, _MOST_EVENTS)


def _window(work: ReadContext, listing: Any, query: ListQuery, limit: int) -> list[Any]:
    asking = QueryContext.by(work.actor, work.now)
    return engine.window(listing, work.connection, asking, query, limit=limit)


def _steps_of_client(client: ClientRead) -> list[Step]:
    known = client.first_contact_date or client.created
    steps = [Step(ChainLink.CLIENT, StepState.DONE, RecordKind.CLIENT, client.id, known, client.full_name)]
    if not client.contract_count:
        steps.append(
            Step(
                ChainLink.CONTRACT, StepState.MISSING, RecordKind.CLIENT, client.id, client.created,
                mends=Action.CONTRACT_CREATE,
            )
        )  # fmt: skip
    return steps


class _Facts:
    """What the steps of some contracts need besides the records: last payments, and days of changes."""

    def __init__(
        self, work: ReadContext, found: Sequence[ContractRead], parties: Sequence[EventRead]
    ) -> None:
        self._now = work.now
        self._paid = _last_payments(work.connection, [each.id for each in found])
        self._changed = _last_changes(work.connection, [each.id for each in parties])

    def steps(self, contract: ContractRead, parties: Sequence[EventRead]) -> list[Step]:
        """The steps of a contract and of its events."""
        kind, key, owner = RecordKind.CONTRACT, contract.id, contract.sales_contact_id
        signed = contract.signed_on is not None
        steps = [Step(ChainLink.CONTRACT, StepState.DONE, kind, key, contract.created, contract.number)]
        if signed:
            steps.append(Step(ChainLink.SIGNATURE, StepState.DONE, kind, key, contract.signed_on))
        else:
            steps.append(
                Step(
                    ChainLink.SIGNATURE, StepState.MISSING, kind, key, contract.created,
                    mends=Action.CONTRACT_SIGN, owner_id=owner,
                )
            )  # fmt: skip
        steps.append(self._payments(contract, parties))
        if not parties:
            steps += _without_event(contract, is_signed=signed)
        for event in parties:
            steps += self._of_event(event)
        return steps

    def _payments(self, contract: ContractRead, parties: Sequence[EventRead]) -> Step:
        kind, key, due = RecordKind.CONTRACT, contract.id, contract.amount_remaining
        if not due:
            return Step(ChainLink.PAYMENTS, StepState.DONE, kind, key, self._paid.get(key), due=due)
        over = min((event.end for event in parties), default=None)
        is_late = over is not None and over <= self._now
        return Step(
            ChainLink.PAYMENTS, StepState.MISSING if is_late else StepState.OPEN, kind, key,
            over if is_late else None, due=due, mends=Action.PAYMENT_RECORD,
            owner_id=contract.sales_contact_id,
        )  # fmt: skip

    def _of_event(self, event: EventRead) -> list[Step]:
        return [
            Step(
                ChainLink.EVENT, StepState.DONE, RecordKind.EVENT, event.id, event.start, event.name,
                time_zone=event.time_zone,
            ),
            self._support(event),
            self._notes(event),
        ]  # fmt: skip

    def _support(self, event: EventRead) -> Step:
        since = self._changed.get((event.id, "support_contact_id"))
        if event.support_contact_id is None:
            return Step(
                ChainLink.SUPPORT, StepState.MISSING, RecordKind.EVENT, event.id, since or event.created,
                mends=Action.EVENT_ASSIGN,
            )  # fmt: skip
        name = event.support_contact_name
        return Step(ChainLink.SUPPORT, StepState.DONE, RecordKind.EVENT, event.id, since, name)

    def _notes(self, event: EventRead) -> Step:
        if event.notes:
            since = self._changed.get((event.id, "notes"))
            return Step(ChainLink.NOTES, StepState.DONE, RecordKind.EVENT, event.id, since)
        is_late = event.end <= self._now
        return Step(
            ChainLink.NOTES, StepState.MISSING if is_late else StepState.OPEN, RecordKind.EVENT, event.id,
            event.end if is_late else None, mends=Action.EVENT_UPDATE,
            owner_id=event.support_contact_id or 0,
        )  # fmt: skip


def _without_event(contract: ContractRead, *, is_signed: bool) -> list[Step]:
    kind, key, waiting = RecordKind.CONTRACT, contract.id, StepState.WAITING
    first = Step(ChainLink.EVENT, waiting, kind, key)
    if is_signed:
        first = Step(
            ChainLink.EVENT, StepState.MISSING, kind, key, contract.signed_on,
            mends=Action.EVENT_CREATE, owner_id=contract.sales_contact_id,
        )  # fmt: skip
    return [first, *(Step(link, waiting, kind, key) for link in (ChainLink.SUPPORT, ChainLink.NOTES))]


_payment = table_of(Payment).c
_entry = table_of(AuditEntry).c


def _last_payments(connection: Connection, contract_ids: Sequence[int]) -> Mapping[int, date]:
    query = (
        select(_payment.contract_id, func.max(_payment.received_on))
        .where(_payment.contract_id.in_(contract_ids), _payment.deleted_at.is_(None))
        .where(_payment.cancelled_at.is_(None))
        .group_by(_payment.contract_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _last_changes(connection: Connection, event_ids: Sequence[int]) -> Mapping[tuple[int, str], datetime]:
    """The moment of the last change of the support contact and of the notes of events, by event and field."""
    query = (
        select(_entry.record_id, _entry.at, _entry.changes)
        .where(_entry.kind == RecordKind.EVENT, _entry.record_id.in_(event_ids))
        .order_by(_entry.id)
    )
    found: dict[tuple[int, str], datetime] = {}
    for record_id, at, changes in connection.execute(query):
        found.update({(record_id, name): at for name in ("support_contact_id", "notes") if name in changes})
    return found
