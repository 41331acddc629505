"""Runs the program with one failing step of its start, which the first argument names."""

import sys
from typing import NoReturn

from cli.main import main
from services import settings
from services.auth import token_store
from tui import app, opening
from tui.screens.account.login import LoginScreen

STEPS = {
    "before there is an application": (token_store, "load"),
    "before the first screen": (app.EpicEventsApp, "on_mount"),
    "while the first screen is made": (LoginScreen, "compose"),
    "while modules are loaded": (opening, "load_modules"),
    "while the database is opened": (opening.Opening, "open"),
}


class BrokenAtStart(Exception):
    """The exception that crashes this program."""


def _raise(*given: object, **_named: object) -> NoReturn:
    raise BrokenAtStart


if __name__ == "__main__":
    owner, name = STEPS[sys.argv.pop(1)]
    assert settings.load_settings().sentry.dsn, "a start without Sentry shows nothing"
    setattr(owner, name, _raise)
    main()
