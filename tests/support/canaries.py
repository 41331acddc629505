"""Canaries: made-up secrets of every kind in the telemetry contract, each of them planted once.

The number of a canary in the received data shows which field of which item leaked it. A canary is recognised
by its ``needles``, the parts that no mask may leave (two letters of an email and the last four digits of a
phone number may stay).
"""

import base64
import os
import platform
import string
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any, Final
from unittest.mock import patch

from services.monitoring.scrubbing import host_identity, text

LOGIN: Final = "zelda-quinn"
"""Who is logged in on the machine, where a test says so."""
HOST: Final = "quinns-laptop"
"""The name of that machine."""
DOMAIN: Final = "lan.example"

SENSITIVE_NAMES: Final = (
    "password", "user_passwd", "PWD", "clientSecret", "access_token", "refreshToken", "X-Api-Key", "apikey",
    "auth", "Authorization", "Set-Cookie", "csrf_token", "session", "sessionId", "privateKey", "public_key",
    "encryption key", "CREDIT-CARD", "cardNumber", "cvv", "SSN", "socialSecurity", "passwordConfirmation",
    "secretKey", "dbPassword", "OAUTH_TOKEN", "PHPSESSION", "motDePasse",
)  # fmt: skip
"""Names of fields whose value is a secret, in the ways that programs write them."""

Minted = tuple[str, tuple[str, ...]]
"""What is planted, and the parts that must not be found."""


@dataclass(frozen=True)
class Canary:
    """One planted secret."""

    kind: str
    form: str
    place: str
    text: str
    needles: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} ({self.form}) in {self.place}: {self.needles[0]!r}"


def _spread(number: int, digits: int) -> str:
    """Digits that are unique for numbers below 100,000, and dissimilar for adjacent ones."""
    return f"{(number * 7919 + 31) % 100_003 % 10**digits:0{digits}d}"


def _card_digits(number: int) -> str:
    digits = f"4532{_spread(number, 6)}41{number % 1000:03d}"
    total = sum(sum(divmod(int(d) * (2 - at % 2), 10)) for at, d in enumerate(digits))
    return digits + str(-total % 10)


def _card(number: int) -> Minted:
    digits = _card_digits(number)
    return digits, (digits[:13],)


def _grouped_card(number: int) -> Minted:
    text = f"4532-1{_spread(number, 3)}-{number % 10_000:04d}-9010"  # as in the guide
    return text, (text[:14],)


def _email(number: int) -> Minted:
    return f"jean.dupont{number:05d}@mairie-exemple.fr", (f"an.dupont{number:05d}",)


def _french_phone(number: int) -> Minted:
    digits = f"06{_spread(number, 6)}21"
    text = ".".join(digits[at : at + 2] for at in range(0, 10, 2))
    return text, (text[:-2],)


def _american_phone(number: int) -> Minted:
    text = f"(212) 5{_spread(number, 6)[:2]}-{_spread(number, 6)[2:]}"
    return text, (text[:-1],)


def _international_phone(number: int) -> Minted:
    text = f"+44 20 7{_spread(number, 6)[:3]} {_spread(number, 6)[3:]}7"
    return text, (text[:-1],)


def _ipv4(number: int) -> Minted:
    text = f"203.{100 + number // 10_000}.{100 + number // 100 % 100}.{100 + number % 100}"
    return text, (text,)


def _ipv6(number: int) -> Minted:
    text = f"2001:db8:85a3:{number // 65536 + 1:04x}:{number % 65536:04x}:8a2e:370:7334"
    return text, (text,)


def _iban_digits(number: int) -> str:
    account = f"30006000011{_spread(number, 6)}{number % 1000:03d}189"
    return f"FR{98 - int(account + '152700') % 97:02d}{account}"


def _iban(number: int) -> Minted:
    text = _iban_digits(number)
    return text, (text[:-3],)


def _grouped_iban(number: int) -> Minted:
    digits = _iban_digits(number)
    text = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
    return text, (text[:-4],)


def _french_identity(number: int) -> Minted:
    digits = _spread(number, 6)
    key = 97 - int(f"1850578{digits}") % 97
    text = f"1 85 05 78 {digits[:3]} {digits[3:]} {key:02d}"
    return text, (text[:-3],)


def _american_identity(number: int) -> Minted:
    digits = _spread(number, 5)
    text = f"1{digits[:2]}-4{digits[2]}-{digits[3:]}{number % 100:02d}"
    return text, (text,)


def _jwt(number: int) -> Minted:
    payload = _base64(f'{{"sub":"{number:05d}","name":"Jean Dupont"}}').rstrip("=")
    signature = f"Xq7-{number:05d}_dBjftJeZ4CVP-mB92K27uhbUJU1p1r"
    return f"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{payload}.{signature}", (payload, signature)


def _bearer(number: int) -> Minted:
    token = f"kx7-{number:05d}_Vq2.Lm9Zt"
    return f"Authorization: Bearer {token}", (token,)


