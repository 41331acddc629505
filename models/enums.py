"""The vocabularies of the brief; those of records and actions can be added to."""

import re
from enum import StrEnum
from functools import cache
from typing import Final, TypeVar

LANGUAGES: Final = ("en", "fr")
"""The languages of the program, as in ``services.i18n``, which loads nothing of this package."""

_ADDED: Final = re.compile(r"[a-z]+(?:[._][a-z]+)*")


class OpenEnum(StrEnum):
    """A vocabulary to which a module can add: ``RecordKind("task")`` is a name like any other.

    Each name is one object. Iteration gives the names of the class alone. A name has small letters, with
    dots or underscores between them; any other text raises ``ValueError``.
    """

    @classmethod
    def _missing_(cls, value: object) -> "OpenEnum | None":
        return _added(cls, value) if isinstance(value, str) and _ADDED.fullmatch(value) else None


_Open = TypeVar("_Open", bound=OpenEnum)


@cache
def _added(vocabulary: type[_Open], value: str) -> _Open:
    name = str.__new__(vocabulary, value)
    name._name_, name._value_ = value.upper().replace(".", "_"), value
    return name


class Department(StrEnum):
    """The three departments that share the CRM; the value is stored in the database and sent to Sentry."""

    COMMERCIAL = "COMMERCIAL"
    SUPPORT = "SUPPORT"
    GESTION = "GESTION"


class ContractStatus(StrEnum):
    """Whether the client has signed; derived from the signature date."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"


class ChainLink(StrEnum):
    """The links of a deal in the order of the brief's workflow; each needs those before it."""

    CLIENT = "client"
    CONTRACT = "contract"
    SIGNATURE = "signature"
    PAYMENTS = "payments"
    EVENT = "event"
    SUPPORT = "support"
    NOTES = "notes"


class RecordKind(OpenEnum):
    """The kinds of record that are shared, linked and audited. ``services.record_types`` describes each."""

    COLLABORATOR = "collaborator"
    CLIENT = "client"
    CONTRACT = "contract"
    PAYMENT = "payment"
    EVENT = "event"
    SETTINGS = "settings"
    NOTE = "note"
    TASK = "task"
    VIEW = "view"


class NoteKind(StrEnum):
    """Whether a note is a remark, or tells of a call or a mail; these are contacts with the client."""

    NOTE = "note"
    CALL = "call"
    MAIL = "mail"


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
