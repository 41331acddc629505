"""Session tokens: a JWT with the ids of a user and a session. It grants no rights itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import jwt

from services.errors import NotSignedIn
from services.session_rows import LIFETIME

__all__ = ["LIFETIME", "Claims", "issue", "read"]
_ALGORITHM: Final = "HS256"


@dataclass(frozen=True)
class Claims:
    """The claims of a token. ``expires`` is in seconds since 1970 and is not checked yet."""

    collaborator_id: int
    session_id: str
    expires: int


def issue(key: str, collaborator_id: int, session_id: str, expires: datetime) -> str:
    """A signed token for a session; ``expires`` is an aware datetime of the database's clock."""
    claims = {"sub": str(collaborator_id), "jti": session_id, "iat": expires - LIFETIME, "exp": expires}
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read(key: str, token: str) -> Claims:
    """The claims of a token with a valid signature. The caller checks the expiry by the database's clock.

    Raises :class:`NotSignedIn` for a token that is altered, unsigned, incomplete or signed with another key.
    """
    # The library would use the clock of this machine.
    options = {"require": ["exp", "iat", "sub", "jti"], "verify_exp": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, key, algorithms=[_ALGORITHM], options=options)  # type: ignore[arg-type]
        return Claims(int(claims["sub"]), str(claims["jti"]), int(claims["exp"]))
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
        # Raise from None, since the library's error may quote parts of the token.
        raise NotSignedIn from None
