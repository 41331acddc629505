"""The layout of every section: a list beside the record under its cursor. The keys are in ``section``."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from models.enums import RecordKind
from services.errors import CrmError
from services.i18n import N_, _
from services.lists.query import Filter, ListQuery, Preset, presets_for
from tui.navigation import Origin, Place
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.runtime.workers import run_in_background, stop_in_background
from tui.screens.base.change_poller import ChangePoller
from tui.screens.base.screen import BaseScreen
from tui.screens.base.section_spec import OneRecord, SectionServices, ServiceSource, record_id
from tui.screens.base.status_banners import StatusBanners
from tui.sections import section_of, tabs_for
from tui.widgets.alert_banner import AlertBanner
from tui.widgets.banner import Banner
from tui.widgets.cached_containers import Unchanged, UnchangedHorizontal, UnchangedVertical
from tui.widgets.detail.fact_list import Fact
from tui.widgets.detail.link_list import LinkGroup
from tui.widgets.detail.pane import Detail, DetailPane
from tui.widgets.footer import KeyBar
from tui.widgets.form.text_input import SearchLine, TextInput
from tui.widgets.header_bar import HeaderBar
from tui.widgets.list_pane import ListPane
from tui.widgets.record_table.columns import Column
from tui.widgets.record_table.data_source import DataSource, Row
from tui.widgets.record_table.table import RecordTable

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm


class ListScreen(BaseScreen[None], Unchanged, Generic[Row]):
    """A list and a detail. Subclasses are mostly data: see the class variables and the hooks below."""

    CSS_PATH = path_beside(__file__)
    AUTO_FOCUS = "RecordTable"
    BINDING_GROUP_TITLE = N_("This section")

    NAME: ClassVar[str]
    """The section's name in ``tui.sections``."""
    TITLE_TEXT: ClassVar[str]
    """What the list holds, translatable."""
    KIND: ClassVar[RecordKind | None] = None
    COLUMNS: ClassVar[tuple[Column[Any], ...]]
    SERVICES: ClassVar[SectionServices[Any]] = SectionServices()
    DEFAULT_SORT: ClassVar[tuple[str, bool]] = ("", True)
    """Field and whether descending."""
    PARENTS: ClassVar[frozenset[RecordKind]] = frozenset()
    """The kinds by whose records the list service can narrow (``ListQuery.parent``)."""
    EMPTY: ClassVar[str] = N_("Nothing here yet.")
    """Shown when there is no record at all, translatable; names the next key."""

    # Hooks

    def title_of(self, record: Row) -> str:
        """The record's name for titles and questions; may hold what people typed."""
        raise NotImplementedError

    def facts(self, record: Row) -> list[Fact]:
        """What the detail pane shows of the record at once, on the event loop."""
        raise NotImplementedError

    def links(self, crm: "Crm", actor: "Actor", record: Row) -> list[LinkGroup]:
        """The records linked to it; called in a thread."""
        return []

    def origin_of(self, record: Row) -> Origin:
        """The record as the place from which its links are opened."""
        assert self.KIND is not None, "a section of no kind says where its links come from"
        return Origin(self.KIND, record_id(record), self.title_of(record))

    # Layout

    def __init__(self) -> None:
        super().__init__()
        self.banners = StatusBanners(self, alert_keys=N_("6: details, x: dismiss."), retry=self.refresh_all)
        self.poller = ChangePoller(self, self.banners, refresh=self.refresh_all)
        sort, descending = self.DEFAULT_SORT
        self.query_shown = ListQuery(sort=sort, descending=descending)
        self.order_before: tuple[str, bool] | None = None
        """The order to which one comes back from a search, while what it finds comes as it is found."""
        self.preset_key = "all"
        self.origin: Origin | None = None
        self._keep: int | None = None
        self._detail_of: int | None = None

    def compose(self) -> ComposeResult:
        """Header, banner, list beside detail, keys."""
        viewer = the_app(self).viewer
        yield HeaderBar(tabs_for(viewer.department), self.NAME, viewer)
        yield Banner()
        yield AlertBanner()
        with UnchangedHorizontal(id="section-body"):
            with ListPane(id="list-pane", classes="pane"):
                with UnchangedHorizontal(id="search-line"):
                    yield Static("/", id="search-mark")
                    yield SearchLine(placeholder=_("search"), id="search")
                yield RecordTable(self.COLUMNS, id="records")
            with UnchangedVertical(id="detail-pane", classes="pane"):
                yield DetailPane()
        yield KeyBar()

    def on_mount(self) -> None:
        """Load the list and start to look for changes."""
        self.watch(self.table, "position", self._show_position, init=False)
        self.watch(self.table, "cursor", self._forget_links, init=False)
        # A message would come behind the frame with the letter, and what it finds in one of its own.
        self.watch(self.query_one("#search"), "value", self._search, init=False)
        self.table.focus()
        self.reload()
        self.banners.show_alert()
        self.poller.start()

    @property
    def table(self) -> RecordTable[Row]:
        """The list."""
        return self.query_one("#records", RecordTable)

    @property
    def pane(self) -> DetailPane:
        """The detail."""
        return self.query_one(DetailPane)

    @property
    def record(self) -> Row | None:
        """The record under the cursor."""
        return self.table.current_row if self.is_mounted else None

    @property
    def holds_keys(self) -> bool:
        """While another list is on its way, so that no key acts on a record of the one before."""
        return self.is_mounted and self.table.state.is_changing and not isinstance(self.focused, TextInput)

    # The list

    def reload(self) -> None:
        """Ask for the list as it is wanted now; the place named by ``stand_at`` is kept."""
        query = self.query_shown
        self.table.label(query.sort, descending=query.descending, empty_text=self._empty_text())
        self.table.set_source(self.source(query), keep=self._keep)
        self._keep = None
        self._show_title()

    def source(self, query: ListQuery) -> DataSource[Row]:
        """Where the rows of a query come from."""
        app = the_app(self)
        alone = self.origin is not None and self.origin.kind not in self.PARENTS and self._keep is not None
        if alone and self._keep is not None:
            return OneRecord(self.SERVICES, app, self._keep)
        return ServiceSource(app, self.KIND, query)

    def _empty_text(self) -> str:
        query = self.query_shown
        if query.search:
            if query.searches and not query.terms:
                return _("The search holds no letter and no digit. Esc: clear the search.")
            return _("Nothing matches. Esc: clear the search.")
        if query.filters:
            return _("Nothing under this filter. f: choose another.")
        return _(self.EMPTY)

    @property
    def preset(self) -> Preset | None:
        """The filter chosen."""
        return next((preset for preset in self.presets() if preset.key == self.preset_key), None)

    def presets(self) -> list[Preset]:
        """The filters to choose from."""
        return [] if self.KIND is None else presets_for(self.KIND, the_app(self).viewer.department)

    @property
    def in_trash(self) -> bool:
        """Whether the list shows the trash."""
        return Filter.TRASHED in self.query_shown.filters

    def _show_title(self) -> None:
        preset = self.preset
        title = _(preset.label) if preset is not None else _(self.TITLE_TEXT)
        if self.origin is not None:
            title = f"{_(self.TITLE_TEXT)} ‹ {self.origin.label}"
        self.query_one(ListPane).show_title(title)
        self._show_position()

    def _show_position(self) -> None:
        column = None
        if not self.table.prompt.is_open:
            column = next((c for c in self.COLUMNS if c.sort and c.sort == self.query_shown.sort), None)
        order = f" · {_(column.label)} {'▼' if self.query_shown.descending else '▲'}" if column else ""
        self.query_one(ListPane).show_position(self.table.position + order)

    @on(RecordTable.LoadFailed)
    def _load_failed(self, message: RecordTable.LoadFailed) -> None:
        self.banners.trouble(message.error)

    @on(RecordTable.Loaded)
    def _loaded(self) -> None:
        self.banners.banner.clear()

    # The place in the section

    def place(self) -> Place:
        """Where one stands, to come back to."""
        return Place(self.query_shown, self.table.current_key, self.origin, self.order_before)

    def stand_at(self, place: Place) -> None:
        """Show the list of a place with its record chosen."""
        query = place.query
        self.origin, self.order_before = place.origin, place.order_before
        if place.origin is not None and query.parent is None:
            parent = (place.origin.kind, place.origin.id)
            query = ListQuery(parent=parent if place.origin.kind in self.PARENTS else None)
        self._change_query(query, keep=place.key)

    def forget_origin(self) -> None:
        """Back to the section's own list, if a link opened this one."""
        if self.origin is not None:
            self.origin = None
            sort, descending = self.DEFAULT_SORT
            self.preset_key, self.order_before = "all", None
            self._change_query(ListQuery(sort=sort, descending=descending), keep=None)

    def narrow(self, **changes: Any) -> None:
        """Show the list with a part of its query changed: search, filters, sort, descending."""
        if self.origin is not None and self.origin.kind not in self.PARENTS:
            self.origin = None  # the one record that was opened alone gives way to the list
        if "sort" in changes:
            self.order_before = None
        self._change_query(self._in_order(replace(self.query_shown, **changes)), keep=None)

    def _in_order(self, query: ListQuery) -> ListQuery:
        """What a search finds comes as it is found, until one chooses an order; afterwards as before."""
        if query.searches and not self.query_shown.searches and query.sort:
            self.order_before = query.sort, query.descending
            return replace(query, sort="", descending=False)
        if not query.searches and self.order_before is not None:
            (sort, descending), self.order_before = self.order_before, None
            return replace(query, sort=sort, descending=descending)
        return query

    def _change_query(self, query: ListQuery, *, keep: int | None) -> None:
        self.query_shown = query
        self._keep = keep
        if self.is_mounted:
            self.query_one("#search", TextInput).value = query.search
            self.reload()

    # Search

    def _search(self) -> None:
        search = self.query_one("#search", TextInput).value
        if search != self.query_shown.search:
            self.narrow(search=search)

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self._search()
        self.table.state.accept_row()
        self.table.focus()

    # The detail

    @on(RecordTable.RowHighlighted)
    def _row_highlighted(self, message: RecordTable.RowHighlighted) -> None:
        self.show_record(message.row)
        self.refresh_bindings()

    @on(RecordTable.RowChosen)
    def _row_chosen(self) -> None:
        self.pane.focus()

    def show_record(self, record: Row | None) -> None:
        """Show a record in the pane: its facts now, its links as soon as they are read."""
        holder = self.query_one("#detail-pane")
        holder.border_title = Content("" if record is None else self.title_of(record))
        if record is None:
            self._detail_of = None
            self.pane.show(None)
            return
        if record_id(record) != self._detail_of:
            self._detail_of = record_id(record)
            self.pane.reset()
            self.pane.show(Detail(self.title_of(record), self.facts(record)))
        app = the_app(self)
        run_in_background(
            self,
            lambda: self.links(app.crm, app.actor, record),
            then=lambda groups: self.pane.show(
                Detail(self.title_of(record), self.facts(record), self.offered(groups))
            ),
            failed=self.banners.trouble,
            group="links",
            only_reads=True,
        )

    def _forget_links(self) -> None:
        """The cursor has moved on: what is being read of the record before is of no use any more."""
        stop_in_background(self, "links")

    def offered(self, groups: list[LinkGroup]) -> list[LinkGroup]:
        """The groups as they are shown to this person."""
        return groups

    @on(DetailPane.LinkOpened)
    def _link_opened(self, message: DetailPane.LinkOpened) -> None:
        link, record = message.link, self.record
        if record is None or not self.is_active:
            return  # of a double click the second finds another section open
        # A payment has no detail of its own: its line says all of it.
        is_shown = link.kind is RecordKind.PAYMENT or link.id == record_id(record)
        if section_of(link.kind).name == self.NAME and is_shown:
            the_app(self).say(_("Everything is already shown."))
        else:
            the_app(self).navigator.open_record(link.kind, link.id, self.origin_of(record))

    # Changes and troubles

    def refresh_all(self) -> None:
        """Read the list and the detail anew; the cursor stays on its record."""
        self.table.refresh_data()

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was shown."""
        if self.is_mounted and self.table.state.source is not None:
            self.poller.ask()
            self.banners.show_alert()

    def database_lost(self, error: CrmError) -> None:
        """Say so until the database answers again."""
        self.banners.database_lost(error)
