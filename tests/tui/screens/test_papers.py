"""Papers in the application: shown as text, saved to a file, and every refusal said."""

import stat
from pathlib import Path

import pytest

from services.papers import pdf
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.widgets.banner import Banner

pytestmark = sqlite_only


async def test_a_paper_is_shown_and_saved_and_a_file_is_replaced_after_a_question(
    driven: AppDriver, people: People, records: Records, home: Path
) -> None:
    event = records.event(name="Gala [/bold] 🎉", notes="First\n\nlast line")
    saved = home / f"run-sheet-{event.id}.html"
    async with driven.signed_in(people.gestion):
        await driven.press("R")
        assert "Events have a run sheet, contracts a summary." in driven.notices
        await driven.press("3", "R", "1")
        assert "Run sheet · Gala [/bold]" in driven.text
        await driven.press("G")
        assert "last line" in driven.text
        await driven.press("escape", "R", "2", "ctrl+s")
        assert f"Saved as {saved}." in driven.notices
        first = saved.read_bytes()
        assert b"Gala [/bold]" in first
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        saved.write_bytes(b"mine")
        await driven.press("R", "2", "ctrl+s")
        assert driven.screen_name == "ConfirmScreen"
        await driven.press("enter")  # the safe answer
        assert (driven.screen_name, saved.read_bytes()) == ("PaperForm", b"mine")
        await driven.press("ctrl+s", "tab", "enter")
        assert saved.read_bytes() == first


async def test_a_path_that_cannot_be_written_is_named_and_the_form_stays(
    driven: AppDriver, people: People, records: Records, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.contract()
    monkeypatch.setattr(pdf, "is_available", lambda: True)
    async with driven.signed_in(people.support):
        await driven.press("2", "R", "3")
        driven.type_into("path", "")
        await driven.press("ctrl+s")
        assert "This field is required." in driven.text
        for path, reason in ((home, "it is a folder"), (home / "gone" / "x", "its folder does not exist")):
            driven.type_into("path", str(path))
            await driven.press("ctrl+s")
            assert driven.screen_name == "PaperForm"
            assert driven.app.screen.query_one(Banner).text == f"{path} cannot be written: {reason}."
        driven.type_into("path", "~/quote.pdf")
        await driven.press("ctrl+s")
        assert (home / "quote.pdf").read_bytes().startswith(b"%PDF-")


async def test_without_the_extra_the_application_says_how_to_install_it(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.contract()
    monkeypatch.setattr(pdf, "find_spec", lambda _name: None)
    async with driven.signed_in(people.support):
        await driven.press("2", "R")
        assert "needs one more package" in driven.text
        await driven.press("3")
        assert "pip install" in driven.text
        await driven.press("escape")
        assert driven.screen_name == "ContractsScreen"
