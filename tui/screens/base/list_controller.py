"""The list of a section: it turns searches, filters and orders into queries, and has the table read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic

from models.enums import RecordKind
from services.i18n import _
from services.list_reader import ListReader
from services.lists.query import Filter, ListQuery, Preset, presets_for, presets_of, sorts_under
from tui.key_labels import key_of
from tui.places import Origin, Place
from tui.protocols import the_app
from tui.screens.base.filter_menu import FilterMenu
from tui.screens.base.section_spec import record_id
from tui.screens.dialogs.menu import ChoiceScreen
from tui.widgets.form.field_spec import Choice
from tui.widgets.record_table.data_source import DataSource, Row

if TYPE_CHECKING:
    from tui.screens.base.protocols import ListedSection
    from tui.widgets.record_table.table import RecordTable

_FOUND = "as it is found"
"""The order of a search until another is chosen; no choice of the menu."""


class QueryState:
    """The query of one list, with the filter, the order and the origin to come back to. Knows no widget.

    ``default_sort`` is a field and whether descending; ``parents`` are the kinds a query can narrow by.
    """

    def __init__(self, default_sort: tuple[str, bool], parents: frozenset[RecordKind]) -> None:
        sort, descending = self._default_sort = default_sort
        self._standard = Preset("all", "", frozenset(), sort=sort, descending=descending)
        self._home = self._chosen = self._standard
        self._parents = parents
        self.reset()

    def start_with(self, preset: Preset, standard: Preset | None = None) -> None:
        """Take this filter as the one with which the section starts; a list that was asked for stays.

        ``standard`` is that of a person who has chosen none, unless it is the whole list.
        """
        is_new = self.origin is None and self._chosen is self._home
        self._home, self._standard = preset, standard or self._standard
        if is_new:
            self.reset()

    @property
    def order(self) -> tuple[str, bool]:
        """The order, or during a search that before it: a field and whether descending."""
        return self.order_before or (self.query.sort, self.query.descending)

    def stay(self) -> None:
        """Come back to the chosen filter, in this order, from what a link opens."""
        sort, descending = self.order
        self._home = replace(self._chosen, sort=sort, descending=descending)

    def forget(self, key: str) -> None:
        """Start with the standard filter if the one with this key, which is no more, was to be the start."""
        if self._home.key == key:
            self._home = self._standard

    def reset(self) -> None:
        """Take the list as the section starts with it."""
        home = self._chosen = self._home
        self.query = ListQuery(home.filters, sort=home.sort, descending=home.descending, own=home.own)
        self.preset_key = home.key
        self.own_label = home.label if home.own else ""
        """The name of the view or of the person's own filter; it may hold user text."""
        self.origin: Origin | None = None
        self.is_passing = False
        """Whether a figure opened this list, which the person did not choose for the section."""
        self.order_before: tuple[str, bool] | None = None
        """The order to restore after a search, which orders its results by id."""

    @property
    def home(self) -> Preset:
        """The filter with which the section starts."""
        return self._home

    @property
    def is_opened_alone(self) -> bool:
        """Whether a link opened one record that this list cannot be narrowed to."""
        return self.origin is not None and self.origin.kind not in self._parents

    @property
    def in_trash(self) -> bool:
        """Whether the list shows the trash."""
        return Filter.TRASHED in self.query.filters

    def place(self, key: int | None) -> Place:
        """The list with the record under the cursor, to come back to."""
        return Place(self.query, key, self.origin, self.order_before)

    def stand_at(self, place: Place) -> None:
        """Take the list of a place."""
        self.origin, self.order_before, self.query = place.origin, place.order_before, place.query
        if place.origin is not None and place.query.parent is None:
            parent = (place.origin.kind, place.origin.id)
            self.query = ListQuery(parent=None if self.is_opened_alone else parent)

    def narrow(self, **changes: Any) -> None:
        """Change a part of the query: search, filters, sort, descending."""
        if self.is_opened_alone:
            self.origin = None  # the record that was opened alone gives way to the list
        if "sort" in changes:
            self.order_before = None
        self.query = self._in_order(replace(self.query, **changes))

    def _in_order(self, query: ListQuery) -> ListQuery:
        """Order a search by the ids until another order is chosen; restore the order after it."""
        if query.searches and not self.query.searches and query.sort:
            self.order_before = query.sort, query.descending
            return replace(query, sort="", descending=False)
        if not query.searches and self.order_before is not None:
            (sort, descending), self.order_before = self.order_before, None
            return replace(query, sort=sort, descending=descending)
        return query

    def choose(self, preset: Preset, *, is_passing: bool = False) -> None:
        """Take a named filter, with its order if it has one."""
        self.is_passing = is_passing
        self.origin, self.preset_key, self._chosen = None, preset.key, preset
        self.own_label = preset.label if preset.own else ""
        sort, descending = (preset.sort, preset.descending) if preset.sort else self._default_sort
        if preset.sort or self.order_before is None:
            self.narrow(filters=preset.filters, own=preset.own, parent=None, sort=sort, descending=descending)
        else:
            self.order_before = sort, descending  # until the search ends, which has the order of the ids
            self.narrow(filters=preset.filters, own=preset.own, parent=None)

    def sort_by(self, sort: str) -> None:
        """Order by a column, or reverse the order if it is that column's already."""
        same = sort == self.query.sort and self.order_before is None
        self.narrow(sort=sort, descending=not self.query.descending if same else not sort)


