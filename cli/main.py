"""The installed command ``epicevents``."""

import gc
import os
import sys
from collections.abc import Callable

from cli.interrupts import INTERRUPTED, interrupt_work, leave_at_once
from cli.streams import settle_streams

COMPLETION_VARIABLE = "_EPICEVENTS_COMPLETE"
"""Set by the shell that asks for completions; Typer's own name for it."""


def main() -> None:
    """Run the command line, or open the application where nothing was asked for, and leave with the code."""
    try:
        leave_at_once()
        settle_streams()
        # What is loaded stays: to look for garbage meanwhile costs a tenth of the time that a command takes.
        gc.disable()
        # Pydantic reads the metadata of every installed package to look for plugins of others.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        code = _exit_code()
        leave_at_once()
    except KeyboardInterrupt:
        leave_at_once()
        code = INTERRUPTED
    # The interpreter would look for garbage among all that was ever loaded, several times, as it ends.
    gc.freeze()
    sys.exit(code)


def _exit_code() -> int | str | None:
    try:
        return _run()
    except SystemExit as left:
        return left.code


def _run() -> int:
    completes = COMPLETION_VARIABLE in os.environ
    if sys.argv[1:] == ["--version"] and not completes:
        return _ended(_show_version)
    if sys.argv[1:] or completes:
        from cli.lazy_group import run

        run()
    return _ended(_open)


def _ended(work: Callable[[], int]) -> int:
    """The exit code of what needs nothing of Typer, which is loaded only to say what went wrong."""
    try:
        interrupt_work()
        return work()
    except BaseException as failure:
        return _ended_by(failure)


def _show_version() -> int:
    from services.settings.variables import shown_version

    sys.stdout.write(shown_version() + "\n")
    sys.stdout.flush()
    return 0


def _open() -> int:
    from cli.language import settle_language
    from cli.launch_app import open_configured

    settle_language()
    return open_configured()


def _ended_by(failure: BaseException) -> int:
    from cli.exit_codes import exit_code_of
    from cli.language import settle_language

    settle_language()

    def fail() -> None:
        raise failure

    return exit_code_of(fail)


if __name__ == "__main__":
    main()
