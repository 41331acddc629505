"""The reminders of tasks, and what is due: for a notice in the application, and for cron."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select

from models.activity_tables import Task
from models.column_types import UtcDateTime
from models.read_models import TaskRead
from models.tables import table_of
from services.actor import Actor
from services.crm import Crm
from services.lists import engine
from services.lists.query import Filter, ListQuery
from services.lists.spec import NOW, QueryContext, fetch
from services.session_rows import ACTOR
from services.tasks import LISTING
from services.unit_of_work import ReadContext, reading

MOST: Final = 100
"""The maximum number of tasks of one answer, of each sort."""
_EVER: Final = datetime(1900, 1, 1, tzinfo=UTC)

_task = table_of(Task).c
_REMINDED = (
    _task.assignee_id == ACTOR, _task.deleted_at.is_(None), _task.done_at.is_(None),
    _task.remind_at.is_not(None),
)  # fmt: skip
_PAST: Final[Select[*tuple[Any, ...]]] = (
    LISTING.select.where(
        *_REMINDED, _task.remind_at > bindparam("since", type_=UtcDateTime), _task.remind_at <= NOW
    )
    .order_by(_task.remind_at, _task.id)
    .limit(MOST)
)
_NEXT: Final = select(func.min(_task.remind_at)).where(*_REMINDED, _task.remind_at > NOW)


@dataclass(frozen=True)
class Reminders:
    """The open tasks of a person whose reminders have come, oldest first, at the moment ``now``.

    ``next_at`` is the moment of the next reminder, if there is one. Moments are in UTC, by the clock of the
    database.
    """

    tasks: Sequence[TaskRead]
    next_at: datetime | None
    now: datetime


def look_for_reminders(crm: Crm, actor: Actor) -> Reminders:
    """The reminders of the actor that have come, and the moment of the next. Raises :class:`NotSignedIn`."""
    with reading(crm, actor) as work:
        values = {"actor_id": work.actor.id, "now": work.now}
        next_at = work.connection.execute(_NEXT, values).scalar()
        return Reminders(_past(work, _EVER), next_at, work.now)


def what_is_due(crm: Crm, actor: Actor, since: datetime | None = None) -> list[TaskRead]:
    """The actor's open tasks that are overdue, due today, or whose reminder has come, in the order of due.

    With ``since`` only those whose reminder came after that moment. Raises :class:`NotSignedIn`.
    """
    with reading(crm, actor) as work:
        found = _past(work, since or _EVER)
        if since is None:
            found = [*found, *_due(work, Filter.OVERDUE), *_due(work, Filter.TODAY)]
    return sorted({task.id: task for task in found}.values(), key=_place)


def _past(work: ReadContext, since: datetime) -> list[TaskRead]:
    values = {"actor_id": work.actor.id, "now": work.now, "since": since}
    return fetch(LISTING, work.connection, _PAST, values)


def _due(work: ReadContext, which: Filter) -> list[TaskRead]:
    query = ListQuery(frozenset({Filter.MINE, Filter.OPEN, which}), sort="due")
    asking = QueryContext.by(work.actor, work.now)
    return engine.window(LISTING, work.connection, asking, query, limit=MOST)


def _place(task: TaskRead) -> tuple[bool, Any, bool, Any, int]:
    is_timed = task.due_at is not None
    return task.due_on is None, task.due_on or _EVER.date(), not is_timed, task.due_at or _EVER, task.id
