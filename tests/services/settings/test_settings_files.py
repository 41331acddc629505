"""Which ``.env`` counts, what is said about it, and what a misspelt name or a bad value does."""

from pathlib import Path

import pytest

from services import i18n
from services.errors import SettingsError
from services.settings import Settings, describe, load_settings
from services.settings.unknown_variables import nearest_name
from services.settings.variables import NAMES

KEY = "0123456789abcdef0123456789abcdef"
DSN = "https://abc123def456@o1234567.ingest.sentry.io/7654321"


class Places:
    """A current folder and a configuration folder, each with a private ``.env`` or without."""

    def __init__(self, folder: Path) -> None:
        self.cwd, self.config = folder / "work", folder / "config"
        self.cwd.mkdir()
        self.config.mkdir()

    def write(self, folder: Path, text: str, mode: int = 0o600) -> Path:
        file = folder / ".env"
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        return file

    def load(self, **environ: str) -> Settings:
        return load_settings(environ, self.cwd, self.config)

    def inspect(self, **environ: str) -> Settings:
        return load_settings(environ, self.cwd, self.config, go_on=True)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    i18n.activate("en")
    return Places(tmp_path)


def states(settings: Settings) -> list[str]:
    return [file.state.value for file in settings.files]


def said(settings: Settings) -> list[str]:
    return [warning.message() for warning in settings.warnings]


@pytest.mark.parametrize(
    "text",
    [
        f"SENTRY_DSN={DSN}\n",
        f"SENTRY_DSN={DSN}\nENVIRONMENT=production\nDATABASE_URL=postgres://h/db\n",
        f"# EPICEVENTS_LANGUAGE=fr\nSENTRY_DSN={DSN}\n",
        f"MY_EPICEVENTS_LANGUAGE=fr\nexport SENTRY_DSN={DSN}\n",
        f"NOTE='see EPICEVENTS_LANGUAGE'\nSENTRY_DSN={DSN}\n",
    ],
)
def test_the_env_file_of_another_project_counts_for_nothing(places: Places, text: str) -> None:
    places.write(places.cwd, text)
    settings = places.load()
    assert settings.sentry.dsn is None
    assert settings.environment == "development"
    assert states(settings) == ["foreign", "missing"]


def test_another_projects_file_may_be_written_in_any_encoding(places: Places) -> None:
    (places.cwd / ".env").write_bytes(b"SENTRY_DSN=http://k@h/1\nNAME=\xe9\n")
    settings = places.load()
    assert settings.sentry.dsn is None
    assert states(settings)[0] == "foreign"


@pytest.mark.parametrize("ours", ["EPICEVENTS_LANGUAGE=fr", "EPICEVENTS_THEME=", "EPICEVENTS_CURENCY=EUR"])
def test_a_file_that_names_a_variable_of_ours_counts_whole(places: Places, ours: str) -> None:
    places.write(places.cwd, f"SENTRY_DSN={DSN}\n{ours}\n")
    settings = places.load()
    assert settings.sentry.dsn == DSN
    assert states(settings) == ["read", "missing"]


def test_the_file_of_the_configuration_folder_counts_whatever_it_names(places: Places) -> None:
    places.write(places.config, f"SENTRY_DSN={DSN}\n")
    assert places.load().sentry.dsn == DSN
    assert load_settings({}, places.config, places.config).sentry.dsn == DSN


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_with_secrets_that_others_can_read_is_warned_of_with_the_command(
    places: Places, mode: int
) -> None:
    file = places.write(places.cwd, f"EPICEVENTS_SECRET_KEY={KEY}\n", mode)
    (warning,) = said(places.load())
    assert warning.startswith(str(file))
    assert f"chmod 600 {file}" in warning
    file.chmod(0o600)
    assert said(places.load()) == []


