"""The cold start, guarded by which packages are loaded rather than by a clock."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.startup import open_crm
from tests.support.crm import environment_for, settings_for
from tests.support.loaded_modules import modules_loaded_by, packages_loaded_by
from tests.support.pseudo_terminal import PseudoTerminal, pseudo_terminal
from tests.support.terminal import environment

OWN = {"models", "services", "tui", "cli"}

ORM = {"sqlalchemy", "sqlmodel", "pydantic", "alembic", "psycopg"}
HEAVY = ORM | {"sentry_sdk", "babel", "phonenumbers"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_is_answered_without_screens_orm_or_sentry(arguments: list[str]) -> None:
    code = f"import sys; sys.argv[1:] = {arguments}; import cli.main; cli.main.main()"
    loaded = packages_loaded_by(code)
    assert "cli" in loaded
    assert not loaded & (HEAVY | {"textual", "tui"})


def test_the_version_is_said_without_typer_or_the_commands() -> None:
    loaded = modules_loaded_by("import sys; sys.argv[1:] = ['--version']; import cli.main; cli.main.main()")
    assert {name for name in loaded if name.startswith("cli.")} == {
        "cli.main",
        "cli.process",
        "cli.streams",
    }
    assert not {name.partition(".")[0] for name in loaded} & (HEAVY | {"typer", "rich"})


def test_the_general_help_loads_no_shape_of_a_record() -> None:
    loaded = modules_loaded_by("import sys; sys.argv[1:] = ['--help']; import cli.main; cli.main.main()")
    assert "cli.commands.clients" in loaded
    assert not loaded & {"models.read_models", "cli.record_columns", "cli.text_table", "rich"}


def test_help_on_one_command_is_answered_without_screens_orm_or_sentry() -> None:
    code = "import sys; sys.argv[1:] = ['list-clients', '--help']; import cli.main; cli.main.main()"
    typers_own = {
        "pydantic"
    }  # it reads a whole number with it, and so loads it for any command that takes one
    assert not packages_loaded_by(code) & (HEAVY - typers_own | {"textual", "tui"})


def test_the_program_alone_opens_the_application_without_typer() -> None:
    code = (
        "import sys; sys.argv[1:] = []; import cli.main, cli.launch_app; "
        "cli.launch_app.open_app = lambda *a, **k: 0; cli.main.main()"
    )
    assert not packages_loaded_by(code) & (HEAVY | {"typer", "rich"})


@pytest.mark.parametrize("module", ["tui.app", "tui.screens.account.login"])
def test_the_login_form_is_ready_to_paint_without_orm_or_sentry(module: str) -> None:
    loaded = packages_loaded_by(f"import {module}")
    assert "textual" in loaded
    assert not loaded & HEAVY


def test_settings_are_read_without_orm_or_sentry() -> None:
    loaded = packages_loaded_by("from services.settings import load_settings; load_settings()")
    assert not loaded & HEAVY


def test_what_keeps_a_package_out_would_see_it() -> None:
    assert {"sqlalchemy", "sqlmodel", "pydantic"} <= packages_loaded_by("import models.tables")


# What may be loaded at each stage of the application, launched as people launch it.

OF_THE_FORM = {
    "cli", "cli.launch_app", "cli.main", "cli.process", "cli.streams", "models",
    "models.text", "services", "services.auth", "services.auth.login_place",
    "services.auth.token_store", "services.errors", "services.files", "services.i18n",
    "services.garbage_collection", "services.iso_codes", "services.monitoring",
    "services.monitoring.console_lines", "services.monitoring.marks",
    "services.monitoring.value_redaction", "services.settings", "services.settings.database_urls",
    "services.settings.sources", "services.settings.validators", "services.settings.variables", "tui",
    "tui.app", "tui.key_labels", "tui.launcher", "tui.notices", "tui.opening", "tui.preloading",
    "tui.protocols", "tui.runtime", "tui.runtime.crash_reporting",
    "tui.runtime.key_queue", "tui.runtime.output_filter", "tui.runtime.shutdown_signals",
    "tui.runtime.stylesheets", "tui.runtime.terminal_driver", "tui.runtime.workers", "tui.screens",
    "tui.screens.account", "tui.screens.account.login", "tui.screens.base_screen", "tui.screens.layout",
    "tui.textual_sentry", "tui.textual_sentry.loop_monitor", "tui.themes", "tui.user_session",
    "tui.widgets", "tui.widgets.banner", "tui.widgets.footer",
    "tui.widgets.form", "tui.widgets.form.text_input",
}  # fmt: skip
"""Our own modules that the login form is made of, and no other."""

FOREIGN_OF_THE_FORM = {"textual", "rich", "platformdirs", "typing_extensions"}
"""What an application of Textual with one label loads as well."""

FOREIGN_WHEN_WARM = FOREIGN_OF_THE_FORM | ORM | {
    "annotated_types", "babel", "bcrypt", "dns", "email_validator", "greenlet", "idna", "jwt", "mako",
    "cython_runtime", "markupsafe", "phonenumbers", "psycopg_binary", "pydantic_core", "pygments",
    "typing_inspection",
}  # fmt: skip
"""What the warm-up thread may bring as long as no DSN is set; with one, the SDK and what it finds."""


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The modules that were loaded when the form had been painted, and when the warm-up was over."""
    return _stages_of(tmp_path_factory.mktemp("stages"))


