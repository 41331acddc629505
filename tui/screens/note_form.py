"""The forms of a note: new on a record, or changed by its author."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from models.read_models import NoteRead
from models.write_models import NoteCreate, NoteUpdate
from services import notes
from services.i18n import N_, _
from services.labels import NOTE_KINDS
from services.record_fields import NOTE
from tui.screens.base.form import RecordForm, RecordUseCases
from tui.screens.record_references import title_of
from tui.widgets.form.field_spec import Choice, FieldSpec, FieldValue

_KIND, _AT, _TEXT = (FieldSpec.of(field) for field in NOTE)
_FIELDS = (
    replace(
        _KIND, required=True, choices=[Choice(kind.value, label) for kind, label in NOTE_KINDS.items()],
        help=N_("A call or mail is a contact with the client"),
    ),
    _AT,
    _TEXT,
)  # fmt: skip


class NoteForm(RecordForm[NoteRead]):
    """Changes a note, or writes one; the cursor starts in the text."""

    USE_CASES = RecordUseCases(notes.create_note, notes.update_note, notes.get_note, NoteCreate, NoteUpdate)

    def title_text(self) -> str:
        """The record that the note is on."""
        return _("Note on {name}").format(name=self.record.about if self.record is not None else "")

    def fields(self) -> Sequence[FieldSpec]:
        """Kind, time and text."""
        return _FIELDS

    def on_mount(self) -> None:
        """Start in the text, since most notes are of now."""
        super().on_mount()
        self.values.field("text").control.focus()


class _NewNoteForm(NoteForm):
    """Writes a note on a record; it is of now unless a time is typed.

    Each kind of record has a form of its own: a draft is found again by the name of its class.
    """

    LINK: ClassVar[str]
    """The field of the command that names the record."""

    def __init__(self, about: Any) -> None:
        super().__init__()
        self.about = about

    def title_text(self) -> str:
        """The record."""
        return _("Note on {name}").format(name=title_of(self.about))

    def fields(self) -> Sequence[FieldSpec]:
        """As of a written note; the time may stay empty."""
        kind, at, text = _FIELDS
        return kind, replace(at, help=N_("Now, unless a time is typed")), text

    def start_values(self) -> Mapping[str, FieldValue]:
        """A plain note."""
        return {"kind": "note"}

    def command(self, sent: dict[str, object]) -> Any:
        """The note with its record."""
        return super().command({**sent, self.LINK: self.about.id})


class ClientNoteForm(_NewNoteForm):
    """Writes a note on a client."""

    LINK = "client_id"


class ContractNoteForm(_NewNoteForm):
    """Writes a note on a contract."""

    LINK = "contract_id"


class EventNoteForm(_NewNoteForm):
    """Writes a note on an event."""

    LINK = "event_id"


class CollaboratorNoteForm(_NewNoteForm):
    """Writes a note on a collaborator."""

    LINK = "collaborator_id"
