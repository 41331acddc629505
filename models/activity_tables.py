"""The tables of notes and tasks, with the rules of :mod:`models.tables`."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Enum, Index, text
from sqlmodel import Field

from models.column_types import UtcDateTime
from models.enums import NoteKind
from models.list_indexes import REMINDED
from models.tables import Trashable, sorted_by


class Note(Trashable, table=True):
    """A note, a call or a mail, on exactly one client, contract, event or collaborator. ``at`` is in UTC.

    ``of_client_id`` is the client of the record that it is on. ``summary`` is the start of its text, on one
    line. ``moved_to`` is the day to which it has moved the last contact of that client, if it has;
    ``moved_from`` is the day before, ``date.min`` if there was none. See ``services.last_contact``.
    """

    __tablename__ = "note"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN client_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN contract_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN event_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN collaborator_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="on_one_record",
        ),
        CheckConstraint("length(text) > 0", name="text"),
        CheckConstraint("(moved_to IS NULL) = (moved_from IS NULL)", name="moved_whole"),
        Index("ix_note_client", "of_client_id", "at", "id"),
        Index("ix_note_contract", "contract_id", "at", "id"),
        Index("ix_note_event", "event_id", "at", "id"),
        Index("ix_note_collaborator", "collaborator_id", "at", "id"),
    )
    kind: NoteKind = Field(
        sa_type=Enum(NoteKind, native_enum=False, length=8, create_constraint=True, name="kind")
    )
    text: str
    at: datetime = Field(sa_type=UtcDateTime)
    author_id: int = Field(foreign_key="collaborator.id", index=True)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    contract_id: int | None = Field(default=None, foreign_key="contract.id")
    event_id: int | None = Field(default=None, foreign_key="event.id")
    collaborator_id: int | None = Field(default=None, foreign_key="collaborator.id")
    of_client_id: int | None = None
    summary: str = Field(default="")
    search: str = Field(default="")
    moved_from: date | None = None
    moved_to: date | None = None


class Task(Trashable, table=True):
    """Something that a person has to do, on at most one client, contract or event.

    It is due on a day, ``due_on``, or at a time of that day, ``due_time`` (``18:30``). Both are those of the
    clocks in the CRM's time zone, so that a day is no midnight anywhere. ``sort_due`` joins them: as text it
    is in the order of time, and a day without a time comes at its end. ``done_at`` and ``remind_at`` are in
    UTC.
    """

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN client_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN contract_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN event_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="on_one_record",
        ),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint(
            "due_time = '' OR (due_on IS NOT NULL AND length(due_time) = 5)", name="time_of_a_day"
        ),
        Index("ix_task_client", "of_client_id", "sort_due", "id"),
        Index("ix_task_contract", "contract_id", "sort_due", "id"),
        Index("ix_task_event", "event_id", "sort_due", "id"),
        Index(
            "ix_task_reminder", "assignee_id", "remind_at", "id",
            sqlite_where=text(REMINDED), postgresql_where=text(REMINDED),
        ),
    )  # fmt: skip
    title: str = Field(max_length=200)
    due_on: date | None = None
    due_time: str = Field(default="", max_length=5)
    assignee_id: int = Field(foreign_key="collaborator.id", index=True)
    creator_id: int = Field(foreign_key="collaborator.id", index=True)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    contract_id: int | None = Field(default=None, foreign_key="contract.id")
    event_id: int | None = Field(default=None, foreign_key="event.id")
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    of_client_id: int | None = None
    sort_title: str = sorted_by()
    sort_due: str = sorted_by()
    search: str = Field(default="")
