"""The files for the repository's host and for pre-commit are readable, and fit the project."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.isolation import ROOT

FILES = [ROOT / ".pre-commit-config.yaml", *sorted((ROOT / ".github").rglob("*.yml"))]


def parsed(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_file_is_yaml(file: Path) -> None:
    assert isinstance(parsed(str(file.relative_to(ROOT))), dict)


def test_the_workflow_runs_the_checks_on_every_python_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    job = parsed(".github/workflows/checks.yml")["jobs"]["checks"]
    assert job["strategy"]["matrix"]["python"] == supported
    assert ".ci/run" in [step.get("run") for step in job["steps"]]


def test_the_hooks_come_from_the_environment_of_the_project() -> None:
    repositories = parsed(".pre-commit-config.yaml")["repos"]
    hooks = [hook for repository in repositories for hook in repository["hooks"]]
    assert [repository["repo"] for repository in repositories] == ["local"]
    assert [hook["id"] for hook in hooks] == ["ruff-check", "ruff-format", "mypy", "lint-imports"]
    assert all(hook["language"] == "system" and hook["entry"].startswith(".venv/bin/") for hook in hooks)
