"""A number is never cut: cut, it would be another number."""

import pytest

from services import i18n
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records


@sqlite_only
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40)])
@pytest.mark.parametrize(("language", "shown"), [("en_GB", "9,999,999,999.99"), ("fr", "9 999 999 999,99")])
async def test_the_largest_amount_is_shown_whole_in_the_list_and_the_detail(
    driven: AppDriver, people: People, records: Records, size: tuple[int, int], language: str, shown: str
) -> None:
    client = records.client(full_name="A client whose name is as long as names of agencies tend to be")
    records.contract(client, total="10.00")
    large = records.contract(client, total="9999999999.99")
    records.payment(large, "1.00")
    i18n.activate(language)
    async with driven.signed_in(people.gestion, size=size):
        await driven.press("2")
        text = driven.text.replace("\u202f", " ").replace("\xa0", " ")
        assert shown.replace(",999.99", ",998.99").replace(" 999,99", " 998,99") in text
        assert "9…" not in text
        await driven.press("s", "4")
        assert "9…" not in driven.text


@sqlite_only
async def test_the_column_grows_when_one_comes_to_a_longer_number(
    driven: AppDriver, people: People, records: Records
) -> None:
    client = records.client()
    records.contract(client, total="9999999999.99")
    for _ in range(60):
        records.contract(client, total="10.00")
    async with driven.signed_in(people.gestion, size=(140, 40)):
        await driven.press("2", "g")
        first = driven.text
        await driven.press("G")
        in_the_list = [line.split("││")[0] for text in (first, driven.text) for line in text.splitlines()]
        assert any("9,999,999,999.99" in line for line in in_the_list)
        assert not any("9…" in line for line in in_the_list)
