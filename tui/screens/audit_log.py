"""The audit journal, for Gestion: every write with its author, and the old and new value of each field."""

from typing import TYPE_CHECKING, Any

from models.enums import Operation, RecordKind
from models.read_models import JournalEntry
from services import formats
from services.actor import Actor
from services.audit_log import changes_of, names_in
from services.i18n import N_, _
from services.labels import OPERATIONS, action_label, field_label, record_title
from services.record_names import Names
from services.time_zones import zone_width
from tui.places import Origin
from tui.screens.base.section import SectionScreen
from tui.screens.base.section_spec import Copied
from tui.sections import has_section
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import Link, LinkGroup
from tui.widgets.record_table.columns import Column

if TYPE_CHECKING:
    from services.crm import Crm


class JournalScreen(SectionScreen[JournalEntry]):
    """Every write of everyone, newest first; nothing is changed here."""

    NAME = "journal"
    TITLE_TEXT = N_("Journal")
    EMPTY = N_("Nothing has been written yet.")
    PARENTS = frozenset(RecordKind)
    COLUMNS = (
        Column[Any](
            "at", N_("Date"), lambda row: formats.list_datetime(row.at), width=16, rank=3, extra=zone_width
        ),
        Column[Any](
            "actor", N_("Author"), lambda row: row.actor_name or row.actor, width=8, weight=1, rank=1
        ),
        Column[Any](
            "operation", N_("Change"), lambda row: _(OPERATIONS[row.operation]), width=8, weight=1, rank=2
        ),
        Column[Any]("record", N_("Record"), lambda row: _record(row), width=16, weight=3, cut="middle"),
        Column[Any](
            "fields", N_("Fields"), lambda row: ", ".join(field_label(name) for name in row.changes),
            width=20, weight=3, rank=4,
        ),
        Column[Any]("username", N_("Username"), lambda row: row.actor, width=12, is_optional=True),
        Column[Any](
            "action", N_("Action"), lambda row: action_label(row.kind, row.action, row.operation),
            width=16, weight=1, is_optional=True,
        ),
    )  # fmt: skip
    COPIES = (
        Copied[Any](N_("Record"), lambda row: row.record_name),
        Copied[Any](N_("Author"), lambda row: row.actor_name or row.actor),
    )

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[int, Names] = {}

    def title_of(self, record: JournalEntry) -> str:
        """The record written."""
        return _record(record)

    def facts(self, record: JournalEntry) -> list[Fact]:
        """Who, when, why, and each field from old to new."""
        changes = [Fact(*change) for change in changes_of(record, self._names.get(record.id, {}))]
        return [
            Fact(_("Date"), formats.show_datetime(record.at)),
            Fact(_("Author"), _actor(record)),
            Fact(_("Action"), action_label(record.kind, record.action, record.operation)),
            Fact(_("Record"), f"{_record(record)} {_(OPERATIONS[record.operation])}"),
            *changes,
        ]

    def origin_of(self, record: JournalEntry) -> Origin:
        """The record itself, opened alone, from the journal."""
        return Origin(record.kind, record.record_id, _(self.TITLE_TEXT))

    def links(self, crm: "Crm", actor: Actor, record: JournalEntry) -> list[LinkGroup]:
        """The record, if its kind has a section and it was not deleted by this write."""
        self._names = {record.id: names_in(crm, actor, [record])}
        if not has_section(record.kind) or record.operation is Operation.DELETED:
            return []
        return [LinkGroup("record", _("Record"), [Link(record.kind, record.record_id, _record(record))])]


def _record(entry: JournalEntry) -> str:
    return record_title(entry.kind, entry.record_id, entry.record_name)


def _actor(entry: JournalEntry) -> str:
    return f"{entry.actor_name} ({entry.actor})" if entry.actor_name else entry.actor
