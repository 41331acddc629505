"""Starts the application; the only module of ``tui`` that the command line imports."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from services import garbage_collection
from services.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from services.settings import Settings
    from tui.app import EpicEventsApp
    from tui.form_state import OpenForm
    from tui.protocols import LookAround, SampleAccounts
    from tui.runtime.crash_reporting import Crash

NO_TERMINAL = 2


def run_app(
    settings: "Settings",
    *,
    token: str | None = None,
    sample_accounts: "SampleAccounts" = (),
    look_around: "LookAround | None" = None,
) -> int:
    """Open the application and stay until the person leaves; the exit code.

    With a ``token`` of an open session it starts signed in. ``sample_accounts`` (username, password,
    department) are named on the login screen of a demo database.
    ``look_around`` makes sample data for the first-run screen; without it that choice is not offered.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(_("epicevents needs a terminal; see 'epicevents --help' for the commands."), file=sys.stderr)
        return NO_TERMINAL
    garbage_collection.pause()  # until the modules are loaded
    from tui.app import EpicEventsApp
    from tui.runtime.workers import is_failure

    app = EpicEventsApp(settings, token=token, sample_accounts=sample_accounts, look_around=look_around)
    try:
        app.run()
    except BaseException as error:
        if app.guard.crash is None and is_failure(error):
            app.guard.report(error)
        elif app.guard.crash is None or not isinstance(error, Exception):
            raise
        # Of a crash and an exception that follows it, the person is told of the crash.
    finally:
        garbage_collection.resume()
    for problem in app.opening.key_problems:
        print(problem, file=sys.stderr)  # they stay in the terminal
    form = app.session.drafts.shutdown.outcome()
    if app.guard.crash is not None:
        _end_with_crash(app, app.guard.crash, form)
    return app.return_code or int(app.guard.crash is not None)


def own_keys(settings: "Settings") -> "tuple[Sequence[Mapping[str, Any]], Sequence[str]]":
    """Every command with its keys as a ``KeyRow``, the person's own included; and the mistakes in those."""
    from dataclasses import asdict

    from tui.keymap import key_rows, keymap_of

    keymap = keymap_of(settings)
    return [asdict(row) for row in key_rows(keymap)], keymap.problems


def _end_with_crash(app: "EpicEventsApp", crash: "Crash", form: "OpenForm") -> None:
    """Say that the program stopped, on a screen if possible, and in a line that stays."""
    from tui.runtime.crash_reporting import print_crash

    # If the first frame was never painted, a second application would probably fail as well.
    if app.opening.is_painted and sys.stdin.isatty() and sys.stdout.isatty():
        with suppress(Exception, KeyboardInterrupt):
            from tui.screens.crash import show_crash

            show_crash(crash, form, theme=app.theme)
    print_crash(crash, debug=app.settings.debug)
