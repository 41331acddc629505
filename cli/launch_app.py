"""The door to the application. Bare ``epicevents`` comes straight here: Typer would cost the first frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.settings import Settings

    Accounts = Sequence[tuple[str, str, str]]


def open_configured() -> int:
    """Open the CRM of the settings, signed in where a session is kept; the exit code.

    Raises:
        SettingsError: a setting cannot be read.
    """
    from services.auth import token_store
    from services.settings import load_settings

    settings = load_settings()
    if settings.warnings:
        from cli.context import warn

        warn(settings)  # stands in the terminal when the application is closed
    return open_app(settings, token=token_store.load(settings), look_around=lambda: _sample_data(settings))


def _sample_data(settings: Settings) -> tuple[Settings, Accounts]:
    """What the first-run screen shows to somebody who only looks around."""
    from cli.sample_crm import prepare_sample_crm
    from services.demo.definitions import SAMPLE_ACCOUNTS

    return prepare_sample_crm(settings)[0], SAMPLE_ACCOUNTS


def open_app(
    settings: Settings,
    *,
    token: str | None = None,
    sample_accounts: Accounts = (),
    look_around: Callable[[], tuple[Settings, Accounts]] | None = None,
) -> int:
    """Open the application, and return its exit code. The one place where the commands know the screens."""
    from tui.launcher import run_app

    return run_app(settings, token=token, sample_accounts=sample_accounts, look_around=look_around)
