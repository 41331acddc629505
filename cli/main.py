"""The installed command ``epicevents``."""

import gc
import os
import sys

COMPLETION_VARIABLE = "_EPICEVENTS_COMPLETE"
"""Set by the shell that asks for completions; Typer's own name for it."""


def main() -> None:
    """Run the command line, or open the application where nothing was asked for, and leave with the code."""
    # Pydantic reads the metadata of every installed package to look for plugins of others.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        if sys.argv[1:] or COMPLETION_VARIABLE in os.environ:
            from cli.dispatch import run

            run()
        sys.exit(_open())
    finally:
        # The interpreter would look for garbage among all that was ever loaded, several times, as it ends.
        gc.freeze()


def _open() -> int:
    from cli.door import open_configured
    from cli.language import settle_language

    settle_language()
    try:
        return open_configured()
    except BaseException as failure:
        return _ended_by(failure)


def _ended_by(failure: BaseException) -> int:
    from cli.ending import exit_code_of

    def fail() -> None:
        raise failure

    return exit_code_of(fail)


if __name__ == "__main__":
    main()
