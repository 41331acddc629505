"""The notes of the sample data: calls and mails behind the contacts, remarks on contracts and events."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle
from typing import Final

from models.activity_tables import Note
from models.enums import NoteKind
from models.tables import Record
from services.demo.history import PENDING, History, Step
from services.rights import Action

_CONTACTS: Final = (
    (NoteKind.CALL, "Happy with the last evening; wants the same caterer, and a quieter hall."),
    (NoteKind.MAIL, "Envoyé trois propositions de salles. Réponse attendue avant la fin du mois."),
    (NoteKind.CALL, "Rappeler après les congés : le comité décide du budget à la rentrée."),
    (NoteKind.MAIL, "Asked for the floor plan and for two more dates in spring."),
    (NoteKind.CALL, "New assistant: Mme Ferrand, direct line below the old number.\nPrefers mornings."),
)
_SIGNED: Final = (
    (NoteKind.NOTE, "Signed copy received by post and filed."),
    (NoteKind.NOTE, "Signature sur place ; un exemplaire remis au client."),
    (NoteKind.NOTE, "The accountant asks for one invoice per quarter."),
)
_PREPARED: Final = (
    (NoteKind.NOTE, "Walked through the hall with the caretaker: power for the band is on the left."),
    (NoteKind.NOTE, "Le fleuriste passe la veille, entre 16 h et 18 h."),
    (NoteKind.NOTE, "Keys: at the town hall until noon, then with the caretaker."),
)
_ASSIGNED: Final = (
    (NoteKind.NOTE, "Second choice, since the first was booked that day. Tell them about the keys."),
    (NoteKind.NOTE, "Knows the place: same hall as in spring."),
)
_EACH: Final = 20
"""The number of contacts, signatures, assignments and preparations with a note: the latest."""


def record_notes(history: History) -> None:
    """Add the notes to a history that holds everything else, so that its random numbers stay the same."""
    for action, field, texts, link in (
        (Action.CLIENT_UPDATE, "last_contact_date", _CONTACTS, "client_id"),
        (Action.CONTRACT_SIGN, "signed_on", _SIGNED, "contract_id"),
        (Action.EVENT_ASSIGN, "support_contact_id", _ASSIGNED, "event_id"),
        (Action.EVENT_UPDATE, "notes", _PREPARED, "event_id"),
    ):
        latest = _latest(history, action, field)
        for step, (kind, text) in zip(latest, cycle(texts), strict=False):
            _record(history, step, kind, text, link)
    _trash_one(history, latest[-1])


def _latest(history: History, action: Action, field: str) -> Sequence[Step]:
    found = [step for step in history.steps if step.action is action and field in step.values]
    return sorted(found, key=lambda step: step.at)[-_EACH:]


def _trash_one(history: History, step: Step) -> None:
    note = _record(history, step, NoteKind.NOTE, "For another event, sorry.", "event_id")
    history.trash(step.actor, step.at + timedelta(minutes=3), Action.NOTE_TRASH, note)


def _record(history: History, step: Step, kind: NoteKind, text: str, link: str) -> Note:
    note = Note(kind=kind, text=text, at=step.at.replace(second=0, microsecond=0), author_id=PENDING)
    at = step.at + timedelta(minutes=1)
    links: dict[str, Record] = {"author_id": step.actor, link: step.record}
    history.create(step.actor, at, Action.NOTE_CREATE, note, "", **links)
    return note
