"""The digest, in the database, of the signing key with which Gestion last signed in.

An operator with the key and the database can sign a session of any user. The digest only protects against
mistakes: it shows that the configured key belongs to another CRM.
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
    """The configured key is not the key of the database."""

    exit_code = 4
    template = N_(
        "{variable} is not the key with which Gestion signs in to this database. Nothing was changed."
    )


def note(session: Session, key: str) -> None:
    """Store the digest of the key in the database, within the caller's transaction."""
    fact = session.get(DatabaseFact, _FACT)
    if fact is None:
        session.add(DatabaseFact(key=_FACT, value=_digest(key)))
    elif fact.value != _digest(key):
        fact.value = _digest(key)


def refuse_another(session: Session, key: str) -> None:
    """Raise :class:`OtherKey` if the database holds the digest of another key."""
    fact = session.get(DatabaseFact, _FACT)
    if fact is not None and not hmac.compare_digest(fact.value, _digest(key)):
        raise OtherKey(variable=SECRET_VARIABLE)


def _digest(key: str) -> str:
    return hmac.new(key.encode(errors="surrogateescape"), _PURPOSE, hashlib.sha256).hexdigest()
