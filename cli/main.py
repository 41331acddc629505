"""The installed command ``epicevents``."""

import os
import sys
from collections.abc import Callable

from cli.process import INTERRUPTED, activate_language, interrupt_work, leave_at_once
from cli.streams import settle_streams
from services import garbage_collection

COMPLETION_VARIABLE = "_EPICEVENTS_COMPLETE"
"""The variable, named by Typer, that a shell sets to ask for completions."""


def main() -> None:
    """Run the command line, or open the application without one, and exit with the code."""
    try:
        leave_at_once()
        settle_streams()
        garbage_collection.pause()
        # Otherwise Pydantic reads the metadata of every installed package to find plugins.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        code = _exit_code()
        leave_at_once()
    except KeyboardInterrupt:
        leave_at_once()
        code = INTERRUPTED
    garbage_collection.exempt_all()
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
        import typer.main

        from cli.app import app

        typer.main.get_command(app)()
    return _ended(_open)


def _ended(work: Callable[[], int]) -> int:
    """The exit code of work without Typer, which is loaded only to explain a failure."""
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
    from cli.launch_app import open_application

    activate_language()
    return open_application()


def _ended_by(failure: BaseException) -> int:
    from cli.exit_codes import exit_code_of

    activate_language()

    def fail() -> None:
        raise failure

    return exit_code_of(fail)


if __name__ == "__main__":
    main()
