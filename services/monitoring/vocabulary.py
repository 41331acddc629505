"""The texts that Sentry receives, the same in every language: alerts and grouping depend on them.

Source: the table "What is recorded" of the telemetry contract.
"""

import re
from collections.abc import Mapping
from typing import Final

from models.enums import LoginOutcome, Operation, RecordKind
from services import record_types

REDACTED: Final = "[REDACTED]"
_USERNAME: Final = re.compile(r"[A-Za-z0-9_-]{4,50}")

LOGIN_ATTEMPTED: Final = "Tentative de connexion pour l'utilisateur: {username}"
LOGIN_SUCCEEDED: Final = "Connexion réussie pour l'utilisateur: {username}"
LOGOUT: Final = "Déconnexion de l'utilisateur: {username}"

LOGIN_REFUSED: Final[Mapping[LoginOutcome, str]] = {
    LoginOutcome.UNKNOWN_USER: "Tentative de connexion échouée - utilisateur inexistant: {username}",
    LoginOutcome.WRONG_PASSWORD: "Tentative de connexion échouée - mot de passe incorrect: {username}",
    LoginOutcome.LOCKED: "Tentative de connexion échouée - compte verrouillé: {username}",
    LoginOutcome.INACTIVE: "Tentative de connexion échouée - compte désactivé: {username}",
}

WITH_USERNAME: Final = (LOGIN_ATTEMPTED, LOGIN_SUCCEEDED, LOGOUT, *LOGIN_REFUSED.values())
"""The texts in which the contract asks for a username."""

BRUTE_FORCE: Final = "Attaque par force brute possible: {count} échecs de connexion en 5 minutes"

# Texts more precise than "modification". Records of other kinds that an action changes use OPERATIONS.
ACTIONS: Final[Mapping[tuple[str, RecordKind], str]] = {
    ("contract.sign", RecordKind.CONTRACT): "Signature d'un contrat",
    ("payment.record", RecordKind.PAYMENT): "Enregistrement d'un paiement",
    ("payment.cancel", RecordKind.PAYMENT): "Annulation d'un paiement",
    ("event.assign", RecordKind.EVENT): "Affectation du support d'un événement",
    ("client.reassign", RecordKind.CLIENT): "Réaffectation d'un client",
    ("collaborator.deactivate", RecordKind.COLLABORATOR): "Désactivation d'un collaborateur",
    ("collaborator.unlock", RecordKind.COLLABORATOR): "Déverrouillage d'un collaborateur",
    ("password.change", RecordKind.COLLABORATOR): "Changement du mot de passe d'un collaborateur",
}

# Actions that are sent as a message in addition to their breadcrumb.
MESSAGES: Final = frozenset({
    ("contract.sign", RecordKind.CONTRACT),
    ("collaborator.create", RecordKind.COLLABORATOR),
    ("collaborator.update", RecordKind.COLLABORATOR),
    ("collaborator.deactivate", RecordKind.COLLABORATOR),
    ("collaborator.delete", RecordKind.COLLABORATOR),
})  # fmt: skip

OPERATIONS: Final[Mapping[Operation, str]] = {
    Operation.CREATED: "Création {of}",
    Operation.UPDATED: "Modification {of}",
    Operation.TRASHED: "Mise à la corbeille {of}",
    Operation.RESTORED: "Restauration {of}",
    Operation.DELETED: "Suppression {of}",
}


def business_action(action: str, kind: RecordKind, operation: Operation) -> str:
    """The contract's text for a completed action: ``Création d'un client``."""
    return ACTIONS.get((action, kind)) or OPERATIONS[operation].format(
        of=record_types.of_kind(kind).telemetry_name
    )


def is_ours(text: str) -> bool:
    """Whether the text is exactly one of these texts, for the kinds that this process has used."""
    if text in _OWN_WORDS:
        return True
    name = _OPERATION.sub("", text)
    return name != text and any(name == each.telemetry_name for each in record_types.registered())


_OWN_WORDS: Final = frozenset(ACTIONS.values())
_OPERATION: Final = re.compile("|".join("^" + pattern.format(of="") for pattern in OPERATIONS.values()))


_TRIED: Final[Mapping[str, Operation]] = {
    "create": Operation.CREATED,
    "update": Operation.UPDATED,
    "trash": Operation.TRASHED,
    "restore": Operation.RESTORED,
    "delete": Operation.DELETED,
}


def attempted_action(action: str) -> tuple[RecordKind, str] | None:
    """The kind of record and the contract's text of an action that failed; ``None`` if it has no text."""
    for of_action, kind in ACTIONS:
        if of_action == action:
            return kind, ACTIONS[of_action, kind]
    name, _, verb = action.partition(".")
    kind = RecordKind(name)
    if verb not in _TRIED or record_types.find(kind) is None:
        return None
    return kind, business_action(action, kind, _TRIED[verb])


def typed_username(text: str) -> str:
    """The text if it is a valid username, else the mask: a password may be typed into the wrong field.

    The contract requires of a password a character that a username cannot hold.
    """
    return text if _USERNAME.fullmatch(text) else REDACTED
