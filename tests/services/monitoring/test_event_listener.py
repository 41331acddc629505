"""Domain events reach Sentry with the texts and fingerprints of the contract."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.enums import Department, LoginOutcome, Operation, RecordKind
from services import monitoring
from services.actor import Actor
from services.domain_events import (
    DomainEvent,
    IntegrityViolated,
    PermissionRefused,
    RecordChanged,
    SignedOut,
    SignInAttempted,
)
from services.monitoring.event_listener import telemetry_listener
from services.monitoring.vocabulary import typed_username
from tests.support.envelopes import EnvelopeRecorder, recording

ADMIN = Actor(1, "admin", "Ada Martin", Department.GESTION, "session")


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[EnvelopeRecorder]:
    """A recorder to which the running Sentry sends."""
    with recording(tmp_path) as recorder:
        yield recorder


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
    assert event["logentry"]["message"] == text
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
def test_important_actions_are_messages_with_ids_and_department(
    announcement: RecordChanged, text: str, recorder: EnvelopeRecorder
) -> None:
    telemetry_listener(announcement)
    (event,) = recorder.wait_for(1)
    assert (event["logentry"]["message"], event["level"]) == (text, "info")
    assert event["fingerprint"] == ["business-action", text]
    assert event["contexts"]["epicevents"] == {
        "record_id": 12, "actor_id": 1, "department": "GESTION", "action": announcement.action,
    }  # fmt: skip


def crumb_of(
    action: str, kind: RecordKind, operation: Operation, text: str
) -> tuple[DomainEvent, str, str, str]:
    return changed(action, kind, operation), "action", "info", text


CLIENT, EVENT, PAYMENT = RecordKind.CLIENT, RecordKind.EVENT, RecordKind.PAYMENT
TRAIL: list[tuple[DomainEvent, str, str, str]] = [
    (signed_in(LoginOutcome.ACCEPTED), "auth", "info", "Connexion réussie pour l'utilisateur: admin"),
    crumb_of("client.create", CLIENT, Operation.CREATED, "Création d'un client"),
    crumb_of("client.update", CLIENT, Operation.UPDATED, "Modification d'un client"),
    crumb_of("event.trash", EVENT, Operation.TRASHED, "Mise à la corbeille d'un événement"),
    crumb_of("event.trash", EVENT, Operation.RESTORED, "Restauration d'un événement"),
    crumb_of("payment.record", PAYMENT, Operation.CREATED, "Enregistrement d'un paiement"),
    # The action also changes the clients of the deactivated collaborator.
    crumb_of("collaborator.deactivate", CLIENT, Operation.UPDATED, "Modification d'un client"),
    (PermissionRefused(ADMIN, "event.create"), "permission", "warning", "event.create"),
    (SignedOut(ADMIN), "auth", "info", "Déconnexion de l'utilisateur: admin"),
]


def test_other_actions_are_breadcrumbs_without_an_event(recorder: EnvelopeRecorder) -> None:
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


def test_every_business_action_has_a_text() -> None:
    from services.monitoring.vocabulary import business_action
    from services.rights import Action

    for action in Action:
        for kind in RecordKind:
            for operation in Operation:
                assert business_action(action.value, kind, operation)


def test_a_broken_constraint_is_reported_by_its_name_alone(recorder: EnvelopeRecorder) -> None:
    for _ in range(2):
        telemetry_listener(IntegrityViolated("client", "uq_client_email", "client.create"))
    first, second = recorder.wait_for(2)
    (exception,) = first["exception"]["values"]
    assert (exception["type"], exception["value"]) == ("IntegrityError", "uq_client_email")
    assert first["level"] == "error"
    crumb = first["breadcrumbs"]["values"][-1]
    assert (crumb["category"], crumb["message"]) == ("action", "Création d'un client")
    assert first["contexts"]["epicevents"] == {"table": "client", "constraint": "uq_client_email"}
    assert first["fingerprint"] == second["fingerprint"]
