"""Sentry gets nothing without a DSN, and with one the texts of the contract without personal data."""

import errno
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.tables import Client
from models.write_models import ClientUpdate
from services import i18n, monitoring
from services.clients import update_client
from services.crm import Crm
from services.errors import CrmError, Invalid
from services.monitoring import console_lines, value_redaction
from services.monitoring.vocabulary import typed_username
from services.settings import Settings, load_settings
from services.validation import build
from tests.support.accounts import People
from tests.support.envelopes import EnvelopeRecorder, recording
from tests.support.records import Records

SECRETS = ("hunter2!", "kevin@startup.io", "+678 123 456 78", "Lou Bouzin")


def settings_with(tmp_path: Path, **variables: str) -> Settings:
    return load_settings({"EPICEVENTS_LANGUAGE": "fr", **variables}, tmp_path, tmp_path)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[EnvelopeRecorder]:
    """A recorder to which the running Sentry sends."""
    with recording(tmp_path) as recorder:
        yield recorder


@pytest.mark.parametrize(
    ("language", "variables", "line"),
    [
        ("fr", {}, "[INFO] Sentry non configuré (SENTRY_DSN manquant)"),
        ("fr", {"SENTRY_DSN": ""}, "[INFO] Sentry non configuré (SENTRY_DSN manquant)"),
        ("en", {}, "[INFO] Sentry is not configured (SENTRY_DSN is missing)"),
    ],
)
def test_without_a_dsn_the_console_line_says_so(
    language: str, variables: dict[str, str], line: str, tmp_path: Path
) -> None:
    i18n.activate(language)
    assert monitoring.init_sentry(settings_with(tmp_path, **variables)).line() == line


@pytest.mark.parametrize(
    ("language", "environment", "line"),
    [
        ("fr", "development", "[INFO] Sentry initialisé avec succès (environnement: development)"),
        ("fr", "production", "[INFO] Sentry initialisé avec succès (environnement: production)"),
        ("en", "staging", "[INFO] Sentry started (environment: staging)"),
    ],
)
def test_with_a_dsn_the_console_line_names_the_environment(
    language: str, environment: str, line: str, tmp_path: Path
) -> None:
    i18n.activate(language)
    settings = settings_with(tmp_path, SENTRY_DSN="http://key@127.0.0.1:9/7", ENVIRONMENT=environment)
    assert monitoring.init_sentry(settings).line() == line
    monitoring.close_sentry()


@pytest.mark.parametrize(
    ("language", "mark"), [("fr", "[ATTENTION] SENTRY_DSN "), ("en", "[WARNING] SENTRY_DSN ")]
)
def test_a_bad_value_names_its_variable_and_never_the_secret_in_it(
    language: str, mark: str, tmp_path: Path
) -> None:
    i18n.activate(language)
    status = monitoring.init_sentry(settings_with(tmp_path, SENTRY_DSN="https://s3cr3t@nowhere"))
    assert status.outcome == "bad_setting"
    assert status.line().startswith(mark)
    assert "s3cr3t" not in status.line()
    assert monitoring.capture_message("Signature d'un contrat", "info") is None


def test_prefixes_are_those_of_the_contract() -> None:
    kinds: tuple[console_lines.Kind, ...] = ("success", "error", "info", "warning")
    i18n.activate("fr")
    assert [console_lines.prefix(kind) for kind in kinds] == ["[SUCCES]", "[ERREUR]", "[INFO]", "[ATTENTION]"]
    i18n.activate("en_GB")
    assert [console_lines.prefix(kind) for kind in kinds] == ["[SUCCESS]", "[ERROR]", "[INFO]", "[WARNING]"]


def test_without_a_dsn_the_sdk_is_never_loaded() -> None:
    program = """
import sys
from services import monitoring
from services.monitoring.event_listener import telemetry_listener
from services.settings import load_settings
from services.domain_events import *
from models.enums import Department
monitoring.init_sentry(load_settings({}))
actor = Actor(1, "admin", "Ada", Department.GESTION, "s")
telemetry_listener(SignedOut(actor))
monitoring.set_user_context(1, "admin", "GESTION")
monitoring.add_breadcrumb("action", "text")
assert monitoring.capture_message("text", "error") is None
assert monitoring.capture_exception(ValueError()) is None
monitoring.clear_user_context()
loaded = {"sentry_sdk", "sqlalchemy", "pydantic", "textual", "babel"} & set(sys.modules)
assert not loaded, loaded
"""
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root, timeout=60)


