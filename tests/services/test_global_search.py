"""One search over everything: each kind by its words, within the rights of who asks."""

from services import clients, contracts
from services.crm import Crm
from services.global_search import Hit, search_everywhere
from tests.support.accounts import People
from tests.support.records import Records


def _shown(hits: list[Hit]) -> list[str]:
    return [f"{hit.kind}: {hit.title} ({hit.detail})" for hit in hits]


def test_each_kind_is_searched_at_once(crm: Crm, people: People, records: Records) -> None:
    client = records.client(full_name="Élodie Martin", company="Zénith")
    contract = records.contract(client, signed=True)
    event = records.event(contract, name="Soirée")
    records.client(full_name="Somebody else")
    assert _shown(search_everywhere(crm, people.gestion, "marti")) == [
        "client: Élodie Martin (Zénith)",
        f"contract: {contract.number} (Élodie Martin)",
        "event: Soirée (Élodie Martin)",
        "collaborator: Sofia Martínez (sofia-m)",
    ]
    assert [hit.id for hit in search_everywhere(crm, people.gestion, "SOIREE zen")] == [event.id]
    assert [hit.id for hit in search_everywhere(crm, people.gestion, contract.number)] == [
        contract.id,
        event.id,
    ]


def test_the_team_is_found_by_gestion_alone(crm: Crm, people: People) -> None:
    found = [len(search_everywhere(crm, actor, "sofia")) for actor in people]
    assert found == [0, 0, 0, 0, 1, 1]


def test_what_is_in_the_trash_is_not_found(crm: Crm, people: People, records: Records) -> None:
    clients.trash_client(crm, people.commercial, records.client(full_name="Anna").id)
    contracts.trash_contract(crm, people.gestion, records.contract(records.client(full_name="Anna")).id)
    assert [hit.kind for hit in search_everywhere(crm, people.gestion, "anna")] == ["client"]


def test_a_client_without_a_company_is_told_by_the_email(crm: Crm, people: People, records: Records) -> None:
    records.client(full_name="Anna", email="anna@example.com")
    assert _shown(search_everywhere(crm, people.support, "anna")) == ["client: Anna (anna@example.com)"]


def test_at_most_so_many_of_each_kind_are_found(crm: Crm, people: People, records: Records) -> None:
    for _ in range(3):
        records.contract(records.client(full_name="Anna"))
    kinds = [hit.kind for hit in search_everywhere(crm, people.support, "anna", limit=2)]
    assert kinds == ["client", "client", "contract", "contract"]


def test_nothing_is_asked_for_a_text_without_words(crm: Crm, people: People, records: Records) -> None:
    records.client()
    for text in ("", "  ", "%", "-/-"):
        assert search_everywhere(crm, people.gestion, text) == []
