"""The figures of Today counted from all rows in Python, without a figure or a copy that is kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import SQLModel

from models.enums import Department, LoginOutcome
from services.actor import Actor
from services.crm import Crm
from services.today import Block, Today

Row = Mapping[str, Any]
Line = tuple[Any, ...]
"""The key and the name of a figure, or the id of an event; its number, amount and points."""

DAY = timedelta(days=1)


def rows_of(crm: Crm) -> Mapping[str, list[Row]]:
    """The rows of the tables that hold records."""
    names = ("client", "contract", "event", "payment", "task", "collaborator", "login_attempt")
    with crm.database.read() as connection:
        return {
            name: [dict(row._mapping) for row in connection.execute(select(SQLModel.metadata.tables[name]))]
            for name in names
        }


def as_lines(today: Today) -> Mapping[str, list[Line]]:
    """The figures that were read, by block."""
    return {block.key: _lines_of(block) for block in today.blocks}


def _lines_of(block: Block) -> list[Line]:
    return [
        ("event", figure.event.id) if figure.event is not None
        else (figure.key, figure.name, figure.number, figure.amount or Decimal(0), [
            (point.first, point.number, point.amount or Decimal(0)) for point in figure.points
        ])
        for figure in block.figures
    ]  # fmt: skip


class Reference:
    """The figures of an actor at a moment; ``zone`` is that of the CRM."""

    def __init__(self, rows: Mapping[str, list[Row]], actor: Actor, now: datetime, zone: str) -> None:
        self._actor = actor
        self._now = now
        self._zone = ZoneInfo(zone)
        self._today = now.astimezone(self._zone).date()
        self._people = rows["collaborator"]
        self._attempts = rows["login_attempt"]
        self._tasks = rows["task"]
        clients = {row["id"]: row for row in rows["client"]}
        self._clients = [row for row in rows["client"] if row["deleted_at"] is None]
        self._sellers = {row["id"]: clients[row["client_id"]]["sales_contact_id"] for row in rows["contract"]}
        self._phones = {row["id"]: clients[row["client_id"]]["phone"] for row in rows["contract"]}
        self._events = [row for row in rows["event"] if row["deleted_at"] is None]
        self._payments = [
            row for row in rows["payment"] if row["deleted_at"] is None and row["cancelled_at"] is None
        ]
        self._contracts = [row for row in rows["contract"] if row["deleted_at"] is None]

    def lines(self) -> Mapping[str, list[Line]]:
        """The figures by block."""
        builders: Mapping[Department, Sequence[tuple[str, Callable[[], list[Line]]]]] = {
            Department.COMMERCIAL: [
                ("to_do", self._to_do_of_commercial), ("unsigned", self._unsigned),
                ("due", lambda: self._due(self._actor.id)), ("months", self._months),
            ],
            Department.SUPPORT: [
                ("to_do", self._to_do_of_support), ("week", self._week), ("lacking", self._lacking),
            ],
            Department.GESTION: [
                ("to_do", self._to_do_of_gestion), ("next_without_support", self._next),
                ("due", lambda: self._due(None)), ("loads", self._loads),
            ],
        }  # fmt: skip
        return {name: build() for name, build in builders[self._actor.department]}

    def _ago(self, days: int) -> datetime:
        return self._now - timedelta(days=days)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, clock_time(), self._zone).astimezone(UTC)

    def _tasks_lines(self) -> list[Line]:
        local = self._now.astimezone(self._zone)
        mine = [
            task for task in self._tasks
            if task["assignee_id"] == self._actor.id and task["deleted_at"] is None
            and task["done_at"] is None and task["due_on"] is not None
        ]  # fmt: skip
        late = [task for task in mine if _is_late(task, local)]
        today = [task for task in mine if task["due_on"] == local.date()]
        return [_line("tasks_overdue", len(late)), _line("tasks_today", len(today))]

    def _to_do_of_commercial(self) -> list[Line]:
        since = self._now.astimezone().date() - timedelta(days=30)
        mine = [each for each in self._clients if each["sales_contact_id"] == self._actor.id]
        calls = [each for each in mine if (each["last_contact_date"] or date.min) < since]
        bare = [each for each in self._sold(self._actor.id) if each["support_contact_id"] is None]
        counted = [_line("clients_to_call", len(calls)), _line("events_without_support", len(bare))]
        return [*counted, *self._tasks_lines()]

    def _to_do_of_support(self) -> list[Line]:
        late = [each for each in self._run() if each["notes"] == "" and each["ends_at"] < self._now]
        return [*self._tasks_lines(), _line("past_without_notes", len(late))]

    def _to_do_of_gestion(self) -> list[Line]:
        bare = [each for each in self._events if each["support_contact_id"] is None]
        old = [
            each
            for each in self._contracts
            if each["signed_on"] is None and each["created_at"] < self._ago(14)
        ]
        refused = [each["at"] for each in self._attempts if each["outcome"] is not LoginOutcome.ACCEPTED]
        days = [self._today - DAY * back for back in range(6, -1, -1)]
        points = [
            (day, sum(self._midnight(day) <= at < self._midnight(day + DAY) for at in refused), Decimal(0))
            for day in days
        ]
        number = sum(point[1] for point in points)
        return [
            _line("events_without_support", len(bare)), _line("unsigned_over_14", len(old)),
            *self._tasks_lines(), _line("refused_sign_ins", number, points=points),
        ]  # fmt: skip

    def _sold(self, seller: int) -> list[Row]:
        return [each for each in self._events if self._sellers[each["contract_id"]] == seller]

    def _run(self) -> list[Row]:
        return [each for each in self._events if each["support_contact_id"] == self._actor.id]

    def _unsigned(self) -> list[Line]:
        mine = [
            (each["created_at"], each["total_amount"]) for each in self._contracts
            if each["signed_on"] is None and self._sellers[each["id"]] == self._actor.id
        ]  # fmt: skip
        names = ("unsigned_over_60", "unsigned_31_to_60", "unsigned_15_to_30", "unsigned_up_to_14")
        return _by_ages(names, mine, [self._ago(days) for days in (60, 30, 14)])

    def _due(self, seller: int | None) -> list[Line]:
        ends: dict[int, datetime] = {}
        for event in self._events:
            known = ends.get(event["contract_id"], event["ends_at"])
            ends[event["contract_id"]] = min(known, event["ends_at"])
        never = datetime.max.replace(tzinfo=UTC)
        found = [
            (ends.get(each["id"], never), each["total_amount"] - each["amount_paid"])
            for each in self._contracts
            if seller in (None, self._sellers[each["id"]]) and each["total_amount"] > each["amount_paid"]
        ]
        names = ("due_over_90", "due_31_to_90", "due_up_to_30", "due_later")
        return _by_ages(names, found, [self._ago(days) for days in (90, 30, 0)])

    def _months(self) -> list[Line]:
        me, firsts = self._actor.id, [_months_before(self._today, back) for back in range(12, -1, -1)]
        signed = [
            (each["signed_on"], each["total_amount"]) for each in self._contracts
            if each["signed_on"] is not None and self._sellers[each["id"]] == me
        ]  # fmt: skip
        paid = [
            (each["received_on"], each["amount"])
            for each in self._payments
            if self._sellers[each["contract_id"]] == me
        ]
        held = [(each["starts_at"].astimezone(self._zone).date(), Decimal(0)) for each in self._sold(me)]
        lines = []
        for key, dated in (("signed", signed), ("paid", paid), ("events", held)):
            points = [_month_of(first, dated) for first in firsts]
            lines.append(_line(key, points[-1][1], points[-1][2], points))
        return lines

    def _week(self) -> list[Line]:
        soon = self._now + timedelta(days=7)
        mine = [each for each in self._run() if each["ends_at"] >= self._now and each["starts_at"] <= soon]
        mine.sort(key=lambda each: (each["starts_at"], each["id"]))
        days = [self._today + DAY * on for on in range(7)]
        starts = [max(each["starts_at"].astimezone(self._zone).date(), self._today) for each in mine]
        points = [(day, starts.count(day), Decimal(0)) for day in days]
        return [_line("events_of_week", len(mine), points=points), *(("event", each["id"]) for each in mine)]

    def _lacking(self) -> list[Line]:
        until = self._now + timedelta(days=28)
        mine = [each for each in self._run() if self._now <= each["starts_at"] < until]
        return [
            _line("without_address", sum(each["location"] == "" for each in mine)),
            _line("without_phone", sum(self._phones[each["contract_id"]] == "" for each in mine)),
            _line("without_notes", sum(each["notes"] == "" for each in mine)),
        ]

    def _next(self) -> list[Line]:
        bare = [
            each for each in self._events
            if each["support_contact_id"] is None and each["starts_at"] >= self._now
        ]  # fmt: skip
        bare.sort(key=lambda each: (each["starts_at"], each["id"]))
        return [("event", each["id"]) for each in bare[:5]]

    def _loads(self) -> list[Line]:
        monday = self._today - DAY * self._today.weekday()
        weeks = [monday + DAY * 7 * on for on in range(8)]
        active = [
            each for each in self._people if each["active"] and each["department"] is Department.SUPPORT
        ]
        lines = []
        for person in sorted(active, key=lambda each: (each["sort_name"], each["id"])):
            days = [
                each["starts_at"].astimezone(self._zone).date()
                for each in self._events
                if each["support_contact_id"] == person["id"]
            ]
            numbers = [sum(week <= day < week + DAY * 7 for day in days) for week in weeks]
            points = [(week, number, Decimal(0)) for week, number in zip(weeks, numbers, strict=True)]
            name = f"{person['first_name']} {person['last_name']}"
            lines.append(("load", name, sum(numbers), Decimal(0), points))
        return sorted(lines, key=lambda line: -line[2])[:30]


def _line(key: str, number: int, amount: Decimal = Decimal(0), points: Sequence[Any] = ()) -> Line:
    return key, "", number, amount, list(points)


def _is_late(task: Row, local: datetime) -> bool:
    if not task["due_time"]:
        return bool(task["due_on"] < local.date())
    return bool((task["due_on"], task["due_time"]) <= (local.date(), f"{local:%H:%M}"))


def _by_ages(
    names: Sequence[str], found: Sequence[tuple[datetime, Decimal]], edges: Sequence[datetime]
) -> list[Line]:
    lines = []
    for place, name in enumerate(names):
        within = [
            amount for moment, amount in found
            if (place == 0 or moment >= edges[place - 1]) and (place == len(edges) or moment < edges[place])
        ]  # fmt: skip
        lines.append(_line(name, len(within), sum(within, Decimal(0))))
    return lines


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _month_of(first: date, dated: Sequence[tuple[date, Decimal]]) -> tuple[date, int, Decimal]:
    within = [amount for day, amount in dated if (day.year, day.month) == (first.year, first.month)]
    return first, len(within), sum(within, Decimal(0))
