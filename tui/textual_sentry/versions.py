"""The versions of Textual and of the SDK that the integration is made for, and tested with at both ends."""

from importlib.metadata import version
from typing import Final

from sentry_sdk.integrations import DidNotEnable

Version = tuple[int, ...]

SUPPORTED: Final[dict[str, tuple[Version, Version]]] = {
    "textual": ((8, 0), (9,)),
    "sentry-sdk": ((2, 20), (3,)),
}
"""For each package the oldest version, and the first one that is too new."""


def check_versions(installed: dict[str, str] | None = None) -> None:
    """Raise ``DidNotEnable`` unless all versions, by default those installed, are supported ones."""
    for package, (oldest, too_new) in SUPPORTED.items():
        found = (installed or {}).get(package) or version(package)
        if not oldest <= _parsed(found) < too_new:
            wanted = f"{package}>={_shown(oldest)},<{_shown(too_new)}"
            raise DidNotEnable(f"textual_sentry needs {wanted}; {found} is installed")


def _parsed(text: str) -> Version:
    """The numbers of the release, without what marks a pre-release."""
    numbers = []
    for part in text.split(".")[:3]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)


def _shown(release: Version) -> str:
    return ".".join(map(str, release))