def test_a_message_is_sent_with_its_text_and_fingerprint(recorder: EnvelopeRecorder) -> None:
    event_id = monitoring.capture_message(
        "Signature d'un contrat", "info", fingerprint=("a", "b"), context={"contract_id": 12}
    )
    (event,) = recorder.wait_for(1)
    assert event["event_id"] == event_id
    assert event["logentry"]["message"] == "Signature d'un contrat"
    assert event["level"] == "info"
    assert event["fingerprint"] == ["a", "b"]
    assert event["contexts"]["epicevents"] == {"contract_id": 12}
    assert event["server_name"] == "epicevents"
    assert event["environment"] == "development"
    assert event["release"].startswith("epicevents@")
    assert event["tags"] == {"language": "fr", "database": "sqlite"}


def test_the_user_is_set_from_login_to_logout_in_every_thread(recorder: EnvelopeRecorder) -> None:
    monitoring.set_user_context(7, "support1", "SUPPORT")
    worker = threading.Thread(target=monitoring.capture_message, args=("Message", "info"))
    worker.start()
    worker.join()
    monitoring.clear_user_context()
    monitoring.capture_message("Message", "info")
    named, nameless = recorder.wait_for(2)
    assert named["user"] == {"id": "7", "username": "support1", "department": "SUPPORT"}
    assert named["tags"]["department"] == "SUPPORT"
    assert nameless.get("user", {}) == {}
    assert "department" not in nameless["tags"]


def raise_with_secrets() -> None:
    password = SECRETS[0]
    try:
        raise KeyError(SECRETS[1])
    except KeyError as cause:
        error = ValueError(f"cannot save {SECRETS[2]} {password}")
        error.add_note(f"note about {SECRETS[3]}")
        raise ExceptionGroup(SECRETS[3], [error]) from cause


def test_an_exception_is_sent_without_typed_values_and_variables(
    recorder: EnvelopeRecorder,
) -> None:
    end = value_redaction.add_source(lambda: ["Lou Bouzin", "hunter2!"])
    try:
        raise_with_secrets()
    except ExceptionGroup as error:
        event_id = monitoring.capture_exception(error, context={"screen": "ClientForm", "typed": SECRETS[1]})
    end()
    (event,) = recorder.wait_for(1)
    body = b"".join(recorder.bodies).decode()
    assert event["event_id"] == event_id
    assert {value["type"] for value in event["exception"]["values"]} == {
        "ExceptionGroup",
        "ValueError",
        "KeyError",
    }
    assert event["contexts"]["epicevents"] == {"screen": "ClientForm", "typed": "ke***@startup.io"}
    assert not [secret for secret in SECRETS if secret in body]
    assert '"vars"' not in body
    assert "context_line" not in body
    assert str(Path.home()) not in body
    assert socket.gethostname() not in body
    functions = [frame["function"] for value in event["exception"]["values"]
                 for frame in value.get("stacktrace", {}).get("frames", [])]  # fmt: skip
    assert "raise_with_secrets" in functions


def test_a_failing_source_of_values_redacts_the_whole_text(recorder: EnvelopeRecorder) -> None:
    def broken() -> list[str]:
        raise RuntimeError

    end = value_redaction.add_source(broken)
    monitoring.capture_exception(ValueError("Lou Bouzin"))
    end()
    (event,) = recorder.wait_for(1)
    assert event["exception"]["values"][0]["value"] == "[REDACTED]"


def test_the_texts_of_the_guide_are_not_masked(recorder: EnvelopeRecorder) -> None:
    monitoring.capture_exception(ValueError("Test Sentry - Cette erreur est volontaire"))
    (event,) = recorder.wait_for(1)
    assert event["exception"]["values"][0]["value"] == "Test Sentry - Cette erreur est volontaire"


def test_an_error_of_a_use_case_is_sent_with_its_template(recorder: EnvelopeRecorder) -> None:
    monitoring.capture_exception(CrmError("There is no client {key}.", key=SECRETS[1]))
    monitoring.capture_exception(Invalid.of("email", "Not an address: {email}", email=SECRETS[1]))
    first, second = recorder.wait_for(2)
    assert first["exception"]["values"][-1]["value"] == "There is no client {key}."
    assert second["exception"]["values"][-1]["value"] == "Some fields need correcting."
    assert SECRETS[1].encode() not in b"".join(recorder.bodies)


