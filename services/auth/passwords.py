"""The password policy and the hashing of passwords.

bcrypt accepts at most 72 bytes. A password is therefore normalised (NFC), reduced by HMAC-SHA-256 and base64
to 44 ASCII bytes, and then hashed; the stored text begins with the name of this scheme. Hashing takes a
quarter of a second, so call it in a thread.
"""

import base64
import hashlib
import hmac
import unicodedata
from functools import lru_cache
from importlib.resources import files
from string import digits, punctuation
from typing import Final

import bcrypt

from models.text import fold
from services.errors import Invalid
from services.i18n import N_

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 1000
# NFC composes at most four typed characters into one.
_LONGEST_TYPED: Final = 4 * MAX_LENGTH
_SCHEME: Final = "hmac-sha256:"
# Domain separation, not a secret: the digests are useless to other programs.
_KEY: Final = b"epicevents.password.v1"
_USERNAME_CHARACTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def check_policy(password: str, username: str, field: str = "password") -> None:
    """Raise :class:`Invalid` naming ``field`` unless the password may be used by ``username``.

    The password has 12 to 1,000 characters, is not the username and is not a common password. It holds a
    character that is not allowed in usernames, so that telemetry never mistakes a password, typed into the
    field of the username, for a username (telemetry.md).
    """
    text = unicodedata.normalize("NFC", password)
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        raise Invalid.of(
            field, N_("A password has {min} to {max} characters."), min=MIN_LENGTH, max=MAX_LENGTH
        )
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise Invalid.of(field, N_("Line breaks and control characters are not allowed here."))
    if _USERNAME_CHARACTERS.issuperset(text):
        raise Invalid.of(field, N_("A password needs a space or a punctuation mark other than _ and -."))
    if username and _keep_alphanumeric(fold(text)) == _keep_alphanumeric(fold(username)):
        raise Invalid.of(field, N_("The password must not be the username."))
    if is_common(text):
        raise Invalid.of(field, N_("This password is among the most common ones; choose another."))


def hash_password(password: str, cost: int) -> str:
    """The hash to store, with a new salt. ``cost`` is bcrypt's cost factor: 2 ** cost rounds."""
    return _SCHEME + bcrypt.hashpw(_digest(password), bcrypt.gensalt(cost)).decode("ascii")


def verify_password(password: str, stored: str | None, cost: int) -> bool:
    """Whether the password matches the stored hash.

    Without a stored hash the result is false after the same time, so that the time does not reveal whether an
    account exists.
    """
    known = stored is not None and stored.startswith(_SCHEME)
    text = stored.removeprefix(_SCHEME) if stored is not None and known else _nobody(cost)
    # Cut input that is longer than any valid password, so that it takes no longer than usual.
    password = password[: _LONGEST_TYPED + 1]
    try:
        matches = bcrypt.checkpw(_digest(password), text.encode("ascii"))
    except ValueError:  # a malformed hash
        return False
    return matches and known


def needs_rehash(stored: str, cost: int) -> bool:
    """Whether a stored hash has a lower cost than ``cost``."""
    try:
        return int(stored.removeprefix(_SCHEME).split("$")[2]) < cost
    except (IndexError, ValueError):
        return True


def _digest(password: str) -> bytes:
    text = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.new(_KEY, text, hashlib.sha256).digest())


def _nobody(cost: int) -> str:
    # A constant hash: computing one would double the time of the first unknown username in a process.
    return f"$2b${cost:02d}${'.' * 53}"


_SHORTEST_CORE = 3
_TAIL = digits + punctuation + " "


def is_common(password: str) -> bool:
    """Whether the password is a common one, without regard to case, accents, and digits or marks at its end.

    Spaces and marks between words are ignored too: ``Mot de Passe 2027!`` is ``motdepasse``.
    """
    folded = fold(password)
    return not _common().isdisjoint(
        (folded, _core(folded), _keep_alphanumeric(folded), _keep_alphanumeric(_core(folded)))
    )


def _core(folded: str) -> str:
    return folded.rstrip(_TAIL)


def _keep_alphanumeric(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum())


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = files("services").joinpath("data/common_passwords.txt").read_text(encoding="utf-8")
    entries = {fold(line) for line in text.splitlines() if line and not line.startswith("# ")}
    return frozenset(entries | {core for core in map(_core, entries) if len(core) >= _SHORTEST_CORE})
