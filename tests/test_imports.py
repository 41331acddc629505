"""The cold start, guarded by which packages are loaded rather than by a clock."""

import pytest

from tests.support.loaded import packages_loaded_by

ORM = {"sqlalchemy", "sqlmodel", "pydantic", "alembic", "psycopg"}
HEAVY = ORM | {"sentry_sdk", "babel", "phonenumbers"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_is_answered_without_screens_orm_or_sentry(arguments: list[str]) -> None:
    code = f"import sys; sys.argv[1:] = {arguments}; import cli.main; cli.main.main()"
    loaded = packages_loaded_by(code)
    assert "cli" in loaded
    assert not loaded & (HEAVY | {"textual", "tui"})


def test_help_on_one_command_is_answered_without_screens_orm_or_sentry() -> None:
    code = "import sys; sys.argv[1:] = ['list-clients', '--help']; import cli.main; cli.main.main()"
    typers_own = {
        "pydantic"
    }  # it reads a whole number with it, and so loads it for any command that takes one
    assert not packages_loaded_by(code) & (HEAVY - typers_own | {"textual", "tui"})


def test_the_commands_are_registered_without_screens_orm_or_sentry() -> None:
    assert not packages_loaded_by("import cli.commands") & (HEAVY | {"textual", "tui"})


def test_the_program_alone_opens_the_application_without_typer() -> None:
    code = (
        "import sys; sys.argv[1:] = []; import cli.main, cli.door; "
        "cli.door.open_app = lambda *a, **k: 0; cli.main.main()"
    )
    assert not packages_loaded_by(code) & (HEAVY | {"typer", "rich"})


@pytest.mark.parametrize("module", ["tui.app", "tui.screens.login"])
def test_the_login_form_is_ready_to_paint_without_orm_or_sentry(module: str) -> None:
    loaded = packages_loaded_by(f"import {module}")
    assert "textual" in loaded
    assert not loaded & HEAVY


def test_settings_are_read_without_orm_or_sentry() -> None:
    loaded = packages_loaded_by("from services.settings import load_settings; load_settings()")
    assert not loaded & HEAVY


def test_what_keeps_a_package_out_would_see_it() -> None:
    assert {"sqlalchemy", "sqlmodel", "pydantic"} <= packages_loaded_by("import models.tables")
