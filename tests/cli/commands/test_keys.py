"""The command that prints the keys: a TOML file that can be read again, and the mistakes in one's own."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "own.toml"
    monkeypatch.setenv("EPICEVENTS_KEYS", str(file))
    return file


def test_the_keys_are_printed_as_a_file_with_what_they_do(machine: CommandLine, own_file: Path) -> None:
    own_file.write_text('record.new = "+"')
    said = machine.run("keys")
    assert said.exit_code == 0
    keys = tomllib.loads(said.stdout)
    assert (keys["record"]["new"], keys["record"]["undo"], keys["app"]["help"]) == ("+", "u", ["?", "f1"])
    assert "# New · Create a record, or one linked to this (by default n)" in said.stdout
    assert str(own_file) in said.stdout.splitlines()[0]


def test_programs_read_them_as_json(machine: CommandLine, own_file: Path) -> None:
    own_file.write_text('record.new = "+"')
    rows = {row["id"]: row for row in json.loads(machine.run("keys", "--json").stdout)}
    assert (rows["record.new"]["keys"], rows["record.new"]["default"]) == (["+"], ["n"])


def test_mistakes_are_named_and_the_others_counted_as_right(machine: CommandLine, own_file: Path) -> None:
    own_file.write_text('record.new = "+"\nrecord.undo = "e"')
    said = machine.run("keys")
    assert said.exit_code == 2
    assert "own.toml, line 2: record.undo: “e” is the key of record.edit (Edit)" in said.stderr
    assert tomllib.loads(said.stdout)["record"]["new"] == "+"


def test_a_named_file_that_is_not_there_is_a_mistake(machine: CommandLine, own_file: Path) -> None:
    said = machine.run("keys")
    assert said.exit_code == 2
    assert "own.toml cannot be read" in said.stderr
