"""Questions on the terminal. Prompts go to standard error, so that standard output holds only the result."""

import getpass
import sys
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import typer

from cli import console
from services.errors import FieldProblem, Invalid, NotFound
from services.i18n import N_, _

Value = TypeVar("Value")

NO_PASSWORD: Final = N_("Give the password on standard input.")
NO_DATABASE_URL: Final = N_("Give the address of the database on standard input.")


def can_ask() -> bool:
    """Whether standard input is a terminal, so that questions can be answered."""
    return sys.stdin.isatty()


def ask(label: str) -> str:
    """Ask for one line; ``label`` is marked with ``N_``. Raises :class:`typer.Abort` for Ctrl+D."""
    typer.echo(_prompt(label), nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.rstrip("\r\n")


def ask_until(label: str, read: Callable[[str], Value]) -> Value:
    """Ask until the answer is valid, explaining each refusal, and return it. Raises like :func:`ask`."""
    while True:
        try:
            return read(ask(label))
        except NotFound as refused:
            console.error(refused.message())
        except Invalid as refused:
            for problem in refused.field_problems():
                console.error(problem.message())


def ask_password(label: str) -> str:
    """Ask for a password without echo. Raises like :func:`ask`."""
    try:
        return getpass.getpass(_prompt(label), stream=sys.stderr)
    except EOFError:
        raise typer.Abort from None


def password(
    from_stdin: bool, label: str, *, confirm: bool = False, check: Callable[[str], object] = str
) -> str:
    """Read a password from standard input or ask for it. Other users can read command lines, so never there.

    The question is repeated as long as ``check`` raises ``Invalid``. Without a terminal a missing password
    raises :class:`Invalid`.
    """
    if from_stdin:
        return passwords_from_stdin(1)[0]
    if not can_ask():
        raise Invalid.of("password", NO_PASSWORD)
    while True:
        first = ask_password(label)
        if _refused(first, check):
            continue
        if not confirm or ask_password(N_("The same password again")) == first:
            return first
        console.error(_("The two passwords differ. Try again."))


def new_password(from_stdin: bool, username: str | None, label: str = N_("Password")) -> str:
    """Read a new password for a username: checked after the first entry, then confirmed by a second one.

    Raises like :func:`password`.
    """
    from services.auth.passwords import check_policy

    return password(from_stdin, label, confirm=True, check=lambda text: check_policy(text, username or ""))


def _refused(text: str, check: Callable[[str], object]) -> bool:
    try:
        check(text)
    except Invalid as refused:
        for problem in refused.field_problems():
            console.error(problem.message())
        return True
    return False


def passwords_from_stdin(count: int) -> list[str]:
    """Read the first lines of standard input, without their line ends. Raises :class:`Invalid`."""
    return lines_from_stdin([("password", NO_PASSWORD)] * count)


def lines_from_stdin(wanted: Sequence[tuple[str, str]]) -> list[str]:
    """Read a line of standard input for each field, given with the message for a missing line.

    Raises :class:`Invalid` if lines are missing or empty, or standard input cannot be read as text.
    """
    first = wanted[0][0]
    try:
        lines = sys.stdin.read().split("\n")
    except UnicodeDecodeError:
        raise Invalid.of(first, N_("Standard input is not text.")) from None
    except OSError as error:  # a folder, or a file opened for writing
        reason = error.strerror or type(error).__name__
        raise Invalid.of(first, N_("Standard input cannot be read: {reason}."), reason=reason) from None
    found = [line.removesuffix("\r") for line in lines[: len(wanted)]]
    found += [""] * (len(wanted) - len(found))
    missing = {field: template for (field, template), line in zip(wanted, found, strict=True) if not line}
    if missing:
        raise Invalid(*(FieldProblem(field, template) for field, template in missing.items()))
    return found


def _prompt(label: str) -> str:
    return _("{label}: ").format(label=_(label))
