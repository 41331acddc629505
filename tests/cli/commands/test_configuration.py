"""``epicevents config`` and what every command says about the settings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine


def test_config_says_which_files_were_read_and_which_passed_over(
    machine: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SENTRY_DSN=https://key@host/1\n")
    own = machine.home / "config" / "epicevents" / ".env"
    own.parent.mkdir(parents=True)
    own.write_text("EPICEVENTS_THEME=epic-contrast\n")
    for options in ((), ("--json",)):
        result = machine.run("config", *options)
        assert result.exit_code == 0
        assert f"[INFO] {tmp_path / '.env'}: ignored, because it sets no variable that" in result.stderr
        assert f"[INFO] {own}: read" in result.stderr
    rows = {row["variable"]: row for row in machine.done("config", "--json")}
    assert rows["SENTRY_DSN"]["source"] == "default"
    assert rows["EPICEVENTS_DEBUG"]["value_shown"] == "0"


def test_one_value_that_cannot_be_used_is_marked_among_all_others(machine: CommandLine) -> None:
    os.environ["EPICEVENTS_BCRYPT_COST"] = "many"
    result = machine.run("config")
    assert result.exit_code == 2
    (row,) = [line for line in result.stdout.splitlines() if line.startswith("EPICEVENTS_BCRYPT_COST")]
    assert "cannot be used" in row
    assert "EPICEVENTS_THEME" in result.stdout
    assert result.stderr.splitlines()[-1].startswith("[ERROR] EPICEVENTS_BCRYPT_COST ")


def test_the_json_of_a_bad_value_is_whole_and_the_error_an_object(machine: CommandLine) -> None:
    os.environ["EPICEVENTS_BCRYPT_COST"] = "many"
    os.environ["SENTRY_DSN"] = "nonsense"
    result = machine.run("config", "--json")
    assert result.exit_code == 2
    problems = {row["variable"] for row in json.loads(result.stdout) if row["problem"]}
    assert problems == {"EPICEVENTS_BCRYPT_COST", "SENTRY_DSN"}
    assert json.loads(result.stderr)["message"].startswith("EPICEVENTS_BCRYPT_COST ")


def test_a_bad_value_of_sentry_is_a_warning(machine: CommandLine) -> None:
    os.environ["SENTRY_DSN"] = "nonsense"
    result = machine.run("config")
    assert result.exit_code == 0
    assert "[WARNING] SENTRY_DSN " in result.stderr


@pytest.mark.parametrize("command", ["whoami", "config"])
def test_a_misspelt_variable_is_warned_of_by_every_command(machine: CommandLine, command: str) -> None:
    os.environ["EPICEVENTS_CURENCY"] = "CHF"
    said = machine.run("--quiet", command).stderr
    assert (
        "[WARNING] EPICEVENTS_CURENCY is not a setting of this program. Did you mean EPICEVENTS_CURRENCY?"
        in said
    )


def test_in_the_folder_of_another_project_nothing_is_reported_there(
    machine: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SENTRY_DSN=https://key@127.0.0.1:9/1\nENVIRONMENT=production\n")
    shown = subprocess.run(
        [sys.executable, "-m", "cli.main", "whoami"],
        cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert shown.stderr.startswith("[INFO] Sentry is not configured (SENTRY_DSN is missing)\n")
