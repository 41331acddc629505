"""The settings: environment variables, then two ``.env`` files, read once into one frozen object."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from services import paths
from services.database_urls import DATABASE_VARIABLE, canonical_url, sqlite_file
from services.errors import SettingsError
from services.i18n import N_, _
from services.settings_sources import DEFAULT_SOURCE, ENVIRONMENT_SOURCE, Layer, find, read_layers
from services.settings_variables import NAMES, SECRET_VARIABLE, VARIABLES, Variable, default_release

_NO_KEY = N_("{variable} is not set. 'epicevents init' sets up a new CRM and writes one.")


@dataclass(frozen=True)
class SentrySettings:
    """What Sentry is started with; it is not started where ``dsn`` is ``None``."""

    environment: str
    traces_sample_rate: float
    profiles_sample_rate: float
    dsn: str | None = field(default=None, repr=False)
    release_given: str = ""

    @property
    def release(self) -> str:
        """The release as given, else the program's name and version."""
        return self.release_given or default_release()


@dataclass(frozen=True)
class Settings:
    """Everything that can be set from outside. What is or may hold a secret stays out of ``repr``.

    ``sources`` says where each variable came from: ``environment``, ``default``, or the path of a ``.env``.
    ``given`` are the variables that hold a value; an empty one means the default. ``time_zone`` is empty for
    that of this machine. ``sentry_problem`` is why the program runs without Sentry although it was asked for.
    """

    secret_key: str | None = field(repr=False)
    database_url: str = field(repr=False)
    language: str
    currency: str
    phone_region: str
    time_zone: str
    theme: str
    bcrypt_cost: int
    sentry: SentrySettings
    sentry_problem: SettingsError | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    @property
    def environment(self) -> str:
        """Where the program runs: development, staging or production."""
        return self.sentry.environment

    def require_secret_key(self) -> str:
        """The key that signs sessions. Raises :class:`SettingsError` where none is set."""
        if self.secret_key is None:
            raise SettingsError(
                SECRET_VARIABLE,
                N_("{variable} is not set. 'epicevents init' sets up a new CRM and writes one."),
            )
        return self.secret_key


@dataclass(frozen=True)
class SettingRow:
    """One line of ``epicevents config``, in the active language and without secrets."""

    variable: str
    value_shown: str
    source: str
    meaning: str


def load_settings(
    environ: Mapping[str, str] | None = None, cwd: Path | None = None, config_folder: Path | None = None
) -> Settings:
    """The settings of this process; the arguments stand in for the environment and the two folders.

    An empty value is a value: it hides weaker ones and means the default. Raises :class:`SettingsError`
    for the first bad value, naming its variable; bad values of Sentry become ``sentry_problem`` instead.
    """
    layers = read_layers(
        NAMES,
        os.environ if environ is None else environ,
        cwd or paths.current_folder(),
        config_folder or paths.config_folder(),
    )
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    problems: list[SettingsError] = []
    for variable in VARIABLES:
        values[variable.field] = _value(variable, layers, values, sources, problems)
    found = (find(layers, variable.names) for variable in VARIABLES)
    given = frozenset(raw.variable for raw in found if raw is not None and raw.text.strip())
    return replace(_assemble(values, sources, problems), given=given)


def _value(
    variable: Variable,
    layers: list[Layer],
    values: Mapping[str, Any],
    sources: dict[str, str],
    problems: list[SettingsError],
) -> Any:
    raw = find(layers, variable.names)
    sources[raw.variable if raw else variable.names[0]] = raw.source if raw else DEFAULT_SOURCE
    if raw is None or not raw.text.strip():
        return variable.default(values)
    try:
        return variable.rule(raw, values)
    except SettingsError as problem:
        if not variable.sentry:
            raise
        problems.append(problem)
    return variable.default(values) if variable.fallback is None else variable.fallback


def _assemble(values: dict[str, Any], sources: Mapping[str, str], problems: list[SettingsError]) -> Settings:
    sentry_fields = SentrySettings.__dataclass_fields__
    sentry = SentrySettings(**{name: value for name, value in values.items() if name in sentry_fields})
    others = {name: value for name, value in values.items() if name not in sentry_fields}
    problem = problems[0] if problems else None
    return Settings(**others, sentry=sentry, sentry_problem=problem, sources=sources)


def describe(settings: Settings) -> list[SettingRow]:
    """Every setting for the eye: its value with secrets masked, where it came from, what it means."""
    return [_row(settings, variable) for variable in VARIABLES]


def _row(settings: Settings, variable: Variable) -> SettingRow:
    holder = settings.sentry if variable.field in SentrySettings.__dataclass_fields__ else settings
    name = next((name for name in variable.names if name in settings.sources), variable.names[0])
    source = settings.sources.get(name, DEFAULT_SOURCE)
    shown_source = {ENVIRONMENT_SOURCE: _("environment"), DEFAULT_SOURCE: _("default")}.get(source, source)
    return SettingRow(name, variable.show(getattr(holder, variable.field)), shown_source, _(variable.meaning))


def is_configured(settings: Settings) -> bool:
    """Whether a CRM was set up here; where not, the app opens the first-run screen.

    A PostgreSQL server is not asked: naming it is enough.
    """
    if settings.secret_key is None:
        return False
    file = sqlite_file(settings.database_url)
    return file is None or file.exists()


def with_database(settings: Settings, url: str, *, secret_key: str | None = None) -> Settings:
    """The same settings on another database, and with another key where one is given.

    Raises :class:`SettingsError` for an address that cannot be read.
    """
    return replace(
        settings,
        database_url=canonical_url(url, folder=paths.current_folder()),
        secret_key=secret_key or settings.secret_key,
        sources={**settings.sources, DATABASE_VARIABLE: ENVIRONMENT_SOURCE},
    )
