"""Passwords: which are accepted, and how they are kept.

bcrypt alone refuses more than 72 bytes and reads a password as bytes. So a password is composed (NFC),
run through HMAC-SHA-256 and base64 (44 ASCII bytes), and then hashed; the stored text is tagged with
the scheme. Hashing takes a quarter of a second: call it in a thread.
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
# One composed character is typed as four at most.
_LONGEST_TYPED: Final = 4 * MAX_LENGTH
_SCHEME: Final = "hmac-sha256:"
# Domain separation, not a secret: a hash made here fits nowhere else.
_KEY: Final = b"epicevents.password.v1"
_USERNAME_CHARACTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def check_policy(password: str, username: str, field: str = "password") -> None:
    """Raise :class:`Invalid` naming ``field`` unless the password may be used by ``username``.

    12 to 1,000 characters; one of them impossible in a username, so that a password typed into the wrong
    box is never taken for one and sent (telemetry.md); not the username; not a common one.
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
    if username and _bare(text) == _bare(username):
        raise Invalid.of(field, N_("The password must not be the username."))
    if is_common(text):
        raise Invalid.of(field, N_("This password is among the most common ones; choose another."))


def _bare(text: str) -> str:
    return "".join(character for character in fold(text) if character.isalnum())


def hash_password(password: str, cost: int) -> str:
    """The text to store, with a new salt. ``cost`` is bcrypt's, 2 ** cost rounds."""
    return _SCHEME + bcrypt.hashpw(_digest(password), bcrypt.gensalt(cost)).decode("ascii")


def verify_password(password: str, stored: str | None, cost: int) -> bool:
    """Whether the password is the stored one.

    With no stored hash it takes as long and says no: the time must not tell whether an account exists.
    """
    known = stored is not None and stored.startswith(_SCHEME)
    text = stored.removeprefix(_SCHEME) if stored is not None and known else _nobody(cost)
    # A longer password than any that can be set is wrong, at the usual price and not at a higher one.
    password = password[: _LONGEST_TYPED + 1]
    try:
        matches = bcrypt.checkpw(_digest(password), text.encode("ascii"))
    except ValueError:  # a malformed hash
        return False
    return matches and known


def needs_rehash(stored: str, cost: int) -> bool:
    """Whether a stored hash is weaker than what is asked for now."""
    try:
        return int(stored.removeprefix(_SCHEME).split("$")[2]) < cost
    except (IndexError, ValueError):
        return True


def _digest(password: str) -> bytes:
    text = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.new(_KEY, text, hashlib.sha256).digest())


def _nobody(cost: int) -> str:
    # Written out, not computed: the first unknown name in a process must not take twice as long.
    return f"$2b${cost:02d}${'.' * 53}"


_SHORTEST_CORE = 3
_TAIL = digits + punctuation + " "


def is_common(password: str) -> bool:
    """Whether the password is a common one, whatever its case, accents, and digits or marks at its end.

    Marks between words do not hide it either: ``Mot de Passe 2027!`` is ``motdepasse``.
    """
    folded = fold(password)
    return not _common().isdisjoint((folded, _core(folded), _joined(folded), _joined(_core(folded))))


def _core(folded: str) -> str:
    return folded.rstrip(_TAIL)


def _joined(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum())


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = files("services").joinpath("data/common_passwords.txt").read_text(encoding="utf-8")
    entries = {fold(line) for line in text.splitlines() if line and not line.startswith("# ")}
    return frozenset(entries | {core for core in map(_core, entries) if len(core) >= _SHORTEST_CORE})
