"""Settings and a CRM for tests that make more than the one of the ``crm`` fixture."""

from pathlib import Path
from typing import Final

from services.settings import Settings, load_settings
from tests.support.accounts import BCRYPT_COST

SECRET_KEY: Final = "a key for tests alone, of forty-two bytes!"


def environment_for(url: str) -> dict[str, str]:
    """The variables that lead a program, started by a test, to a database."""
    return {
        "EPICEVENTS_DATABASE_URL": url,
        "EPICEVENTS_SECRET_KEY": SECRET_KEY,
        "EPICEVENTS_BCRYPT_COST": str(BCRYPT_COST),
        "EPICEVENTS_LANGUAGE": "en",
        "EPICEVENTS_CURRENCY": "EUR",
        "EPICEVENTS_PHONE_REGION": "FR",
    }


def settings_for(url: str, home: Path) -> Settings:
    """The settings of a CRM on this database, with ``home`` in the place of both folders of a ``.env``."""
    return load_settings(environment_for(url), home, home)