def _stages_of(folder: Path, **variables: str) -> dict[str, set[str]]:
    told = folder / "stages"
    with _launched(folder, told, variables) as terminal:
        terminal.wait_for("Username", "Password")
        deadline = time.monotonic() + 30
        while "warm" not in (found := _told(told)):
            assert time.monotonic() < deadline, terminal.text
            terminal.rest()
    return found


@contextmanager
def _launched(folder: Path, told: Path, variables: Mapping[str, str]) -> Iterator[PseudoTerminal]:
    command = [sys.executable, "-m", "tests.support.startup_stages", str(told)]
    url = f"sqlite:///{folder / 'crm.db'}"
    open_crm(settings_for(url, folder), create=True).close()
    outside = {**environment_for(url), **variables}
    with pseudo_terminal(command, environment(folder, outside), (80, 24)) as terminal:
        yield terminal


def _told(file: Path) -> dict[str, set[str]]:
    # The program may be in the middle of its last line.
    lines = file.read_text().split("\n")[:-1] if file.exists() else []
    return {stage: set(modules) for line in lines for stage, modules in json.loads(line).items()}


def _own(modules: set[str]) -> set[str]:
    return {module for module in modules if module.split(".")[0] in OWN}


def _foreign(modules: set[str]) -> set[str]:
    packages = {module.split(".")[0] for module in modules}
    of_the_test = {"tests", "__main__", "_distutils_hack", "_virtualenv", "__editable__"}
    return {
        package
        for package in packages - OWN - of_the_test - sys.stdlib_module_names
        if not package.startswith(("__editable__", "_"))
    }


def test_the_login_form_stands_on_these_modules_and_no_others(stages: dict[str, set[str]]) -> None:
    assert _own(stages["painted"]) == OF_THE_FORM
    assert _foreign(stages["painted"]) <= FOREIGN_OF_THE_FORM


def test_the_warm_up_brings_the_orm_and_nothing_for_sentry_or_for_commands(
    stages: dict[str, set[str]],
) -> None:
    warm = stages["warm"]
    assert {"sqlalchemy", "sqlmodel"} <= _foreign(warm) <= FOREIGN_WHEN_WARM
    assert {"tui.screens.clients", "tui.command_palette", "services.clients"} <= warm


def test_with_a_dsn_sentry_comes_after_the_form_in_the_warm_up(tmp_path: Path) -> None:
    stages = _stages_of(tmp_path, SENTRY_DSN="http://key@127.0.0.1:9/1")
    assert _own(stages["painted"]) == OF_THE_FORM
    assert not _foreign(stages["painted"]) & HEAVY
    assert "sentry_sdk" in _foreign(stages["warm"])


# What a command does not do while it loads and when it ends.


def test_a_command_looks_at_no_other_package_for_plugins_of_pydantic() -> None:
    code = (
        "import sys, importlib.metadata as others; others.distributions = None\n"
        "import cli.launch_app as launch\n"
        "launch.open_application = lambda: __import__('models.write_models') and 0\n"
        "sys.argv[1:] = []; import cli.main; cli.main.main()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nothing_that_was_loaded_is_looked_at_for_garbage_at_the_end() -> None:
    code = (
        "import atexit, gc, sys; atexit.register(lambda: print(gc.get_freeze_count() > 10_000)); "
        "sys.argv[1:] = ['--help']; import cli.main; cli.main.main()"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "True"
