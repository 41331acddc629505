"""What Sentry is told: nothing without a DSN, the words of the contract with one, never anything personal."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.enums import Department, LoginOutcome, Operation, RecordKind
from services import i18n, monitoring
from services.announcements import (
    Actor,
    Announcement,
    IntegrityViolated,
    PermissionRefused,
    RecordChanged,
    SignedOut,
    SignInAttempted,
)
from services.errors import CrmError, Invalid
from services.monitoring import console
from services.monitoring.listener import telemetry_listener
from services.monitoring.safety import typed_username
from services.settings import Settings, load_settings
from tests.support.envelopes import EnvelopeRecorder

ADMIN = Actor(1, "admin", "Ada Martin", Department.GESTION, "session")
SECRETS = ("hunter2!", "kevin@startup.io", "+678 123 456 78", "Lou Bouzin")


def settings_with(tmp_path: Path, **variables: str) -> Settings:
    return load_settings({"EPICEVENTS_LANGUAGE": "fr", **variables}, tmp_path, tmp_path)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[EnvelopeRecorder]:
    """Sentry, started on an end of our own."""
    recorder = EnvelopeRecorder()
    status = monitoring.init_sentry(settings_with(tmp_path, SENTRY_DSN=recorder.dsn))
    assert status.outcome == "started"
    try:
        yield recorder
    finally:
        monitoring.close_sentry()
        recorder.close()


@pytest.mark.parametrize(
    ("language", "variables", "line"),
    [
        ("fr", {}, "[INFO] Sentry non configuré (SENTRY_DSN manquant)"),
        ("fr", {"SENTRY_DSN": ""}, "[INFO] Sentry non configuré (SENTRY_DSN manquant)"),
        ("en", {}, "[INFO] Sentry is not configured (SENTRY_DSN is missing)"),
    ],
)
def test_without_a_dsn_the_console_says_so(
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
def test_with_a_dsn_the_console_names_the_environment(
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
    kinds: tuple[console.Kind, ...] = ("success", "error", "info", "warning")
    i18n.activate("fr")
    assert [console.prefix(kind) for kind in kinds] == ["[SUCCES]", "[ERREUR]", "[INFO]", "[ATTENTION]"]
    i18n.activate("en_GB")
    assert [console.prefix(kind) for kind in kinds] == ["[SUCCESS]", "[ERROR]", "[INFO]", "[WARNING]"]


def test_without_a_dsn_the_sdk_is_never_loaded() -> None:
    program = """
import sys
from services import monitoring
from services.monitoring.listener import telemetry_listener
from services.settings import load_settings
from services.announcements import *
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
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root, timeout=60)


def test_a_message_is_sent_in_our_words_under_its_fingerprint(recorder: EnvelopeRecorder) -> None:
    event_id = monitoring.capture_message(
        "Signature d'un contrat", "info", fingerprint=("a", "b"), context={"contract_id": 12}
    )
    (event,) = recorder.wait_for(1)
    assert event["event_id"] == event_id
    assert event["message"] == "Signature d'un contrat"
    assert event["level"] == "info"
    assert event["fingerprint"] == ["a", "b"]
    assert event["contexts"]["epicevents"] == {"contract_id": 12}
    assert event["server_name"] == "epicevents"
    assert event["environment"] == "development"
    assert event["release"].startswith("epicevents@")
    assert event["tags"] == {"language": "fr", "database": "sqlite"}


def test_the_user_is_named_from_login_to_logout_in_every_thread(recorder: EnvelopeRecorder) -> None:
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


def test_an_exception_leaves_without_values_notes_or_variables(recorder: EnvelopeRecorder) -> None:
    try:
        raise_with_secrets()
    except ExceptionGroup as error:
        event_id = monitoring.capture_exception(error, context={"screen": "ClientForm", "typed": SECRETS[1]})
    (event,) = recorder.wait_for(1)
    body = b"".join(recorder.bodies).decode()
    assert event["event_id"] == event_id
    assert {value["type"] for value in event["exception"]["values"]} == {
        "ExceptionGroup",
        "ValueError",
        "KeyError",
    }
    assert event["contexts"]["epicevents"] == {"screen": "ClientForm", "typed": "[REDACTED]"}
    assert not [secret for secret in SECRETS if secret in body]
    assert '"vars"' not in body
    assert "context_line" not in body
    assert str(Path.home()) not in body
    assert socket.gethostname() not in body
    functions = [frame["function"] for value in event["exception"]["values"]
                 for frame in value.get("stacktrace", {}).get("frames", [])]  # fmt: skip
    assert "raise_with_secrets" in functions


