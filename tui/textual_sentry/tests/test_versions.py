"""Tests that unsupported versions are refused by name, before anything is patched."""

from __future__ import annotations

import pytest
import sentry_sdk
from sentry_sdk.integrations import DidNotEnable

from tui.textual_sentry import versions
from tui.textual_sentry.versions import check_versions

GOOD = {"textual": "8.2.8", "sentry-sdk": "2.75.0"}


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ("textual", "7.9.9"),
        ("textual", "0.89.1"),
        ("textual", "9.0.0"),
        ("textual", "10.0.0a1"),
        ("sentry-sdk", "1.45.1"),
        ("sentry-sdk", "2.10.0"),
        ("sentry-sdk", "2.19.2"),
        ("sentry-sdk", "3.0.0a7"),
    ],
)
def test_an_unsupported_version_is_refused_by_name(package: str, version: str) -> None:
    with pytest.raises(DidNotEnable, match=f"{package}>=.*; {version} is installed"):
        check_versions({**GOOD, package: version})


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ("textual", "8.0.0"),
        ("textual", "8.11.0"),
        ("textual", "8.2.8.post1"),
        ("sentry-sdk", "2.20.0"),
        ("sentry-sdk", "2.75.0"),
        ("sentry-sdk", "2.100"),
    ],
)
def test_a_supported_version_is_accepted(package: str, version: str) -> None:
    check_versions({**GOOD, package: version})


def test_the_installed_versions_are_accepted() -> None:
    check_versions()


def test_the_start_of_the_sdk_raises_for_an_unsupported_version(monkeypatch: pytest.MonkeyPatch) -> None:
    from sentry_sdk import integrations

    from tui.textual_sentry import TextualIntegration

    monkeypatch.setattr(versions, "version", lambda package: {**GOOD, "sentry-sdk": "2.10.0"}[package])
    # Simulates a process that has not started the SDK yet.
    for known in ("_processed_integrations", "_installed_integrations"):
        monkeypatch.setattr(integrations, known, getattr(integrations, known) - {"textual"})
    with pytest.raises(DidNotEnable, match=r"sentry-sdk>=2\.20"):
        sentry_sdk.init(
            "http://key@127.0.0.1/1", default_integrations=False, integrations=[TextualIntegration()]
        )
    assert not sentry_sdk.get_client().is_active()
