"""Records that are created together are each as one from a form."""

from decimal import Decimal

from sqlmodel import col, select

from models.tables import AuditEntry, Client, Contract
from services.crm import Crm
from services.denormalized import consistency
from services.persistence import mapper
from services.rights import Action
from services.undo import undo_last
from services.unit_of_work import writing
from tests.support.accounts import People
from tests.support.records import Records

MANY = 1_200
"""More than one statement takes."""


def create_clients(crm: Crm, people: People, count: int) -> list[int]:
    """Create clients together, and return their ids in the order in which they were given."""
    given = [
        mapper.new(Client, {
            "full_name": f"Client {number}", "email": f"{number}@clients.example",
            "sales_contact_id": people.commercial.id,
        })
        for number in range(count)
    ]  # fmt: skip
    with writing(crm, people.commercial, Action.CLIENT_CREATE) as work:
        work.create_all(given)
    return [client.id or 0 for client in given]


def test_each_of_many_clients_has_its_own_id_entry_and_words(crm: Crm, people: People) -> None:
    ids = create_clients(crm, people, MANY)
    with crm.database.write_session() as session:
        names = dict(session.execute(select(col(Client.id), col(Client.full_name))).all())
        entries = session.scalars(select(AuditEntry).order_by(col(AuditEntry.id))).all()[-MANY:]
    assert [names[each] for each in ids] == [f"Client {number}" for number in range(MANY)]
    assert [entry.record_id for entry in entries] == ids
    assert [entry.changes["full_name"] for entry in entries] == [[None, names[each]] for each in ids]
    assert len({entry.batch for entry in entries}) == 1
    assert consistency.check(crm) == []


def test_clients_created_together_are_undone_together(crm: Crm, people: People) -> None:
    ids = create_clients(crm, people, 3)
    undo_last(crm, people.commercial)
    with crm.database.write_session() as session:
        clients = session.scalars(select(Client).where(col(Client.id).in_(ids))).all()
    assert [client.deleted_at is not None for client in clients] == [True] * 3
    assert consistency.check(crm) == []


def test_contracts_created_together_have_numbers_of_their_own(
    crm: Crm, people: People, records: Records
) -> None:
    client = records.client()
    given = [
        mapper.new(Contract, {"client_id": client.id, "total_amount": Decimal(number)})
        for number in (10, 20, 30)
    ]
    with writing(crm, people.gestion, Action.CONTRACT_CREATE) as work:
        work.create_all(given)
    with crm.database.write_session() as session:
        totals = dict(session.execute(select(col(Contract.id), col(Contract.total_amount))).all())
    assert [totals[contract.id] for contract in given] == [10, 20, 30]
    assert consistency.check(crm) == []