def test_a_refusal_leaves_with_its_template_which_holds_no_value(recorder: EnvelopeRecorder) -> None:
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
    assert [event.get("message") for event in recorder.wait_for(2)] == [None, "Fin"]


def test_messages_and_breadcrumbs_of_others_stay_at_home(recorder: EnvelopeRecorder) -> None:
    import sentry_sdk

    sentry_sdk.add_breadcrumb(message=SECRETS[1], category="httplib")
    monitoring.add_breadcrumb("action", "Création d'un client", data={"record_id": 3, "email": SECRETS[1]})
    sentry_sdk.set_extra("typed", SECRETS[3])
    sentry_sdk.capture_message(f"hello {SECRETS[1]}")
    (event,) = recorder.wait_for(1)
    assert event["message"] == "[REDACTED]"
    (crumb,) = event["breadcrumbs"]["values"]
    assert crumb["message"] == "Création d'un client"
    assert crumb["data"] == {"record_id": 3, "email": "[REDACTED]"}
    body = b"".join(recorder.bodies).decode()
    assert not [secret for secret in SECRETS if secret in body]


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


def test_a_sentry_that_cannot_start_does_not_stop_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = settings_with(tmp_path)
    settings = replace(settings, sentry=replace(settings.sentry, dsn="nonsense"))
    status = monitoring.init_sentry(settings)
    assert status.outcome == "failed"
    assert status.line() == "[WARNING] Sentry could not start. The program goes on without it."


def test_a_server_that_never_answers_holds_the_exit_for_a_second_at_most(tmp_path: Path) -> None:
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
        root = Path(__file__).parents[2]
        ended = subprocess.run(
            [sys.executable, "-c", program, dsn],
            check=True,
            cwd=root,
            capture_output=True,
            text=True,
            timeout=60,
        )
        held = time.time() - float(ended.stdout)
    assert held < 2.0  # a second, and what a busy machine takes to end a process
    assert ended.stderr == ""


@pytest.mark.parametrize(
    "typed", ["Admin123!", "abc", "mot de passe", "a" * 51, "é" * 8, "kevin@startup.io", ""]
)
def test_what_cannot_be_a_username_is_redacted(typed: str) -> None:
    assert typed_username(typed) == "[REDACTED]"


def signed_in(outcome: LoginOutcome, username: str = "admin") -> SignInAttempted:
    return SignInAttempted(username, outcome, ADMIN if outcome is LoginOutcome.ACCEPTED else None)


@pytest.mark.parametrize(
    ("outcome", "typed", "text"),
    [
        (
            LoginOutcome.UNKNOWN_USER,
            "ghost",
            "Tentative de connexion échouée - utilisateur inexistant: ghost",
        ),
        (
            LoginOutcome.WRONG_PASSWORD,
            "admin",
            "Tentative de connexion échouée - mot de passe incorrect: admin",
        ),
        (LoginOutcome.LOCKED, "admin", "Tentative de connexion échouée - compte verrouillé: admin"),
        (LoginOutcome.INACTIVE, "admin", "Tentative de connexion échouée - compte désactivé: admin"),
        (
            LoginOutcome.UNKNOWN_USER,
            "Secret 12!",
            "Tentative de connexion échouée - utilisateur inexistant: [REDACTED]",
        ),
    ],
)
def test_a_refused_login_is_a_warning_of_its_kind(
    outcome: LoginOutcome, typed: str, text: str, recorder: EnvelopeRecorder
) -> None:
    telemetry_listener(signed_in(outcome, typed))
    (event,) = recorder.wait_for(1)
    assert event["message"] == text
    assert event["level"] == "warning"
    assert event["fingerprint"] == ["login-refused", outcome.value]
    assert event["contexts"]["epicevents"]["reason"] == outcome.value
    assert event["breadcrumbs"]["values"][0]["message"].startswith(
        "Tentative de connexion pour l'utilisateur: "
    )
    assert typed == typed_username(typed) or typed not in json.dumps(event)


def changed(action: str, kind: RecordKind, operation: Operation) -> RecordChanged:
    return RecordChanged(ADMIN, action, kind, 12, operation, frozenset({"email"}))


COLLABORATOR, CONTRACT = RecordKind.COLLABORATOR, RecordKind.CONTRACT


