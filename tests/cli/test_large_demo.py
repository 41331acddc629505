"""The demo of as many clients as one asks for."""

import os
import re
from io import StringIO
from pathlib import Path

import pytest

from cli import progress
from tests.support.command_line import CommandLine


@pytest.fixture
def empty(home: Path) -> CommandLine:
    """A machine on which nothing was set up."""
    os.environ["EPICEVENTS_BCRYPT_COST"] = "4"
    os.environ["EPICEVENTS_LANGUAGE"] = "en"
    return CommandLine(home)


def test_demo_makes_up_as_many_clients_as_it_is_asked_for_and_says_how_far_it_is(empty: CommandLine) -> None:
    result = empty.run("demo", "--clients", "30", "--no-open")
    assert result.exit_code == 0
    steps = re.findall(r"^\[INFO\] +(\d+)% ", result.stderr, re.MULTILINE)
    assert len(steps) == 4
    assert steps == sorted(steps, key=int)
    assert "admin / Admin123! (Gestion)" in result.stdout
    [database] = (empty.home / "cache" / "epicevents").glob("*.db")
    os.environ["EPICEVENTS_DATABASE_URL"] = f"sqlite:///{database}"
    os.environ["EPICEVENTS_SECRET_KEY"] = database.with_name(f"{database.name}.key").read_text()
    empty.done("login", "-u", "admin", "--password-stdin", stdin="Admin123!\n")
    assert len(empty.done("list-clients", "--json", "--limit", "100")) == 30


def test_each_number_of_clients_is_a_database_of_its_own(empty: CommandLine) -> None:
    folder = empty.home / "cache" / "epicevents"
    folder.mkdir(parents=True)
    last_week = [folder / "demo-2026-20clients-2020w01.db", folder / "demo-2026-20clients-2020w01.db.key"]
    others = [folder / "demo-2026-2020w01.db", folder / "demo-2026-200clients-2020w01.db"]
    for path in (*last_week, *others):
        path.touch(0o600)
    first = empty.run("demo", "--clients", "20", "--no-open")
    second = empty.run("demo", "--clients", "20", "--no-open")
    assert (second.stdout, "[SUCCESS]" in second.stderr) == (first.stdout, False)
    assert empty.done("demo", "--clients", "10", "--no-open") != first.stdout
    assert [path.exists() for path in (*last_week, *others)] == [False, False, True, True]
    empty.done("demo", "--no-open")
    assert len(list(folder.glob("demo-2026-*clients-*.db"))) == 3


@pytest.mark.parametrize("number", ["0", "1000001", "-5", "many", "1.5"])
def test_a_number_of_clients_that_cannot_be_is_refused(empty: CommandLine, number: str) -> None:
    assert "--clients" in empty.refused(2, "demo", "--no-open", "--clients", number)
    assert not (empty.home / "cache").exists()


def test_demo_does_not_take_another_demo_for_the_one_that_was_asked_for(empty: CommandLine) -> None:
    url = f"sqlite:///{empty.home / 'look.db'}"
    empty.done("demo", "--no-open", "--clients", "10", "--database", url)
    assert "holds records already" in empty.refused(
        6, "demo", "--no-open", "--clients", "11", "--database", url
    )
    empty.done("demo", "--no-open", "--database", url)


def test_a_demo_that_was_interrupted_is_made_the_next_time(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("services.demo.bulk.bulk_insert.write_rows", interrupt)
        result = empty.run("demo", "--clients", "10", "--no-open")
    assert (result.exit_code, result.stdout) == (130, "")
    assert "[SUCCESS]" in empty.run("demo", "--clients", "10", "--no-open").stderr


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress.show_progress({"rows": "[bold]Rows[/bold]"}) as tell:
        tell("rows", 0.5)
    assert "[bold]Rows[/bold]" in terminal.getvalue()
    assert "50%" in terminal.getvalue()
    assert "progress." not in terminal.getvalue()
    assert "\x1b[3" not in terminal.getvalue()  # no colour
