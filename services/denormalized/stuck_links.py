"""The link at which the chain of a contract stands still: its first missing one, kept in the contract.

The chain is the workflow of the brief: signature, event, support, and after the event payment and notes.
``stuck_since`` is the moment from which the missing link is late; it lies in the future for a link that only
time makes late, such as the payment of a coming event. So lists compare it with the clock.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, bindparam, case, func, select, update
from sqlmodel import SQLModel

from models.enums import ChainLink
from models.tables import Contract
from services.denormalized.period_figures import due_share
from services.persistence import prepared
from services.record_types import Share

GRACE: Final = timedelta(days=14)
"""The time that a client has to sign, and Commercial to create the event of a signed contract."""

COLUMNS: Final = ("event_over_at", "support_contact_id", "stuck_link", "stuck_since")
"""The columns of a contract that follow from its events."""

_CONTRACT: Final = SQLModel.metadata.tables["contract"]
_EVENT: Final = SQLModel.metadata.tables["event"]


class EventFacts(NamedTuple):
    """What the chain of a contract needs to know of its live events.

    ``over_at`` is the end of the one that ends first, ``unassigned_since`` the creation of the first one
    without support, ``unnoted_since`` the end of the first one without notes; ``None`` where there is none.
    ``support`` is the support contact of the first one without notes, else of the first one.
    """

    over_at: datetime | None
    unassigned_since: datetime | None
    unnoted_since: datetime | None
    support: int | None


NO_EVENT: Final = EventFacts(None, None, None, None)


def facts_columns(contract_id: Any) -> list[Any]:
    """The columns of :class:`EventFacts` as subqueries for the contract with this id."""
    of_it = (_EVENT.c.contract_id == contract_id, _EVENT.c.deleted_at.is_(None))
    unassigned = case((_EVENT.c.support_contact_id.is_(None), _EVENT.c.created_at))
    unnoted = case((_EVENT.c.notes == "", _EVENT.c.ends_at))
    firsts = {"over_at": _EVENT.c.ends_at, "unassigned_since": unassigned, "unnoted_since": unnoted}
    support = (
        select(_EVENT.c.support_contact_id)
        .where(*of_it)
        .order_by(_EVENT.c.notes != "", _EVENT.c.ends_at, _EVENT.c.id)
        .limit(1)
    )
    return [
        *(
            select(func.min(each)).where(*of_it).scalar_subquery().label(name)
            for name, each in firsts.items()
        ),
        support.scalar_subquery().label("support"),
    ]


_FACTS: Final[Select[*tuple[Any, ...]]] = select(
    *facts_columns(bindparam("contract_id", type_=_CONTRACT.c.id.type))
)
_THIS = _CONTRACT.c.id == bindparam("contract_id", type_=_CONTRACT.c.id.type)
_DEAL: Final[Select[*tuple[Any, ...]]] = select(
    _CONTRACT.c.created_at, _CONTRACT.c.signed_on, _CONTRACT.c.amount_due,
    *(_CONTRACT.c[name] for name in COLUMNS), _CONTRACT.c.sales_contact_id, _CONTRACT.c.deleted_at,
).where(_THIS)  # fmt: skip
_UPDATE: Final = (
    update(_CONTRACT)
    .where(_THIS)
    .values({name: bindparam(f"new_{name}", type_=_CONTRACT.c[name].type) for name in COLUMNS})
)


def read_facts(connection: Connection, contract_id: int) -> EventFacts:
    """The facts about the live events of a contract, as this transaction has written them."""
    row = prepared.first(connection, _FACTS, {"contract_id": contract_id})
    return NO_EVENT if row is None else EventFacts(*row)


def values_of(deal: Any, facts: EventFacts) -> dict[str, Any]:
    """The columns of a contract, or of its row, that follow from its events."""
    link, since = _first_missing(deal, facts)
    return {
        "event_over_at": facts.over_at, "support_contact_id": facts.support,
        "stuck_link": link, "stuck_since": since,
    }  # fmt: skip


def set_values(contract: Contract, facts: EventFacts) -> None:
    """Set these columns in a contract, before it is written."""
    for name, value in values_of(contract, facts).items():
        if getattr(contract, name) != value:
            setattr(contract, name, value)


def update_contract(connection: Connection, contract_id: int) -> list[tuple[Share, Share]]:
    """Write these columns of a contract anew, after a change of its events.

    Return its shares in the amounts due, before and after, if they change.
    """
    row = prepared.first(connection, _DEAL, {"contract_id": contract_id})
    assert row is not None  # noqa: S101 - a foreign key leads to it
    deal = dict(zip(_DEAL.selected_columns.keys(), row, strict=True))
    values = values_of(_Deal(*row[:3]), read_facts(connection, contract_id))
    if all(deal[name] == value for name, value in values.items()):
        return []
    new = {f"new_{name}": value for name, value in values.items()}
    prepared.run(connection, _UPDATE, {"contract_id": contract_id, **new})
    over_at = deal["event_over_at"], values["event_over_at"]
    if deal["deleted_at"] is not None or over_at[0] == over_at[1]:
        return []
    before, after = (due_share(deal["sales_contact_id"], deal["amount_due"], each) for each in over_at)
    return [(before, after)]


class _Deal(NamedTuple):
    created_at: datetime
    signed_on: Any
    amount_due: Any


def _first_missing(deal: Any, facts: EventFacts) -> tuple[str, datetime | None]:
    if deal.signed_on is None:
        return ChainLink.SIGNATURE.value, deal.created_at + GRACE
    if facts.over_at is None:
        return ChainLink.EVENT.value, datetime.combine(deal.signed_on, time(), UTC) + GRACE
    if facts.unassigned_since is not None:
        return ChainLink.SUPPORT.value, facts.unassigned_since
    if deal.amount_due > 0:
        return ChainLink.PAYMENTS.value, facts.over_at
    if facts.unnoted_since is not None:
        return ChainLink.NOTES.value, facts.unnoted_since
    return "", None
