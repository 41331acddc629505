"""The list of a section: it turns searches, filters and orders into queries, and has the table read them."""

from typing import TYPE_CHECKING, Any, Generic

from services.i18n import _
from services.lists.query import Preset, presets_for
from tui.places import Place
from tui.protocols import the_app
from tui.screens.base.query_state import QueryState
from tui.screens.base.section_spec import OneRecord, ServiceSource
from tui.screens.dialogs.menu import ChoiceScreen
from tui.widgets.form.field_spec import Choice
from tui.widgets.record_table.data_source import DataSource, Row

if TYPE_CHECKING:
    from tui.screens.base.section import SectionScreen

_FOUND = "as it is found"
"""The order of a search until another is chosen; no choice of the menu."""


class ListController(Generic[Row]):
    """The query of one section, and the widgets that show its rows."""

    def __init__(self, screen: "SectionScreen[Row]") -> None:
        self._screen = screen
        self.state = QueryState(screen.DEFAULT_SORT, screen.PARENTS)
        self._keep: int | None = None

    # Reading

    def load(self) -> None:
        """Read the list of the query; the cursor goes to the record of the place that was asked for."""
        query, table = self.state.query, self._screen.table
        table.label(query.sort, descending=query.descending, empty_text=self._empty_text())
        table.set_source(self._source(), keep=self._keep)
        self._keep = None
        self._show_title()

    def refresh(self) -> None:
        """Read the list and the detail anew; the cursor stays on its record."""
        self._screen.table.refresh_data()

    def _source(self) -> DataSource[Row]:
        screen, app = self._screen, the_app(self._screen)
        if self.state.is_opened_alone and self._keep is not None:
            return OneRecord(screen.SERVICES, app, self._keep)
        return ServiceSource(app, screen.KIND, self.state.query)

    def _empty_text(self) -> str:
        query = self.state.query
        if query.search:
            if query.searches and not query.terms:
                return _("The search holds no letter and no digit. Esc: clear the search.")
            return _("Nothing matches. Esc: clear the search.")
        if query.filters:
            return _("Nothing under this filter. f: choose another.")
        return _(self._screen.EMPTY)

    @property
    def is_loading(self) -> bool:
        """Whether another list is being read; the rows still belong to the list before it."""
        return self._screen.table.state.is_changing

    # The frame around the list

    def _show_title(self) -> None:
        preset, origin, section = self._preset, self.state.origin, _(self._screen.TITLE_TEXT)
        title = section if preset is None else _(preset.label)
        self._screen.list_pane.show_title(title if origin is None else f"{section} ‹ {origin.label}")
        self.show_position()

    def show_position(self) -> None:
        """Show the position of the cursor, and the order."""
        table, query, column = self._screen.table, self.state.query, None
        if not table.prompt.is_open:
            column = next((c for c in self._screen.COLUMNS if c.sort and c.sort == query.sort), None)
        order = f" · {_(column.label)} {'▼' if query.descending else '▲'}" if column else ""
        self._screen.list_pane.show_position(table.position + order)

    # The place in the section

    def place(self) -> Place:
        """The list and the record under the cursor, to come back to."""
        return self.state.place(self._screen.table.current_key)

    def stand_at(self, place: Place) -> None:
        """Show the list of a place, with the cursor on its record."""
        self.state.stand_at(place)
        self._show(keep=place.key)

    def forget_origin(self) -> None:
        """Go back to the section's own list, if a link opened this one."""
        if self.state.origin is not None:
            self.state.reset()
            self._show()

    def _show(self, *, keep: int | None = None) -> None:
        self._keep = keep
        if self._screen.is_mounted:
            self._screen.search_line.value = self.state.query.search
            self.load()

    # Search, filter and order

    def narrow(self, **changes: Any) -> None:
        """Show the list with a part of its query changed: search, filters, sort, descending."""
        self.state.narrow(**changes)
        self._show()

    def follow_search(self) -> None:
        """Search for the text in the search line."""
        search = self._screen.search_line.value
        if search != self.state.query.search:
            self.narrow(search=search)

    def accept_search(self) -> None:
        """Go from the search line to the rows found."""
        self.follow_search()
        self._screen.table.state.accept_row()
        self._screen.table.focus()

    def search(self) -> None:
        """Go to the search line."""
        self._screen.search_line.focus()

    def presets(self) -> list[Preset]:
        """The filters to choose from."""
        kind = self._screen.KIND
        return [] if kind is None else presets_for(kind, the_app(self._screen).viewer.department)

    @property
    def _preset(self) -> Preset | None:
        return next((preset for preset in self.presets() if preset.key == self.state.preset_key), None)

    def filter(self) -> None:
        """Choose a filter by its name."""
        presets = {preset.key: preset for preset in self.presets()}
        choices = [Choice(preset.key, _(preset.label)) for preset in presets.values()]

        def chosen(key: str | None) -> None:
            if key in presets:
                self.state.choose(presets[key])
                self._show()
                self._screen.refresh_bindings()

        self._screen.app.push_screen(ChoiceScreen(_("Filter"), choices, self.state.preset_key), chosen)

    def sort(self) -> None:
        """Choose the order."""
        query = self.state.query
        mark = "▼" if query.descending else "▲"
        choices = [
            Choice(column.sort, _(column.label), mark if column.sort == query.sort else "")
            for column in self._screen.COLUMNS
            if column.sort
        ]
        choices.append(Choice("", _("Newest first")))
        current = query.sort if self.state.order_before is None else _FOUND

        def chosen(sort: str | None) -> None:
            if sort is not None:
                self.sort_by(sort)

        self._screen.app.push_screen(ChoiceScreen(_("Sort"), choices, current), chosen)

    def sort_by(self, sort: str) -> None:
        """Order by a column; once more reverses the order."""
        self.state.sort_by(sort)
        self._show()

    def go_to(self) -> None:
        """Ask for a row, by its number or by a percentage."""
        self._screen.table.focus()
        self._screen.table.prompt.open()
