"""The settings of the CRM in the application: a form for Gestion, a word where a variable has no effect."""

from dataclasses import replace

from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records


async def test_gestion_changes_the_settings_in_a_form(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("C")
        assert driven.screen_name == "SettingsForm"
        driven.type_into("currency", "chf")
        await driven.press("ctrl+s")
        assert driven.screen_name == "ClientsScreen"
        assert driven.app.crm.shared.currency == "CHF"


@sqlite_only
async def test_others_are_told_who_changes_the_settings(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("C")
        assert "Only Gestion changes the settings of the CRM" in driven.notices


async def test_the_currency_is_refused_under_its_reason_while_there_are_contracts(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.contract()
    async with driven.signed_in(people.gestion):
        await driven.press("C")
        assert driven.screen_name == "SettingsForm"
        driven.type_into("currency", "CHF")
        await driven.press("ctrl+s")
        assert "only while there is no contract" in driven.text
        assert driven.screen_name == "SettingsForm"


async def test_a_variable_without_effect_is_told_when_the_application_opens(
    driven: AppDriver, people: People
) -> None:
    given = frozenset({"EPICEVENTS_CURRENCY"})
    driven.settings = replace(driven.settings, currency="USD", given=given)
    async with driven.signed_in(people.gestion):
        assert "EPICEVENTS_CURRENCY" in driven.notices