def test_an_exception_is_sent_once_and_keeps_its_id(recorder: EnvelopeRecorder) -> None:
    error = RuntimeError("once")
    first = monitoring.capture_exception(error)
    assert monitoring.capture_exception(error) == first
    sys.excepthook(RuntimeError, error, None)
    monitoring.capture_message("Fin", "info")
    assert [event.get("logentry", {}).get("message") for event in recorder.wait_for(2)] == [None, "Fin"]


def test_data_added_by_libraries_are_masked(recorder: EnvelopeRecorder) -> None:
    import sentry_sdk

    sentry_sdk.add_breadcrumb(message=SECRETS[1], category="httplib")
    monitoring.add_breadcrumb("action", "Création d'un client", data={"record_id": 3, "email": SECRETS[1]})
    sentry_sdk.set_extra("phone", SECRETS[2])
    sentry_sdk.capture_message(f"hello {SECRETS[1]}")
    (event,) = recorder.wait_for(1)
    assert event["message"] == "hello ke***@startup.io"
    theirs, ours = sorted(event["breadcrumbs"]["values"], key=lambda crumb: crumb["timestamp"])
    assert theirs["message"] == "ke***@startup.io"
    assert ours["message"] == "Création d'un client"
    assert ours["data"] == {"record_id": 3, "email": "ke***@startup.io"}
    body = b"".join(recorder.bodies).decode()
    assert not [secret for secret in SECRETS if secret in body]


def test_a_run_is_a_session_that_ends_normally_or_crashed(recorder: EnvelopeRecorder, tmp_path: Path) -> None:
    monitoring.set_user_context(7, "support1", "SUPPORT")
    monitoring.capture_exception(ValueError("handled"))
    monitoring.capture_exception(RuntimeError("fatal"), mechanism={"type": "command", "handled": False})
    monitoring.close_sentry()
    (session,) = recorder.items("session")
    assert (session["status"], session["errors"], session["did"]) == ("crashed", 2, "7")
    monitoring.init_sentry(settings_with(tmp_path, SENTRY_DSN=recorder.dsn))
    monitoring.close_sentry()
    assert recorder.items("session")[1]["status"] == "exited"


