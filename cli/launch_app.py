"""The launch of the application. ``epicevents`` without a command comes here without loading Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from services.settings import Settings

    Accounts = Sequence[tuple[str, str, str]]


def open_application() -> int:
    """Open the application on the configured CRM, with the saved session if any; return the exit code.

    Raises :class:`SettingsError`.
    """
    from services.auth import token_store
    from services.settings import load_settings

    settings = load_settings()
    if settings.warnings:
        from cli.context import warn

        warn(settings)  # visible in the terminal after the application is closed
    return open_app(settings, token=token_store.load(settings), look_around=lambda: _sample_data(settings))


def _sample_data(settings: Settings) -> tuple[Settings, Accounts]:
    """The sample CRM that the first-run screen offers, and its accounts."""
    from cli.sample_crm import prepare_sample_crm
    from services.demo.definitions import SAMPLE_ACCOUNTS

    return prepare_sample_crm(settings)[0], SAMPLE_ACCOUNTS


def own_keys(settings: Settings) -> tuple[Sequence[Mapping[str, Any]], Sequence[str]]:
    """Every command of the application with its keys, and what is wrong in the person's own file."""
    from tui.launcher import own_keys as of_the_screens

    return of_the_screens(settings)


def open_app(
    settings: Settings,
    *,
    token: str | None = None,
    sample_accounts: Accounts = (),
    look_around: Callable[[], tuple[Settings, Accounts]] | None = None,
) -> int:
    """Open the application, and return its exit code. Only this function imports the screens."""
    from tui.launcher import run_app

    return run_app(settings, token=token, sample_accounts=sample_accounts, look_around=look_around)
