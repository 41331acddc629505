"""Shell completion of option values and arguments. It prints no message and changes nothing.

Every command loads this module; it imports services only when the shell asks for completions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

import typer

from models.enums import Department, RecordKind

if TYPE_CHECKING:
    from services.crm import Crm

Completer = Callable[..., list[str]]

_LONGEST_WAIT: Final = 3.0
"""Seconds to wait for a database that does not answer after Tab."""
_MOST: Final = 1000
_KINDS: Final = {
    "list-clients": RecordKind.CLIENT,
    "list-contracts": RecordKind.CONTRACT,
    "list-events": RecordKind.EVENT,
    "list-notes": RecordKind.NOTE,
    "list-tasks": RecordKind.TASK,
    "list-users": RecordKind.COLLABORATOR,
}


def presets(context: typer.Context, incomplete: str) -> list[str]:
    """The named filters of the list."""
    from services.lists.query import presets_of

    kind = _KINDS.get(context.info_name or "")
    return _beginning(incomplete, [preset.key for preset in presets_of(kind)] if kind else ())


def sorts(context: typer.Context, incomplete: str) -> list[str]:
    """The sort fields of the list, ascending only: after ``-`` the shell offers options."""
    from services.lists.query import sorts_of

    kind = _KINDS.get(context.info_name or "")
    return _beginning(incomplete, ("id", *sorts_of(kind)) if kind else ())


def journal_records(context: typer.Context, incomplete: str) -> list[str]:
    """The kinds of records in the journal, as the prefix of an id."""
    from services.record_types import all_types

    return _beginning(incomplete, (f"{each.kind}:" for each in all_types() if not each.is_single))


def words(names: Iterable[str]) -> Completer:
    """Some of these words."""

    def complete(incomplete: str) -> list[str]:
        return _beginning(incomplete, names)

    return complete


def zones(incomplete: str) -> list[str]:
    """The time zones by their names."""
    from services.formats import find_zones

    return _beginning(incomplete, find_zones(incomplete))


def usernames(department: Department | None = None, *, active: bool = True) -> Completer:
    """The usernames that the actor may name; none without a session."""

    def complete(context: typer.Context, incomplete: str) -> list[str]:
        found: list[str] = []
        reading = Thread(target=lambda: found.extend(_usernames(department, active=active)), daemon=True)
        reading.start()
        reading.join(_LONGEST_WAIT)
        return _beginning(incomplete, found)

    return complete


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))


def _usernames(department: Department | None, *, active: bool) -> Sequence[str]:
    with suppress(Exception):  # an error message would disturb the shell's prompt
        from services.auth.token_store import read
        from services.crm import Crm
        from services.persistence.database import Database
        from services.settings import load_settings
        from services.settings.database_urls import sqlite_file

        settings = load_settings()
        token = read(settings).token
        file = sqlite_file(settings.database_url)
        if token is None or (file is not None and not file.exists()):
            return ()
        # The database is neither created nor migrated.
        database = Database(settings.database_url, pooled=settings.database_pooled)
        try:
            return _collaborator_names(Crm(settings, database), token, department, active=active)
        finally:
            database.dispose()
    return ()


def _collaborator_names(
    crm: Crm, token: str, department: Department | None, *, active: bool
) -> Sequence[str]:
    from services import collaborators, rights
    from services.auth import sessions
    from services.lists.query import Filter, ListQuery

    actor = sessions.resume(crm, token)
    if rights.refusal(actor.department, rights.Action.COLLABORATOR_READ) is not None:
        return [actor.username]
    if department is not None:
        found = collaborators.choose_collaborators(crm, actor, department, limit=_MOST)
    else:
        filters = frozenset({Filter.ACTIVE} if active else ())
        query = ListQuery(filters=filters, sort="username")
        found = collaborators.list_collaborators(crm, actor, query, limit=_MOST)
    return [person.username for person in found]
