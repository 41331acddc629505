"""Runs commands in this process, as one user after another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cli.app import app
from tests.support.accounts import PASSWORD


class CommandLine:
    """The command line of a machine, without a terminal."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *arguments: str, stdin: str = "") -> Result:
        """Run one command."""
        return CliRunner().invoke(app, list(arguments), input=stdin)

    def done(self, *arguments: str, stdin: str = "") -> Any:
        """Run a command that must succeed. Return its output, parsed if it is JSON."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout) if "--json" in arguments else result.stdout

    def refused(self, code: int, *arguments: str, stdin: str = "") -> str:
        """Run a command that must fail with this code and an empty output. Return its error message."""
        result = self.run(*arguments, stdin=stdin)
        assert (result.exit_code, result.stdout) == (code, ""), result.output
        return result.stderr

    def sign_in(self, username: str) -> None:
        """Sign in as this collaborator."""
        self.done("login", "--username", username, "--password-stdin", stdin=f"{PASSWORD}\n")

    @contextmanager
    def signed_in_as(self, username: str) -> Iterator[None]:
        """Sign in as this collaborator for the length of a block."""
        self.sign_in(username)
        yield
        self.done("logout")

    def kept_sessions(self) -> dict[Path, bytes]:
        """The files of stored sessions and their contents."""
        return {path: path.read_bytes() for path in (self.home / "state").rglob("*") if path.is_file()}
