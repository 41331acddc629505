"""A release sets the version, moves the changelog, builds the wheel, commits and tags, or changes nothing."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.isolation import ROOT

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git on this machine")

UNRELEASED = "## [Unreleased]\n\n### Added\n\n- A thing.\n\n"
CHANGELOG = f"# Changelog\n\n{UNRELEASED}## [0.1.0] - 2026-01-02\n\n### Added\n\n- The first.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the real pyproject.toml, packages without content, and a changelog of its own."""
    for variable in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{variable}_NAME", "Ada")
        monkeypatch.setenv(f"{variable}_EMAIL", "ada@agency.example")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    for package in ("models", "services", "tui", "cli"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def release(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "release.py"), version]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


def test_a_release_is_a_commit_with_its_tag_and_a_wheel(project: Path) -> None:
    done = release(project, "1.2.3")
    assert done.returncode == 0, done.stderr
    day = git(project, "log", "-1", "--format=%cs")
    assert (project / "CHANGELOG.md").read_text() == CHANGELOG.replace(
        "## [Unreleased]\n", f"## [Unreleased]\n\n## [1.2.3] - {day}\n"
    )
    assert '\nversion = "1.2.3"\n' in (project / "pyproject.toml").read_text()
    assert git(project, "log", "-1", "--format=%s") == "Release 1.2.3"
    assert git(project, "rev-parse", "v1.2.3^{commit}") == git(project, "rev-parse", "HEAD")
    assert [wheel.name for wheel in (project / "dist").iterdir()] == ["epicevents-1.2.3-py3-none-any.whl"]
    assert git(project, "status", "--porcelain") == ""


def change_a_file(project: Path) -> None:
    (project / "README.md").write_text("Another.\n")


def leave_main(project: Path) -> None:
    git(project, "switch", "--quiet", "--create", "idea")


def tag_it(project: Path) -> None:
    git(project, "tag", "v1.2.3")


def release_everything(project: Path) -> None:
    (project / "CHANGELOG.md").write_text(CHANGELOG.replace(UNRELEASED, "## [Unreleased]\n\n"))
    git(project, "commit", "--quiet", "--all", "--message", "Empty the changelog")


def break_the_build(project: Path) -> None:
    shutil.rmtree(project / "models")
    git(project, "rm", "-r", "--quiet", "--cached", "models", "README.md")
    (project / "README.md").unlink()
    git(project, "commit", "--quiet", "--message", "Remove the README")


@pytest.mark.parametrize(
    ("prepare", "version", "reason"),
    [
        (change_a_file, "1.2.3", "commit these changes first"),
        (leave_main, "1.2.3", "releases are made on main"),
        (tag_it, "1.2.3", "the tag v1.2.3 exists already"),
        (release_everything, "1.2.3", "nothing under [Unreleased]"),
        (break_the_build, "1.2.3", "hatchling build -t wheel failed"),
        (lambda project: None, "0.0.9", "comes before"),
        (lambda project: None, "1.2", "is not a version"),
        (lambda project: None, "v1.2.3", "is not a version"),
    ],
)
def test_a_release_that_is_refused_changes_nothing(
    project: Path, prepare: Callable[[Path], None], version: str, reason: str
) -> None:
    prepare(project)
    before = git(project, "rev-parse", "HEAD"), git(project, "status", "--porcelain"), git(project, "tag")
    done = release(project, version)
    assert done.returncode == 1
    assert reason in done.stderr
    assert (
        git(project, "rev-parse", "HEAD"),
        git(project, "status", "--porcelain"),
        git(project, "tag"),
    ) == before
