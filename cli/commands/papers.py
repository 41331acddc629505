"""The commands for papers: the run sheet of an event, the summary of a contract, and their templates."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli import completion, console
from cli.app import INSTALLATION, command
from cli.context import signed_in
from cli.options import Json
from cli.parsing import record_id
from services.errors import CrmError, Invalid
from services.i18n import N_, _
from services.papers.kinds import PaperFormat, PaperKind


class OutputTaken(CrmError):
    """The file to write exists already."""

    exit_code = 6
    template = N_("{path} exists already. Give --force to replace it.")


Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        autocompletion=completion.words([each.value for each in PaperFormat]),
        help=N_("text, html or pdf; by default that of the file, else text."),
    ),
]
Output = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help=N_("The file to write; else the output."))
]
Force = Annotated[bool, typer.Option("--force", help=N_("Replace a file that exists."))]


@command(
    "run-sheet",
    N_("Print the run sheet of an event, or save it as HTML or PDF."),
    example="epicevents run-sheet 9 --output wedding.html",
)
def run_sheet(
    event: Annotated[str, typer.Argument(metavar="EVENT", help=N_("The event's id."))],
    form: Format = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """Make the paper in the client's language."""
    _give(PaperKind.RUN_SHEET, event, form, output, replace=force)


@command(
    "contract-summary",
    N_("Print the summary of a contract, or the quote while it is unsigned; or save it as HTML or PDF."),
    example="epicevents contract-summary 7 --output quote.html",
)
def contract_summary(
    contract: Annotated[str, typer.Argument(metavar="CONTRACT", help=N_("The contract's id."))],
    form: Format = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """Make the paper in the client's language."""
    _give(PaperKind.CONTRACT_SUMMARY, contract, form, output, replace=force)


@command(
    "paper-templates",
    N_("Write the templates of papers into a folder, to be edited there."),
    panel=INSTALLATION,
    example="epicevents paper-templates templates",
)
def paper_templates(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help=N_("The folder; it is made if need be."))],
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Export the program's own templates."""
    from cli.output import show_json, show_lines
    from services.papers import saving, template_files
    from services.settings.variables import TEMPLATES_VARIABLE

    place = saving.path_of(folder.rstrip("/\\") or folder, "folder")
    written = [str(path) for path in template_files.export(place, replace=force)]
    console.success(
        _("The templates are written. They are used once {variable} names this folder.").format(
            variable=TEMPLATES_VARIABLE
        )
    )
    if as_json:
        show_json(written)
    else:
        show_lines(written)


def goes_to_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def _give(kind: PaperKind, record: str, form: str | None, output: str | None, *, replace: bool) -> None:
    from services.papers import saving

    path = None if output is None else saving.path_of(output, "output")
    chosen = _format(form, path)
    if path is None and chosen is PaperFormat.PDF and goes_to_terminal():
        raise Invalid.of("output", N_("A PDF cannot be shown in a terminal: name a file with --output."))
    with signed_in() as (crm, actor):
        from services.papers.rendering import make_paper

        key = record_id(record)
        if path is not None:
            _require_free(path, replace=replace)
        content = make_paper(crm, actor, kind, key, chosen)
        if path is None:
            _print(content, is_text=chosen is not PaperFormat.PDF)
            return
        saving.save(path, content, replace=replace)
        console.success(_("Saved as {path}.").format(path=path))


def _require_free(path: Path, *, replace: bool) -> None:
    from services.papers import saving

    try:
        saving.require_free(path, replace=replace)
    except saving.FileTaken:
        raise OutputTaken(path=str(path)) from None


def _format(form: str | None, path: Path | None) -> PaperFormat:
    """The format that is named, else that of the file's suffix, else text. Raises :class:`Invalid`."""
    if form is None:
        suffix = "" if path is None else path.suffix.lower()
        return next((each for each in PaperFormat if each.suffix == suffix), PaperFormat.TEXT)
    if form.lower() not in [each.value for each in PaperFormat]:
        names = ", ".join(each.value for each in PaperFormat)
        raise Invalid.of("format", N_("One of these: {names}."), names=names)
    return PaperFormat(form.lower())


def _print(content: bytes, *, is_text: bool) -> None:
    if is_text:
        from cli.output import show_lines

        show_lines(content.decode().splitlines())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.flush()
