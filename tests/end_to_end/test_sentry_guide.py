"""The four tests of the set-up guide: the real program, and a real server that says what it was told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from services.settings.variables import default_release
from tests.support.accounts import BCRYPT_COST
from tests.support.bugsink import Bugsink, Project
from tests.support.terminal import Terminal, environment, has_tmux, program, terminal

STARTED = "[INFO] Sentry initialisé avec succès (environnement: development)"
NOT_CONFIGURED = "[INFO] Sentry non configuré (SENTRY_DSN manquant)"
NOT_SIGNED_IN = "[ERREUR] Vous n'êtes pas connecté. Utilisez 'epicevents login' pour vous connecter."

PASSWORD = "Admin123!"
WRONG_PASSWORD = "Sésame, ouvre-toi 7"
EMAIL = "kevin@startup.io"
"""Of a client in the sample data."""

# What the guide adds to the command for a moment, added from outside: the product has no such door.
WHOAMI_THAT_FAILS = """
import sys
import cli.commands.account, cli.main, cli.context

def simulate_an_error():
    cli.context.start_command()
    raise ValueError("Test Sentry - Cette erreur est volontaire")

cli.commands.account.signed_in = simulate_an_error
sys.argv = ["epicevents", "whoami"]
cli.main.main()
"""

Test = TypeVar("Test", bound=Callable[..., object])


def in_a_terminal(test: Test) -> Test:
    """Mark a test that drives the application."""
    needs_tmux = pytest.mark.skipif(not has_tmux(), reason="there is no tmux on this machine")
    marked: Test = pytest.mark.terminal(needs_tmux(test))
    return marked


class Machine:
    """Where one person works: a home of their own, the sample data, and perhaps a DSN."""

    def __init__(self, home: Path, database: Path, dsn: str = "") -> None:
        self._home = home
        self._variables = {
            "EPICEVENTS_DATABASE_URL": f"sqlite:///{database}",
            "EPICEVENTS_BCRYPT_COST": str(BCRYPT_COST),
            "EPICEVENTS_LANGUAGE": "fr",
            "SENTRY_DSN": dsn,
        }
        key = database.with_name(f"{database.name}.key")
        if key.exists():
            self._variables["EPICEVENTS_SECRET_KEY"] = key.read_text()

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """A command of the program, to its end."""
        return self.start(program(*arguments), typed)

    def start(self, command: list[str], typed: str = "") -> subprocess.CompletedProcess[str]:
        """Any command, to its end."""
        known = os.environ | environment(self._home, self._variables)
        return subprocess.run(
            command, env=known, cwd=self._home, input=typed, capture_output=True, text=True,
            encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip

    @contextmanager
    def application(self) -> Iterator[Terminal]:
        """The application in a terminal, at its login screen."""
        with terminal() as pane:
            pane.start(program(), environment(self._home, self._variables), (80, 24))
            pane.wait_for("Identifiant", "Mot de passe")
            yield pane


@pytest.fixture(scope="module")
def bugsink() -> Iterator[Bugsink]:
    """A server for all of these tests; it starts while the sample data are made."""
    server = Bugsink()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def database(bugsink: Bugsink, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that ``epicevents demo`` makes."""
    folder = tmp_path_factory.mktemp("demo")
    file = folder / "demo.db"
    made = Machine(folder, file).run("demo", "--no-open", "--database", f"sqlite:///{file}")
    assert made.returncode == 0, made.stderr
    return file


@pytest.fixture
def project(bugsink: Bugsink, request: pytest.FixtureRequest) -> Project:
    """A project of the test's own on that server."""
    return bugsink.new_project(request.node.name)


@pytest.fixture
def machine(home: Path, database: Path, project: Project) -> Machine:
    """A machine that reports to that project."""
    return Machine(home, database, project.dsn)


def told(event: dict[str, Any], *categories: str) -> list[str]:
    """The breadcrumbs of some categories, in the order of the event."""
    return [crumb["message"] for crumb in event["breadcrumbs"]["values"] if crumb["category"] in categories]


def functions(event: dict[str, Any]) -> list[str]:
    """The functions in the stack of its exception, outermost first."""
    (exception,) = event["exception"]["values"]
    return [frame["function"] for frame in exception["stacktrace"]["frames"]]


def sign_in(pane: Terminal, username: str, password: str) -> None:
    pane.type(username)
    pane.keys("Tab")
    pane.type(password)
    pane.keys("Enter")


def create_a_client(pane: Terminal, email: str) -> None:
    """Fill the form that is open, and save it."""
    pane.type("Une Autre Personne")
    pane.keys("Tab", "Tab")
    pane.type(email)
    pane.keys("Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Enter")
    pane.wait_for("saisissez un nom")
    pane.type("commercial1")
    pane.wait_until_gone("commercial2")
    pane.keys("Enter")
    pane.wait_until_gone("commercial1")
    pane.keys("C-s")


def test_whoami_says_first_whether_sentry_was_started(
    machine: Machine, project: Project, home: Path, database: Path
) -> None:
    shown = machine.run("whoami")
    assert (shown.returncode, shown.stdout) == (3, "")
    assert shown.stderr.splitlines() == [STARTED, NOT_SIGNED_IN]
    assert project.issues() == []

    shown = Machine(home, database).run("whoami")
    assert (shown.returncode, shown.stdout) == (3, "")
    assert shown.stderr.splitlines() == [NOT_CONFIGURED, NOT_SIGNED_IN]


@in_a_terminal
def test_the_login_screen_says_whether_sentry_was_started(
    machine: Machine, home: Path, database: Path
) -> None:
    with machine.application() as reporting, Machine(home, database).application() as silent:
        for pane, line in ((reporting, STARTED), (silent, NOT_CONFIGURED)):
            pane.wait_for(line)
            pane.keys("C-q")
        assert (reporting.wait_for_end(), silent.wait_for_end()) == (0, 0)


