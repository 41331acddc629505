"""Session tokens: a JWT that names a user and a session, and carries no right."""

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
    """What a token says. ``expires`` is in seconds since 1970, and not checked yet."""

    collaborator_id: int
    session_id: str
    expires: int


def issue(key: str, collaborator_id: int, session_id: str, expires: datetime) -> str:
    """A signed token for a session; ``expires`` is an aware datetime by the clock of the database."""
    claims = {"sub": str(collaborator_id), "jti": session_id, "iat": expires - LIFETIME, "exp": expires}
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read(key: str, token: str) -> Claims:
    """What a token says that we signed. Whether its session is over is for the database's clock to say.

    Raises :class:`NotSignedIn` for one that is altered, unsigned, incomplete or of another key.
    """
    # The library would ask the clock of this machine.
    options = {"require": ["exp", "iat", "sub", "jti"], "verify_exp": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, key, algorithms=[_ALGORITHM], options=options)  # type: ignore[arg-type]
        return Claims(int(claims["sub"]), str(claims["jti"]), int(claims["exp"]))
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
        # From None: the library's error may quote parts of the token.
        raise NotSignedIn from None
