"""What the program remembers for a person: theme, start, and how each list was left.

It is state and no record: nothing of it is in the journal, and the last write counts. A person reads and
writes their own alone, for which an open session is all that is needed. What cannot be used, because a newer
program or another hand wrote it, counts as not remembered.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import String, bindparam, select, text
from sqlalchemy.exc import IntegrityError

from models.preference_tables import PersonPreference
from models.tables import LoginSession, table_of
from services import clock, session_rows
from services.actor import Actor
from services.crm import Crm
from services.errors import NotSignedIn

FORMAT: Final = 1
"""The version of the form of the values."""
LAYOUTS: Final = ("split", "list", "detail")
"""List beside details, the list alone, the details alone."""

_GENERAL: Final = "general"
_LIST: Final = "list."
_LONGEST_VALUE: Final = 30_000
_LONGEST_WORD: Final = 60
_MOST_COLUMNS: Final = 60

_mine = table_of(PersonPreference).c
_session = table_of(LoginSession).c
_READ: Final = (
    select(_mine.name, _mine.version, _mine.value)
    .join(table_of(LoginSession), _session.collaborator_id == _mine.collaborator_id)
    .where(
        _session.id == bindparam("session_id", type_=String),
        _session.revoked_at.is_(None),
        _session.expires_at > clock.now(),
        _mine.collaborator_id == session_rows.ACTOR,
    )
)
_WRITE: Final = text(
    "INSERT INTO person_preference (collaborator_id, name, version, value)"
    " VALUES (:actor_id, :name, :version, :value)"
    " ON CONFLICT (collaborator_id, name) DO UPDATE SET version = excluded.version, value = excluded.value"
)


@dataclass(frozen=True)
class ListPreference:
    """How a person left a list. What is ``None`` or empty was never chosen.

    ``preset`` is the key of the filter, ``sort`` a field and whether descending, ``columns`` the keys of the
    columns in their order, ``layout`` one of :data:`LAYOUTS`. Keys may name what no longer exists.
    ``conditions`` and ``within`` are those of a filter that is not saved, as views keep them.
    """

    preset: str = ""
    sort: tuple[str, bool] | None = None
    columns: tuple[str, ...] = ()
    layout: str = ""
    conditions: str = ""
    within: str = ""


@dataclass(frozen=True)
class Preferences:
    """All that is remembered for a person: the name of a theme, that of the first section, and the lists."""

    theme: str = ""
    start: str = ""
    lists: Mapping[str, ListPreference] = field(default_factory=dict)


def read_preferences(crm: Crm, actor: Actor) -> Preferences:
    """The preferences of the actor, in one query; none if their session has ended."""
    with crm.database.read() as connection:
        rows = connection.execute(_READ, {"session_id": actor.session_id, "actor_id": actor.id}).all()
    return preferences_of({name: value for name, version, value in rows if version == FORMAT})


def write_preferences(crm: Crm, actor: Actor, preferences: Preferences, *names: str) -> None:
    """Keep the preferences of some lists; the name ``""`` stands for theme and start.

    Raises :class:`NotSignedIn` and :class:`DatabaseUnavailable`.
    """
    values = values_of(preferences)
    wanted = sorted(_LIST + name if name else _GENERAL for name in names)
    try:
        with crm.database.write(patient=False) as connection:
            owner = connection.execute(session_rows.OWNER, {"session_id": actor.session_id}).first()
            if owner is None or owner.id != actor.id:
                raise NotSignedIn
            for name in wanted:  # in one order, so that two programs do not wait for each other
                row = {"actor_id": actor.id, "name": name, "version": FORMAT, "value": values.get(name, "{}")}
                connection.execute(_WRITE, row)
    except IntegrityError:  # the account was deleted in this moment
        raise NotSignedIn from None


def values_of(preferences: Preferences) -> dict[str, str]:
    """The preferences as texts by the names of their rows."""
    values: dict[str, Any] = {_GENERAL: {"theme": preferences.theme, "start": preferences.start}}
    for name, each in preferences.lists.items():
        values[_LIST + name] = {
            "preset": each.preset, "conditions": each.conditions, "within": each.within,
            "sort": each.sort, "columns": each.columns, "layout": each.layout,
        }  # fmt: skip
    return {name: json.dumps(value) for name, value in values.items()}


def preferences_of(values: Mapping[str, object]) -> Preferences:
    """The preferences in such texts. Whatever they hold, what cannot be used is left out."""
    general = _object(values.get(_GENERAL))
    lists = {
        name.removeprefix(_LIST): _list_preference(_object(value))
        for name, value in values.items()
        if name.startswith(_LIST)
    }
    return Preferences(_word(general.get("theme")), _word(general.get("start")), lists)


def _list_preference(value: Mapping[str, object]) -> ListPreference:
    layout = _word(value.get("layout"))
    return ListPreference(
        preset=_word(value.get("preset")),
        conditions=_text(value.get("conditions")),
        within=_text(value.get("within")),
        sort=_sort(value.get("sort")),
        columns=_words(value.get("columns")),
        layout=layout if layout in LAYOUTS else "",
    )


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE:
        return {}
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _word(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST_WORD and value.isprintable() else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) and value.isprintable() else ""


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_COLUMNS:
        return ()
    return tuple(dict.fromkeys(filter(None, map(_word, value))))


def _sort(value: object) -> tuple[str, bool] | None:
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], bool):
        return None
    sort = _word(value[0])
    return (sort, value[1]) if sort or value[0] == "" else None
