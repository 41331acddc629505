"""``w`` and ``H``: list, details or both; and the columns of the list."""

from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records


def _shown(driven: AppDriver) -> tuple[bool, bool]:
    """Whether the details are shown, and whether more than one row of the list is."""
    return bool(driven.app.screen.query_one("#detail-pane").size), len(driven.table.in_sight) > 1


@sqlite_only
async def test_the_list_keeps_the_keys_in_every_layout(
    driven: AppDriver, people: People, records: Records
) -> None:
    made = [records.client(full_name=f"Client {number}") for number in range(4)]
    async with driven.signed_in(people.gestion, size=(80, 24)):
        assert _shown(driven) == (True, True)
        await driven.press("w", "j")
        assert _shown(driven) == (False, True)
        assert driven.current.id == made[1].id
        await driven.press("enter")
        assert _shown(driven) == (True, False), "Enter shows the details until one comes back"
        assert made[1].email in driven.text
        await driven.press("escape")
        assert _shown(driven) == (False, True)
        await driven.press("enter", "w")
        assert _shown(driven) == (True, False)
        await driven.press("escape", "j")
        assert _shown(driven) == (True, False)
        assert driven.current.id == made[2].id
        assert made[2].email in driven.text
        await driven.press("slash", *"client 3", "enter")
        assert driven.current.id == made[3].id
        assert made[3].email in driven.text
        await driven.pilot.resize_terminal(40, 10)
        await driven.pilot.resize_terminal(140, 40)
        await driven.settle()
        await driven.press("escape", "w")
        assert _shown(driven) == (True, True)
        await driven.press("enter", "w")
        assert driven.app.screen.focused is driven.table, "the details that had the focus are gone"


@sqlite_only
async def test_columns_are_chosen_with_keys_and_one_of_them_stays(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client(full_name="Ada", phone="+33 6 12 34 56 78")
    async with driven.signed_in(people.gestion):
        await driven.press("H", *["j", "space"] * 5, "K", "K", "K", "K", "enter")
        assert [column.key for column in driven.table.lines.columns] == ["full_name", "phone"]
        assert "+33 6 12 34 56 78" in driven.text.split("\n")[4][:50]
        await driven.press("H", "j", "space", "k", "space")
        assert "at least one column" in driven.notices
        await driven.press("r", "enter")
        assert driven.table.lines.columns[1].key == "company"
