"""Warns about unknown variables with names like our settings, which are probably misspelt."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Final

from services.errors import SettingsError
from services.i18n import N_
from services.settings.sources import OWN_PREFIX, Unknown

_NEAR: Final = 0.6
_MISSPELT = N_("{variable} is not a setting of this program. Did you mean {nearest}?")
_UNKNOWN = N_("{variable} is not a setting of this program; 'epicevents config' lists them all.")


def warnings(found: Sequence[Unknown], names: Collection[str]) -> list[SettingsError]:
    """A warning for each variable that seems meant for this program but is no setting."""
    noted = (_warning(unknown, names) for unknown in found)
    return [warning for warning in noted if warning is not None]


def _warning(unknown: Unknown, names: Collection[str]) -> SettingsError | None:
    shown = unknown.name if unknown.path is None else f"{unknown.name} ({unknown.path})"
    nearest = nearest_name(unknown.name, names)
    if nearest is not None:
        return SettingsError(shown, _MISSPELT, nearest=nearest)
    return SettingsError(shown, _UNKNOWN) if unknown.name.startswith(OWN_PREFIX) else None


def nearest_name(name: str, names: Collection[str]) -> str | None:
    """The most similar setting; ``None`` if none is similar. A common prefix alone does not count."""
    folded = name.upper()
    if folded in names:
        return folded
    for prefix in (OWN_PREFIX, "SENTRY_"):
        if folded.startswith(prefix):
            ends = [each.removeprefix(prefix) for each in sorted(names) if each.startswith(prefix)]
            close = get_close_matches(folded.removeprefix(prefix), ends, 1, _NEAR)
            return prefix + close[0] if close else None
    close = get_close_matches(folded, [each for each in sorted(names) if each.startswith(OWN_PREFIX)], 1, 0.9)
    return close[0] if close else None
