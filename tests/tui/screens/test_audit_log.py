from services import events
from services.crm import Crm
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.records import Records


async def test_an_entry_of_the_journal_names_people_and_leads_to_its_record_and_back(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    event = records.event(name="Garden Party")
    events.assign_support(crm, people.gestion, event.id, people.support.id)
    async with driven.signed_in(people.gestion):
        await driven.press("5")
        assert f"nothing → {people.support.full_name}" in driven.text
        await driven.press("enter", "enter")
        assert driven.screen_name == "EventsScreen"
        assert "Events ‹ Journal" in driven.text
        await driven.press("escape")
        assert driven.screen_name == "JournalScreen"


async def test_the_journal_has_filters_of_ones_own_and_one_order(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(people.commercial)
    async with driven.signed_in(people.gestion):
        await driven.press("5", "f", "1", "2", "1", "enter", "ctrl+s")
        assert "Nothing under “Own filter”" in driven.text
        await driven.press("s")
        assert "This list has one order only." in driven.notices
        assert driven.screen_name == "JournalScreen"
