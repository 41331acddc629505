"""The command that prints the keys of the application, as the file that changes them."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

import typer

from cli import console
from cli.app import INSTALLATION, command
from cli.options import Json
from cli.output import show_json
from services.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    Row = Mapping[str, Any]

_BAD_SETTING = 2


@command("keys", N_("Print the keys of the application, as the file that changes them."), panel=INSTALLATION)
def keys(as_json: Json = False) -> None:
    """Print every key. The exit code is 2 if a line of the person's own file is left out."""
    from cli.launch_app import own_keys
    from services.settings import load_settings

    settings = load_settings(go_on=True)
    rows, problems = own_keys(settings)
    if as_json:
        show_json(rows)
    else:
        typer.echo(_as_toml(rows, str(settings.keys_file)))
    for problem in problems:
        console.warning(problem)
    if problems:
        raise typer.Exit(_BAD_SETTING)


def _as_toml(rows: Sequence[Row], file: str) -> str:
    heading = _("Keys of your own: copy lines to {file}, and change the keys there.").format(file=file)
    blocks = [f"# {heading}"]
    width = max(len(_entry(row)) for row in rows)
    for group, members in groupby(rows, lambda row: row["group"]):
        lines = [f"# {group}"] if group else []
        lines += [f"{_entry(row):{width}}  # {_meaning(row)}" for row in members]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _entry(row: Row) -> str:
    # A JSON text and list are TOML too.
    shown = row["keys"][0] if len(row["keys"]) == 1 else list(row["keys"])
    return f"{row['id']} = {json.dumps(shown, ensure_ascii=False)}"


def _meaning(row: Row) -> str:
    meaning: str = " · ".join(filter(None, (row["label"], row["help"])))
    if list(row["keys"]) == list(row["default"]):
        return meaning
    return _("{meaning} (by default {keys})").format(meaning=meaning, keys=", ".join(row["default"]))
