"""The CRM of one command: settings, Sentry, database, and the signed-in actor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli import console
from services.errors import NotSignedIn
from services.i18n import _

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm
    from services.rights import Action
    from services.settings import Settings


command = ""
"""The name of the running command, for error reports."""


def start_command(database: str = "") -> Settings:
    """Load the settings, start Sentry and print its status line.

    ``database`` is the URL of a database to use instead of the configured one.

    Raises :class:`SettingsError`.
    """
    from services import monitoring
    from services.settings import load_settings, with_database

    settings = load_settings()
    warn(settings)
    console.line(monitoring.init_sentry(settings).line())
    monitoring.name_transaction(f"epicevents {command}")
    return with_database(settings, database) if database else settings


def warn(settings: Settings) -> None:
    """Print the warnings about the settings, such as a misspelt name or a file that others can read."""
    for warning in settings.warnings:
        console.warning(warning.message())


@contextmanager
def opened(
    settings: Settings, *, create: bool = False, on_migration: Callable[[str | None, str], None] | None = None
) -> Iterator[Crm]:
    """Open the CRM, migrate it, and close it at the end. ``create`` makes a missing SQLite file.

    ``on_migration`` is called with the old and the new revision if migrations ran.
    Raises like ``open_crm``.
    """
    from services.startup import open_crm

    crm = open_crm(settings, create=create, on_migration=on_migration, on_busy=_say_that_one_waits)
    for sentence in crm.without_effect():
        console.warning(sentence)
    try:
        yield crm
    finally:
        crm.close()


def _say_that_one_waits() -> None:
    console.info(_("Another program is using the database; waiting for it…"))


@contextmanager
def signed_in() -> Iterator[tuple[Crm, Actor]]:
    """Open the CRM as the actor who is signed in on this machine. Raises :class:`NotSignedIn`."""
    settings = start_command()
    from services.auth import token_store
    from services.monitoring import set_user_context

    kept = token_store.read(settings)
    if kept.problem is not None:
        console.warning(kept.problem.message())
    if kept.token is None:
        raise NotSignedIn
    from services.auth.sessions import resume

    with opened(settings) as crm:
        actor = resume(crm, kept.token)
        set_user_context(actor.id, actor.username, actor.department)
        yield crm, actor


def require(crm: Crm, actor: Actor, action: Action) -> None:
    """Refuse an action that the actor may perform on no record, before any question is asked.

    Raises :class:`Forbidden`.
    """
    from services import rights

    if rights.refusal(actor.department, action) is not None:
        from services.unit_of_work import reading

        with reading(crm, actor, action):  # raises, and publishes the refusal
            pass
