"""The password of a database is in no command line, on no screen, and the way to it can be pasted."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.support.accounts import PASSWORD
from tests.support.command_line import CommandLine

SECRET = "s3cr3t-of-the-database"
ADA = (
    "--username", "ada_m", "--first-name", "Ada", "--last-name", "Martin",
    "--email", "ada@epicevents.example",
)  # fmt: skip


@pytest.fixture
def database_kind() -> str:
    """Only a server has a password."""
    return "postgresql"


@pytest.fixture
def empty(home: Path) -> CommandLine:
    """A machine on which nothing was set up."""
    os.environ["EPICEVENTS_BCRYPT_COST"] = "4"
    os.environ["EPICEVENTS_LANGUAGE"] = "en"
    return CommandLine(home)


@pytest.fixture
def url(unmigrated_url: str) -> str:
    """An empty database on a server that trusts any password."""
    return unmigrated_url.replace("postgres@", f"postgres:{SECRET}@")


def test_what_demo_prints_can_be_pasted_and_holds_no_password(empty: CommandLine, url: str) -> None:
    shown = empty.done("demo", "--no-open", "--database-url-stdin", stdin=f"{url}\n")
    assert SECRET not in shown
    assert "***" not in shown
    exports = "\n".join(line for line in shown.splitlines() if "export" in line)
    pasted = subprocess.run(
        ["bash", "-c", f'{exports}\nprintf %s "$EPICEVENTS_DATABASE_URL"'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert pasted.stdout == url
    files = [path for path in (empty.home / "cache").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_another_password_replaces_the_one_that_was_kept(empty: CommandLine, url: str) -> None:
    empty.done("demo", "--no-open", "--database-url-stdin", stdin=f"{url}\n")
    other = url.replace(SECRET, "another-one")
    empty.done("demo", "--no-open", "--database", other)
    kept = [path.read_text() for path in (empty.home / "cache").rglob("*.url")]
    assert kept == [other]


def test_init_reads_the_address_and_then_the_password(empty: CommandLine, url: str) -> None:
    result = empty.run("init", *ADA, "--database-url-stdin", "--password-stdin", stdin=f"{url}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert SECRET not in result.output
    empty.sign_in("ada_m")


@pytest.mark.parametrize(
    ("stdin", "options"),
    [("", ["--database-url-stdin", "--password-stdin"]), ("sqlite:////x.db\n", ["--password-stdin"])],
)
def test_each_line_that_is_missing_is_named(empty: CommandLine, stdin: str, options: list[str]) -> None:
    said = empty.refused(2, "init", *ADA, "--database-url-stdin", "--password-stdin", stdin=stdin)
    assert [row.split(":")[0] for row in said.splitlines() if row.startswith("--")] == options