@dataclass(frozen=True)
class OneRecord(Generic[Row]):
    """A list of the one record that a link opened; ``read`` is called in threads."""

    read: Callable[[], Row]

    def window(
        self, offset: int, limit: int, *, after: int | None = None, before: int | None = None
    ) -> Sequence[Row]:
        """The record."""
        return [self.read()] if offset == 0 else []

    def count(self) -> int:
        """One."""
        return 1

    def build_position_index(self) -> int:
        """One."""
        return 1

    def position(self, key: int) -> int | None:
        """At the top."""
        return 0

    def key(self, row: Row) -> int:
        """The record's id."""
        return record_id(row)


class ListController(Generic[Row]):
    """The query of one section, and the widgets that show its rows."""

    def __init__(self, section: "ListedSection", state: QueryState) -> None:
        self._section = section
        self._screen = section.screen
        self.state = state
        self._keep: int | None = None

    @property
    def table(self) -> "RecordTable[Any]":
        """The table of the rows."""
        return self._section.table

    # Reading

    def open(self) -> None:
        """Read a list that one comes to look at: from the record on that comes next, if it has one."""
        app, query, first = the_app(self._screen), self.state.query, self._section.SERVICES.first
        if first is None or self.state.origin is not None:
            self.load()
            return
        self._section.awaited.run(
            lambda: first(app.crm, app.actor, query),
            then=lambda key: self._show(keep=key),
            failed=lambda error: app.handle(error, self.open),
            group="open",
        )

    def load(self) -> None:
        """Read the list of the query; the cursor goes to the record of the place that was asked for."""
        query, table = self.state.query, self.table
        table.label(query.sort, descending=query.descending)
        table.presenter.set_source(self._source(), keep=self._keep)
        self._keep = None
        self._section.memory.note()
        self._section.panes.follow(is_linked=self.state.origin is not None)
        self._show_title()

    def refresh(self, *, keep: int | None = None, after_change: bool = False) -> None:
        """Read the list and the detail again; the cursor stays on its record, or goes to that of ``keep``.

        ``after_change``: the person at this terminal has changed something, and their next keys wait for it.
        """
        self.table.presenter.refresh(keep=keep, after_change=after_change)

    def _source(self) -> DataSource[Row]:
        get, key = self._section.SERVICES.get, self._keep
        if self.state.is_opened_alone and get is not None and key is not None:
            app = the_app(self._screen)
            return OneRecord(lambda: get(app.crm, app.actor, key))
        return self._reader.of(self.state.query)

    @cached_property
    def _reader(self) -> ListReader[Row]:
        """The whole list; a session may be renewed, but a section is left before another CRM is opened."""
        app = the_app(self._screen)
        return ListReader(app.crm, lambda: app.session.actor, self._section.KIND, ListQuery())

    def empty_text(self) -> str:
        """What an empty list shows: why it is empty, and the next key."""
        query = self.state.query
        if query.search:
            back = key_of(self._screen, "section.back")
            if query.searches and not query.terms:
                return _("The search holds no letter and no digit. {key}: clear the search.").format(key=back)
            if query.filters or query.own:
                text = _("Nothing matches under this filter. {key}: clear the search, {other}: change it.")
                return text.format(key=back, other=key_of(self._screen, "list.filter"))
            return _("Nothing matches. {key}: clear the search.").format(key=back)
        if query.own:
            key, text = key_of(self._screen, "list.filter"), _("Nothing under “{name}”. {key}: change it.")
            return text.format(name=self.state.own_label, key=key)
        if query.filters:
            key = key_of(self._screen, "list.filter")
            return _("Nothing under this filter. {key}: choose another.").format(key=key)
        keys = {name: key_of(self._screen, f"record.{name}") for name in ("new", "note", "task")}
        return _(self._section.EMPTY).format(**keys)

    @property
    def is_loading(self) -> bool:
        """Whether the rows are not those that the person asked for or changed, which are being read."""
        return self.table.state.is_changing or self.table.state.is_outdated

    # The frame around the list

    def _show_title(self) -> None:
        origin = self.state.origin
        section = _(self._section.TITLE_TEXT)
        title = self.state.own_label or self._titles.get(self.state.preset_key, section)
        self._section.list_pane.show_title(
            title if origin is None else f"{section} ‹ {origin.label}",
            is_private=bool(self.state.own_label or origin),
        )
        self.show_position()

    @cached_property
    def _titles(self) -> dict[str, str]:
        """The titles of the list by the keys of its filters, translated."""
        kind = self._section.KIND
        return {} if kind is None else {preset.key: _(preset.label) for preset in presets_of(kind)}

    def show_position(self) -> None:
        """Show the position of the cursor, and the order."""
        table, query, column = self.table, self.state.query, None
        if not table.prompt:
            column = next((c for c in self._section.COLUMNS if c.sort and c.sort == query.sort), None)
        order = f" · {_(column.label)} {'▼' if query.descending else '▲'}" if column else ""
        self._section.list_pane.show_position(table.position + order)

    # The place in the section

    def stand_at(self, place: Place) -> None:
        """Show the list of a place, with the cursor on its record."""
        self.state.stand_at(place)
        self._show(keep=place.key)

    def forget_origin(self) -> None:
        """Go back to the section's own list, if a link or a figure opened this one."""
        if self.state.origin is not None or self.state.is_passing:
            self.state.reset()
            self._show()

    def _show(self, *, keep: int | None = None) -> None:
        self._keep = keep
        if self._screen.is_mounted:
            self._section.search_line.value = self.state.query.search
            self.load()

    # Search, filter and order

    def narrow(self, **changes: Any) -> None:
        """Show the list with a part of its query changed: search, filters, sort, descending."""
        self.state.narrow(**changes)
        self._show()

    def follow_search(self) -> None:
        """Search for the text in the search line."""
        search = self._section.search_line.value
        if search != self.state.query.search:
            self.narrow(search=search)

    def accept_search(self) -> None:
        """Go from the search line to the rows found."""
        self.follow_search()
        self.table.state.accept_row()
        self.table.focus()

    def search(self) -> None:
        """Go to the search line."""
        self._section.search_line.focus()

    def presets(self) -> list[Preset]:
        """The filters to choose from."""
        kind = self._section.KIND
        return [] if kind is None else presets_for(kind, the_app(self._screen).viewer.department)

    def filter(self) -> None:
        """Choose a filter by its name, or build one."""
        FilterMenu(self._section, self).open()

    def show_preset(self, preset: Preset, *, whole: bool = True, is_passing: bool = False) -> None:
        """Show the ``whole`` list under a filter, without a search; or the one that is searched.

        A filter that ``is_passing`` is not remembered.
        """
        if whole:
            self.state.reset()
        self.state.choose(preset, is_passing=is_passing)
        if self._screen.is_mounted:
            self._section.search_line.value = self.state.query.search
            self.open()
            self._screen.refresh_bindings()

    def sort(self) -> None:
        """Choose the order."""
        query = self.state.query
        mark = "▼" if query.descending else "▲"
        choices = [
            Choice(column.sort, _(column.label), mark if column.sort == query.sort else "")
            for column in self._section.COLUMNS
            if column.sort and _has_order(self._section.KIND, query, column.sort)
        ]
        choices.append(Choice("", _("Newest first")))
        current = query.sort if self.state.order_before is None else _FOUND

        def chosen(sort: str | None) -> None:
            if sort is not None:
                self.sort_by(sort)

        self._screen.app.push_screen(ChoiceScreen(_("Sort"), choices, current), chosen)

    def sort_by(self, sort: str) -> None:
        """Order by a column; once more reverses the order. An order that this filter lacks is ignored."""
        if _has_order(self._section.KIND, self.state.query, sort):
            self.state.sort_by(sort)
            self._show()

    def go_to(self) -> None:
        """Ask for a row, by its number or by a percentage."""
        self.table.focus()
        self.table.go_to_prompt.open()


def _has_order(kind: RecordKind | None, query: ListQuery, sort: str) -> bool:
    return kind is None or not sort or sort in sorts_under(kind, query.filters)
