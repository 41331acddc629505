"""The day of the last contact with a client, which follows from the calls and mails that are noted.

A call or a mail moves the day forward, never back, and never before the first contact. If it is taken back
(undone, trashed, or changed to something else), the day is again that before it, unless another call or
change has moved it since. Then the later one remembers the day before both. The version of the client stays,
so that an open form of it is in no conflict.
"""

from datetime import date
from typing import Final

from sqlalchemy import update

from models.activity_tables import Note
from models.enums import NoteKind
from models.tables import Client, table_of
from services.unit_of_work import UnitOfWork

CONTACTS: Final = frozenset({NoteKind.CALL, NoteKind.MAIL})
"""The kinds of notes that are contacts with the client."""

_note: Final = table_of(Note).c


def follow(work: UnitOfWork, note: Note) -> None:
    """Move the last contact of the client that a note is of, or move it back. Locks the client."""
    if note.of_client_id is None:
        return
    day = _contact_day(work, note)
    if day == note.moved_to:
        return
    client = work.get_even_trashed(Client, note.of_client_id)
    last = _without(work, client, note)
    note.moved_from = note.moved_to = None
    if day is not None and _is_later(day, last, client.first_contact_date):
        note.moved_from, note.moved_to = last or date.min, day
        last = day
    work.move(client, {"last_contact_date": last})


def _contact_day(work: UnitOfWork, note: Note) -> date | None:
    is_contact = note.deleted_at is None and note.kind in CONTACTS
    return work.crm.day_of(note.at) if is_contact else None


def _is_later(day: date, last: date | None, first: date | None) -> bool:
    return day > (last or date.min) and day >= (first or date.min)


def _without(work: UnitOfWork, client: Client, note: Note) -> date | None:
    """The last contact as if the note did not count; a later note then remembers the day before both."""
    before = note.moved_from
    if before is None:
        return client.last_contact_date
    if client.last_contact_date != note.moved_to:
        followers = _note.of_client_id == client.id, _note.moved_from == note.moved_to
        work.connection.execute(update(Note).where(*followers).values(moved_from=before))
        return client.last_contact_date
    return None if before == date.min else max(before, client.first_contact_date or before)
