"""The application on real databases of both kinds, driven by keys without a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.app_driver import AppDriver

if TYPE_CHECKING:
    from pathlib import Path

    from textual.css.model import RuleSet

    from services.crm import Crm
    from services.settings import Settings
    from tests.support.accounts import People
    from tests.support.databases import Databases
    from tests.support.records import Records


SAMPLE_DAY = date(2026, 9, 16)
"""The day on which the sample data were made."""


@pytest.fixture(scope="session", autouse=True)
def _style_sheets_read_once() -> Iterator[None]:
    """Each application reads the same 190 style sheets, which takes it 40 ms; here one reading serves all."""
    from textual.css.stylesheet import Stylesheet

    read: dict[object, list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, *details: Any, **named: Any) -> list[RuleSet]:
        key = (details, *named.items(), *sheet._variables.items())
        if key not in read:
            read[key] = parse(sheet, *details, **named)
        return read[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once(compiled_once: None) -> None:
    """Also for the databases that a test opens without ``databases``."""


@pytest.fixture(scope="session", autouse=True)
def _applications_are_let_go() -> Iterator[None]:
    """The program exempts from collection all that there is at its start: here each application before it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.garbage_collection.exempt_all", lambda: None)
        yield


@pytest.fixture(autouse=True)
def notices_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes no notice away before a test has read it."""
    monkeypatch.setattr("tui.notices.SAID_SECONDS", 600)
    monkeypatch.setattr("tui.notices.REFUSED_SECONDS", 600)


@pytest.fixture
def records(crm: Crm, people: People) -> Records:
    """What makes clients, contracts and events."""
    from tests.support.records import Records

    return Records(crm, people)


@pytest.fixture
def driven(settings: Settings) -> AppDriver:
    """The application, not yet running."""
    return AppDriver(settings)


@pytest.fixture
def hostile_url(databases: Databases) -> Iterator[str]:
    """A database in whose every field stands what should not: see ``tests.support.hostile_text``."""
    from tests.support import hostile_text
    from tests.support.crm import copy_of_filled

    templates = databases.templates
    fill = partial(hostile_text.fill, people=templates.people)
    with copy_of_filled(databases, "hostile", templates.staffed, fill) as url:
        yield url


@pytest.fixture
def hostile(hostile_url: str, home: Path) -> AppDriver:
    """The application on that database, not yet running."""
    from tests.support.crm import settings_for

    return AppDriver(settings_for(hostile_url, home))


@pytest.fixture
def demo_url(databases: Databases) -> Iterator[str]:
    """A database of sample data around ``SAMPLE_DAY``."""
    from services.demo.writer import fill
    from tests.support.crm import copy_of_filled

    filled = partial(fill, today=SAMPLE_DAY)
    with copy_of_filled(databases, "demo", databases.templates.blank, filled) as url:
        yield url


@pytest.fixture
def demo_settings(demo_url: str, home: Path) -> Settings:
    """The settings of a CRM on that database."""
    from tests.support.crm import settings_for

    return settings_for(demo_url, home)
