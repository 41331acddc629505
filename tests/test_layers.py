"""tui and cli stand on services, services on models, never the other way: as written, and as it runs."""

import pkgutil
import subprocess
import sys
from graphlib import TopologicalSorter
from importlib import import_module

import pytest
from grimp import build_graph

from tests.support.isolation import ROOT
from tests.support.loaded_modules import packages_loaded_by

SCREENS = {"textual", "tui"}
COMMANDS = {"typer", "cli"}
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def _import_every_module(package: str) -> str:
    names = [package]
    for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        if not {"migrations", "__main__"} & set(module.name.split(".")):  # run by others, never imported
            names.append(module.name)
    assert len(names) > 3, f"the modules of {package} were not found"
    return f"import {', '.join(names)}"


def test_no_module_imports_what_its_layer_may_not_know() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_no_module_imports_itself_by_way_of_others() -> None:
    # import-linter compares modules side by side. The graph also holds a package and its own modules, and
    # imports in functions and under TYPE_CHECKING.
    graph = build_graph("models", "services", "tui", "cli", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # a CycleError names the modules


def test_import_services_loads_no_screen_and_no_command() -> None:
    assert not packages_loaded_by("import services") & (SCREENS | COMMANDS)


def test_no_service_loads_a_screen_or_a_command() -> None:
    assert not packages_loaded_by(_import_every_module("services")) & (SCREENS | COMMANDS)


def test_no_model_loads_a_service() -> None:
    loaded = packages_loaded_by(_import_every_module("models"))
    assert not loaded & (SCREENS | COMMANDS | {"services"})


@pytest.mark.parametrize(
    ("package", "unknown"), [("cli", SCREENS), ("tui", COMMANDS), ("services.monitoring", SCREENS | COMMANDS)]
)
def test_the_layers_side_by_side_do_not_load_each_other(package: str, unknown: set[str]) -> None:
    assert not packages_loaded_by(_import_every_module(package)) & unknown
