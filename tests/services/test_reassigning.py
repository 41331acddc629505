"""To give a client away is a right of its own, whatever else changes with it; a refusal is announced."""

import pytest

from models.write_models import ClientUpdate
from services import clients, collaborators
from services.crm import Crm
from services.domain_events import DomainEvent, PermissionRefused
from services.errors import Forbidden
from services.lists.query import ListQuery
from services.rights import Action
from services.validation import build
from tests.support.accounts import People
from tests.support.records import Records, everything


@pytest.mark.parametrize(
    "others", [{}, {"company": "Tents"}, {"full_name": "Anna Nowak", "phone": "0612345678"}]
)
def test_a_sales_contact_gives_no_client_away_even_among_other_changes(
    crm: Crm, records: Records, people: People, others: dict[str, str]
) -> None:
    client = records.client()
    before = everything(crm)
    command = build(ClientUpdate, others | {"sales_contact_id": people.other_commercial.id})
    with pytest.raises(Forbidden) as refusal:
        clients.update_client(crm, people.commercial, client.id, command)
    assert refusal.value.rule == Action.CLIENT_REASSIGN
    assert everything(crm) == before


def test_naming_oneself_again_among_other_changes_gives_nothing_away(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client()
    command = build(ClientUpdate, {"company": "Tents", "sales_contact_id": people.commercial.id})
    changed = clients.update_client(crm, people.commercial, client.id, command)
    assert (changed.company, changed.sales_contact_id) == ("Tents", people.commercial.id)


def test_each_refusal_of_a_write_or_a_read_is_announced_once(
    crm: Crm, records: Records, people: People, announced: list[DomainEvent]
) -> None:
    client = records.client()
    announced.clear()
    with pytest.raises(Forbidden):
        clients.update_client(crm, people.other_commercial, client.id, build(ClientUpdate, {"company": "A"}))
    assert announced == [PermissionRefused(people.other_commercial, Action.CLIENT_UPDATE)]
    announced.clear()
    with pytest.raises(Forbidden):
        collaborators.list_collaborators(crm, people.support, ListQuery())
    assert announced == [PermissionRefused(people.support, Action.COLLABORATOR_READ)]
