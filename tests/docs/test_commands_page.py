"""The page of the commands: every command and option, none besides, and every example runs."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from cli.app import app
from cli.lazy_group import MODULE_OF
from services import monitoring
from tests.support.command_line import CommandLine
from tests.support.envelopes import EnvelopeRecorder
from tests.support.isolation import ROOT

PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def options_of(command: str) -> set[str]:
    group: Any = typer.main.get_command(app)
    parameters = group.get_command(None, command).params
    return {name for parameter in parameters for name in parameter.opts if name.startswith("--")} - {"--help"}


def example_lines() -> Iterator[str]:
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        yield from block.replace("\\\n", " ").splitlines()


def test_the_page_has_every_command_and_no_other() -> None:
    assert set(SECTIONS) == set(MODULE_OF)


@pytest.mark.parametrize("command", sorted(SECTIONS))
def test_the_options_of_the_page_are_those_of_the_command(command: str) -> None:
    prose = SECTIONS[command].partition("```sh")[0]
    named, real = set(OPTION.findall(prose)), options_of(command)
    assert named <= real
    if "as for `create-client`" not in prose:
        assert named >= real


def test_every_command_has_an_example() -> None:
    shown = {word for line in example_lines() for word in shlex.split(line)}
    assert set(SECTIONS) <= shown


@pytest.fixture
def sentry() -> Iterator[EnvelopeRecorder]:
    """A server for the examples that ask for one; the others run without Sentry."""
    recorder = EnvelopeRecorder()
    yield recorder
    monitoring.close_sentry()
    recorder.close()


def test_the_examples_run_in_their_order(home: Path, sentry: EnvelopeRecorder) -> None:
    os.environ.update({"EPICEVENTS_BCRYPT_COST": "4", "EPICEVENTS_LANGUAGE": "en"})
    line = CommandLine(home)
    for example in example_lines():
        words = shlex.split(example)
        end = words.index("|") if "|" in words else 0
        typed = "".join(f"{word}\n" for word in words[2:end])
        command = words[end + 1 if end else 0 :]
        assert command[0] == "epicevents", example
        os.environ["SENTRY_DSN"] = sentry.dsn if command[1] == "sentry-test" else ""
        result = line.run(*command[1:], stdin=typed)
        assert result.exit_code == 0, f"{example}\n{result.output}"
        if command[1] == "demo":
            paste_exports(result.stdout)
        if command[1] == "whoami":
            assert f"```\n{result.stdout}```" in PAGE


def paste_exports(printed: str) -> None:
    for name, value in re.findall(r"^  export (\w+)=(.+)$", printed, re.MULTILINE):
        file = re.fullmatch(r'"\$\(cat (.+)\)"', value)
        text = Path(shlex.split(file[1])[0]).read_text().strip() if file else shlex.split(value)[0]
        os.environ[name] = text
