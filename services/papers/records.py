"""Reads the records that a paper is about, in one transaction and with the right to read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.enums import RecordKind
from models.read_models import ClientRead, ContractRead, EventRead, PaymentRead, SharedSettingsRead
from services import record_types, shared_values
from services.actor import Actor
from services.crm import Crm
from services.events import LISTING as EVENTS
from services.lists import engine
from services.lists.query import ListQuery
from services.lists.spec import QueryContext
from services.papers.kinds import PaperKind
from services.payments import LISTING as PAYMENTS
from services.unit_of_work import ReadContext, reading

MOST_ROWS: Final = 1_000
"""The most payments, and the most events, of one paper."""


@dataclass(frozen=True, slots=True)
class PaperRecords:
    """What a paper says, of one moment (``now``, in UTC).

    ``event`` is the event of a run sheet. ``payments`` are those that count, oldest first; ``events`` are the
    live events of the contract in the order of their start, for a contract summary.
    """

    kind: PaperKind
    client: ClientRead
    contract: ContractRead
    event: EventRead | None
    payments: Sequence[PaymentRead]
    events: Sequence[EventRead]
    settings: SharedSettingsRead
    now: datetime


def read_records(crm: Crm, actor: Actor, kind: PaperKind, record_id: int) -> PaperRecords:
    """What the paper about an event or a contract says.

    Raises :class:`NotFound`, also for a record in the trash, and :class:`Forbidden`.
    """
    with reading(crm, actor) as work:
        work.hold_one_state()
        event = _live(work, RecordKind.EVENT, record_id) if kind is PaperKind.RUN_SHEET else None
        contract = _live(work, RecordKind.CONTRACT, record_id if event is None else event.contract)
        return PaperRecords(
            kind=kind,
            client=_live(work, RecordKind.CLIENT, contract.client),
            contract=contract,
            event=event,
            payments=_that_count(_of_contract(work, PAYMENTS, contract.id)),
            events=[] if event is not None else _of_contract(work, EVENTS, contract.id, sort="start"),
            settings=shared_values.read(work.connection),
            now=work.now,
        )


def _that_count(payments: Sequence[PaymentRead]) -> list[PaymentRead]:
    counted = [each for each in payments if each.cancelled is None]
    return sorted(counted, key=lambda each: (each.received_on, each.id))


def _live(work: ReadContext, kind: RecordKind, record_id: int) -> Any:
    found = engine.one(record_types.of_kind(kind).listing, work.connection, record_id)
    if found is None or found.deleted is not None:
        raise record_types.not_found(kind, record_id)
    return found


def _of_contract(work: ReadContext, listing: Any, contract_id: int, sort: str = "") -> list[Any]:
    query = ListQuery(sort=sort, parent=(RecordKind.CONTRACT, contract_id))
    asking = QueryContext.by(work.actor, work.now)
    return engine.window(listing, work.connection, asking, query, limit=MOST_ROWS)
