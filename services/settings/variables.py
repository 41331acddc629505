"""Every variable that the program reads, as one table of data: its meaning, its rule, its default.

Sources: the table "Variables" of the telemetry contract, and the settings of the first release.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from services.files import config_folder, data_folder
from services.i18n import N_, _, system_locale
from services.settings import validators as rules
from services.settings.database_urls import DATABASE_VARIABLE, shown_url, sqlite_url
from services.settings.sources import Raw

SECRET_VARIABLE: Final = "EPICEVENTS_SECRET_KEY"  # noqa: S105 (its name)
TOKEN_FILE_VARIABLE: Final = "EPICEVENTS_TOKEN_FILE"  # noqa: S105 (its name)
KEYS_VARIABLE: Final = "EPICEVENTS_KEYS"
TEMPLATES_VARIABLE: Final = "EPICEVENTS_TEMPLATES"
ENVIRONMENTS: Final = ("development", "staging", "production")
THEMES: Final = ("epic", "epic-light", "epic-contrast")

_TRACES_RATES: Mapping[str, float] = {"development": 1.0, "staging": 0.5, "production": 0.1}
_PROFILES_RATES: Mapping[str, float] = {"development": 0.0, "staging": 0.0, "production": 0.1}


@dataclass(frozen=True)
class Variable:
    """One setting. ``names`` are its variables in order of precedence, ``field`` its field in the settings.

    If ``sentry`` is set, an invalid value does not stop the program but becomes ``fallback``, else the
    default. ``show`` formats the value for display and masks secrets.
    """

    names: tuple[str, ...]
    field: str
    meaning: str
    rule: Callable[[Raw, rules.Values], Any]
    default: Callable[[rules.Values], Any]
    show: Callable[[Any], str] = str
    sentry: bool = False
    fallback: Any = None


def default_release() -> str:
    """The program's name and version, as ``epicevents@0.1.0``."""
    from importlib.metadata import PackageNotFoundError, version  # takes 20 ms

    try:
        return f"epicevents@{version('epicevents')}"
    except PackageNotFoundError:  # run from the sources, not installed
        return "epicevents@unknown"


def shown_version() -> str:
    """The program's name and version for display, as ``epicevents 0.1.0``."""
    return default_release().replace("@", " ")


def _mask(value: object) -> str:
    return "********" if value else _("not set")


def _or_not_set(value: object) -> str:
    return _("not set") if value is None else str(value)


def _host_only(dsn: str | None) -> str:
    return (urlsplit(dsn).hostname or "") if dsn else _("not set")


def _or_default_release(given: str) -> str:
    return given or default_release()


def _or_local_zone(name: str) -> str:
    from services.time_zones import local_zone_name  # loads zoneinfo

    return name or local_zone_name()


def _on_or_off(value: object) -> str:
    return "1" if value else "0"


# The environment comes first: rules and defaults of others depend on it.
VARIABLES: Final = (
    Variable(
        ("SENTRY_ENVIRONMENT", "ENVIRONMENT"), "environment",
        N_("the environment: development, staging or production"),
        rules.one_of(ENVIRONMENTS), lambda values: "development", sentry=True,
        fallback="production",  # the strictest: a misspelt "prod" must not let a sample key pass
    ),
    Variable(
        (SECRET_VARIABLE,), "secret_key",
        N_("signs the sessions; at least 32 bytes"),
        rules.secret_key, lambda values: None, show=_mask,
    ),
    Variable(
        (DATABASE_VARIABLE,), "database_url",
        N_("the database: an SQLite file or a PostgreSQL server"),
        rules.database_url, lambda values: sqlite_url(data_folder() / "epicevents.db"), show=shown_url,
    ),
    Variable(
        ("EPICEVENTS_DATABASE_POOLED",), "database_pooled",
        N_("1 if a pooler such as PgBouncer is in front of the PostgreSQL server; 0 detects it"),
        rules.switch, lambda values: False, show=_on_or_off,
    ),
    Variable(
        ("EPICEVENTS_LANGUAGE",), "language",
        N_("the language, fr or en; with a country, as in en_GB"),
        rules.locale_name, lambda values: rules.known_locale(system_locale()) or "en",
    ),
    Variable(
        ("EPICEVENTS_CURRENCY",), "currency",
        N_("the currency of a new CRM; an existing CRM keeps its own"),
        rules.currency, lambda values: "EUR",
    ),
    Variable(
        ("EPICEVENTS_PHONE_REGION",), "phone_region",
        N_("the country of phone numbers typed without a prefix, for a new CRM"),
        rules.phone_region, lambda values: "FR",
    ),
    Variable(
        ("EPICEVENTS_TIME_ZONE",), "time_zone",
        N_("the time zone of a new CRM"),
        rules.time_zone, lambda values: "", show=_or_local_zone,
    ),
    Variable(
        ("EPICEVENTS_THEME",), "theme",
        N_("the colours: epic, epic-light or epic-contrast"),
        rules.one_of(THEMES), lambda values: "epic",
    ),
    Variable(
        (KEYS_VARIABLE,), "keys_file",
        N_("the file with keys of your own, as `epicevents keys` prints them"),
        rules.file_path, lambda values: config_folder() / "keys.toml",
    ),
    Variable(
        (TEMPLATES_VARIABLE,), "templates",
        N_("the folder with templates of your own for papers"),
        rules.folder_path, lambda values: None, show=_or_not_set,
    ),
    Variable(
        ("EPICEVENTS_BCRYPT_COST",), "bcrypt_cost",
        N_("the cost of one password check; each step doubles it"),
        rules.bcrypt_cost, lambda values: 12,
    ),
    Variable(
        ("EPICEVENTS_DEBUG",), "debug",
        N_("1 prints the traceback of a crash as well"),
        rules.switch, lambda values: False, show=_on_or_off,
    ),
    Variable(
        (TOKEN_FILE_VARIABLE,), "token_file",
        N_("the file with the session of a script, written by `login --keep-in`"),
        rules.file_path, lambda values: None, show=_or_not_set,
    ),
    Variable(
        ("SENTRY_DSN",), "dsn",
        N_("the address to which errors are reported; empty: Sentry is off"),
        rules.dsn, lambda values: None, show=_host_only, sentry=True,
    ),
    Variable(
        ("SENTRY_RELEASE",), "release_given",
        N_("the name of the release in Sentry"),
        rules.release, lambda values: "", show=_or_default_release, sentry=True,
    ),
    Variable(
        ("SENTRY_TRACES_SAMPLE_RATE",), "traces_sample_rate",
        N_("the share of operations that are traced, 0.0 to 1.0"),
        rules.rate, lambda values: _TRACES_RATES[values["environment"]], sentry=True,
    ),
    Variable(
        ("SENTRY_PROFILES_SAMPLE_RATE",), "profiles_sample_rate",
        N_("the share of operations that are profiled, 0.0 to 1.0"),
        rules.rate, lambda values: _PROFILES_RATES[values["environment"]], sentry=True,
    ),
)  # fmt: skip

NAMES: Final = frozenset(name for variable in VARIABLES for name in variable.names)
