"""The command line of a machine whose CRM has the staff of ``tests.support.accounts``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.crm import environment_for


@pytest.fixture
def database_kind() -> str:
    """One kind for all commands: what differs between the two is the services' affair."""
    return "sqlite"


@pytest.fixture
def machine(home: Path, database_url: str) -> CommandLine:
    """The command line where the database holds nobody yet."""
    os.environ.update(environment_for(database_url))
    return CommandLine(home)


@pytest.fixture
def line(home: Path, staffed_url: str) -> CommandLine:
    """The command line where the staff is there and nobody is signed in."""
    os.environ.update(environment_for(staffed_url))
    return CommandLine(home)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody at the keyboard, who types these passwords when asked for one."""

    def sit_down(*passwords: str) -> None:
        typed = iter(passwords)
        monkeypatch.setattr("cli.prompts.can_ask", lambda: True)
        monkeypatch.setattr("getpass.getpass", lambda prompt, stream: next(typed))

    return sit_down
