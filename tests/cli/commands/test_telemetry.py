"""The commands that try Sentry, and the line with which every command says whether it is on."""

import json
import os
import socket
from collections.abc import Iterator

import pytest

from services import i18n, monitoring
from services.monitoring.sentry_test import TEST_ERROR
from tests.support.command_line import CommandLine
from tests.support.envelopes import PUBLIC_KEY, EnvelopeRecorder
from tests.support.loaded_modules import packages_loaded_by

pytestmark = pytest.mark.usefixtures("sentry_off_at_the_end")


@pytest.fixture
def recorder(machine: CommandLine) -> Iterator[EnvelopeRecorder]:
    """Where ``SENTRY_DSN`` leads."""
    recorder = EnvelopeRecorder()
    os.environ["SENTRY_DSN"] = recorder.dsn
    yield recorder
    recorder.close()


def test_the_test_error_arrives_with_its_stack_and_its_id_is_printed(
    machine: CommandLine, recorder: EnvelopeRecorder
) -> None:
    result = machine.run("sentry-test")
    assert result.exit_code == 0, result.output
    assert "[INFO] Sentry started (environment: development)" in result.stderr
    assert "[SUCCESS] The server accepted the event." in result.stderr
    (event,) = recorder.events
    assert result.stdout == f"{event['event_id']}\n"
    (value,) = event["exception"]["values"]
    assert (value["type"], value["value"]) == ("ValueError", TEST_ERROR)
    assert [frame["function"] for frame in value["stacktrace"]["frames"]][-2:] == [
        "send_test_error",
        "_fail_on_purpose",
    ]


def test_an_event_that_nobody_took_waits_for_the_next_start(machine: CommandLine) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # nobody listens
        os.environ["SENTRY_DSN"] = f"http://{PUBLIC_KEY}@127.0.0.1:{unused.getsockname()[1]}/7"
        result = machine.run("sentry-test")
    assert result.exit_code == 1
    said = "[WARNING] The server cannot be reached. The event waits and is sent at the next start."
    assert said in result.stderr
    event_id = result.stdout.strip()
    assert len(event_id) == 32
    (waiting,) = [path for path in (machine.home / "state").rglob("*.envelope") if event_id in path.name]
    assert TEST_ERROR in waiting.read_text()


def test_without_a_dsn_the_test_says_so_even_when_asked_to_be_quiet(machine: CommandLine) -> None:
    said = machine.refused(2, "--quiet", "sentry-test")
    assert said == "[ERROR] SENTRY_DSN is not set, so there is no server to send to.\n"


def test_a_bad_dsn_is_a_bad_setting_and_never_shown(machine: CommandLine) -> None:
    os.environ["SENTRY_DSN"] = "https://s3cr3tkey@/nowhere"
    said = machine.refused(2, "sentry-test")
    assert "SENTRY_DSN" in said
    assert "s3cr3tkey" not in said


def test_the_preview_is_json_without_anything_personal_and_sends_nothing(
    machine: CommandLine, recorder: EnvelopeRecorder
) -> None:
    result = machine.run("sentry-preview")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    (event,) = [item["payload"] for item in shown["items"] if item["headers"]["type"] == "event"]
    assert event["exception"]["values"][-1]["value"] == TEST_ERROR
    assert event["breadcrumbs"]["values"]
    for personal in ("john.doe", "4532", "secret123", str(machine.home), PUBLIC_KEY):
        assert personal not in result.stdout
    assert "Nothing was sent." in result.stderr
    monitoring.close_sentry()
    assert recorder.bodies == []


def test_the_preview_needs_no_settings_at_all(machine: CommandLine) -> None:
    assert machine.done("sentry-preview").startswith("{")


@pytest.mark.parametrize(
    ("language", "on", "off"),
    [
        (
            "fr",
            "[INFO] Sentry initialisé avec succès (environnement: development)",
            "[INFO] Sentry non configuré (SENTRY_DSN manquant)",
        ),
        (
            "en",
            "[INFO] Sentry started (environment: development)",
            "[INFO] Sentry is not configured (SENTRY_DSN is missing)",
        ),
    ],
)
def test_whoami_says_first_whether_sentry_is_on(
    machine: CommandLine, recorder: EnvelopeRecorder, language: str, on: str, off: str
) -> None:
    os.environ["EPICEVENTS_LANGUAGE"] = language
    i18n.activate(language)
    said = machine.refused(3, "whoami").splitlines()
    assert said[0] == on
    assert said[1].startswith(("[ERREUR]", "[ERROR]"))
    del os.environ["SENTRY_DSN"]
    assert machine.refused(3, "whoami").splitlines()[0] == off


def test_registering_the_commands_loads_no_sdk() -> None:
    assert "sentry_sdk" not in packages_loaded_by("import cli.commands.telemetry")
