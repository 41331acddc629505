"""The command that shows the settings."""

from __future__ import annotations

from cli.app import INSTALLATION, command
from cli.lists import Json
from cli.output import show_grid, show_json
from services.i18n import N_, _


@command("config", N_("Show every setting, where it comes from and what it means."), panel=INSTALLATION)
def config(as_json: Json = False) -> None:
    """Print the settings, secrets masked. Opens no database, so that it helps where nothing works yet."""
    from dataclasses import asdict

    from cli.table import Layout
    from services.settings import describe, load_settings

    rows = describe(load_settings())
    if as_json:
        show_json([asdict(row) for row in rows])
        return
    heading = [_("Setting"), _("Value"), _("Source"), _("Meaning")]
    layouts = [Layout(whole=True), Layout(), Layout(), Layout(rank=1)]
    show_grid(heading, [[row.variable, row.value_shown, row.source, row.meaning] for row in rows], layouts)
