"""An exception outside of Exception, and a group of them, ends the application like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest
from textual.worker import WorkerFailed

from services import monitoring
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only

pytestmark = sqlite_only  # nothing here depends on the kind of database

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.settings import Settings
    from tests.support.accounts import People


class Panic(BaseException):
    """As extensions in Rust raise one."""


def panic(*_given: object) -> NoReturn:
    raise Panic


def several(*_given: object) -> NoReturn:
    raise ExceptionGroup("several", [ValueError("one"), KeyError("two")])


def worst(*_given: object) -> NoReturn:
    raise BaseExceptionGroup("several", [Panic(), ValueError("one")])


async def later() -> None:
    panic()


PLACES: dict[str, Callable[[AppDriver], object]] = {
    "in the app": lambda driven: driven.app.call_later(panic),
    "in a screen": lambda driven: driven.app.screen.call_later(panic),
    "in a widget": lambda driven: driven.app.screen.query("*").first().call_later(panic),
    "in a timer": lambda driven: driven.app.screen.set_timer(0.001, panic),
    "in a thread worker": lambda driven: driven.app.run_worker(panic, thread=True),
    "in an async worker": lambda driven: driven.app.run_worker(later()),
    "as a group": lambda driven: driven.app.screen.call_later(several),
    "as a group of both kinds": lambda driven: driven.app.screen.call_later(worst),
}


@pytest.mark.parametrize("place", PLACES)
async def test_it_is_a_crash_like_any_other(place: str, settings: Settings, people: People) -> None:
    driven = AppDriver(settings)
    with pytest.raises((Panic, BaseExceptionGroup, WorkerFailed)):  # noqa: PT012 - the crash comes at the end
        async with driven.signed_in(people.commercial):
            PLACES[place](driven)
            await driven.settle()
            await driven.pilot.pause(0.1)
    monitoring.close_sentry()
    assert driven.app.guard.crash is not None
    assert isinstance(driven.app.guard.crash.error, Panic | BaseExceptionGroup)
    assert driven.app.return_code == 1
