"""Checks the options in the address of a PostgreSQL database, without loading a driver."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final
from urllib.parse import parse_qsl

from services.errors import SettingsError
from services.i18n import N_

Rule = frozenset[str] | None
"""The allowed values of an option; ``None`` allows any value."""

_NUMBER: Final[Rule] = frozenset({"number"})
_SWITCH: Final[Rule] = frozenset({"0", "1"})
_REQUIREMENT: Final[Rule] = frozenset({"disable", "prefer", "require"})
_TLS: Final[Rule] = frozenset({"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"})

OPTIONS: Final[Mapping[str, Rule]] = {
    "application_name": None,
    "channel_binding": _REQUIREMENT,
    "client_encoding": frozenset({"utf8", "utf-8", "UTF8", "UTF-8"}),
    "connect_timeout": _NUMBER,
    "dbname": None,
    "fallback_application_name": None,
    "gssdelegation": _SWITCH,
    "gssencmode": _REQUIREMENT,
    "gsslib": None,
    "host": None,
    "hostaddr": None,
    "keepalives": _SWITCH,
    "keepalives_count": _NUMBER,
    "keepalives_idle": _NUMBER,
    "keepalives_interval": _NUMBER,
    "krbsrvname": None,
    "load_balance_hosts": frozenset({"disable", "random"}),
    "options": None,
    "passfile": None,
    "password": None,
    "port": _NUMBER,
    "require_auth": None,
    "requirepeer": None,
    "service": None,
    "ssl_max_protocol_version": _TLS,
    "ssl_min_protocol_version": _TLS,
    "sslcert": None,
    "sslcertmode": frozenset({"disable", "allow", "require"}),
    "sslcompression": _SWITCH,
    "sslcrl": None,
    "sslcrldir": None,
    "sslkey": None,
    "sslmode": frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}),
    "sslnegotiation": frozenset({"postgres", "direct"}),
    "sslpassword": None,
    "sslrootcert": None,
    "sslsni": _SWITCH,
    "target_session_attrs": frozenset({
        "any", "read-write", "read-only", "primary", "standby", "prefer-standby",
    }),
    "tcp_user_timeout": _NUMBER,
    "user": None,
}  # fmt: skip
_SEVERAL: Final = frozenset({"host", "port"})

_UNKNOWN_NEAR = N_("{variable} has an option that PostgreSQL does not know: {option}. Did you mean {near}?")
_UNKNOWN_ALONE = N_(
    "{variable} has an option that PostgreSQL does not know: {option}. Remove it, or write it as libpq does."
)
_NO_VALUE = N_("{variable} has an option without a value: {option}. Write it like {option}=value.")
_TWICE = N_("{variable} has an option twice: {option}. Write it once.")
_NO_CHOICE = N_("{variable} has a bad value for {option}. Choose one of: {choices}.")
_NO_NUMBER = N_("{variable} has a bad value for {option}. It must be a whole number.")


def check_options(query: str, variable: str) -> None:
    """Raise :class:`SettingsError` for the first option that the driver would refuse, without its value."""
    found: set[str] = set()
    for option, value in parse_qsl(query, keep_blank_values=True):
        if option not in OPTIONS:
            raise _unknown(option, variable)
        if not value:
            raise SettingsError(variable, _NO_VALUE, option=option)
        if option in found and option not in _SEVERAL:
            raise SettingsError(variable, _TWICE, option=option)
        found.add(option)
        _check_value(option, value, variable)


def _unknown(option: str, variable: str) -> SettingsError:
    # Text that is no identifier may be part of a password, so it is not shown.
    shown = option if option.isidentifier() and len(option) <= max(map(len, OPTIONS)) else "?"
    near = get_close_matches(option.lower(), OPTIONS, n=1)
    if near:
        return SettingsError(variable, _UNKNOWN_NEAR, option=shown, near=near[0])
    return SettingsError(variable, _UNKNOWN_ALONE, option=shown)


def _check_value(option: str, value: str, variable: str) -> None:
    rule = OPTIONS[option]
    if rule is _NUMBER:
        if not (value.isascii() and value.isdigit()):
            raise SettingsError(variable, _NO_NUMBER, option=option)
    elif rule is not None and value not in rule:
        raise SettingsError(variable, _NO_CHOICE, option=option, choices=", ".join(sorted(rule)))
