"""The digest of the signing key with which Gestion last signed in, stored in the database.

The key and the database together suffice to sign a session as anyone. The digest tells an honest operator
that the key at hand belongs to another CRM.
"""

import hashlib
import hmac
from typing import Final

from sqlmodel import Session

from models.tables import DatabaseFact
from services.errors import CrmError
from services.i18n import N_
from services.settings.variables import SECRET_VARIABLE

_FACT: Final = "signing_key"
_PURPOSE: Final = b"epicevents.signing-key.v1"


class OtherKey(CrmError):
    """The key of the settings is not the one of the database."""

    exit_code = 4
    template = N_(
        "{variable} is not the key with which Gestion signs in to this database. Nothing was changed."
    )


def note(session: Session, key: str) -> None:
    """Remember the key as the one of the database, within the caller's transaction."""
    fact = session.get(DatabaseFact, _FACT)
    if fact is None:
        session.add(DatabaseFact(key=_FACT, value=_digest(key)))
    elif fact.value != _digest(key):
        fact.value = _digest(key)


def refuse_another(session: Session, key: str) -> None:
    """Raise :class:`OtherKey` unless the key is the one remembered, or none is remembered yet."""
    fact = session.get(DatabaseFact, _FACT)
    if fact is not None and not hmac.compare_digest(fact.value, _digest(key)):
        raise OtherKey(variable=SECRET_VARIABLE)


def _digest(key: str) -> str:
    return hmac.new(key.encode(errors="surrogateescape"), _PURPOSE, hashlib.sha256).hexdigest()
