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
    that of this machine. ``token_file`` is where a script's own session is kept.
    ``database_pooled`` says that a pooler is known to stand before the PostgreSQL server.
    ``sentry_problem`` is why the program runs without Sentry although it was asked for.
    ``files`` are the ``.env`` that were looked for. ``warnings`` are said and stop nothing. ``problems`` are
    the bad values, by variable or file, that :func:`inspect_settings` put a default in place of.
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
    sources: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    files: Sequence[EnvFile] = ()
    warnings: Sequence[SettingsError] = ()
    problems: Mapping[str, SettingsError] = field(default_factory=dict, repr=False)

    @property
    def environment(self) -> str:
        """Where the program runs: development, staging or production."""
        return self.sentry.environment

    def require_secret_key(self) -> str:
        """The key that signs sessions. Raises :class:`SettingsError` where none is set."""
        if self.secret_key is None:
            raise SettingsError(SECRET_VARIABLE, _NO_KEY, path=files.config_folder() / files.ENV_FILE)
        return self.secret_key


@dataclass(frozen=True)
class SettingRow:
    """One line of ``epicevents config``, in the active language and without secrets.

    ``problem`` says why the value that was given cannot be used; empty where it can.
    """

    variable: str
    value_shown: str
    source: str
    meaning: str
    problem: str = ""


def load_settings(
    environ: Mapping[str, str] | None = None, cwd: Path | None = None, config_folder: Path | None = None
) -> Settings:
    """The settings of this process; the arguments stand in for the environment and the two folders.

    An empty value is a value: it hides weaker ones and means the default. Raises :class:`SettingsError`
    for the first bad value, naming its variable; bad values of Sentry become ``sentry_problem`` instead.
    """
    return _load(environ, cwd, config_folder, go_on=False)


def inspect_settings(
    environ: Mapping[str, str] | None = None, cwd: Path | None = None, config_folder: Path | None = None
) -> Settings:
    """As :func:`load_settings`, but what cannot be read is noted as a problem and its default shown.

    For the eye only: a program that runs with it would not do what it was asked to.
    """
    return _load(environ, cwd, config_folder, go_on=True)


def _load(
    environ: Mapping[str, str] | None, cwd: Path | None, config_folder: Path | None, *, go_on: bool
) -> Settings:
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
    """The settings read so far, and what was wrong with them."""

    def __init__(self, layers: list[Layer], go_on: bool, problems: dict[str, SettingsError]) -> None:
        self.values: dict[str, Any] = {}
        self.sources: dict[str, str] = {}
        self.given: set[str] = set()
        self.sentry_problems: list[SettingsError] = []
        self.problems = problems
        self._layers = layers
        self._go_on = go_on

    def read(self, variable: Variable) -> None:
        """Read one setting. Raises :class:`SettingsError` for a bad value, unless told to go on."""
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
    """Every setting for the eye: its value with secrets masked, where it came from, what it means."""
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
        database_url=canonical_url(url, folder=files.current_folder()),
        secret_key=secret_key or settings.secret_key,
        sources={**settings.sources, DATABASE_VARIABLE: ENVIRONMENT_SOURCE},
    )
