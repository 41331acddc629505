"""A token opens a session only while it is whole, ours, unexpired and unrevoked; it carries no right."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import jwt
import pytest

from models.enums import Department
from services import collaborators
from services.auth import sessions, tokens
from services.auth.sessions import SignedIn
from services.crm import Crm
from services.errors import NotSignedIn, SettingsError
from services.settings import Settings
from tests.support.accounts import PASSWORD, People
from tests.support.crm import SECRET_KEY
from tests.support.records import rewrite

OTHER_KEY: Final = "another key for tests, of forty-two bytes!"


def claims_of(token: str) -> dict[str, object]:
    """What a token says, whoever signed it."""
    return dict(jwt.decode(token, options={"verify_signature": False}))


def with_claims(token: str, key: str = SECRET_KEY, **changed: object) -> str:
    """The token with other claims, signed anew; a claim set to ``None`` is left out."""
    claims = {name: value for name, value in (claims_of(token) | changed).items() if value is not None}
    return jwt.encode(claims, key, algorithm="HS256")


def encoded(part: object) -> str:
    """A part of a token, as it travels."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(token: str, algorithm: str) -> str:
    """The same claims under another algorithm, without a signature."""
    return f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{token.split('.')[1]}."


def altered(token: str) -> str:
    """Somebody else's id under the old signature."""
    header, _, signature = token.split(".")
    return f"{header}.{encoded(claims_of(token) | {'sub': '5'})}.{signature}"


def long_ago() -> int:
    return int((datetime.now(UTC) - timedelta(seconds=5)).timestamp())


BAD_TOKENS: Final[dict[str, Callable[[str], str]]] = {
    "empty": lambda token: "",
    "no token": lambda token: "not a token",
    "not even text": lambda token: "\ud800\x00",
    "huge": lambda token: "x" * 100_000,
    "cut": lambda token: token[:-1],
    "longer": lambda token: f"{token}x",
    "expired": lambda token: with_claims(token, exp=long_ago()),
    "of another key": lambda token: with_claims(token, OTHER_KEY),
    "of another algorithm": lambda token: jwt.encode(claims_of(token), SECRET_KEY * 2, algorithm="HS512"),
    "of the same key and another algorithm": lambda token: jwt.encode(
        claims_of(token), SECRET_KEY.ljust(64), algorithm="HS384"
    ),
    "unsigned": lambda token: unsigned(token, "none"),
    "unsigned, shouting": lambda token: unsigned(token, "NONE"),
    "unsigned, claiming to be signed": lambda token: unsigned(token, "HS256"),
    "altered": altered,
    "of another session": lambda token: with_claims(token, jti="0" * 32),
    "of somebody else's session": lambda token: with_claims(token, jti="test-session-gwenaelle"),
    "of somebody else": lambda token: with_claims(token, sub="5"),
    "of nobody": lambda token: with_claims(token, sub="somebody"),
    "of a number": lambda token: with_claims(token, sub=1),
    "without a person": lambda token: with_claims(token, sub=None),
    "without a session": lambda token: with_claims(token, jti=None),
    "without an end": lambda token: with_claims(token, exp=None),
    "without a beginning": lambda token: with_claims(token, iat=None),
    "of a strange session": lambda token: with_claims(token, jti="' OR 1=1 --"),
}


@pytest.fixture
def signed_in(crm: Crm) -> SignedIn:
    return sessions.sign_in(crm, "claire_d", PASSWORD)


@pytest.mark.parametrize("how", BAD_TOKENS)
def test_a_bad_token_leads_to_the_login_form(crm: Crm, signed_in: SignedIn, how: str) -> None:
    with pytest.raises(NotSignedIn) as refusal:
        sessions.resume(crm, BAD_TOKENS[how](signed_in.token))
    assert refusal.value.exit_code == 3
    # The library's own error may quote parts of the token.
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    assert sessions.resume(crm, signed_in.token) == signed_in.actor


def test_a_revoked_session_is_over_for_every_copy_of_its_token(crm: Crm, signed_in: SignedIn) -> None:
    sessions.sign_out(crm, signed_in.actor)
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, signed_in.token)


def test_signing_out_ends_this_session_and_no_other(crm: Crm, people: People, signed_in: SignedIn) -> None:
    sessions.sign_out(crm, people.commercial)
    assert sessions.resume(crm, signed_in.token) == signed_in.actor


def test_a_session_ends_in_the_database_whatever_the_token_says(crm: Crm, signed_in: SignedIn) -> None:
    rewrite(crm, "UPDATE login_session SET expires_at = '2020-01-01 00:00:00.000000'")
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, signed_in.token)


def test_a_token_of_a_deleted_collaborator_opens_nothing(crm: Crm, people: People) -> None:
    signed_in = sessions.sign_in(crm, people.other_support.username, PASSWORD)
    collaborators.delete_collaborator(crm, people.gestion, people.other_support.id)
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, signed_in.token)


def test_a_token_of_a_deactivated_collaborator_opens_nothing(crm: Crm, signed_in: SignedIn) -> None:
    rewrite(crm, "UPDATE collaborator SET active = false WHERE username = 'claire_d'")
    with pytest.raises(NotSignedIn):
        sessions.resume(crm, signed_in.token)


def test_the_department_comes_from_the_database_and_not_from_the_token(crm: Crm, signed_in: SignedIn) -> None:
    assert set(claims_of(signed_in.token)) == {"sub", "jti", "iat", "exp"}
    rewrite(crm, "UPDATE collaborator SET department = 'SUPPORT', first_name = 'Clara' WHERE id = 1")
    claimed = with_claims(signed_in.token, department="GESTION")
    resumed = sessions.resume(crm, claimed)
    assert (resumed.department, resumed.full_name) == (Department.SUPPORT, "Clara Dubois")


def test_a_token_lasts_24_hours() -> None:
    assert timedelta(hours=24) == tokens.LIFETIME


def test_nobody_signs_in_without_a_key(crm: Crm, settings: Settings, signed_in: SignedIn) -> None:
    object.__setattr__(settings, "secret_key", None)
    with pytest.raises(SettingsError, match="variable"):
        sessions.sign_in(crm, "claire_d", PASSWORD)
    with pytest.raises(SettingsError):
        sessions.resume(crm, signed_in.token)
