"""Masks values that identify the machine: home folders, login names and host names."""

import getpass
import os
import platform
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from services.monitoring.scrubbing.placeholders import REDACTED

ROLES: Final = frozenset({
    "root", "admin", "administrator", "administrateur", "user", "users", "guest", "nobody", "daemon",
    "system", "ubuntu", "debian", "fedora", "centos", "alpine", "arch", "vagrant", "docker", "ec2-user",
    "azureuser", "runner", "runneradmin", "jenkins", "gitlab-runner", "circleci", "travis", "build",
    "builder", "deploy", "app", "web", "www-data", "node", "python", "django", "postgres", "mysql",
    "sqlite", "sentry", "service", "server", "test", "tests", "tester", "dev", "developer", "prod",
    "staging", "demo", "home", "operator", "support", "commercial", "gestion", "client", "contract",
    "event", "epicevents", "localhost", "host", "localdomain", "local", "linux", "windows", "macos",
    "raspberrypi", "vm",
})  # fmt: skip
"""Login and host names that are roles, images or words of this program and identify no person."""

_SHORTEST_NAME: Final = 3
_SHORTEST_HOME: Final = 4

# The home folder of any user. "/users/42" in lower case is the path of a URL.
_SLASH: Final = r"[\\/]{1,4}"
_ANY_HOME = re.compile(
    rf"(?:(?<![\w.~-])(?:[A-Za-z]:|{_SLASH}(?:var|mnt|media|export|srv|data|private|Volumes)(?:{_SLASH}\w{{1,32}})?)?"
    rf"{_SLASH}(?:home|Users|Documents and Settings|W(?:indows|INNT){_SLASH}Profiles)"
    rf"|\b[A-Za-z]:{_SLASH}(?i:users)){_SLASH}(?!\[REDACTED)"
    r"(?:[^\\/\r\n:*?\"'<>|]{1,64}(?=[\\/])|[^\\/\s:*?\"'<>|,;)\]]{1,64})"
)


@dataclass(frozen=True)
class Surroundings:
    """Home folders, login names and host names of a machine; unknown ones are left out."""

    homes: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    @classmethod
    def read(cls) -> "Surroundings":
        """The surroundings of this process, as far as they can be read. Never raises."""
        homes = tuple(dict.fromkeys(_answers(_home, lambda: os.path.realpath(_home()))))
        logins = dict.fromkeys(_answers(getpass.getuser, os.getlogin, lambda: os.environ["USERNAME"]))
        hosts = list(_answers(platform.node))
        return cls(homes, tuple(logins), (*hosts, *(host.split(".")[0] for host in hosts)))

    @cached_property
    def _pattern(self) -> "re.Pattern[str] | None":
        homes = [_home_pattern(home) for home in self.homes if len(home) >= _SHORTEST_HOME]
        names = sorted(filter(_is_telling, {*self.logins, *self.hosts}), key=len, reverse=True)
        worded = [rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in names]
        return re.compile("|".join(homes + worded), re.IGNORECASE) if homes or worded else None

    def mask(self, text: str) -> str:
        """The text without these names and without the home folder of any user."""
        if "/" in text or "\\" in text:
            text = _ANY_HOME.sub(REDACTED, text)
        return self._pattern.sub(REDACTED, text) if self._pattern is not None else text


def _home() -> str:
    return os.path.expanduser("~")


def _answers(*questions: Callable[[], str]) -> Iterator[str]:
    for question in questions:
        with suppress(Exception):  # an unknown name cannot identify the machine
            yield question()


def _home_pattern(home: str) -> str:
    parts = [re.escape(part) for part in re.split(r"[\\/]+", home.rstrip("\\/"))]
    return r"(?<![\w.~-])" + r"[\\/]{1,4}".join(parts) + r"(?![\w.-])"


def _is_telling(name: str) -> bool:
    return len(name) >= _SHORTEST_NAME and name.lower() not in ROLES


@lru_cache(maxsize=1)
def current_surroundings() -> Surroundings:
    """The surroundings of this process, read once."""
    return Surroundings.read()