@in_a_terminal
def test_a_wrong_password_is_a_warning_that_names_the_username_and_holds_nothing_of_the_password(
    machine: Machine, project: Project, bugsink: Bugsink
) -> None:
    # A first refusal, so that the second has something to be grouped with.
    refused = machine.run(
        "login", "--username", "commercial1", "--password-stdin", typed=f"{WRONG_PASSWORD}\n"
    )
    assert refused.returncode != 0
    with machine.application() as pane:
        sign_in(pane, "admin", WRONG_PASSWORD)
        pane.wait_for("Identifiant ou mot de passe incorrect")
        (issue,) = project.wait_for(events=2)
        pane.keys("C-q")
        assert pane.wait_for_end() == 0

    text = "Tentative de connexion échouée - mot de passe incorrect: admin"
    assert (issue.type, issue.value, issue.count) == ("Log Message", text, 2)
    event = issue.events[-1]
    assert (event["level"], event["logentry"]["message"]) == ("warning", text)
    assert event["contexts"]["epicevents"] == {"username": "admin", "reason": "wrong_password"}
    assert told(event, "auth") == ["Tentative de connexion pour l'utilisateur: admin"]
    assert "user" not in event
    assert bugsink.holds("mot de passe incorrect: commercial1")
    assert not bugsink.holds(WRONG_PASSWORD)
    assert not bugsink.holds("ouvre-toi")


@in_a_terminal
def test_an_email_that_exists_is_an_integrity_error_with_the_user_and_the_way_there(
    machine: Machine, project: Project, bugsink: Bugsink
) -> None:
    with machine.application() as pane:
        sign_in(pane, "admin", PASSWORD)
        pane.wait_for("1 Clients", "Événements sans support")
        pane.keys("1", "n")
        pane.wait_for("Nouveau client")
        create_a_client(pane, EMAIL)
        pane.wait_for("Un autre client a cet e-mail")
        project.wait_for(events=1)
        pane.keys("C-s")
        (issue,) = project.wait_for(events=2)

    assert (issue.type, issue.value, issue.count) == ("IntegrityError", "uq_client_email", 2)
    event = issue.events[0]
    assert event["level"] == "error"
    assert event["user"] == {"id": "1", "username": "admin", "department": "GESTION"}
    assert told(event, "auth", "navigation", "action") == [
        "Tentative de connexion pour l'utilisateur: admin",
        "Connexion réussie pour l'utilisateur: admin",
        "LoginScreen → TodayScreen",
        "TodayScreen → ClientsScreen",
        "ClientsScreen → ClientForm",
        "ClientForm → PickerScreen",
        "PickerScreen → ClientForm",
        "Création d'un client",
    ]
    assert told(issue.events[1], "action") == ["Création d'un client"] * 2
    tags = {"department": "GESTION", "screen": "ClientForm", "language": "fr", "database": "sqlite"}
    assert event["tags"] == tags
    assert (event["environment"], event["release"]) == ("development", default_release())
    assert event["contexts"]["epicevents"] == {"table": "client", "constraint": "uq_client_email"}
    assert {"create_client", "do_execute"} <= set(functions(event))
    assert not bugsink.holds(EMAIL)
    assert not bugsink.holds("Une Autre Personne")


def test_commands_carry_the_sign_in_of_another_process_and_the_user(
    machine: Machine, project: Project, bugsink: Bugsink
) -> None:
    signed_in = machine.run("login", "--username", "admin", "--password-stdin", typed=f"{PASSWORD}\n")
    assert signed_in.returncode == 0, signed_in.stderr
    refused = machine.run(
        "create-client",
        "--full-name",
        "Une Autre Personne",
        "--email",
        EMAIL,
        "--sales-contact",
        "commercial1",
    )
    assert refused.returncode == 6, refused.stderr
    (issue,) = project.wait_for(events=1)

    assert (issue.type, issue.value) == ("IntegrityError", "uq_client_email")
    (event,) = issue.events
    assert event["user"] == {"id": "1", "username": "admin", "department": "GESTION"}
    assert told(event, "auth", "action") == [
        "Tentative de connexion pour l'utilisateur: admin",
        "Connexion réussie pour l'utilisateur: admin",
        "Création d'un client",
    ]
    assert event["tags"]["command"] == "epicevents create-client"
    assert not bugsink.holds(EMAIL)
    assert machine.run("logout").returncode == 0


def test_the_simulated_error_arrives_with_its_text_and_its_stack(
    machine: Machine, project: Project, home: Path
) -> None:
    script = home / "whoami_that_fails.py"
    script.write_text(WHOAMI_THAT_FAILS, encoding="utf-8")
    failed = machine.start([sys.executable, str(script)])
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.splitlines()[0] == STARTED
    assert "Traceback" not in failed.stderr
    tried = machine.run("sentry-test")
    assert tried.returncode == 0, tried.stderr

    # One error, whichever way it was simulated, for people who read the list of issues.
    (issue,) = project.wait_for(events=2)
    assert (issue.type, issue.value) == ("ValueError", "Test Sentry - Cette erreur est volontaire")
    events = {event["event_id"]: event for event in issue.events}
    in_the_command = next(event for event_id, event in events.items() if event_id in failed.stderr)
    assert in_the_command["level"] == "error"
    assert in_the_command["exception"]["values"][0]["mechanism"]["handled"] is False
    stack = functions(in_the_command)
    assert (stack[0], stack[-2:]) == ("_code_of", ["whoami", "simulate_an_error"])
    assert functions(events[tried.stdout.strip()]) == ["send_test_error", "_fail_on_purpose"]
