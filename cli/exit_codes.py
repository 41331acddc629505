"""The end of every command: refusals and failures become messages and exit codes here."""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import typer
from typer import TyperException

from cli import console, context, streams, usage_errors
from cli.process import INTERRUPTED, interrupt_work
from services.errors import Conflict, CrmError, Duplicate, FieldProblem, Invalid
from services.i18n import N_, _

DONE: Final = 0
UNEXPECTED: Final = 1
BAD_INPUT: Final = 2
_REASONS: Final = {errno.EBADF: N_("it is closed"), errno.ENOSPC: N_("no space is left on the device")}

# Options that are not named after their field.
_OPTIONS: Final = {
    "client_id": "--client",
    "contract_id": "--contract",
    "total_amount": "--total",
    "sales_contact_id": "--sales-contact",
    "support_contact_id": "--support",
    "collaborator_id": "--support",
    "support_note": "--force",
    "password": "--password-stdin",
    "current": "--password-stdin",
    "new": "--password-stdin",
    "id": "ID",
    "payment_id": "ID",
    "person": "USERNAME",
    "day": "DAY",
    "whose": "--person",
    "status": "ID",
    "folder": "FOLDER",
    "listed": "LIST",
}


class AnswerLost(CrmError):
    """Standard output is closed or full, so the answer of a command is lost."""

    exit_code = BAD_INPUT
    template = N_("The answer could not be written to standard output: {reason}.")


def exit_code_of(run: Callable[[], object]) -> int:
    """Run a command, print its errors, and return its exit code.

    0 done, 1 unexpected error, 2 bad input, 3 not signed in, 4 forbidden, 5 not found, 6 conflict or
    duplicate, 130 interrupted.
    """
    try:
        interrupt_work()
        code = _delivered(_code_of(run))
        console.release()
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _code_of(run: Callable[[], object]) -> int:
    try:
        run()
    except typer.Exit as left:
        return left.exit_code
    except typer.Abort:
        return INTERRUPTED
    except TyperException as refused:
        _explain_usage(refused)
        return refused.exit_code
    except CrmError as refused:
        explain(refused)
        return refused.exit_code
    except Exception as failure:
        return DONE if streams.output_failure() else _unexpected(failure)
    return DONE


def _delivered(code: int) -> int:
    """The exit code once standard output has been flushed."""
    failure = streams.output_failure()
    if failure is None:
        return code
    with suppress(OSError, ValueError):
        streams.silence(sys.stdout.fileno())
    if isinstance(failure, BrokenPipeError):
        return code  # the reader, such as ``| head``, has read enough
    console.success_after_all()
    reason = _REASONS.get(failure.errno or 0)
    explain(lost := AnswerLost(reason=_(reason) if reason else failure.strerror or type(failure).__name__))
    return code or lost.exit_code


def explain(refused: CrmError) -> None:
    """Print the refusal, with each invalid field on its own line."""
    problems = refused.field_problems()
    changes = refused.changes if isinstance(refused, Conflict) else ()
    if console.uses_json_errors():
        found = [{"field": field_of(problem), "message": problem.message()} for problem in problems]
        _say_json(refused.exit_code, refused.message(), found)
        return
    # The only sentence of a duplicate is that of its field.
    message = (Invalid() if isinstance(refused, Duplicate) else refused).message()
    console.error(message)
    for problem in problems:
        if problem.message() == message:
            continue
        console.note(f"{option_of(problem)}: {problem.message()}")
    for change in changes:
        from services.change_texts import change_text

        console.note(change_text(change))


def _explain_usage(refused: TyperException) -> None:
    if not console.uses_json_errors():
        usage_errors.explain(refused)
        return
    text = refused.format_message()
    message, field = usage_errors.translated(text), usage_errors.field_of(text)
    _say_json(refused.exit_code, message, [{"field": field, "message": message}] if field else [])


def _say_json(code: int, message: str, problems: Sequence[dict[str, str]]) -> None:
    """Print an error for scripts. If one field is invalid, the message is that of the field."""
    first = problems[0] if problems else None
    console.json_error({
        "code": code,
        "field": first["field"] if first else None,
        "message": problems[0]["message"] if len(problems) == 1 else message,
        "problems": problems,
    })  # fmt: skip


def field_of(problem: FieldProblem) -> str:
    """The name of the field in JSON: its option in snake case."""
    return option_of(problem).removeprefix("--").replace("-", "_").lower()


def option_of(problem: FieldProblem) -> str:
    """The option that sets the field."""
    return _OPTIONS.get(problem.field) or "--" + problem.field.replace("_", "-")


def _report(failure: Exception) -> str | None:
    from services import monitoring
    from services.monitoring import local_counters
    from services.settings import load_settings

    local_counters.count("errors")
    monitoring.ensure_started(load_settings())
    monitoring.name_transaction(f"epicevents {context.command}".strip())
    return monitoring.capture_exception(failure, mechanism={"type": "command", "handled": False})


def _unexpected(failure: Exception) -> int:
    """Report an unexpected exception. Only its type is printed, because its text may quote private input."""
    event = None
    with suppress(Exception):  # a failed report must not hide the exception
        event = _report(failure)
    frames = traceback.extract_tb(failure.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    message = _("Unexpected error: {name} ({place}).").format(name=type(failure).__name__, place=place)
    if console.uses_json_errors():
        _say_json(UNEXPECTED, message, [])
        return UNEXPECTED
    console.error(message)
    if event:
        console.note(_("It was reported as {event}.").format(event=event))
    return UNEXPECTED
