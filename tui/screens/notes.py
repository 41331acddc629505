"""The notes on all records; only its author changes one."""

from typing import TYPE_CHECKING, Any, ClassVar

from models.enums import RecordKind
from models.read_models import NoteRead
from services import formats, notes
from services.actor import Actor
from services.i18n import N_, _
from services.labels import NOTE_KINDS, kind_label
from services.rights import Action
from tui.screens.base.form import RecordForm
from tui.screens.base.section import SectionScreen
from tui.screens.base.section_spec import Copied, KeyRule, SectionServices
from tui.screens.note_form import NoteForm
from tui.screens.record_columns import created_column, updated_column
from tui.screens.record_references import link_to
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import LinkGroup
from tui.widgets.record_table.columns import Column

if TYPE_CHECKING:
    from services.crm import Crm


class NotesScreen(SectionScreen[NoteRead]):
    """Every note that the person may read, the newest first; they are written on their records."""

    NAME = "notes"
    TITLE_TEXT = N_("Notes")
    KIND = RecordKind.NOTE
    EMPTY = N_("There is no note yet. {note} writes one on a client, a contract or an event.")
    DEFAULT_SORT = ("at", True)
    PARENTS = frozenset({
        RecordKind.CLIENT, RecordKind.CONTRACT, RecordKind.EVENT, RecordKind.COLLABORATOR,
    })  # fmt: skip
    COLUMNS = (
        Column[Any](
            "at", N_("When"), lambda row: formats.show_date(row.at.astimezone().date()),
            width=10, sort="at",
        ),
        Column[Any]("kind", N_("Kind"), lambda row: _(NOTE_KINDS[row.kind]), width=6, rank=2),
        Column[Any]("about", N_("About"), width=10, weight=2, rank=1, cut="middle"),
        Column[Any]("summary", N_("Note"), width=12, weight=4),
        Column[Any]("author_name", N_("Author"), width=14, weight=1, rank=3),
        created_column(),
        updated_column(),
    )  # fmt: skip
    COPIES = (
        Copied[Any](N_("Text"), lambda row: row.text),
        Copied[Any](N_("About"), lambda row: row.about),
    )
    SERVICES: ClassVar[SectionServices[NoteRead]] = SectionServices(
        get=notes.get_note,
        trash=notes.trash_note,
        restore=notes.restore_note,
    )
    RULES: ClassVar = {
        "edit": KeyRule((Action.NOTE_UPDATE,)),
        "trash": KeyRule((Action.NOTE_TRASH,)),
        "restore": KeyRule((Action.NOTE_TRASH,)),
    }

    def title_of(self, record: NoteRead) -> str:
        """The start of its text."""
        return record.summary

    def owner_id(self, record: NoteRead) -> int:
        """The author."""
        return record.author_id

    def facts(self, record: NoteRead) -> list[Fact]:
        """All that is known of the note."""
        return [
            Fact(_("When"), formats.show_datetime(record.at)),
            Fact(_("Kind"), _(NOTE_KINDS[record.kind])),
            Fact(_("Author"), record.author_name),
            Fact(_("Text"), record.text),
            Fact(_("Updated"), formats.show_datetime(record.updated)),
            Fact(_("In the trash since"), formats.show_value(record.deleted), mark=True),
        ]

    def links(self, crm: "Crm", actor: Actor, record: NoteRead) -> list[LinkGroup]:
        """The record that the note is on."""
        kind, record_id = record.on
        return [LinkGroup(kind, kind_label(kind), [link_to(crm, actor, kind, record_id)])]

    def form_for(self, action: str, record: NoteRead | None) -> RecordForm[Any] | None:
        """The note."""
        return None if record is None else NoteForm(record)
