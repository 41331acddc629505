"""The settings: environment variables, then two ``.env`` files, read once into one frozen object."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from services import files
from services.errors import SettingsError
from services.i18n import N_, _
from services.settings.database_urls import DATABASE_VARIABLE, canonical_url, sqlite_file
from services.settings.sources import (
    DEFAULT_SOURCE,
    ENVIRONMENT_SOURCE,
    EnvFile,
    Layer,
    Sources,
    find,
    read_sources,
)
from services.settings.variables import (
    NAMES,
    SECRET_VARIABLE,
    VARIABLES,
    Variable,
    default_release,
)

_NO_KEY = N_(
    "{variable} is not set. If your team has a CRM already, put a copy of its .env at {path}; "
    "'epicevents init' sets up a new one."
)
_SECRETS = frozenset({SECRET_VARIABLE, DATABASE_VARIABLE, "SENTRY_DSN"})
_SHARED = N_("{variable} can be read by others, and holds secrets. Keep it to yourself: {command}")


@dataclass(frozen=True)
class SentrySettings:
    """The settings of Sentry, which is not started if ``dsn`` is ``None``."""

    environment: str
    traces_sample_rate: float
    profiles_sample_rate: float
    dsn: str | None = field(default=None, repr=False)
    release_given: str = ""

    @property
    def release(self) -> str:
        """The configured release, else the program's name and version."""
        return self.release_given or default_release()


@dataclass(frozen=True)
class Settings:
    """All settings of the program. Fields that may hold a secret are left out of ``repr``.

    ``sources`` maps each variable to its source: ``environment``, ``default``, or the path of a ``.env``.
    ``given`` are the variables with a value; an empty value means the default. An empty ``time_zone`` means
    that of this machine. ``token_file`` is the session file of a script. ``database_pooled`` means that a
    pooler is known to be in front of the PostgreSQL server. ``keys_file`` need not exist unless it is given.
    ``templates`` is the folder with templates of papers.
    ``sentry_problem`` is the reason why the program runs without Sentry although a DSN is set. ``files`` are
    the ``.env`` files that were tried. ``warnings`` are shown but do not stop the program. ``problems`` are
    the invalid values, by variable or file, which :func:`load_settings` replaced by a default.
    """

    secret_key: str | None = field(repr=False)
    database_url: str = field(repr=False)
    language: str
    currency: str
    phone_region: str
    time_zone: str
    theme: str
    bcrypt_cost: int
    debug: bool
    sentry: SentrySettings
    sentry_problem: SettingsError | None = None
    token_file: Path | None = None
    database_pooled: bool = False
    keys_file: Path | None = None
    templates: Path | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    files: Sequence[EnvFile] = ()
    warnings: Sequence[SettingsError] = ()
    problems: Mapping[str, SettingsError] = field(default_factory=dict, repr=False)

    @property
    def environment(self) -> str:
        """The environment: development, staging or production."""
        return self.sentry.environment

    def require_secret_key(self) -> str:
        """The key that signs sessions. Raises :class:`SettingsError` if none is set."""
        if self.secret_key is None:
            raise SettingsError(SECRET_VARIABLE, _NO_KEY, path=files.config_folder() / files.ENV_FILE)
        return self.secret_key


@dataclass(frozen=True)
class SettingRow:
    """One line of ``epicevents config``, in the active language and without secrets.

    ``problem`` is the reason why the configured value cannot be used; empty if it can.
    """

    variable: str
    value_shown: str
    source: str
    meaning: str
    problem: str = ""


def load_settings(
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    config_folder: Path | None = None,
    *,
    go_on: bool = False,
) -> Settings:
    """The settings of this process; the arguments replace the environment and the two folders.

    An empty value hides the values of weaker sources and means the default. Raises :class:`SettingsError` for
    the first invalid value, naming its variable; an invalid value of Sentry becomes ``sentry_problem``
    instead. With ``go_on`` every invalid value becomes a problem and is replaced by its default; for display
    only: a program that runs with the result would ignore invalid settings.
    """
    places = read_sources(
        NAMES,
        os.environ if environ is None else environ,
        cwd or files.current_folder(),
        config_folder or files.config_folder(),
        secrets=_SECRETS,
        go_on=go_on,
    )
    reading = _Reading(places.layers, go_on, {problem.variable: problem for problem in places.problems})
    for variable in VARIABLES:
        reading.read(variable)
    return replace(_assemble(reading), files=places.files, warnings=_warnings(places))


