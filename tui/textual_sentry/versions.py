"""The supported versions of Textual and of the SDK; the oldest and the newest are tested."""

from importlib.metadata import version
from typing import Final

from sentry_sdk.integrations import DidNotEnable

Version = tuple[int, ...]

SUPPORTED: Final[dict[str, tuple[Version, Version]]] = {
    "textual": ((8, 0), (9,)),
    "sentry-sdk": ((2, 20), (3,)),
}
"""The oldest supported version and the first unsupported newer version of each package."""


def check_versions(installed: dict[str, str] | None = None) -> None:
    """Raise ``DidNotEnable`` unless all versions (by default the installed ones) are supported."""
    for package, (oldest, too_new) in SUPPORTED.items():
        found = (installed or {}).get(package) or version(package)
        if not oldest <= _parsed(found) < too_new:
            wanted = f"{package}>={_version_text(oldest)},<{_version_text(too_new)}"
            raise DidNotEnable(f"textual_sentry needs {wanted}; {found} is installed")


def _parsed(text: str) -> Version:
    """The numbers of the release, without the mark of a pre-release."""
    numbers = []
    for part in text.split(".")[:3]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)


def _version_text(release: Version) -> str:
    return ".".join(map(str, release))
