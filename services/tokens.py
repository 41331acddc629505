"""Session tokens: a JWT that names a user and a session, and carries no right."""

from datetime import UTC, datetime, timedelta
from typing import Final

import jwt

from services.errors import NotSignedIn

LIFETIME: Final = timedelta(hours=24)
_ALGORITHM: Final = "HS256"


def issue(key: str, collaborator_id: int, session_id: str, expires: datetime) -> str:
    """A signed token for a session; ``expires`` is an aware datetime."""
    claims = {"sub": str(collaborator_id), "jti": session_id, "iat": datetime.now(UTC), "exp": expires}
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read(key: str, token: str) -> tuple[int, str]:
    """The collaborator's id and the session's id that a token names.

    Raises :class:`NotSignedIn` for one that is expired, altered, unsigned, incomplete or of another key.
    """
    try:
        claims = jwt.decode(
            token, key, algorithms=[_ALGORITHM], options={"require": ["exp", "iat", "sub", "jti"]}
        )
        return int(claims["sub"]), str(claims["jti"])
    except (jwt.InvalidTokenError, ValueError):
        # From None: the library's error may quote parts of the token.
        raise NotSignedIn from None
