"""The tasks of the sample data: for each of the staff some that are due, some that are done."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Final

from models.activity_tables import Task
from models.enums import Operation
from models.tables import Client, Collaborator, Event, Record
from services.demo.dates import Diary
from services.demo.history import PENDING, History
from services.demo.staff import Team
from services.rights import Action

# Days from today, the time of the day, and whether a client or an event is concerned.
_SALES: Final = (
    ("Call back about the budget", -1, "", "client_id"),
    ("Send the three menus", 0, "16:00", "client_id"),
    ("Ask for the signed copy", 3, "", "client_id"),
    ("Rappeler pour le choix de la salle", 9, "10:30", "client_id"),
    ("Update the price list", None, "", ""),
)
_SUPPORT: Final = (
    ("Confirm the caterer", -2, "", "event_id"),
    ("Plan de salle à envoyer", 0, "", "event_id"),
    ("Fetch the keys at the town hall", 2, "09:00", "event_id"),
    ("Check the extension leads", None, "", ""),
)
_GESTION: Final = (
    ("Remind of the overdue amounts", -3, "", "client_id"),
    ("Plan the load of next month", 0, "17:30", ""),
    ("Relire les conditions générales", 12, "", ""),
)
_DONE: Final = "Order the badges"
_TRASHED: Final = "Buy a bigger car"


def record_tasks(history: History, diary: Diary, team: Team) -> None:
    """Add the tasks to a history that holds everything else, so that its random numbers stay the same."""
    clients, events = cycle(_created(history, Client)), cycle(_created(history, Event))
    records = {"client_id": clients, "event_id": events}
    staff = [(team.admin, _GESTION), *((each, _SALES) for each in team.sales)]
    for person, texts in [*staff, *((each, _SUPPORT) for each in team.support)]:
        for title, days, time, link in texts:
            links = {link: next(records[link])} if link else {}
            due = None if days is None else diary.day(days)
            _record(history, diary, person, title, due, time, **links)
        _finish(history, diary, person)
    wrong = _record(history, diary, team.admin, _TRASHED, None, "")
    history.trash(team.admin, _morning(diary, -4), Action.TASK_TRASH, wrong)


def _created(history: History, model: type[Record]) -> Iterator[Record]:
    steps = sorted(history.steps, key=lambda step: step.at, reverse=True)
    trashed = {id(step.record) for step in steps if step.operation is Operation.TRASHED}
    created = (step.record for step in steps if step.operation is Operation.CREATED)
    yield from (each for each in created if isinstance(each, model) and id(each) not in trashed)


def _morning(diary: Diary, days: int) -> datetime:
    return diary.at(diary.day(days), 9)


def _record(
    history: History, diary: Diary, person: Collaborator, title: str, due: date | None, time: str,
    **links: Record,
) -> Task:  # fmt: skip
    task = Task(title=title, due_on=due, due_time=time, assignee_id=PENDING, creator_id=PENDING)
    people: dict[str, Record] = {"assignee_id": person, "creator_id": person}
    history.create(person, _morning(diary, -5), Action.TASK_CREATE, task, "", **people, **links)
    return task


def _finish(history: History, diary: Diary, person: Collaborator) -> None:
    done = _record(history, diary, person, _DONE, diary.day(-2), "")
    at = _morning(diary, -3) + timedelta(hours=2)
    history.change(person, at, Action.TASK_DONE, done, done_at=at)
