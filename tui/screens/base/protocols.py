"""A section and a form as their parts know them: they import no screen, since the screen imports them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from textual.screen import Screen

from tui.widgets.record_table.data_source import Row

if TYPE_CHECKING:
    from models.enums import Department, RecordKind
    from services.actor import Actor
    from services.crm import Crm
    from tui.places import Origin
    from tui.screens.base.awaited_answers import AwaitedAnswers
    from tui.screens.base.section_spec import Copied, KeyRule, SectionServices
    from tui.widgets.detail.fact_list import Fact
    from tui.widgets.detail.link_list import LinkGroup
    from tui.widgets.detail.pane import DetailPane
    from tui.widgets.form.field_spec import FieldValue
    from tui.widgets.form.text_input import TextInput
    from tui.widgets.painting import ListPane
    from tui.widgets.record_table.columns import Column
    from tui.widgets.record_table.table import RecordTable


class ListMemory(Protocol):
    """What remembers how a list is left; see ``SectionMemory``."""

    def note(self) -> None: ...


class ListPanes(Protocol):
    """What shows the panes around a list; see ``SectionPanes``."""

    def follow(self, *, is_linked: bool) -> None: ...


class ListedSection(Protocol):
    """A section for its ``ListController``."""

    TITLE_TEXT: ClassVar[str]
    KIND: "ClassVar[RecordKind | None]"
    COLUMNS: "ClassVar[tuple[Column[Any], ...]]"
    SERVICES: "ClassVar[SectionServices[Any]]"
    EMPTY: ClassVar[str]

    @property
    def screen(self) -> Screen[Any]: ...
    @property
    def awaited(self) -> "AwaitedAnswers": ...
    @property
    def memory(self) -> "ListMemory": ...
    @property
    def panes(self) -> "ListPanes": ...
    @property
    def table(self) -> "RecordTable[Any]": ...
    @property
    def list_pane(self) -> "ListPane": ...
    @property
    def search_line(self) -> "TextInput": ...


class RememberedSection(Protocol):
    """A section for its ``SectionMemory``."""

    NAME: ClassVar[str]
    KIND: "ClassVar[RecordKind | None]"
    COLUMNS: "ClassVar[tuple[Column[Any], ...]]"
    DEFAULT_SORT: ClassVar[tuple[str, bool]]
    HOME: "ClassVar[Mapping[Department, str]]"

    @property
    def awaited(self) -> "AwaitedAnswers": ...
    @property
    def screen(self) -> Screen[Any]: ...
    @property
    def table(self) -> "RecordTable[Any]": ...


class PanedSection(Protocol):
    """A section for its ``SectionPanes``."""

    @property
    def screen(self) -> Screen[Any]: ...
    @property
    def table(self) -> "RecordTable[Any]": ...
    @property
    def pane(self) -> "DetailPane": ...


class RecordSection(Protocol[Row]):
    """A section for the parts that work on the record under its cursor."""

    @property
    def screen(self) -> Screen[Any]: ...
    @property
    def record(self) -> Row | None: ...

    def title_of(self, record: Row) -> str: ...


class ActiveSection(RecordSection[Row], Protocol[Row]):
    """A section for its ``RecordActions``."""

    KIND: "ClassVar[RecordKind | None]"
    SERVICES: "ClassVar[SectionServices[Any]]"
    NOTE_FORM: ClassVar[type[Any] | None]
    TASK_FORM: ClassVar[type[Any] | None]
    RESTORED: ClassVar[str]
    awaited: "AwaitedAnswers"

    def form_for(self, action: str, record: Row | None) -> Screen[Any] | None: ...


class CopiedSection(RecordSection[Row], Protocol[Row]):
    """A section for its ``CopyActions``."""

    COPIES: "ClassVar[tuple[Copied[Any], ...]]"


class DetailedSection(RecordSection[Row], Protocol[Row]):
    """A section for its ``DetailController``."""

    NAME: ClassVar[str]

    @property
    def pane(self) -> "DetailPane": ...

    def facts(self, record: Row) -> "list[Fact]": ...
    def links(self, crm: "Crm", actor: "Actor", record: Row) -> "list[LinkGroup]": ...
    def origin_of(self, record: Row) -> "Origin": ...


class RuledSection(RecordSection[Row], Protocol[Row]):
    """A section for its ``KeyRefusals``."""

    COLUMNS: "ClassVar[tuple[Column[Any], ...]]"
    RULES: "ClassVar[Mapping[str, KeyRule]]"
    LINKED_RULES: "ClassVar[Mapping[str, KeyRule]]"

    @property
    def in_trash(self) -> bool: ...
    @property
    def pane(self) -> "DetailPane": ...

    def owner_id(self, record: Row) -> int | None: ...
    def obstacle(self, action: str, record: Row) -> str | None: ...


class SavedForm(Protocol):
    """A form for its ``FormSaving``."""

    record: Any

    @property
    def screen(self) -> Screen[Any]: ...

    def values_of(self, record: Any) -> "Mapping[str, FieldValue]": ...
    def command(self, sent: dict[str, object]) -> Any: ...
    def send(self, command: Any) -> None: ...
    def call(self, command: Any, version: int | None) -> Any: ...
    def after_save(self, record: Any) -> None: ...
    def read_again(self, crm: "Crm", actor: "Actor") -> Any: ...
