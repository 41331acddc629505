import pytest

from models.tables import Client
from models.write_models import ClientUpdate
from services import clients
from services.crm import Crm
from services.rights import Action
from services.unit_of_work import writing
from services.validation import build
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import postgresql_only, sqlite_only
from tests.support.list_reads import count_clients
from tests.support.records import Records
from tui.widgets.banner import Banner
from tui.widgets.detail.pane import DetailPane
from tui.widgets.form.text_input import TextInput


async def test_a_client_is_created_from_the_keyboard(driven: AppDriver, people: People, crm: Crm) -> None:
    async with driven.signed_in(people.commercial):
        assert "There is no client yet." in driven.text
        await driven.press("n")
        driven.type_into("full_name", "Kevin Casey")
        driven.type_into("email", "Kevin@Startup.io")
        driven.type_into("phone", "+678 123 456 78")
        await driven.press("ctrl+s")
        assert driven.screen_name == "ClientsScreen"
        assert "Kevin Casey" in driven.table.render_line(1).text
        assert "kevin@startup.io" in driven.text


@sqlite_only
async def test_a_key_that_one_may_not_use_says_why(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client()
    async with driven.signed_in(people.support):
        await driven.press("n")
        assert "Only Commercial and Gestion create clients." in driven.notices
        await driven.press("p", "4")
        assert "Choose a contract to record a payment." in driven.notices
        assert "Only Gestion manages the team." in driven.notices
        assert driven.screen_name == "ClientsScreen"


async def test_search_narrows_as_one_types_and_escape_brings_everything_back(
    driven: AppDriver, people: People, records: Records
) -> None:
    for name in ("Élodie Durand", "Zoé Élie", "[/bold] Markup"):
        records.client(full_name=name)
    async with driven.signed_in(people.commercial):
        assert driven.table.state.total == 3
        await driven.press("slash", *"elodie")
        assert driven.table.state.total == 1
        await driven.press("enter", "escape")
        assert driven.table.state.total == 3


@sqlite_only
@pytest.mark.parametrize("typed", ["%", '"', "*_", "' -"])
async def test_a_search_without_a_letter_says_so(
    driven: AppDriver, people: People, records: Records, typed: str
) -> None:
    records.client(full_name="Zoé Élie")
    async with driven.signed_in(people.commercial):
        await driven.press("slash")
        driven.app.screen.query_one("#search", TextInput).value = typed
        await driven.settle()
        assert "The search holds no letter" in driven.text
        assert driven.table.state.total == 0
        await driven.press("z")
        assert "Zoé Élie" in driven.text
        await driven.press("escape")
        assert driven.table.state.total == 1


@sqlite_only
async def test_markup_and_wide_letters_are_drawn_as_they_are(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(
        full_name="[/bold] [red]山田\u202e太郎".replace("\u202e", ""), company="[@click=app.quit]x[/]"
    )
    async with driven.signed_in(people.commercial):
        assert "[/bold] [red]山田" in driven.text
        await driven.press("enter", "e")
        assert driven.screen_name == "ClientForm"
        await driven.press("escape", "escape", "d")
        assert "[/bold] [red]山田太郎 will move to the" in driven.text


@sqlite_only
async def test_the_filters_are_those_of_the_department(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client()
    records.client(people.other_commercial)
    async with driven.signed_in(people.commercial):
        await driven.press("f")
        assert "My clients not contacted for 30 days" in driven.text
        await driven.press("2")
        assert driven.table.state.total == 1
        await driven.press("f", "4")
        assert "Nothing under this filter." in driven.text


@sqlite_only
async def test_a_filter_that_is_about_an_order_brings_its_own(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.support):
        await driven.press("3", "f", "4")
        assert "My past events without notes" in driven.text
        assert "Start ▼" in driven.text
        await driven.press("f", "3")
        assert "My events of the next 7 days" in driven.text
        assert "Start ▲" in driven.text


@sqlite_only
async def test_sorting_twice_by_a_column_turns_the_order_round(
    driven: AppDriver, people: People, records: Records
) -> None:
    for name in ("Anna", "Berta"):
        records.client(full_name=name)
    async with driven.signed_in(people.commercial):
        assert "Anna" in driven.table.render_line(1).text
        await driven.press("s", "1")
        assert "Berta" in driven.table.render_line(1).text
        assert "Name ▼" in driven.text


async def test_a_client_goes_to_the_trash_and_comes_back(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(full_name="Anna")
    async with driven.signed_in(people.commercial):
        await driven.press("d", "enter")
        assert driven.table.state.total == 1, "Enter is the safe answer"
        await driven.press("d", "tab", "enter")
        assert driven.table.state.total == 0
        await driven.press("u")
        assert driven.table.state.total == 1
        await driven.press("d", "tab", "enter", "f", "4", "r")
        assert driven.table.state.total == 0
        await driven.press("f", "1")
        assert driven.table.state.total == 1


async def test_what_somebody_else_writes_appears_and_the_cursor_stays_on_its_record(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(full_name="Berta")
    async with driven.signed_in(people.gestion):
        screen = driven.app.screen
        await driven.press("down")
        screen.poller.poll()  # type: ignore[attr-defined]
        await driven.settle()
        records.client(full_name="Anna")
        screen.poller.poll()  # type: ignore[attr-defined]
        await driven.settle()
        assert driven.table.state.total == 2
        assert driven.current.full_name == "Berta"


@postgresql_only
async def test_what_a_slow_colleague_commits_last_appears_too(
    crm: Crm, driven: AppDriver, people: People, records: Records
) -> None:
    slow, quick = records.client(full_name="Anna"), records.client(full_name="Berta")
    async with driven.signed_in(people.gestion):
        screen = driven.app.screen
        await driven.settle()
        with writing(crm, people.commercial, Action.CLIENT_UPDATE) as work:
            work.change(work.get(Client, slow.id), {"full_name": "Slow"})
            work.settle()
            clients.update_client(
                crm, people.commercial, quick.id, build(ClientUpdate, {"full_name": "Quick"})
            )
            screen.poller.poll()  # type: ignore[attr-defined]
            await driven.settle()
            assert "Quick" in driven.text
            assert "Slow" not in driven.text
        screen.poller.poll()  # type: ignore[attr-defined]
        await driven.settle()
        assert "Slow" in driven.text


@sqlite_only
async def test_a_linked_contract_opens_in_its_section_and_escape_comes_back(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.contract()
    wanted = records.contract(records.client(full_name="Zoé"))
    async with driven.signed_in(people.gestion):
        await driven.press("G", "enter")
        assert wanted.number in driven.text
        await driven.press("enter")
        assert driven.screen_name == "ContractsScreen"
        assert driven.table.current_key == wanted.id
        assert "‹ Zoé" in driven.text
        await driven.press("escape")
        assert driven.screen_name == "ClientsScreen"
        assert driven.current.full_name == "Zoé"


@sqlite_only
async def test_n_on_the_contracts_of_a_client_makes_one_of_that_client(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(full_name="Zoé")
    async with driven.signed_in(people.gestion):
        await driven.press("enter", "n")
        assert driven.screen_name == "ContractForm"
        assert "Zoé" in driven.text


async def test_a_lost_database_shows_a_banner_and_recovers(
    driven: AppDriver, people: People, records: Records, monkeypatch: object
) -> None:
    from services.errors import DatabaseUnavailable

    records.client(full_name="Anna")
    async with driven.signed_in(people.commercial):
        screen = driven.app.screen
        screen.poller.failed(DatabaseUnavailable())  # type: ignore[attr-defined]
        await driven.settle()
        assert "The database cannot be reached" in driven.text
        assert "Anna" in driven.text
        await driven.press("ctrl+r")
        assert not screen.query_one(Banner).text


@sqlite_only
async def test_the_detail_shows_every_word_of_a_narrow_screen(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(full_name="Anna", company="A company with a name of many words")
    async with driven.signed_in(people.commercial):
        pane = driven.app.screen.query_one(DetailPane)
        assert pane.size.width <= 36
        assert "name of many" in driven.text


@sqlite_only
async def test_nothing_typed_in_the_search_runs_a_command(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("slash", *"ndusL?")
        assert driven.screen_name == "ClientsScreen"
        from services.lists.query import ListQuery

        assert count_clients(crm, people.commercial, ListQuery()) == 0


@sqlite_only
async def test_in_the_search_line_the_footer_names_the_keys_that_work_there(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(full_name="Élodie Durand")
    async with driven.signed_in(people.commercial):
        await driven.press("slash", "slash")
        footer = driven.text.splitlines()[-1]
        assert "Enter List" in footer
        assert "/ Search" not in footer
        await driven.press("backspace", "e", "l", "down")
        assert driven.app.focused is driven.table


@sqlite_only
async def test_a_name_too_long_for_the_border_stands_whole_in_the_detail(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(
        full_name="Compagnie internationale des wagons-restaurants", email="address@wagons.example"
    )
    async with driven.signed_in(people.commercial):
        await driven.press("down")
        text = " ".join(driven.text.split())
        assert "wagons-restaurants" in text
        assert "address@wagons.example" in text


@sqlite_only
async def test_undo_names_what_it_took_back(driven: AppDriver, people: People, records: Records) -> None:
    records.client(full_name="Élodie Durand")
    async with driven.signed_in(people.commercial):
        await driven.press("u")
        assert "Undone: client 1 (Élodie Durand) moved to the trash." in driven.notices
