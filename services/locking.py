"""Who waits for whom, in one order, so that no two writers of PostgreSQL wait for each other.

A record is locked after what it belongs to: the client, then the contract, then the payment or the event;
rows that hold figures come last. Whoever changes the team is alone meanwhile, since that may touch every
client. SQLite has one writer at a time; there the same queries only read.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, func, select, text
from sqlmodel import Session, col

from models.tables import Client, Contract, Event, Payment, Record
from services.database import ROW_LOCK, Database
from services.rights import Action

TEAM_ACTIONS: Final = frozenset({
    Action.COLLABORATOR_CREATE, Action.COLLABORATOR_UPDATE, Action.COLLABORATOR_DEACTIVATE,
    Action.COLLABORATOR_REACTIVATE, Action.COLLABORATOR_DELETE, Action.COLLABORATOR_UNLOCK,
})  # fmt: skip

# Any number that nothing else of ours uses as a PostgreSQL advisory lock.
TEAM_MATTER: Final = 7_216_041_905

_ITSELF_AND_ABOVE: Final[Mapping[type[Record], tuple[type[Record], ...]]] = {
    Contract: (Contract, Client),
    Payment: (Payment, Contract, Client),
    Event: (Event, Contract, Client),
}


def enter(
    database: Database, session: Session, action: Action, owner: Select[*tuple[Any, ...]]
) -> Row[*tuple[Any, ...]] | None:
    """The row of ``owner``, once nobody changes the team, or once the actor who does is alone."""
    if database.kind != "postgresql":
        return session.connection().execute(owner).first()
    if action in TEAM_ACTIONS:
        database.wait_until_alone(session, TEAM_MATTER)
        return session.connection().execute(owner).first()
    # Asked along with the actor, which costs no query of its own where nobody is in the way.
    alongside = owner.add_columns(func.pg_try_advisory_xact_lock_shared(TEAM_MATTER).label("may_go_on"))
    row = session.connection().execute(alongside).first()
    if row is None or row.may_go_on:
        return row
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:matter)"), {"matter": TEAM_MATTER})
    return session.connection().execute(owner).first()


def locked(session: Session, model: type[Record], record_id: int) -> Sequence[Record]:
    """A record and, after it, what it belongs to, all locked from the client down; empty where it is not."""
    models = _ITSELF_AND_ABOVE.get(model, (model,))
    row = session.execute(
        _joined(models)
        .where(col(model.id) == record_id)
        .with_for_update(**ROW_LOCK, of=models[::-1])
        .execution_options(populate_existing=True)
    ).first()
    return () if row is None else tuple(row)


def _joined(models: Sequence[type[Record]]) -> Select[*tuple[Any, ...]]:
    query = select(*models)
    if Contract in models[1:]:
        query = query.join(Contract, col(Contract.id) == getattr(models[0], "contract_id"))  # noqa: B009
    if Client in models[1:]:
        query = query.join(Client, col(Client.id) == col(Contract.client_id))
    return query