def _bcrypt(number: int) -> Minted:
    digest = f"R9h/cIPz0gi.URNNX3kh2O{number:05d}PST9/PgBkqquzi.Ss7KIUgO2"
    return f"$2b$12${digest}", (digest[:30], digest[-30:])


def _pem(number: int) -> Minted:
    body = f"MIIEpAIBAAKCAQEA{number:05d}7bq0Zr3kVdV8Jw1n4m5X"
    return f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----", (body,)


def _database_url(number: int) -> Minted:
    password = f"pr0fond-{number:05d}!"
    return f"postgresql://crm_owner:{password}@db.example:5432/crm", (password,)


def _dsn(number: int) -> Minted:
    key = f"c0ffee{number:05d}5deadbeef5badcafe5f00"
    return f"https://{key}@o4501.ingest.sentry.io/4502", (key,)


def _named(number: int) -> Minted:
    secret = f"Tr0ub4dor-{number:05d}"
    return f"{SENSITIVE_NAMES[number % len(SENSITIVE_NAMES)]}={secret}", (secret,)


def _home(number: int) -> Minted:
    person = f"marguerite{number:05d}"
    folder = f"/home/{person}/epicevents" if number % 2 else rf"C:\Users\{person}\epicevents"
    return folder, (person,)


def _login(number: int) -> Minted:
    text = f"run {number:05d} of {LOGIN}"
    return text, (text[4:],)


def _host(number: int) -> Minted:
    text = f"run {number:05d} on {HOST}"
    return text if number % 2 else f"{text}.{DOMAIN}", (text[4:],)


KINDS: Final[Mapping[str, Callable[[int], Minted]]] = {
    "card": _card,
    "card in groups": _grouped_card,
    "email": _email,
    "French phone": _french_phone,
    "American phone": _american_phone,
    "international phone": _international_phone,
    "IPv4": _ipv4,
    "IPv6": _ipv6,
    "IBAN": _iban,
    "IBAN in groups": _grouped_iban,
    "NIR": _french_identity,
    "SSN": _american_identity,
    "JWT": _jwt,
    "bearer token": _bearer,
    "bcrypt hash": _bcrypt,
    "PEM key": _pem,
    "user:password@host": _database_url,
    "DSN key": _dsn,
    "sensitive name": _named,
    "home folder": _home,
    "login name": _login,
    "host name": _host,
}
"""The secrets of the contract, each made from a number."""

OF_THE_MACHINE: Final = frozenset({"login name", "host name"})
"""Whoever works on the machine may sign in under the same name, which the contract tells."""


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


_ASCII: Final = [chr(code) for code in range(128)]
_WORD: Final = frozenset(string.ascii_letters + string.digits)
_PERCENT: Final = {ord(c): f"%{ord(c):02X}" for c in _ASCII if c not in _WORD}
_FULL_WIDTH: Final = {ord(c): chr(ord(c) + 0xFEE0) for c in _ASCII if "!" <= c <= "~"}
_JSON: Final = {ord(c): f"\\u{ord(c):04x}" for c in _ASCII if c not in _WORD and c != " "}


def _percent(text: str) -> str:
    return text.translate(_PERCENT)


def _full_width(text: str) -> str:
    return text.translate(_FULL_WIDTH)


def _json_escaped(text: str) -> str:
    return text.translate(_JSON)


FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "plain": str,
    "URL-encoded": _percent,
    "full-width": _full_width,
    "JSON-escaped": _json_escaped,
    "base64": _base64,
}
"""The clothes in which a secret may come."""
DISGUISES: Final = tuple(form for form in FORMS if form != "plain")


@dataclass
class Cage:
    """Creates canaries and records the place of each."""

    planted: list[Canary] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def plant(self, kind: str, form: str, place: str) -> str:
        """The text of a new canary for this place."""
        written, needles = KINDS[kind](next(self._numbers))
        canary = Canary(kind, form, place, FORMS[form](written), needles)
        self.planted.append(canary)
        return canary.text

    def planter(self, kind: str, *forms: str) -> "Plant":
        """A function that plants canaries of one kind, in these forms by turns; by default plain."""
        turns = cycle(forms or ("plain",))
        return lambda place: self.plant(kind, next(turns), place)

    def secret_fields(self, place: str) -> dict[str, Any]:
        """An object with a secret for each sensitive name; no pattern recognises the values."""
        return {name: self._secret(name, place) for name in SENSITIVE_NAMES}

    def _secret(self, name: str, place: str) -> str:
        secret = f"Blue Whale {next(self._numbers):05d} sings"
        self.planted.append(Canary("sensitive name", "field", f"{place}.{name}", secret, (secret,)))
        return secret


Plant = Callable[[str], str]
"""Takes the place and gives what to plant there."""


@contextmanager
def on_the_machine_of_somebody() -> Iterator[None]:
    """Simulate a machine with personal login and host names; the caches are cleared before and after."""
    with patch.dict(os.environ, LOGNAME=LOGIN), patch.object(platform, "node", lambda: f"{HOST}.{DOMAIN}"):
        _forget()
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    host_identity.current_surroundings.cache_clear()
    text.scrubber_of.cache_clear()