def test_a_second_start_is_no_second_session(recorder: EnvelopeRecorder, tmp_path: Path) -> None:
    monitoring.init_sentry(settings_with(tmp_path, SENTRY_DSN=recorder.dsn))
    monitoring.close_sentry()
    assert [session["status"] for session in recorder.items("session")] == ["exited"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_loop_sends_a_few_events_and_counts_the_rest(recorder: EnvelopeRecorder) -> None:
    for _ in range(1000):
        try:
            raise RuntimeError("again")
        except RuntimeError as error:
            monitoring.capture_exception(error)
    threads = [threading.Thread(target=fail) for _ in range(20)]
    for thread in threads:
        thread.start()
        thread.join()
    monitoring.close_sentry()
    kinds = [event["exception"]["values"][-1]["type"] for event in recorder.events]
    assert (kinds.count("RuntimeError"), kinds.count("ZeroDivisionError")) == (5, 5)
    lost = [entry for report in recorder.items("client_report") for entry in report["discarded_events"]]
    assert sum(entry["quantity"] for entry in lost) == 995 + 15


def fail() -> None:
    _ = 1 // 0


def test_a_query_is_a_span_without_values_within_its_transaction(recorder: EnvelopeRecorder) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine("sqlite://", hide_parameters=True)
    with monitoring.span("service", "client.create"), engine.connect() as connection:
        connection.execute(text("SELECT :name"), {"name": SECRETS[3]})
    engine.dispose()
    monitoring.close_sentry()
    (transaction,) = recorder.items("transaction")
    assert (transaction["transaction"], transaction["contexts"]["trace"]["op"]) == (
        "client.create",
        "service",
    )
    assert [(span["op"], span["description"]) for span in transaction["spans"]] == [("db", "SELECT ?")]


def test_a_slow_query_has_its_own_operation_name(
    recorder: EnvelopeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import create_engine, text

    from services.monitoring import slow_queries

    monkeypatch.setattr(slow_queries, "SLOW", 0.0)
    engine = create_engine("sqlite://", hide_parameters=True)
    with monitoring.span("service", "client.create"), engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
    monitoring.capture_message("Fin", "info")
    monitoring.close_sentry()
    (transaction,) = recorder.items("transaction")
    assert [span["op"] for span in transaction["spans"]] == ["db.slow_query"]
    crumbs = recorder.events[0]["breadcrumbs"]["values"]
    assert ("db.slow_query", "SELECT 1") in [(crumb["category"], crumb["message"]) for crumb in crumbs]


def test_no_function_ever_raises(monkeypatch: pytest.MonkeyPatch, recorder: EnvelopeRecorder) -> None:
    import sentry_sdk

    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("the SDK is broken")

    for name in ("capture_event", "capture_exception"):
        monkeypatch.setattr(sentry_sdk, name, broken)
    monkeypatch.setattr(sentry_sdk.Scope, "get_global_scope", broken)
    assert monitoring.capture_message("text", "info") is None
    assert monitoring.capture_exception(ValueError()) is None
    monitoring.add_breadcrumb("action", "text")
    monitoring.set_user_context(1, "admin", "GESTION")
    monitoring.clear_user_context()
    monkeypatch.undo()


def test_a_failed_start_of_sentry_does_not_stop_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = settings_with(tmp_path)
    settings = replace(settings, sentry=replace(settings.sentry, dsn="nonsense"))
    status = monitoring.init_sentry(settings)
    assert status.outcome == "failed"
    assert status.line() == "[WARNING] Sentry could not start. The program goes on without it."


def test_a_silent_server_delays_the_exit_by_a_second_at_most(tmp_path: Path) -> None:
    program = """
import sys, time
from services import monitoring
from services.settings import load_settings
monitoring.init_sentry(load_settings({"SENTRY_DSN": sys.argv[1]}))
monitoring.capture_message("Message", "info")
print(time.time(), flush=True)
"""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        dsn = f"http://key@127.0.0.1:{mute.getsockname()[1]}/7"
        root = Path(__file__).parents[3]
        ended = subprocess.run(
            [sys.executable, "-c", program, dsn],
            check=True,
            cwd=root,
            capture_output=True,
            text=True,
            timeout=60,
        )
        held = time.time() - float(ended.stdout)
    assert held < 5.0  # a second, plus the time of a busy machine; an exchange may last twelve
    assert ended.stderr == ""


@pytest.mark.parametrize(
    "typed", ["Admin123!", "abc", "mot de passe", "a" * 51, "é" * 8, "kevin@startup.io", ""]
)
def test_an_invalid_username_is_redacted(typed: str) -> None:
    assert typed_username(typed) == "[REDACTED]"


def test_a_terminal_window_that_was_closed_is_no_crash(recorder: EnvelopeRecorder) -> None:
    from textual.drivers import _writer_thread

    class GoneTerminal:
        def write(self, text: str) -> None:
            raise OSError(errno.EIO, "Input/output error")

        def flush(self) -> None:
            """Do nothing."""

    writer = _writer_thread.WriterThread(GoneTerminal())  # type: ignore[arg-type]
    writer._queue.put("text")
    with pytest.raises(OSError, match="Input/output") as gone:
        writer.run()
    monitoring.capture_exception(gone.value, mechanism={"type": "threading", "handled": False})
    monitoring.capture_exception(OSError(errno.EIO, "a disk that fails"))
    monitoring.close_sentry()
    assert len(recorder.events) == 1
    (session,) = recorder.items("session")
    assert session["status"] == "exited"


def test_own_frames_are_in_app_in_every_working_directory(
    recorder: EnvelopeRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services import formats

    monkeypatch.chdir(tmp_path)
    try:
        formats.show_date("no day")  # type: ignore[arg-type]
    except Exception as error:
        monitoring.capture_exception(error)
    (event,) = recorder.wait_for(1)
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    ours = {frame["module"] for frame in frames if frame["in_app"]}
    assert "services.formats.dates" in ours
    assert not [module for module in ours if module.startswith("babel")]
    assert [frame for frame in frames if frame["module"].startswith("babel")]


def test_values_of_a_record_are_masked_in_errors_of_its_write(
    crm: Crm, records: Records, people: People, recorder: EnvelopeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = records.client(full_name="Zoé Quatrecents", company="Maison Bleue")

    def broken(record: Client, region: str) -> None:
        raise RuntimeError(f"no index for {record.full_name} of {record.company}")

    monkeypatch.setattr("services.denormalized.computed_columns.refresh", broken)
    with pytest.raises(RuntimeError) as failure:
        update_client(crm, people.commercial, client.id, build(ClientUpdate, {"phone": "06 12 34 56 78"}))
    monitoring.capture_exception(failure.value)
    (event,) = recorder.wait_for(1)
    assert event["exception"]["values"][-1]["value"] == "no index for [REDACTED] of [REDACTED]"