@pytest.mark.parametrize(
    ("announcement", "text"),
    [
        (changed("contract.sign", CONTRACT, Operation.UPDATED), "Signature d'un contrat"),
        (changed("collaborator.create", COLLABORATOR, Operation.CREATED), "Création d'un collaborateur"),
        (changed("collaborator.update", COLLABORATOR, Operation.UPDATED), "Modification d'un collaborateur"),
        (
            changed("collaborator.deactivate", COLLABORATOR, Operation.UPDATED),
            "Désactivation d'un collaborateur",
        ),
        (changed("collaborator.delete", COLLABORATOR, Operation.DELETED), "Suppression d'un collaborateur"),
    ],
)
def test_what_management_must_know_is_a_message_with_ids_and_department(
    announcement: RecordChanged, text: str, recorder: EnvelopeRecorder
) -> None:
    telemetry_listener(announcement)
    (event,) = recorder.wait_for(1)
    assert (event["message"], event["level"]) == (text, "info")
    assert event["fingerprint"] == ["business-action", text]
    assert event["contexts"]["epicevents"] == {
        "record_id": 12, "actor_id": 1, "department": "GESTION", "action": announcement.action,
    }  # fmt: skip


def crumb_of(
    action: str, kind: RecordKind, operation: Operation, text: str
) -> tuple[Announcement, str, str, str]:
    return changed(action, kind, operation), "action", "info", text


CLIENT, EVENT, PAYMENT = RecordKind.CLIENT, RecordKind.EVENT, RecordKind.PAYMENT
TRAIL: list[tuple[Announcement, str, str, str]] = [
    (signed_in(LoginOutcome.ACCEPTED), "auth", "info", "Connexion réussie pour l'utilisateur: admin"),
    crumb_of("client.create", CLIENT, Operation.CREATED, "Création d'un client"),
    crumb_of("client.update", CLIENT, Operation.UPDATED, "Modification d'un client"),
    crumb_of("event.trash", EVENT, Operation.TRASHED, "Mise à la corbeille d'un événement"),
    crumb_of("event.trash", EVENT, Operation.RESTORED, "Restauration d'un événement"),
    crumb_of("payment.record", PAYMENT, Operation.CREATED, "Enregistrement d'un paiement"),
    # The clients of a collaborator who leaves are changed by the same action.
    crumb_of("collaborator.deactivate", CLIENT, Operation.UPDATED, "Modification d'un client"),
    (PermissionRefused(ADMIN, "event.create"), "permission", "warning", "event.create"),
    (SignedOut(ADMIN), "auth", "info", "Déconnexion de l'utilisateur: admin"),
]


def test_what_happened_leaves_its_trail_and_no_event_of_its_own(recorder: EnvelopeRecorder) -> None:
    for announcement, _category, _level, _text in TRAIL:
        telemetry_listener(announcement)
    monitoring.capture_message("Fin", "info")
    (event,) = recorder.wait_for(1)
    attempt, *crumbs = event["breadcrumbs"]["values"]
    assert attempt["message"] == "Tentative de connexion pour l'utilisateur: admin"
    shown = [(crumb["category"], crumb["level"], crumb["message"]) for crumb in crumbs]
    assert shown == [(category, level, text) for _announcement, category, level, text in TRAIL]
    assert crumbs[0]["data"] == {"user_id": 1, "department": "GESTION"}
    assert crumbs[1]["data"] == {"kind": "client", "record_id": 12, "action": "client.create"}
    assert crumbs[-2]["data"] == {"actor_id": 1, "rule": "event.create"}


def test_every_business_action_has_words() -> None:
    from services.monitoring.vocabulary import business_action
    from services.rights import Action

    for action in Action:
        for kind in RecordKind:
            for operation in Operation:
                assert business_action(action.value, kind, operation)


def test_a_broken_constraint_is_reported_by_its_name_alone(recorder: EnvelopeRecorder) -> None:
    telemetry_listener(IntegrityViolated("client", "uq_client_email"))
    telemetry_listener(IntegrityViolated("client", "uq_client_email"))
    first, second = recorder.wait_for(2)
    (exception,) = first["exception"]["values"]
    assert (exception["type"], exception["value"]) == ("DatabaseIntegrityError", "uq_client_email")
    assert first["level"] == "error"
    assert first["contexts"]["epicevents"] == {"table": "client", "constraint": "uq_client_email"}
    assert first["fingerprint"] == second["fingerprint"]
