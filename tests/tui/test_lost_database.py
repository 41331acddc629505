"""A list whose database goes away says so by itself, and goes on by itself when it is back."""

import threading

import pytest

from services import changes
from services.crm import Crm
from tests.support.people import People
from tests.support.records import Records
from tests.support.screens import Driven
from tui.widgets.banner import Banner


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.list_screen.POLL_SECONDS", 0.1)
    monkeypatch.setattr("tui.screens.list_screen.SILENCE_SECONDS", 0.2)


async def _until_banner(driven: Driven, *, shown: bool) -> str:
    for _attempt in range(200):
        await driven.pilot.pause(0.05)
        text = driven.app.screen.query_one(Banner).text
        if bool(text) is shown:
            return text
    raise AssertionError("no change in the banner")


@pytest.mark.parametrize("section", ["1", "2", "3", "5"])
async def test_a_list_whose_file_is_gone_says_so_without_a_key_and_recovers_without_one(
    driven: Driven, people: People, records: Records, crm: Crm, section: str
) -> None:
    records.event()
    path = crm.database.path
    assert path is not None
    async with driven.signed_in(people.gestion):
        await driven.press(section)
        path.rename(path.with_name("away.db"))
        said = await _until_banner(driven, shown=True)
        assert str(path) in said
        path.with_name("away.db").rename(path)
        await _until_banner(driven, shown=False)


async def test_a_list_whose_database_does_not_answer_says_that_it_waits(
    driven: Driven, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.client()
    answers = threading.Event()
    latest = changes.latest_change

    def silent(crm: Crm) -> object:
        answers.wait(20)
        return latest(crm)

    async with driven.signed_in(people.gestion):
        monkeypatch.setattr(changes, "latest_change", silent)
        assert "does not answer" in await _until_banner(driven, shown=True)
        answers.set()
        await _until_banner(driven, shown=False)
