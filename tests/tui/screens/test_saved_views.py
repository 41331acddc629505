"""Own filters by keys alone: built, counted, applied, saved, changed and thrown away."""

from models.enums import RecordKind
from models.write_models import ViewCreate
from services import saved_views
from services.crm import Crm
from services.lists.own_filters import ME, Comparison, Condition, OwnFilter
from services.lists.query import presets_for
from services.validation import build
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.screens.clients import ClientsScreen

MINE = OwnFilter((Condition("sales_contact", Comparison.IS, ME),))


async def test_a_filter_is_built_applied_saved_changed_and_trashed_by_keys(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    for name in ("Zoë [/bold]", "Anna"):
        records.client(people.commercial, full_name=name)
    records.client(people.other_commercial, full_name="Zola")
    new = str(len(presets_for(RecordKind.CLIENT, people.commercial.department)) + 1)
    async with driven.signed_in(people.commercial):
        await driven.press("f", new, "1", "1", *"ZO", "enter")
        assert driven.screen_name == "FilterBuilder"
        assert "Full name contains “ZO”" in driven.text
        assert "2 records match. No index serves this filter: it reads every row." in " ".join(
            driven.text.replace("│", " ").split()
        )
        await driven.press("n", "4", "1", *"me", "enter")
        assert "1 record matches." in driven.text
        assert "every row" not in driven.text
        await driven.press("ctrl+s")
        assert driven.table.state.total == 1
        assert "Own filter" in driven.text
        await driven.press("f", "end", "enter", "v", "ctrl+s")
        assert "This field is required" in driven.text
        await driven.press(*"My Zs", "tab", "y", "ctrl+s")
        assert driven.screen_name == "ClientsScreen"
        assert "My Zs" in driven.text
        (view,) = saved_views.list_views(crm, people.commercial, RecordKind.CLIENT)
        assert (view.name, view.department) == ("My Zs", people.commercial.department)
        screen = driven.app.screen
        assert isinstance(screen, ClientsScreen)
        assert screen.records.state.preset_key == f"view:{view.id}"
        await driven.press("f", "e", "d", "v", "ctrl+s")
        (changed,) = saved_views.list_views(crm, people.commercial, RecordKind.CLIENT)
        assert (changed.name, changed.version) == ("My Zs", 2)
        assert driven.table.state.total == 2
        await driven.press("2", "1", "f", "d", "tab", "enter")  # the section starts with the view now
        assert saved_views.list_views(crm, people.commercial, RecordKind.CLIENT) == []
        assert driven.table.state.total == 3
        assert "All clients" in driven.text


@sqlite_only
async def test_a_wrong_value_stays_as_typed_and_leaving_asks(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("3", "f", "4", "3", "1", *"someday", "enter")
        assert driven.screen_name == "ValueScreen"
        assert "✗" in driven.text
        assert "someday" in driven.text
        await driven.press(*["backspace"] * 7, *"last month")
        assert "= last month (" in driven.text
        await driven.press("enter", "escape")
        assert "Leave without applying?" in driven.text
        await driven.press("escape", "ctrl+s")
        assert "Nothing under “Own filter”" in driven.text


@sqlite_only
async def test_a_view_that_names_what_is_gone_says_so_and_the_palette_has_the_views(
    driven: AppDriver, people: People, records: Records, crm: Crm
) -> None:
    records.client(people.commercial, full_name="Anna")
    for name in ("Mine [/x] é", "Broken"):
        values = {"name": name, "listed": "client", "conditions": MINE.to_json(), "shared": True}
        view = saved_views.create_view(crm, people.other_commercial, build(ViewCreate, values))
    with crm.database.write() as connection:
        broken = '{"version":1,"match":"all","conditions":[{"field":"gone","comparison":"is","value":"1"}]}'
        connection.exec_driver_sql(
            f"UPDATE saved_view SET conditions = '{broken}' WHERE id = {view.id}"  # noqa: S608 - of the test
        )
    async with driven.signed_in(people.commercial):
        await driven.press("f", "5")
        assert "This list has no field gone" in driven.notices
        await driven.press("2", "ctrl+p", *"mine", "enter")
        assert driven.screen_name == "ClientsScreen"
        assert "Mine [/x] é" in driven.text
        assert driven.table.state.total == 1
        await driven.press("f", "d")
        assert "Only its owner and Gestion" in driven.notices
