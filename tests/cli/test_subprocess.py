"""The program as a shell runs it: pipes, exit codes, and what other processes could see."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.accounts import PASSWORD
from tests.support.command_line import CommandLine
from tests.support.isolation import ROOT

PROGRAM = (sys.executable, "-m", "cli.main")


def run(*arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | variables,
        timeout=60,
        check=False,
    )


def test_a_session_outlives_the_process_that_opened_it(line: CommandLine) -> None:
    assert run("login", "-u", "claire_d", "--password-stdin", stdin=f"{PASSWORD}\n").returncode == 0
    shown = run("whoami", "--json")
    assert json.loads(shown.stdout)["username"] == "claire_d"
    assert "[INFO]" in shown.stderr


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "fr_FR.UTF-8",
            "[ERREUR] Vous n'êtes pas connecté. Utilisez 'epicevents login' pour vous connecter.",
        ),
        ("en_GB.UTF-8", "[ERROR] You are not signed in. Use 'epicevents login' to sign in."),
    ],
)
def test_the_locale_decides_the_language_where_no_setting_does(
    line: CommandLine, language: str, sentence: str
) -> None:
    shown = run("whoami", EPICEVENTS_LANGUAGE="", LANG=language, LC_ALL=language)
    assert (shown.returncode, shown.stdout) == (3, "")
    assert shown.stderr.splitlines()[-1] == sentence


def test_without_a_terminal_the_application_says_so_in_one_line(line: CommandLine) -> None:
    shown = run()
    assert (shown.returncode, shown.stdout) == (2, "")
    assert len(shown.stderr.splitlines()) == 1


def test_a_name_of_any_script_goes_through_an_ascii_terminal(line: CommandLine) -> None:
    run("login", "-u", "claire_d", "--password-stdin", stdin=f"{PASSWORD}\n")
    created = run(
        "create-client", "--full-name", "山田 Zoë", "--email", "z@client.example", "--json",
        PYTHONIOENCODING="ascii:strict",
    )  # fmt: skip
    assert created.returncode == 0
    assert json.loads(created.stdout)["full_name"] == "山田 Zoë"
    assert run("list-clients", PYTHONIOENCODING="ascii:strict").returncode == 0


def test_a_reader_that_has_enough_causes_no_complaint(line: CommandLine) -> None:
    run("login", "-u", "claire_d", "--password-stdin", stdin=f"{PASSWORD}\n")
    program = subprocess.Popen(
        [*PROGRAM, "list-clients", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    said = program.stderr.read()
    program.stderr.close()
    assert program.wait(60) == 0
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said


def test_an_unexpected_error_shows_neither_its_text_nor_a_trace(line: CommandLine) -> None:
    program = (
        "import cli.context, cli.main, sys\n"
        "def fail(): raise ValueError('jean@private.example')\n"
        "cli.context.start_command = fail\n"
        "sys.argv = ['epicevents', 'whoami']\n"
        "cli.main.main()"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stdout) == (1, "")
    assert "[ERROR] Unexpected error: ValueError" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert "private" not in shown.stderr


def test_a_bad_setting_is_one_line_that_names_its_variable(line: CommandLine) -> None:
    shown = run("list-clients", EPICEVENTS_CURRENCY="peanuts")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith("[ERROR] EPICEVENTS_CURRENCY ")
    assert len(shown.stderr.splitlines()) == 1


def test_a_database_that_is_gone_is_one_line(line: CommandLine) -> None:
    run("login", "-u", "claire_d", "--password-stdin", stdin=f"{PASSWORD}\n")
    Path(os.environ["EPICEVENTS_DATABASE_URL"].removeprefix("sqlite:///")).unlink()
    shown = run("list-clients")
    assert (shown.returncode, shown.stdout) == (1, "")
    assert "[ERROR] " in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize(
    "module",
    ["services.denormalized.consistency", "services.denormalized.copies", "services.denormalized.counters"],
)
def test_what_a_command_loads_late_can_be_loaded_first(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], cwd=ROOT, check=True)
