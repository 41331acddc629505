"""The installed command ``epicevents``."""

import gc
import os
import sys
from collections.abc import Callable

COMPLETION_VARIABLE = "_EPICEVENTS_COMPLETE"
"""Set by the shell that asks for completions; Typer's own name for it."""


def main() -> None:
    """Run the command line, or open the application where nothing was asked for, and leave with the code."""
    # What is loaded stays: to look for garbage meanwhile costs a tenth of the time that a command takes.
    gc.disable()
    # Pydantic reads the metadata of every installed package to look for plugins of others.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        sys.exit(_run())
    finally:
        # The interpreter would look for garbage among all that was ever loaded, several times, as it ends.
        gc.freeze()


def _run() -> int:
    completes = COMPLETION_VARIABLE in os.environ
    if sys.argv[1:] == ["--version"] and not completes:
        return _ended(_show_version)
    if sys.argv[1:] or completes:
        from cli.dispatch import run

        run()
    return _ended(_open)


def _ended(work: Callable[[], int]) -> int:
    """The exit code of what needs nothing of Typer, which is loaded only to say what went wrong."""
    try:
        return work()
    except BaseException as failure:
        return _ended_by(failure)


def _show_version() -> int:
    from services.settings_variables import shown_version

    sys.stdout.write(shown_version() + "\n")
    sys.stdout.flush()
    return 0


def _open() -> int:
    from cli.door import open_configured
    from cli.language import settle_language

    settle_language()
    return open_configured()


def _ended_by(failure: BaseException) -> int:
    from cli.ending import exit_code_of
    from cli.language import settle_language

    settle_language()

    def fail() -> None:
        raise failure

    return exit_code_of(fail)


if __name__ == "__main__":
    main()
