"""Settings for tests that open more CRMs than that of the ``crm`` fixture."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from services.crm import Crm
from services.settings import Settings, load_settings
from services.startup import open_crm
from tests.support.accounts import BCRYPT_COST
from tests.support.databases import Databases

SECRET_KEY: Final = "a key for tests alone, of forty-two bytes!"


def environment_for(url: str) -> dict[str, str]:
    """The environment variables of a program that uses this database."""
    return {
        "EPICEVENTS_DATABASE_URL": url,
        "EPICEVENTS_SECRET_KEY": SECRET_KEY,
        "EPICEVENTS_BCRYPT_COST": str(BCRYPT_COST),
        "EPICEVENTS_LANGUAGE": "en",
        "EPICEVENTS_CURRENCY": "EUR",
        "EPICEVENTS_PHONE_REGION": "FR",
    }


def settings_for(url: str, home: Path) -> Settings:
    """The settings of a CRM on this database; ``home`` replaces both folders of a ``.env``."""
    return load_settings(environment_for(url), home, home)


@contextmanager
def copy_of_filled(
    databases: Databases, name: str, template: str, fill: Callable[[Crm], None]
) -> Iterator[str]:
    """The URL of a copy of a template, filled through the services; they fill it only once for each name."""

    def fill_template(url: str) -> None:
        with TemporaryDirectory() as home:
            crm = open_crm(settings_for(url, Path(home)))
            fill(crm)
            crm.close()

    with databases.copied(databases.filled(name, template, fill_template)) as url:
        yield url
