"""How a command ends: the one place where refusals and failures become messages and exit codes."""

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import typer
from typer import TyperException

from cli import console, session, usage
from services.errors import Conflict, CrmError, FieldProblem
from services.i18n import _

DONE: Final = 0
UNEXPECTED: Final = 1
INTERRUPTED: Final = 130
"""As shells report a program that was ended by Ctrl+C: 128 and the signal's number."""

# Fields that are given by an option of another name; the others are the option without its dashes.
_OPTIONS: Final = {
    "client_id": "--client",
    "contract_id": "--contract",
    "total_amount": "--total",
    "sales_contact_id": "--sales-contact",
    "support_contact_id": "--support",
    "collaborator_id": "--support",
    "password": "--password-stdin",
    "current": "--password-stdin",
    "new": "--password-stdin",
    "id": "ID",
    "status": "ID",
}


def exit_code_of(run: Callable[[], object]) -> int:
    """Run a command, say how it ended, and return its exit code.

    0 done, 1 unexpected error, 2 bad input, 3 not signed in, 4 forbidden, 5 not found, 6 conflict or
    duplicate.
    """
    try:
        run()
        sys.stdout.flush()
    except typer.Exit as left:
        return left.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    except TyperException as refused:
        usage.explain(refused)
        return refused.exit_code
    except CrmError as refused:
        explain(refused)
        return refused.exit_code
    except Exception as failure:
        return _unexpected(failure)
    return DONE


def explain(refused: CrmError) -> None:
    """Say why, with every field at fault on a line of its own."""
    console.error(refused.message())
    for problem in refused.field_problems():
        console.note(f"{option_of(problem)}: {problem.message()}")
    if isinstance(refused, Conflict):
        for change in refused.changes:
            console.note(f"{change.field}: {change.old} -> {change.new} ({change.who})")


def option_of(problem: FieldProblem) -> str:
    """The option by which the field is given."""
    return _OPTIONS.get(problem.field) or "--" + problem.field.replace("_", "-")


def _report(failure: Exception) -> str | None:
    from services import monitoring
    from services.monitoring import counts
    from services.settings import load_settings

    counts.count("errors")
    monitoring.ensure_started(load_settings())
    monitoring.name_transaction(f"epicevents {session.command}".strip())
    return monitoring.capture_exception(failure, mechanism={"type": "command", "handled": False})


def _reader_gone() -> int:
    # ``| head`` has read enough. The interpreter would complain at exit, when it flushes.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _unexpected(failure: Exception) -> int:
    """Report what nobody foresaw; its text may hold what somebody typed, so only its type is said."""
    event = None
    with suppress(Exception):  # a report that fails must not hide what happened
        event = _report(failure)
    frames = traceback.extract_tb(failure.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    console.error(_("Unexpected error: {name} ({place}).").format(name=type(failure).__name__, place=place))
    if event:
        console.note(_("It was reported as {event}.").format(event=event))
    return UNEXPECTED
