"""A section: a list beside the record under its cursor, and the keys that act on them."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from models.enums import Department, RecordKind
from services.errors import CrmError
from services.i18n import N_, _
from tui.places import Origin
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.base.list_controller import ListController, QueryState
from tui.screens.base.section_actions import GeneralActions, PaperActions, RecordActions
from tui.screens.base.section_copying import CopyActions
from tui.screens.base.section_detail import DetailController, KeyRefusals
from tui.screens.base.section_memory import SectionMemory
from tui.screens.base.section_panes import SectionPanes
from tui.screens.base.section_spec import SECTION_BINDINGS, Copied, KeyRule, SectionServices, record_id
from tui.screens.base.status_banners import ChangePoller, StatusBanners
from tui.screens.base_screen import BaseScreen
from tui.sections import tabs_for
from tui.widgets.alert_banner import AlertBanner
from tui.widgets.banner import Banner
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import LinkGroup
from tui.widgets.detail.pane import DetailPane
from tui.widgets.footer import KeyBar
from tui.widgets.form.text_input import SearchLine, TextInput
from tui.widgets.header_bar import HeaderBar
from tui.widgets.painting import ListPane, Unchanged, UnchangedHorizontal, UnchangedVertical
from tui.widgets.record_table.columns import Column
from tui.widgets.record_table.data_source import Row
from tui.widgets.record_table.table import RecordTable
from tui.widgets.reminder_banner import ReminderBanner

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm
    from tui.screens.base.form import RecordForm


def on_records(action: Callable[[Any], None]) -> Callable[["SectionScreen[Any]"], None]:
    """A key that acts on records."""
    return _ruled("actions", action)


def on_list(action: Callable[[ListController[Any]], None]) -> Callable[["SectionScreen[Any]"], None]:
    """A key that acts on the list."""
    return _ruled("records", action)


def general(action: Callable[[GeneralActions], None]) -> Callable[["SectionScreen[Any]"], None]:
    """A key that acts on neither."""
    return _ruled("general", action)


def _ruled(owner: str, action: Callable[[Any], None]) -> Callable[["SectionScreen[Any]"], None]:
    """Run a method of an object of the screen by its name, as its class has it; say why if it is refused."""
    name = action.__name__

    @wraps(action)
    def asked_first(screen: "SectionScreen[Any]") -> None:
        reason = screen.refusal_for(name)
        if reason is None:
            getattr(getattr(screen, owner), name)()
        else:
            the_app(screen).refuse(reason)

    return asked_first


class SectionScreen(BaseScreen[None], Unchanged, Generic[Row]):
    """The layout and the keys of a section. Fill the class variables and the hooks; see ``ClientsScreen``.

    Each part of the work has an object of its own: ``records`` the list, ``detail`` the record under the
    cursor, ``refusals`` the keys that are possible, ``actions``, ``copying`` and ``general`` their effect,
    ``memory`` and ``panes`` how the person left it, ``poller`` the changes by other people, ``banners`` the
    lines above.
    """

    CSS_PATH = path_beside(__file__)
    AUTO_FOCUS = "RecordTable"
    BINDING_GROUP_TITLE = N_("This section")
    BINDINGS: ClassVar[list[BindingType]] = SECTION_BINDINGS

    NAME: ClassVar[str]
    """The section's name in ``tui.sections``."""
    TITLE_TEXT: ClassVar[str]
    """The name of the records, translatable."""
    KIND: ClassVar[RecordKind | None] = None
    COLUMNS: ClassVar[tuple[Column[Any], ...]]
    SERVICES: ClassVar[SectionServices[Any]] = SectionServices()
    ACTIONS: ClassVar[type[RecordActions]] = RecordActions
    DEFAULT_SORT: ClassVar[tuple[str, bool]] = ("", True)
    """Field and whether descending."""
    HOME: ClassVar[Mapping[Department, str]] = {}
    """The filter with which the section starts in a department, by its key; otherwise all records."""
    PARENTS: ClassVar[frozenset[RecordKind]] = frozenset()
    """The kinds of parent to which the list service can narrow (``ListQuery.parent``)."""
    EMPTY: ClassVar[str] = N_("Nothing here yet.")
    """Shown when there is no record at all, translatable; names the next key."""
    RULES: ClassVar[Mapping[str, KeyRule]] = {}
    """The ruled keys that act in this section, by action."""
    LINKED_RULES: ClassVar[Mapping[str, KeyRule]] = {}
    """The rules for linked records, by the word that their group of links ``creates``."""
    COPIES: ClassVar[tuple[Copied[Any], ...]] = ()
    """The values that ``y`` copies and ``o`` opens, the main one first."""
    NOTE_FORM: ClassVar[type[Any] | None] = None
    """The form of a new note on a record; it is made with the record."""
    TASK_FORM: ClassVar[type[Any] | None] = None
    """The form of a new task on a record; it is made with the record."""
    RESTORED: ClassVar[str] = N_("{name} is back from the trash.")
    """The notice once ``r`` has brought ``{name}`` back, translatable."""

    table = getters.query_one("#records", RecordTable)
    list_pane = getters.query_one(ListPane)
    search_line = getters.query_one("#search", TextInput)
    pane = getters.query_one(DetailPane)

    # Hooks

    def title_of(self, record: Row) -> str:
        """The record's name for titles and questions; may hold user text."""
        raise NotImplementedError

    def facts(self, record: Row) -> list[Fact]:
        """The facts that the detail pane shows at once; called on the event loop."""
        raise NotImplementedError

    def links(self, crm: "Crm", actor: "Actor", record: Row) -> list[LinkGroup]:
        """The records linked to it; called in a thread."""
        return []

    def origin_of(self, record: Row) -> Origin:
        """The record as the place from which its links are opened."""
        assert self.KIND is not None, "a section of no kind says where its links come from"
        return Origin(self.KIND, record_id(record), self.title_of(record))

    def owner_id(self, record: Row) -> int | None:
        """The id of the collaborator who owns the record in the sense of the rights."""
        return None

    def obstacle(self, action: str, record: Row) -> str | None:
        """The state of the record that forbids an action, translated; rights are asked apart."""
        return None

    def form_for(self, action: str, record: Row | None) -> "RecordForm[Any] | None":
        """The form that a key opens; ``new contract`` is a new contract that is linked to the record."""
        return None

    # Layout

    def __init__(self) -> None:
        super().__init__()
        state = QueryState(self.DEFAULT_SORT, self.PARENTS)
        self.records: ListController[Row] = ListController(self, state)
        keys = N_("{details}: details, {dismiss}: dismiss.")
        self.banners = StatusBanners(self, alert_keys=keys, retry=self.records.refresh)
        self.memory = SectionMemory(self, self.records)
        self.panes = SectionPanes(self, self.memory)
        self.copying = CopyActions(self)
        self.refusals = KeyRefusals(self, self.records, self.banners, self.copying)
        self.detail: DetailController[Row] = DetailController(self, self.refusals, self.banners)
        self.awaited = AwaitedAnswers(self)
        self.actions = self.ACTIONS(self, self.records, self.refusals)
        self.general = GeneralActions(self, self.records, self.banners, self.awaited)
        self.poller = ChangePoller(self, self.banners, refresh=self.records.refresh)

    def compose(self) -> ComposeResult:
        """Header, banner, list beside detail, keys."""
        viewer = the_app(self).viewer
        yield HeaderBar(tabs_for(self, viewer.department), self.NAME, viewer)
        yield Banner()
        yield AlertBanner()
        yield ReminderBanner()
        with UnchangedHorizontal(id="section-body"):
            with ListPane(id="list-pane", classes="pane"):
                with UnchangedHorizontal(id="search-line"):
                    yield Static("/", id="search-mark")
                    yield SearchLine(placeholder=_("search"), id="search")
                yield RecordTable(self.memory.shown, empty_text=self.records.empty_text, id="records")
            with UnchangedVertical(id="detail-pane", classes="pane"):
                yield DetailPane()
        yield KeyBar()

    def on_mount(self) -> None:
        """Load the list and start to look for changes."""
        self.watch(self.table, "position", self.records.show_position, init=False)
        self.watch(self.table, "cursor", self.detail.forget_links, init=False)
        # A message would come after the frame with the letter, and its rows in a second frame.
        self.watch(self.search_line, "value", self.records.follow_search, init=False)
        self.table.focus()
        self.panes.start()
        self.memory.start(then=self.records.open)
        self.banners.show_alert()
        self.banners.show_reminders()
        self.poller.start()

    def on_screen_resume(self) -> None:
        """Catch up with the changes made while another screen was shown."""
        if self.is_mounted and self.table.state.source is not None:
            self.poller.ask()
            self.banners.show_alert()
            self.banners.show_reminders()

    # Read by other parts

    @property
    def record(self) -> Row | None:
        """The record under the cursor."""
        return self.table.current_row if self.is_mounted else None

    @property
    def in_trash(self) -> bool:
        """Whether the list shows the trash, so that ``r`` rather than ``d`` acts."""
        return self.records.state.in_trash

    @property
    def holds_keys(self) -> bool:
        """While a change or a list is on its way, so that no key acts on the rows before it."""
        if not self.is_mounted or isinstance(self.focused, TextInput):
            return False
        return self.awaited.is_due or self.records.is_loading

    def is_at_home(self, action: str) -> bool:
        """Whether the key is shown here."""
        return self.refusals.is_at_home(action)

    def refusal_for(self, action: str) -> str | None:
        """Why the action is refused to the person, on the record chosen, now."""
        return self.refusals.reason(action)

    def database_lost(self, error: CrmError) -> None:
        """Say so until the database answers again."""
        self.banners.database_lost(error)

    # Keys

    action_new = on_records(RecordActions.new)
    action_edit = on_records(RecordActions.edit)
    action_payment = on_records(RecordActions.payment)
    action_cancel_payment = on_records(RecordActions.cancel_payment)
    action_sign = on_records(RecordActions.sign)
    action_assign = on_records(RecordActions.assign)
    action_chain = on_records(RecordActions.chain)
    action_paper = on_records(PaperActions.paper)
    action_note = on_records(RecordActions.note)
    action_task = on_records(RecordActions.task)
    action_trash = on_records(RecordActions.trash)
    action_restore = on_records(RecordActions.restore)
    action_undo = on_records(RecordActions.undo)
    action_redo = on_records(RecordActions.redo)
    action_search = on_list(ListController.search)
    action_filter = on_list(ListController.filter)
    action_sort = on_list(ListController.sort)
    action_go_to = on_list(ListController.go_to)
    action_back = general(GeneralActions.back)
    action_reload = general(GeneralActions.reload)
    action_telemetry = general(GeneralActions.telemetry)
    action_settings = general(GeneralActions.settings)
    action_read_reminder = general(GeneralActions.read_reminder)
    action_dismiss_alert = general(GeneralActions.dismiss_alert)
    action_columns = _ruled("memory", SectionMemory.columns)
    action_wider = _ruled("panes", SectionPanes.wider)
    action_copy = _ruled("copying", CopyActions.copy)
    action_open_outside = _ruled("copying", CopyActions.open_outside)
    action_preferences = general(GeneralActions.preferences)
    action_password = general(GeneralActions.password)
    action_sign_out = general(GeneralActions.sign_out)

    # Messages

    @on(Input.Submitted, "#search")
    def _search_submitted(self) -> None:
        self.records.accept_search()

    def on_record_table_header_clicked(self, message: RecordTable.HeaderClicked) -> None:
        """A click on a label sorts by its column."""
        self.records.sort_by(message.sort)

    def on_record_table_no_such_row(self) -> None:
        """Say that the typed position names no row."""
        the_app(self).refuse(_("This is neither a row number nor a percentage: type 512 or 50%."))

    @on(RecordTable.Loaded)
    def _loaded(self) -> None:
        self.banners.banner.clear()

    @on(RecordTable.LoadFailed)
    def _load_failed(self, message: RecordTable.LoadFailed) -> None:
        self.banners.trouble(message.error)

    @on(RecordTable.RowHighlighted)
    def _row_highlighted(self, message: RecordTable.RowHighlighted) -> None:
        self.detail.show(message.row)
        self.refresh_bindings()

    @on(RecordTable.RowChosen)
    def _row_chosen(self) -> None:
        self.panes.go_to_details()

    @on(DetailPane.LinkOpened)
    def _link_opened(self, message: DetailPane.LinkOpened) -> None:
        self.detail.open(message.link)
