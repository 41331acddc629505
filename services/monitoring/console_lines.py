"""The console lines that the contract prescribes, by language. They do not depend on a catalogue."""

from collections.abc import Mapping
from typing import Final, Literal

from services.i18n import language

Kind = Literal["success", "error", "info", "warning"]

_PREFIXES: Final[Mapping[str, Mapping[Kind, str]]] = {
    "fr": {"success": "[SUCCES]", "error": "[ERREUR]", "info": "[INFO]", "warning": "[ATTENTION]"},
    "en": {"success": "[SUCCESS]", "error": "[ERROR]", "info": "[INFO]", "warning": "[WARNING]"},
}
STARTED: Final = {
    "fr": "Sentry initialisé avec succès (environnement: {environment})",
    "en": "Sentry started (environment: {environment})",
}
NOT_CONFIGURED: Final = {
    "fr": "Sentry non configuré (SENTRY_DSN manquant)",
    "en": "Sentry is not configured (SENTRY_DSN is missing)",
}
BAD_SETTING: Final = {
    "fr": "{problem} Le programme continue sans Sentry.",
    "en": "{problem} The program goes on without Sentry.",
}
FAILED: Final = {
    "fr": "Sentry n'a pas pu démarrer. Le programme continue sans lui.",
    "en": "Sentry could not start. The program goes on without it.",
}


def prefix(kind: Kind) -> str:
    """The prefix of a line: ``[ERREUR]`` in French, ``[ERROR]`` in English."""
    return _PREFIXES[language()][kind]


def line(kind: Kind, text: str) -> str:
    """A line for the console, with its prefix."""
    return f"{prefix(kind)} {text}"


def in_language(texts: Mapping[str, str]) -> str:
    """The text of the table in the active language."""
    return texts[language()]
