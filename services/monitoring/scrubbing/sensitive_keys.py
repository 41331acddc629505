"""Names of fields with secret values.

Source: the table "Scrubbing" of the telemetry contract. A name is sensitive if it holds one of the terms, in
any case, with ``_``, ``-``, a space or camel case between its words.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate
from typing import Final

CONTRACT_TERMS: Final = (
    "password", "passwd", "pwd", "secret", "token", "api_key", "apikey", "access_token", "refresh_token",
    "auth", "authorization", "cookie", "csrf", "session", "private_key", "public_key", "encryption_key",
    "credit_card", "card_number", "cvv", "ssn", "social_security",
)  # fmt: skip
FURTHER_TERMS: Final = (
    "mot_de_passe", "mdp",  # French for password
    "passphrase", "passcode", "credential", "bearer", "jwt",  # synonyms of terms of the contract
    "cvc", "num_carte", "numero_carte",  # the same as cvv and card_number
    "dsn", "sentry_key", "account_key", "access_key", "signing_key", "secret_key",  # keys that open a door
)  # fmt: skip
WHOLE_WORDS: Final = frozenset({
    # "password" in other common languages of Europe
    "passwort", "kennwort", "contrasena", "senha", "palavrapasse", "haslo", "wachtwoord", "heslo", "jelszo",
    "losenord", "sifre", "пароль", "κωδικος",
    "pin", "otp", "totp", "iban", "passport", "passeport", "reisepass", "dob", "birth", "birthday",
    "birthdate", "naissance", "geburtsdatum", "latitude", "longitude", "gps", "mac",
})  # fmt: skip
"""Terms that count only as a whole word: "shipping" holds "pin"."""
CARD_TERMS: Final = frozenset({"creditcard", "cardnumber", "numcarte", "numerocarte"})

INNOCENT_WORDS: Final[dict[str, str]] = {
    "author": "holds auth; who wrote something",
    "authors": "holds auth; who wrote something",
    "authored": "holds auth; by whom or when something was written",
    "coauthor": "holds auth; who wrote something",
    "classname": "holds ssn; the name of a class",
    "classnames": "holds ssn; the names of classes",
    "processname": "holds ssn; the name of a process, which Sentry sorts by",
    "businessname": "holds ssn; the name of a company",
    "accessnumber": "holds ssn; how often something was read",
    "assn": "holds ssn; short for association",
    "possession": "holds session",
    "obsession": "holds session",
}

# Terms up to this length occur in other words by chance: across word borders they must match whole words.
_SHORT: Final = 4
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_OTHER_WORDS = re.compile(r"[^\W\d_]+")
_STROKES: Final = str.maketrans("łŁøØđĐı", "lLoOdDi")
_TERMS: Final = tuple((term.replace("_", ""), "_" in term) for term in CONTRACT_TERMS + FURTHER_TERMS)
_ANY_TERM = re.compile("|".join(sorted({term for term, _ in _TERMS})))
_LONGEST_KEPT: Final = 80


def is_sensitive_name(name: str) -> bool:
    """Whether a field of this name holds a secret that must not leave the process."""
    return bool(_terms_of(name) if len(name) <= _LONGEST_KEPT else _find_terms(name))


def is_card_name(name: str) -> bool:
    """Whether a field of this name holds card numbers, which have their own mask."""
    found = _terms_of(name) if len(name) <= _LONGEST_KEPT else _find_terms(name)
    return not found.isdisjoint(CARD_TERMS)


@lru_cache(maxsize=4096)
def _terms_of(name: str) -> frozenset[str]:
    return _find_terms(name)


def _find_terms(name: str) -> frozenset[str]:
    plain = name if name.isascii() else _without_accents(name)
    words = _WORDS.findall(plain)
    squashed = "".join(words).lower()
    if not WHOLE_WORDS.isdisjoint(word.lower() for word in (*words, *_OTHER_WORDS.findall(plain))):
        return frozenset({"word"})
    if not _ANY_TERM.search(squashed):
        return frozenset()
    ends = list(accumulate(len(word) for word in words))
    borders = {0, *ends}
    return frozenset(
        term for term, several in _TERMS if term in squashed and _counts(term, several, squashed, borders)
    )


def _without_accents(name: str) -> str:
    return "".join(
        c
        for c in unicodedata.normalize("NFKD", name.translate(_STROKES))
        if unicodedata.category(c) not in ("Mn", "Cf")
    )


def _counts(term: str, several: bool, squashed: str, borders: set[int]) -> bool:
    start = squashed.find(term)
    while start >= 0:
        if _counts_here(term, several, squashed, borders, start):
            return True
        start = squashed.find(term, start + 1)
    return False


def _counts_here(term: str, several: bool, squashed: str, borders: set[int], start: int) -> bool:
    end = start + len(term)
    if not any(start < border < end for border in borders):  # inside one word
        first = max(border for border in borders if border <= start)
        last = min(border for border in borders if border >= end)
        return squashed[first:last] not in INNOCENT_WORDS
    aligned = (start in borders) + (end in borders)
    return aligned == 2 or (aligned == 1 and several) or (len(term) > _SHORT and not several)
