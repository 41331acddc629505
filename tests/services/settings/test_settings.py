"""Settings come from three places in their order; a bad value is one clear line that shows no secret."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services import i18n
from services.errors import SettingsError
from services.iso_codes import CURRENCIES, PHONE_REGIONS
from services.settings import Settings, describe, is_configured, load_settings, with_database
from services.settings.validators import SAMPLE_KEYS
from services.settings.variables import NAMES, VARIABLES

ROOT = Path(__file__).parents[3]
KEY = "0123456789abcdef0123456789abcdef"
GUIDE_KEY = "40f04230e0ec57233c6ebb873c1142b7f86047a6bbd21c8f1d01a262a90651ba"
DSN = "https://abc123def456@o1234567.ingest.sentry.io/7654321"


class Places:
    """A current folder and a configuration folder, each with a ``.env`` or without."""

    def __init__(self, folder: Path) -> None:
        self.cwd, self.config = folder / "work", folder / "config"
        self.cwd.mkdir()
        self.config.mkdir()

    def load(self, **environ: str) -> Settings:
        """The settings of a process with these variables."""
        return load_settings(environ, self.cwd, self.config)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    i18n.activate("en")
    return Places(tmp_path)


def test_with_nothing_set_every_setting_has_its_default(places: Places, home: Path) -> None:
    settings = places.load()
    assert settings.secret_key is None
    assert settings.database_url == f"sqlite:///{home}/data/epicevents/epicevents.db"
    assert (settings.language, settings.currency, settings.phone_region) == ("en", "EUR", "FR")
    assert (settings.theme, settings.bcrypt_cost, settings.environment) == ("epic", 12, "development")
    assert settings.sentry.dsn is None
    assert settings.sentry.release.startswith("epicevents@")
    assert settings.sentry_problem is None
    assert set(settings.sources.values()) == {"default"}


def test_the_environment_is_stronger_than_the_current_folder_and_that_than_the_configuration(
    places: Places,
) -> None:
    (places.config / ".env").write_text(
        "EPICEVENTS_CURRENCY=CHF\nEPICEVENTS_THEME=epic-contrast\nENVIRONMENT=staging"
    )
    (places.cwd / ".env").write_text("EPICEVENTS_CURRENCY=USD\nEPICEVENTS_THEME=epic\n")
    settings = places.load(EPICEVENTS_CURRENCY="GBP")
    assert (settings.currency, settings.theme, settings.environment) == ("GBP", "epic", "staging")
    assert settings.sources["EPICEVENTS_CURRENCY"] == "environment"
    assert settings.sources["EPICEVENTS_THEME"] == str(places.cwd / ".env")
    assert settings.sources["ENVIRONMENT"] == str(places.config / ".env")
    assert settings.sources["EPICEVENTS_BCRYPT_COST"] == "default"


def test_an_empty_value_hides_weaker_ones_and_means_the_default(places: Places) -> None:
    (places.cwd / ".env").write_text(f"SENTRY_DSN={DSN}\nEPICEVENTS_CURRENCY=USD\n")
    settings = places.load(SENTRY_DSN="", EPICEVENTS_CURRENCY=" ")
    assert settings.sentry.dsn is None
    assert settings.currency == "EUR"


def test_nothing_is_written_to_the_environment(places: Places) -> None:
    before = dict(os.environ)
    (places.cwd / ".env").write_text(f"EPICEVENTS_SECRET_KEY={KEY}\nOTHER=1\n")
    assert places.load().secret_key == KEY
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (f"EPICEVENTS_SECRET_KEY='{KEY}$HOME'", KEY + "$HOME"),
        (f'export EPICEVENTS_SECRET_KEY="{KEY}${{HOME}}"', KEY + "${HOME}"),
        (f"EPICEVENTS_SECRET_KEY = {KEY}  # the key", KEY),
        (f"\ufeffEPICEVENTS_SECRET_KEY={KEY}", KEY),
        (f"not a line of ours = = '\nEPICEVENTS_SECRET_KEY={KEY}", KEY),
    ],
)
def test_an_env_file_is_read_without_surprises(
    line: str, key: str, places: Places, capfd: pytest.CaptureFixture[str]
) -> None:
    (places.cwd / ".env").write_text(line, encoding="utf-8")
    assert places.load().secret_key == key
    assert capfd.readouterr() == ("", "")


def test_an_env_file_that_is_no_text_is_named(places: Places) -> None:
    (places.cwd / ".env").write_bytes(b"EPICEVENTS_CURRENCY=\xe9\n")
    with pytest.raises(SettingsError) as refusal:
        places.load()
    assert refusal.value.message().startswith(f"{places.cwd / '.env'} is not text in UTF-8")


def test_an_env_file_that_cannot_be_read_is_named(places: Places) -> None:
    (places.cwd / ".env").symlink_to(places.cwd / ".env")  # fails for root too
    with pytest.raises(SettingsError, match="cannot be read") as refusal:
        places.load()
    assert refusal.value.message().startswith(str(places.cwd / ".env"))


def test_a_line_of_ours_that_cannot_be_read_is_named_by_its_number(places: Places) -> None:
    (places.cwd / ".env").write_text("OTHER=1\n\nEPICEVENTS_SECRET_KEY='s3cr3t\n")
    with pytest.raises(SettingsError) as refusal:
        places.load()
    assert "line 3" in refusal.value.message()
    assert "s3cr3t" not in refusal.value.message()


def test_a_folder_named_env_and_a_current_folder_that_is_gone_do_no_harm(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    (places.cwd / ".env").mkdir()
    assert places.load().currency == "EUR"
    gone = places.cwd / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert load_settings({}, None, places.config).currency == "EUR"


BAD_VALUES = [
    ("EPICEVENTS_SECRET_KEY", "s3cr3t-too-short", "at least 32 bytes"),
    ("EPICEVENTS_DATABASE_URL", "mysql://u:s3cr3t@h/db", "not the address"),
    ("EPICEVENTS_DATABASE_URL", "/just/a/path.db", "not the address"),
    ("EPICEVENTS_DATABASE_URL", "sqlite://", "name a file"),
    ("EPICEVENTS_DATABASE_URL", "sqlite:///:memory:", "name a file"),
    ("EPICEVENTS_DATABASE_URL", "sqlite:///a.db?mode=ro", "question mark"),
    ("EPICEVENTS_DATABASE_URL", "postgresql://u:s3cr3t@x@h/db", "%40"),
    ("EPICEVENTS_DATABASE_URL", "postgresql://u:s3cr3t/x@h/db", "%40"),
    ("EPICEVENTS_DATABASE_URL", "postgresql://u:1/s3cr3t@h/db", "%40"),
    ("EPICEVENTS_DATABASE_URL", "postgresql://u:1?s3cr3t@h/db", "%40"),
    ("EPICEVENTS_DATABASE_URL", "postgresql://u:1#s3cr3t@h/db", "%40"),
    ("EPICEVENTS_DATABASE_URL", "postgresql://u:s3cr3t@h:port/db", "%40"),
    ("EPICEVENTS_DATABASE_URL", "postgresql://u:s3cr3t@[h/db", "%40"),
    ("EPICEVENTS_DATABASE_URL", "postgresql://u:s3cr3t@h", "%40"),
    ("EPICEVENTS_LANGUAGE", "de", "en, fr"),
    ("EPICEVENTS_LANGUAGE", "french", "en, fr"),
    ("EPICEVENTS_CURRENCY", "EURO", "ISO 4217"),
    ("EPICEVENTS_CURRENCY", "XXX", "ISO 4217"),
    ("EPICEVENTS_PHONE_REGION", "33", "ISO 3166"),
    ("EPICEVENTS_PHONE_REGION", "UK", "ISO 3166"),
    ("EPICEVENTS_TIME_ZONE", "Europe/Nowhere", "time zone"),
    ("EPICEVENTS_TIME_ZONE", "../etc/passwd", "time zone"),
    ("EPICEVENTS_TOKEN_FILE", "~nobody-of-this-name/session", "path of a file"),
    ("EPICEVENTS_TOKEN_FILE", "a\x00b", "path of a file"),
    ("EPICEVENTS_KEYS", "~nobody-of-this-name/keys.toml", "path of a file"),
    ("EPICEVENTS_TEMPLATES", "~nobody-of-this-name/templates", "path of a folder"),
    ("EPICEVENTS_BCRYPT_COST", "3", "from 4 to 16"),
    ("EPICEVENTS_BCRYPT_COST", "17", "from 4 to 16"),
    ("EPICEVENTS_BCRYPT_COST", "twelve", "from 4 to 16"),
    ("EPICEVENTS_BCRYPT_COST", "\u0661\u0662", "from 4 to 16"),
    ("EPICEVENTS_THEME", "dark", "epic, epic-light, epic-contrast"),
    ("EPICEVENTS_DEBUG", "s3cr3t", "1 or 0"),
    ("EPICEVENTS_DATABASE_POOLED", "s3cr3t", "1 or 0"),
]


@pytest.mark.parametrize(("variable", "value", "says"), BAD_VALUES)
def test_a_bad_value_is_one_clear_line_that_names_the_variable_and_never_a_secret(
    variable: str, value: str, says: str, places: Places
) -> None:
    with pytest.raises(SettingsError) as refusal:
        places.load(**{variable: value})
    message = refusal.value.message()
    assert refusal.value.variable == variable
    assert message.startswith(variable)
    assert says in message
    assert "s3cr3t" not in message + str(refusal.value) + repr(refusal.value)
    assert "\n" not in message


def test_the_table_of_bad_values_leaves_no_variable_out() -> None:
    covered = {row[0] for row in BAD_VALUES} | {row[0] for row in BAD_SENTRY_VALUES}
    assert covered == NAMES


BAD_SENTRY_VALUES = [
    ("SENTRY_DSN", "s3cr3t"),
    ("SENTRY_DSN", "ftp://s3cr3t@host/1"),
    ("SENTRY_DSN", "https://host/1"),
    ("SENTRY_DSN", "https://s3cr3t@host/"),
    ("SENTRY_DSN", "https://s3cr3t@host/project"),
    ("SENTRY_DSN", "https://s3cr3t@host:port/1"),
    ("SENTRY_DSN", "https://s3cr3t@/1"),
    ("SENTRY_ENVIRONMENT", "prod"),
    ("ENVIRONMENT", "test"),
    ("SENTRY_RELEASE", "a/b"),
    ("SENTRY_RELEASE", "latest"),
    ("SENTRY_TRACES_SAMPLE_RATE", "abc"),
    ("SENTRY_TRACES_SAMPLE_RATE", "2"),
    ("SENTRY_TRACES_SAMPLE_RATE", "-0.1"),
    ("SENTRY_TRACES_SAMPLE_RATE", "nan"),
    ("SENTRY_TRACES_SAMPLE_RATE", "0,5"),
    ("SENTRY_PROFILES_SAMPLE_RATE", "inf"),
]


@pytest.mark.parametrize(("variable", "value"), BAD_SENTRY_VALUES)
def test_a_bad_value_of_sentry_never_stops_the_program(variable: str, value: str, places: Places) -> None:
    settings = places.load(**{"SENTRY_DSN": DSN, variable: value})
    assert settings.sentry_problem is not None
    assert settings.sentry_problem.variable == variable
    assert settings.sentry_problem.message().startswith(variable)
    assert "s3cr3t" not in settings.sentry_problem.message() + repr(settings)


def test_the_sdk_takes_every_dsn_that_we_take(places: Places) -> None:
    from sentry_sdk.utils import BadDsn, Dsn

    good = [DSN, "http://key@127.0.0.1:9000/7", "https://key:secret@sentry.example/path/42"]
    for dsn in good:
        assert places.load(SENTRY_DSN=dsn).sentry.dsn == dsn
        assert Dsn(dsn).project_id
    for _variable, dsn in [row for row in BAD_SENTRY_VALUES if row[0] == "SENTRY_DSN"]:
        with pytest.raises((BadDsn, ValueError)):
            Dsn(dsn)


@pytest.mark.parametrize(
    ("environment", "traces", "profiles"),
    [("development", 1.0, 0.0), ("staging", 0.5, 0.0), ("production", 0.1, 0.1), ("Production", 0.1, 0.1)],
)
def test_sample_rates_depend_on_the_environment(
    environment: str, traces: float, profiles: float, places: Places
) -> None:
    sentry = places.load(ENVIRONMENT=environment).sentry
    assert (sentry.traces_sample_rate, sentry.profiles_sample_rate) == (traces, profiles)
    sentry = places.load(ENVIRONMENT=environment, SENTRY_TRACES_SAMPLE_RATE="0.25").sentry
    assert (sentry.traces_sample_rate, sentry.profiles_sample_rate) == (0.25, profiles)


def test_sentry_environment_is_asked_before_environment(places: Places) -> None:
    assert places.load(SENTRY_ENVIRONMENT="staging", ENVIRONMENT="production").environment == "staging"
    assert places.load(ENVIRONMENT="production").environment == "production"


@pytest.mark.parametrize("key", sorted(SAMPLE_KEYS))
@pytest.mark.parametrize(
    ("environment", "refused"), [("development", False), ("production", True), ("prod", True)]
)
def test_production_refuses_published_keys(key: str, environment: str, refused: bool, places: Places) -> None:
    if not refused:
        assert places.load(EPICEVENTS_SECRET_KEY=key, ENVIRONMENT=environment).secret_key == key
        return
    with pytest.raises(SettingsError, match="published sample") as refusal:
        places.load(EPICEVENTS_SECRET_KEY=key, ENVIRONMENT=environment)
    assert key not in refusal.value.message()


def test_the_key_of_the_guide_is_among_the_published_ones() -> None:
    assert GUIDE_KEY in SAMPLE_KEYS


def test_a_key_is_measured_in_bytes(places: Places) -> None:
    assert places.load(EPICEVENTS_SECRET_KEY="é" * 16).secret_key == "é" * 16


def test_a_missing_key_is_said_when_it_is_needed(places: Places) -> None:
    with pytest.raises(SettingsError, match="not set") as refusal:
        places.load().require_secret_key()
    assert refusal.value.variable == "EPICEVENTS_SECRET_KEY"
    assert places.load(EPICEVENTS_SECRET_KEY=KEY).require_secret_key() == KEY


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fr_CA", "fr_CA"),
        ("fr-ca", "fr_CA"),
        ("en_GB.UTF-8", "en_GB"),
        ("fr_FR@euro", "fr_FR"),
    ],
)
def test_a_language_may_bear_its_country(value: str, language: str, places: Places) -> None:
    assert places.load(EPICEVENTS_LANGUAGE=value).language == language


@pytest.mark.parametrize(("lang", "language"), [("fr_FR.UTF-8", "fr_FR"), ("C.UTF-8", "en"), ("de_DE", "en")])
def test_without_a_language_the_one_of_the_system_is_spoken(
    lang: str, language: str, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", lang)
    assert places.load().language == language


def test_no_secret_is_in_the_repr_or_in_what_is_shown(places: Places) -> None:
    settings = places.load(
        EPICEVENTS_SECRET_KEY=KEY,
        EPICEVENTS_DATABASE_URL="postgresql://ada:s3cr3t@db.example:5433/crm?sslmode=require&password=s3cr3t",
        SENTRY_DSN="https://s3cr3t@sentry.example/7",
    )
    rows = {row.variable: row for row in describe(settings)}
    assert rows["EPICEVENTS_SECRET_KEY"].value_shown == "********"
    assert rows["EPICEVENTS_DATABASE_URL"].value_shown == (
        "postgresql+psycopg://ada:***@db.example:5433/crm?sslmode=require"
    )
    assert rows["SENTRY_DSN"].value_shown == "sentry.example"
    for text in (repr(settings), str(settings), repr(describe(settings))):
        assert "s3cr3t" not in text
        assert KEY not in text


def test_every_variable_is_described_with_its_source_and_meaning(places: Places) -> None:
    (places.cwd / ".env").write_text("EPICEVENTS_CURRENCY=CHF\n")
    rows = describe(places.load(ENVIRONMENT="staging"))
    assert len(rows) == len(VARIABLES)
    assert all(row.value_shown and row.source and row.meaning for row in rows)
    by_name = {row.variable: row for row in rows}
    assert by_name["ENVIRONMENT"].source == "environment"
    assert by_name["EPICEVENTS_CURRENCY"].source == str(places.cwd / ".env")
    assert by_name["EPICEVENTS_THEME"].source == "default"


def test_a_relative_database_starts_beside_the_file_that_names_it(places: Places) -> None:
    (places.config / ".env").write_text("EPICEVENTS_DATABASE_URL=sqlite:///crm.db\n")
    assert places.load().database_url == f"sqlite:///{places.config}/crm.db"


def test_a_crm_is_configured_once_it_has_a_key_and_a_database(places: Places) -> None:
    url = f"sqlite:///{places.cwd}/crm.db"
    assert not is_configured(places.load(EPICEVENTS_DATABASE_URL="postgresql://u@h/db"))
    assert is_configured(
        places.load(EPICEVENTS_DATABASE_URL="postgresql://u@h/db", EPICEVENTS_SECRET_KEY=KEY)
    )
    settings = places.load(EPICEVENTS_DATABASE_URL=url, EPICEVENTS_SECRET_KEY=KEY)
    assert not is_configured(settings)
    (places.cwd / "crm.db").write_bytes(b"")
    assert is_configured(settings)


def test_settings_can_be_moved_to_another_database(places: Places) -> None:
    loaded = places.load(EPICEVENTS_SECRET_KEY=KEY, EPICEVENTS_CURRENCY="CHF")
    settings = with_database(loaded, "sqlite:////x.db")
    assert (settings.database_url, settings.secret_key, settings.currency) == ("sqlite:////x.db", KEY, "CHF")
    with pytest.raises(SettingsError):
        with_database(settings, "nonsense")


def test_the_example_explains_every_variable_and_its_samples_are_refused_in_production(
    places: Places,
) -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    (places.cwd / ".env").write_text(text, encoding="utf-8")
    settings = places.load()
    assert settings.sentry_problem is None
    assert [name for name in sorted(NAMES) if name not in text] == []
    with pytest.raises(SettingsError, match="published sample"):
        places.load(SENTRY_ENVIRONMENT="production")


def test_our_codes_are_those_of_the_libraries() -> None:
    from babel.core import get_global
    from phonenumbers import SUPPORTED_REGIONS

    tender = {
        code
        for rows in get_global("territory_currencies").values()
        for code, _start, end, is_tender in rows
        if end is None and is_tender
    }
    assert tender == CURRENCIES
    assert set(SUPPORTED_REGIONS) == PHONE_REGIONS


def test_settings_load_no_heavy_library() -> None:
    program = """
import sys
from services.settings import describe, load_settings
describe(load_settings())
heavy = {"sentry_sdk", "sqlalchemy", "pydantic", "textual", "babel", "phonenumbers", "dotenv"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, timeout=60)
