"""Isolates a test from its machine: settings, home folder, time zone and network."""

import ipaddress
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the project."""

_FOREIGN_PREFIXES = ("EPICEVENTS_", "SENTRY_", "TEXTUAL", "LC_", "PG", "HYPOTHESIS_")
_LOGIN = ("TMUX", "STY", "SSH_CONNECTION", "XDG_SESSION_ID")
_FOREIGN = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLORTERM", "COLUMNS", "LINES", "LANGUAGE", *_LOGIN)
_XDG_FOLDERS = ("CONFIG", "DATA", "STATE", "CACHE")


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of this process without the program's variables, and with this home folder."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in _FOREIGN and not name.startswith(_FOREIGN_PREFIXES)
    }
    environment |= {f"XDG_{folder}_HOME": str(home / folder.lower()) for folder in _XDG_FOLDERS}
    # Programs started by a test find the project even if it is not installed.
    return environment | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "runtime"),
        "TZ": "Europe/Paris",
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "SSH_TTY": "none",  # no key of a test opens a program of this desktop
        "PYTHONPATH": str(ROOT),
    }


def replace_environment(environment: dict[str, str]) -> None:
    """Replace the environment of this process, including its time zone."""
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)
    time.tzset()


@contextmanager
def environment_restored() -> Iterator[None]:
    """Restore the environment after the block."""
    before = dict(os.environ)
    try:
        yield
    finally:
        if dict(os.environ) != before:
            replace_environment(before)


@contextmanager
def loopback_only() -> Iterator[None]:
    """Refuse connections to other machines, as without a network."""
    with (
        patch.object(socket.socket, "connect", _refusing(socket.socket.connect)),
        patch.object(socket.socket, "connect_ex", _refusing(socket.socket.connect_ex)),
        patch.object(socket, "getaddrinfo", _resolving_local_names(socket.getaddrinfo)),
    ):
        yield


def _refusing(connect: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise ConnectionRefusedError(f"tests reach this machine only, not {address[0]}")
        return connect(self, address)

    return guarded


def _resolving_local_names(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: str | bytes | None, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not _is_local(name):
            raise socket.gaierror(socket.EAI_NONAME, f"tests reach this machine only, not {name}")
        return resolve(host, *args, **kwargs)

    return guarded


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
