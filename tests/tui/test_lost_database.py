"""A list whose database goes away says so by itself, and goes on by itself when it is back."""

import threading
from pathlib import Path

import pytest

from services import change_feed
from services.crm import Crm
from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.crm import settings_for
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.widgets.banner import Banner


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.base.status_banners.POLL_SECONDS", 0.1)
    monkeypatch.setattr("tui.screens.base.status_banners.SILENCE_SECONDS", 0.2)


async def _until_banner(driven: AppDriver, *, shown: bool) -> str:
    banner = driven.app.screen.query_one(Banner)
    await driven.until(lambda: bool(banner.text) is shown)
    return banner.text


@sqlite_only
@pytest.mark.parametrize("section", ["1", "2", "3", "5"])
async def test_a_list_whose_file_is_gone_says_so_without_a_key_and_recovers_without_one(
    driven: AppDriver, people: People, records: Records, crm: Crm, section: str
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


@sqlite_only
@pytest.mark.parametrize("kind", ["empty", "no database", "folder"])
async def test_an_application_without_a_crm_says_so_and_makes_none(
    home: Path, people: People, kind: str
) -> None:
    path = home / "crm.db"
    if kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"" if kind == "empty" else b"Dear Kevin, " * 99)
    driven = AppDriver(settings_for(f"sqlite:///{path}", home))
    async with driven.running():
        said = driven.app.screen.query_one(Banner).text
        assert str(path) in said
        driven.fill("#username", people.gestion.username)
        driven.fill("#password", PASSWORD)
        await driven.press("enter")
        assert driven.screen_name == "LoginScreen"
        assert driven.app.screen.query_one(Banner).text == said
    assert not path.with_name("crm.db-wal").exists()
    assert kind == "folder" or path.stat().st_size == (0 if kind == "empty" else 1188)


async def test_a_list_whose_database_does_not_answer_says_that_it_waits(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.client()
    answers = threading.Event()
    look = change_feed.look_for_changes

    def silent(crm: Crm, seen: change_feed.Seen | None) -> object:
        answers.wait(20)
        return look(crm, seen)

    async with driven.signed_in(people.gestion):
        monkeypatch.setattr(change_feed, "look_for_changes", silent)
        assert "does not answer" in await _until_banner(driven, shown=True)
        answers.set()
        await _until_banner(driven, shown=False)
