"""The command that shows the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli import console
from cli.app import INSTALLATION, command
from cli.options import Json
from cli.output import show_grid, show_json
from services.i18n import N_, _

if TYPE_CHECKING:
    from services.settings import SettingRow, Settings

_NOT_USED: Final = N_("cannot be used")
# By the values of services.settings.sources.FileState.
_FILES: Final = {
    "read": N_("{path}: read"),
    "missing": N_("{path}: does not exist"),
    "foreign": N_("{path}: ignored, because it sets no variable that begins with EPICEVENTS_"),
    "broken": N_("{path}: ignored, because it cannot be read"),
}


@command("config", N_("Show every setting, where it comes from and what it means."), panel=INSTALLATION)
def config(as_json: Json = False) -> None:
    """Print the settings with secrets masked. It opens no database, so that it works before the set-up.

    The exit code is 2 if a setting cannot be used; all the others are shown.
    """
    from dataclasses import asdict

    from services.settings import describe, load_settings

    settings = load_settings(go_on=True)
    rows = describe(settings)
    if as_json:
        show_json([asdict(row) for row in rows])
    else:
        _show_table(rows)
    for file in settings.files:
        console.info(_(_FILES[file.state]).format(path=file.path))
    for warning in settings.warnings:
        console.warning(warning.message())
    _refuse(settings)


def _refuse(settings: Settings) -> None:
    """Report the unusable values. Raises the last one that would prevent the start."""
    from services.settings.variables import VARIABLES

    of_sentry = {name for variable in VARIABLES if variable.sentry for name in variable.names}
    stopping = []
    for name, problem in settings.problems.items():
        if name in of_sentry:
            console.warning(problem.message())
        else:
            stopping.append(problem)
    for problem in stopping[:-1]:
        console.error(problem.message())
    if stopping:
        raise stopping[-1]


def _show_table(rows: list[SettingRow]) -> None:
    from cli.text_table import Layout

    heading = [_("Setting"), _("Value"), _("Source"), _("Meaning")]
    layouts = [Layout(whole=True), Layout(), Layout(), Layout(rank=1)]
    values = [_(_NOT_USED) if row.problem else row.value_shown for row in rows]
    texts = [[row.variable, value, row.source, row.meaning] for row, value in zip(rows, values, strict=True)]
    show_grid(heading, texts, layouts)