class _Reading:
    """The settings read so far, and their problems."""

    def __init__(self, layers: list[Layer], go_on: bool, problems: dict[str, SettingsError]) -> None:
        self.values: dict[str, Any] = {}
        self.sources: dict[str, str] = {}
        self.given: set[str] = set()
        self.sentry_problems: list[SettingsError] = []
        self.problems = problems
        self._layers = layers
        self._go_on = go_on

    def read(self, variable: Variable) -> None:
        """Read one setting. Raises :class:`SettingsError` for an invalid value, unless ``go_on`` is set."""
        self.values[variable.field] = self._value(variable)

    def _value(self, variable: Variable) -> Any:
        raw = find(self._layers, variable.names)
        self.sources[raw.variable if raw else variable.names[0]] = raw.source if raw else DEFAULT_SOURCE
        if raw is None or not raw.text.strip():
            return variable.default(self.values)
        self.given.add(raw.variable)
        try:
            return variable.rule(raw, self.values)
        except SettingsError as problem:
            if not (variable.sentry or self._go_on):
                raise
            self.problems[raw.variable] = problem
            if variable.sentry:
                self.sentry_problems.append(problem)
        return variable.default(self.values) if variable.fallback is None else variable.fallback


def _warnings(places: Sources) -> list[SettingsError]:
    shared = [file.path for file in places.files if file.shared]
    found = [
        SettingsError(str(path), _SHARED, command=f"chmod 600 {shlex.quote(str(path))}") for path in shared
    ]
    if places.unknown:
        from services.settings import unknown_variables

        found += unknown_variables.warnings(places.unknown, NAMES)
    return found


def _assemble(reading: _Reading) -> Settings:
    sentry_fields = SentrySettings.__dataclass_fields__
    values = reading.values
    sentry = SentrySettings(**{name: value for name, value in values.items() if name in sentry_fields})
    others = {name: value for name, value in values.items() if name not in sentry_fields}
    return Settings(
        **others,
        sentry=sentry,
        sentry_problem=next(iter(reading.sentry_problems), None),
        sources=reading.sources,
        given=frozenset(reading.given),
        problems=reading.problems,
    )


def describe(settings: Settings) -> list[SettingRow]:
    """Every setting for display: its value with secrets masked, its source and its meaning."""
    return [_row(settings, variable) for variable in VARIABLES]


def _row(settings: Settings, variable: Variable) -> SettingRow:
    holder = settings.sentry if variable.field in SentrySettings.__dataclass_fields__ else settings
    name = next((name for name in variable.names if name in settings.sources), variable.names[0])
    source = settings.sources.get(name, DEFAULT_SOURCE)
    shown_source = {ENVIRONMENT_SOURCE: _("environment"), DEFAULT_SOURCE: _("default")}.get(source, source)
    problem = settings.problems[name].message() if name in settings.problems else ""
    value = variable.show(getattr(holder, variable.field))
    return SettingRow(name, value, shown_source, _(variable.meaning), problem)


def is_configured(settings: Settings) -> bool:
    """Whether a CRM is set up here; otherwise the app opens the first-run screen.

    A PostgreSQL server is not contacted: a configured address is sufficient.
    """
    if settings.secret_key is None:
        return False
    file = sqlite_file(settings.database_url)
    return file is None or file.exists()


def with_database(settings: Settings, url: str) -> Settings:
    """The same settings with another database. Raises :class:`SettingsError` for an invalid address."""
    return replace(
        settings,
        database_url=canonical_url(url, folder=files.current_folder()),
        sources={**settings.sources, DATABASE_VARIABLE: ENVIRONMENT_SOURCE},
    )
