"""Every command that a page names can be typed as it stands there."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from cli.app import app
from tests.support.isolation import ROOT
from tests.support.pages import PAGES, code_of, commands_of, name_of

PROGRAM: Any = typer.main.get_command(app)
PLACEHOLDER = "COMMAND"


def parse(words: list[str]) -> None:
    """Read a command line without running it. Raises what Typer raises for a wrong one."""
    parser = PROGRAM.make_parser(PROGRAM.context_class(PROGRAM))
    parser.allow_interspersed_args = False
    _, rest, _ = parser.parse_args(list(words))
    if rest and rest[0] != PLACEHOLDER:
        context = PROGRAM.context_class(PROGRAM)
        name, command, arguments = PROGRAM.resolve_command(context, rest)
        command.make_parser(command.context_class(command, info_name=name, parent=context)).parse_args(
            arguments
        )


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_of_a_page_parses(page: Path) -> None:
    for words in commands_of(page):
        parse(words)


def test_a_command_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(Exception, match="No such command"):
        parse(["list-parties"])
    with pytest.raises(Exception, match="No such option"):
        parse(["list-clients", "--yours"])


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_target_of_make_that_a_page_names_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {name for line in code_of(page) for name in re.findall(r"(?:^|&& )make ([a-z]+)", line)}
    assert named - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_module_that_a_page_runs_exists(page: Path) -> None:
    named = {name for line in code_of(page) for name in re.findall(r"python -m (benchmarks[.\w]*)", line)}
    paths = {name: ROOT / name.replace(".", "/") for name in named if not name.endswith("NAME")}
    assert [
        name for name, path in paths.items() if not path.with_suffix(".py").exists() and not path.is_dir()
    ] == []
