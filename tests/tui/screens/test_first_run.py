import pytest

from services import settings as settings_module
from services.settings import Settings
from tests.support.app_driver import AppDriver


@pytest.fixture(autouse=True)
def nothing_configured(driven: AppDriver, settings: Settings) -> None:
    """The settings of a machine on which no CRM was set up."""
    driven.settings = settings_module.with_database(settings, "sqlite:////nowhere/at/all.db")


async def test_nothing_configured_opens_the_first_run_screen(driven: AppDriver) -> None:
    async with driven.running():
        assert driven.screen_name == "FirstRunScreen"
        await driven.press("1")
        assert driven.screen_name == "SetUpForm"
        await driven.press("ctrl+s")
        assert "This field is required." in driven.text


async def test_looking_around_opens_the_sample_and_names_its_accounts(
    driven: AppDriver, settings: Settings
) -> None:
    accounts = [("gestion1", "a password", "Gestion")]
    driven.options["look_around"] = lambda: (settings, accounts)
    async with driven.running():
        await driven.press("2")
        await driven.settle()
        assert driven.screen_name == "LoginScreen"
        assert "gestion1" in driven.text
        assert driven.app.settings is settings
        assert driven.app.crm.shared.currency == driven.app.opening.currency
