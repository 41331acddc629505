"""``y`` sends a value to the clipboard of the terminal, ``o`` opens it outside, or says why it cannot."""

from unittest.mock import patch

import pytest

from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records, rewrite


@sqlite_only
async def test_a_value_of_the_record_is_copied_and_shown(
    driven: AppDriver, people: People, records: Records
) -> None:
    client = records.client(phone="+33 6 12 34 56 78")
    records.contract(client)
    # As an old import may hold it.
    rewrite(records.crm, "UPDATE client SET full_name = :name", name="Ada\x1b]52;c;eA==\x07\nrm -rf [/bold]")
    async with driven.signed_in(people.gestion):
        await driven.press("y", "enter")
        assert driven.app.clipboard == client.email
        assert client.email in driven.notices
        await driven.press("y", "3")
        assert driven.app.clipboard == "Ada]52;c;eA== rm -rf [/bold]"
        await driven.press("2", "o")
        assert "no email, no phone and no place" in driven.notices
        await driven.press("3", "y")
        assert "Choose a record first." in driven.notices


@sqlite_only
async def test_a_link_is_opened_where_there_is_a_desktop_and_copied_elsewhere(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.event(location="12 rue de l'Eau, Loches")
    opened: list[str] = []
    link = "https://www.openstreetmap.org/search?query=12%20rue%20de%20l%27Eau%2C%20Loches"
    async with driven.signed_in(people.gestion):
        monkeypatch.setattr("tui.runtime.outside.has_desktop", lambda: False)
        await driven.press("3", "o", "1")
        assert driven.app.clipboard == link
        assert "No program of a desktop" in driven.notices
        monkeypatch.setattr("tui.runtime.outside.has_desktop", lambda: True)
        with patch("tui.runtime.outside.open_outside", lambda link: not opened.append(link)):  # type: ignore[func-returns-value]
            await driven.press("o", "1")
        assert opened == [link]
        assert "Opened: 12 rue" in driven.notices
        with patch("tui.runtime.outside.open_outside", lambda _link: False):
            await driven.press("o", "1")
        assert "The desktop did not open it" in driven.notices
