"""What people read of changes: labels, local times and names, in few queries."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event as sql_event

from models.enums import RecordKind
from models.read_models import ReadableEntry
from models.write_models import ClientUpdate, ContractUpdate, EventUpdate, ViewCreate
from services import audit_log, clients, collaborators, contracts, events, formats, i18n, saved_views
from services.change_texts import change_text
from services.crm import Crm
from services.errors import Conflict
from services.lists.own_filters import ME, Comparison, Condition, OwnFilter
from services.lists.query import ListQuery
from services.validation import build
from tests.support.accounts import People
from tests.support.list_reads import list_journal
from tests.support.records import Records

NEWEST = ListQuery(descending=True)


@pytest.fixture
def paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import time

    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def newest(crm: Crm, people: People, number: int = 1) -> list[ReadableEntry]:
    entries = list_journal(crm, people.gestion, NEWEST, limit=number)
    return audit_log.readable(crm, people.gestion, entries)


def test_people_and_records_are_named_and_moments_are_local(
    crm: Crm, records: Records, people: People, paris: None
) -> None:
    client = records.client(people.commercial, full_name="Zoé Bar")
    other = people.other_commercial
    clients.update_client(crm, people.gestion, client.id, ClientUpdate(sales_contact_id=other.id))
    [entry] = newest(crm, people)
    assert entry.who == people.gestion.full_name
    assert entry.record == "Client Zoé Bar"
    assert list(entry.changes) == [("Sales contact", f"{people.commercial.full_name} → {other.full_name}")]
    clients.trash_client(crm, other, client.id)
    [entry] = newest(crm, people)
    [(label, text)] = entry.changes
    assert label == "In the trash since"
    assert text.startswith("nothing → ")
    assert "+00:00" not in text
    assert datetime.now().strftime("%H:") in text  # noqa: DTZ005 - as the person's clock shows it


def test_a_saved_view_is_read_as_its_list_says_it(crm: Crm, people: People) -> None:
    own = OwnFilter(
        (
            Condition("support_contact", Comparison.IS, ME),
            Condition("support_contact", Comparison.IS_NOT, str(people.support.id)),
            Condition("start", Comparison.IS, "this_week"),
        )
    )
    values = {"name": "Mine", "listed": "event", "conditions": own.to_json(), "sort": "start"}
    saved_views.create_view(crm, people.gestion, build(ViewCreate, values))
    [entry] = newest(crm, people)
    changes = dict(entry.changes)
    assert changes["List"] == "Event"
    assert changes["Sort"] == "Start"
    title = f"Collaborator {people.support.id}"
    assert changes["Conditions"] == f"Support is me; Support is not {title}; Start within this week"
    i18n.activate("fr")
    [entry] = newest(crm, people)
    assert dict(entry.changes)["Conditions"].startswith("Support est moi; Support n’est pas ")


def test_a_contract_a_payment_and_an_event_are_named_too(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract(signed=True)
    records.payment(contract, "250.00")
    event = records.event(contract, name="Garden Party")
    told = {entry.record for entry in newest(crm, people, 6)}
    assert f"Contract {contract.number}" in told
    assert f"Payment on {contract.number}" in told
    assert f"Event {event.name}" in told
    made = next(entry for entry in newest(crm, people) if entry.record == "Event Garden Party")
    assert ("Contract", contract.number) in list(made.changes)


def test_amounts_and_days_are_written_as_on_the_screen(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract(total="1000.00")
    dearer = build(ContractUpdate, {"total_amount": "2500.50"})
    contracts.update_contract(crm, people.gestion, contract.id, dearer)
    [entry] = newest(crm, people)
    assert list(entry.changes) == [("Total", "1,000.00 → 2,500.50")]
    client = records.client()
    met = build(
        ClientUpdate, {"last_contact_date": date(2026, 1, 31), "first_contact_date": date(2020, 2, 3)}
    )
    clients.update_client(crm, people.commercial, client.id, met)
    [entry] = newest(crm, people)
    assert dict(entry.changes)["Last contact"].endswith("→ 31/01/2026")


def test_who_and_what_is_deleted_keeps_what_the_journal_knows(crm: Crm, people: People) -> None:
    gone = people.other_support
    collaborators.delete_collaborator(crm, people.gestion, gone.id)
    [entry] = newest(crm, people)
    assert entry.record == f"Collaborator {gone.id}"


def test_names_and_labels_are_in_the_language_of_the_reader(
    crm: Crm, records: Records, people: People
) -> None:
    records.client(people.commercial, full_name="Zoé Bar")
    i18n.activate("fr")
    [entry] = newest(crm, people)
    assert ("Commercial", people.commercial.full_name) in list(entry.changes)
    assert (entry.action, entry.operation) == ("Client créé", "créé")


@pytest.mark.parametrize("number", [2, 40])
def test_a_page_takes_as_many_queries_as_one_entry(
    crm: Crm, records: Records, people: People, number: int
) -> None:
    for _ in range(number):
        records.event(records.contract(records.client(), signed=True), support=people.support)
    entries = list_journal(crm, people.gestion, NEWEST, limit=number)
    seen: list[str] = []

    def watch(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    sql_event.listen(crm.database.engine, "before_cursor_execute", watch)
    audit_log.readable(crm, people.gestion, entries)
    sql_event.remove(crm.database.engine, "before_cursor_execute", watch)
    assert 0 < len([text for text in seen if " IN (" in text]) <= 4


def test_a_conflict_names_the_person_and_the_values(
    crm: Crm, records: Records, people: People, paris: None
) -> None:
    event = records.event(records.contract(signed=True), support=people.support)
    events.assign_support(crm, people.gestion, event.id, people.other_support.id)
    later = build(EventUpdate, {"end": event.end + timedelta(hours=1)})
    events.update_event(crm, people.other_support, event.id, later)
    with pytest.raises(Conflict) as refused:
        events.assign_support(crm, people.gestion, event.id, None, version=event.version)
    message = refused.value.message()
    assert people.other_support.full_name in message
    assert people.gestion.username not in message
    told = [change_text(change) for change in refused.value.changes]
    assert told[0] == (
        f"Support contact: {people.support.full_name} → {people.other_support.full_name}"
        f" ({people.gestion.full_name})"
    )
    before, after = (formats.show_datetime(event.end + timedelta(hours=more)) for more in (0, 1))
    assert told[1] == f"End: {before} → {after} ({people.other_support.full_name})"


def test_a_trashed_contract_keeps_its_name_in_the_journal(crm: Crm, records: Records, people: People) -> None:
    contract = records.contract()
    contracts.trash_contract(crm, people.gestion, contract.id)
    [entry] = newest(crm, people)
    assert entry.record == f"Contract {contract.number}"
    about = list_journal(crm, people.gestion, ListQuery(parent=(RecordKind.CONTRACT, contract.id)), limit=5)
    assert {each.record_name for each in about} == {contract.number}
