"""Makes a release; run by ``make release VERSION=1.2.3``.

It sets the version in pyproject.toml, moves the entries under [Unreleased] of the changelog below the
version and the date, builds the wheel, commits both files and tags the commit. It pushes nothing. If a step
fails, the two files are restored and nothing is committed.
"""

import argparse
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

BRANCH: Final = "main"
UNRELEASED: Final = "## [Unreleased]\n"
FILES: Final = ("pyproject.toml", "CHANGELOG.md")
_VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_VERSION_LINE: Final = re.compile(r'^version = "(.+)"$', re.MULTILINE)


class Refused(Exception):
    """The release cannot be made; the text says why."""


def main() -> int:
    """Make the release that the command line names; the exit code."""
    parser = argparse.ArgumentParser(
        description="Set the version, move the changelog, build, commit and tag."
    )
    parser.add_argument("version", help="the new version, such as 1.2.3")
    version = parser.parse_args().version
    try:
        release(Path(_git(Path.cwd(), "rev-parse", "--show-toplevel")), version)
    except Refused as refusal:
        print(f"No release: {refusal}", file=sys.stderr)
        return 1
    print(f"Released {version}. Publish it with: git push origin {BRANCH} v{version}")
    return 0


def release(root: Path, version: str) -> None:
    """Make the release. Raises :class:`Refused`, and then leaves the tree as it was."""
    require_releasable(root, version)
    today = datetime.now(UTC).astimezone().date().isoformat()
    texts = {name: (root / name).read_text(encoding="utf-8") for name in FILES}
    changed = {
        "pyproject.toml": with_version(texts["pyproject.toml"], version),
        "CHANGELOG.md": with_section(texts["CHANGELOG.md"], version, today),
    }
    try:
        _write(root, changed)
        _run(root, sys.executable, "-m", "hatchling", "build", "-t", "wheel")
        _git(root, "commit", "--quiet", "--message", f"Release {version}", *FILES)
    except Refused:
        _write(root, texts)
        raise
    _git(root, "tag", "--annotate", "--message", f"Release {version}", f"v{version}")


def require_releasable(root: Path, version: str) -> None:
    """Raise :class:`Refused` unless this version can be released from this tree."""
    if not _VERSION.fullmatch(version):
        raise Refused(f"{version!r} is not a version. Write: make release VERSION=1.2.3")
    if (branch := _git(root, "branch", "--show-current")) != BRANCH:
        raise Refused(f"releases are made on {BRANCH}, and this is {branch or 'no branch'}.")
    if changes := _git(root, "status", "--porcelain"):
        raise Refused(f"commit these changes first:\n{changes}")
    if _git(root, "tag", "--list", f"v{version}"):
        raise Refused(f"the tag v{version} exists already.")


def with_version(project: str, version: str) -> str:
    """The text of pyproject.toml with the new version. Raises :class:`Refused` unless it is a later one."""
    current = _VERSION_LINE.search(project)
    if current is None:
        raise Refused("pyproject.toml has no version.")
    if _parts(version) < _parts(current[1]):
        raise Refused(f"{version} comes before {current[1]}, the version of pyproject.toml.")
    return _VERSION_LINE.sub(f'version = "{version}"', project, count=1)


def with_section(changelog: str, version: str, day: str) -> str:
    """The changelog with a section of the version. Raises :class:`Refused` if the section would be empty."""
    before, heading, after = changelog.partition(UNRELEASED)
    if not heading or not after.partition("\n## ")[0].strip():
        raise Refused("CHANGELOG.md has nothing under [Unreleased].")
    return f"{before}{UNRELEASED}\n## [{version}] - {day}\n{after}"


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _write(root: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")


def _git(root: Path, *arguments: str) -> str:
    return _run(root, "git", *arguments)


def _run(root: Path, *command: str) -> str:
    """The output of a command. Raises :class:`Refused` with its messages if it fails."""
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
