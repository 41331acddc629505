"""The closed vocabularies of the brief."""

from enum import StrEnum


class Department(StrEnum):
    """The three departments that share the CRM; the value is stored in the database and sent to Sentry."""

    COMMERCIAL = "COMMERCIAL"
    SUPPORT = "SUPPORT"
    GESTION = "GESTION"


class ContractStatus(StrEnum):
    """Whether the client has signed; derived from the signature date."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"


class RecordKind(StrEnum):
    """The kinds of record that are shared, linked and audited."""

    COLLABORATOR = "collaborator"
    CLIENT = "client"
    CONTRACT = "contract"
    PAYMENT = "payment"
    EVENT = "event"
    SETTINGS = "settings"


class Operation(StrEnum):
    """The operation of a write on one record."""

    CREATED = "created"
    UPDATED = "updated"
    TRASHED = "trashed"
    RESTORED = "restored"
    DELETED = "deleted"


class LoginOutcome(StrEnum):
    """The outcome of a sign-in attempt."""

    ACCEPTED = "accepted"
    UNKNOWN_USER = "unknown_user"
    WRONG_PASSWORD = "wrong_password"
    LOCKED = "locked"
    INACTIVE = "inactive"
