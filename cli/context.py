"""Opening the CRM for one command: settings, Sentry, database, and the signed-in person."""

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
"""The command that runs, for whoever reports what went wrong in it."""


def configured() -> Settings:
    """The settings, with Sentry started and its line said.

    Raises:
        SettingsError: a setting cannot be read.
    """
    from services import monitoring
    from services.settings import load_settings

    settings = load_settings()
    warn(settings)
    console.line(monitoring.init_sentry(settings).line())
    monitoring.name_transaction(f"epicevents {command}")
    return settings


def warn(settings: Settings) -> None:
    """Say what may be wrong with the settings and stops nothing: a misspelt name, a file open to others."""
    for warning in settings.warnings:
        console.warning(warning.message())


@contextmanager
def opened(
    settings: Settings, *, create: bool = False, on_migration: Callable[[str | None, str], None] | None = None
) -> Iterator[Crm]:
    """The CRM, migrated; closed at the end. ``create`` makes a missing SQLite file.

    ``on_migration`` is told the revisions from and to, where any migration ran.

    Raises:
        DatabaseUnavailable, DatabaseTooNew, DatabaseForeign, DatabaseNotUtf8: as they say.
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
    """The CRM, and who is signed in on this machine.

    Raises:
        NotSignedIn: nobody is, or no longer.
    """
    settings = configured()
    from services.auth import token_store
    from services.monitoring import set_user_context

    kept = token_store.read(settings)
    if kept.problem is not None:
        console.warning(kept.reason())
    if kept.token is None:
        raise NotSignedIn
    from services.auth.sessions import resume

    with opened(settings) as crm:
        actor = resume(crm, kept.token)
        set_user_context(actor.id, actor.username, actor.department)
        yield crm, actor


def require(crm: Crm, actor: Actor, action: Action) -> None:
    """Refuse what the actor may do to no record at all, before anything is asked for.

    Raises:
        Forbidden: by the rule of the action.
    """
    from services import rights

    if rights.refusal(actor.department, action) is not None:
        from services.unit_of_work import reading

        with reading(crm, actor, action):  # refuses, and has the refusal announced
            pass