def test_a_shared_file_without_secrets_needs_no_warning(places: Places) -> None:
    places.write(places.cwd, "EPICEVENTS_LANGUAGE=fr\nEPICEVENTS_SECRET_KEY=\n", 0o644)
    assert said(places.load()) == []


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("EPICEVENTS_CURENCY", "EPICEVENTS_CURRENCY"),
        ("EPICEVENTS_LANG", "EPICEVENTS_LANGUAGE"),
        ("EPICEVENTS_DB_URL", "EPICEVENTS_DATABASE_URL"),
        ("EPICEVENTS_SECRETKEY", "EPICEVENTS_SECRET_KEY"),
        ("EPICEVENT_LANGUAGE", "EPICEVENTS_LANGUAGE"),
        ("EPIC_EVENTS_THEME", "EPICEVENTS_THEME"),
        ("epicevents_theme", "EPICEVENTS_THEME"),
        ("EPICEVENTS_XYZ", None),
        ("EPICURE", None),
    ],
)
def test_a_misspelt_name_is_near_the_one_that_was_meant(name: str, nearest: str | None) -> None:
    assert nearest_name(name, NAMES) == nearest


def test_a_misspelt_variable_is_warned_of_wherever_it_stands(places: Places) -> None:
    file = places.write(places.config, "SENTRY_DNS=x\nEPICEVENTS_BCRYPT=4\nOTHER=1\n")
    assert said(places.load(EPICEVENTS_CURENCY="CHF", EPICURE="1", EPICEVENTS_XYZ="")) == [
        "EPICEVENTS_CURENCY is not a setting of this program. Did you mean EPICEVENTS_CURRENCY?",
        "EPICEVENTS_XYZ is not a setting of this program; 'epicevents config' lists them all.",
        f"SENTRY_DNS ({file}) is not a setting of this program. Did you mean SENTRY_DSN?",
        f"EPICEVENTS_BCRYPT ({file}) is not a setting of this program. Did you mean EPICEVENTS_BCRYPT_COST?",
    ]


def test_every_known_name_and_the_names_of_others_are_passed_over_in_silence(places: Places) -> None:
    settings = places.load(**dict.fromkeys(NAMES, ""), SENTRY_RELEASES="x", EPIC="1")
    assert said(settings) == []


def test_one_bad_value_hides_no_other_setting(places: Places) -> None:
    environ = {
        "EPICEVENTS_BCRYPT_COST": "many",
        "EPICEVENTS_THEME": "epic-contrast",
        "EPICEVENTS_CURRENCY": "x",
    }
    with pytest.raises(SettingsError):
        places.load(**environ)
    rows = {row.variable: row for row in describe(places.inspect(**environ))}
    assert rows["EPICEVENTS_THEME"].value_shown == "epic-contrast"
    assert {name for name, row in rows.items() if row.problem} == {
        "EPICEVENTS_BCRYPT_COST",
        "EPICEVENTS_CURRENCY",
    }
    assert rows["EPICEVENTS_BCRYPT_COST"].problem.startswith("EPICEVENTS_BCRYPT_COST ")
    assert rows["EPICEVENTS_BCRYPT_COST"].source == "environment"


def test_a_file_that_cannot_be_read_hides_no_other_setting(places: Places) -> None:
    file = places.write(places.cwd, "EPICEVENTS_SECRET_KEY='broken\n")
    places.write(places.config, "EPICEVENTS_THEME=epic-contrast\n")
    settings = places.inspect()
    assert settings.theme == "epic-contrast"
    assert states(settings) == ["broken", "read"]
    assert list(settings.problems) == [str(file)]


@pytest.mark.parametrize(
    ("text", "debug"), [("1", True), ("yes", True), ("0", False), ("off", False), ("", False)]
)
def test_debug_is_a_setting_of_any_place(places: Places, text: str, debug: bool) -> None:
    places.write(places.cwd, f"EPICEVENTS_DEBUG={text}\n")
    assert places.load().debug is debug


def test_who_has_no_key_is_told_of_the_teams_copy_and_of_init(places: Places, home: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        places.load().require_secret_key()
    message = refusal.value.message()
    assert f"a copy of its .env at {home}" in message
    assert "epicevents init" in message
