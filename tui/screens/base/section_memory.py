"""How a person left the list of a section: its filter, order and columns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services import saved_views
from services.lists.query import Preset, sorts_under
from services.preferences import ListPreference
from tui.protocols import the_app
from tui.screens.base.list_controller import ListController
from tui.screens.dialogs.columns import ColumnsScreen
from tui.widgets.record_table.columns import Column, by_default, chosen

if TYPE_CHECKING:
    from tui.screens.base.protocols import RememberedSection


class SectionMemory:
    """Opens the list of one section as its person left it, and notes how they leave it now.

    Lists that a link or a figure opened and the trash are not remembered: one seldom wants to begin there.
    """

    def __init__(self, section: "RememberedSection", records: ListController[Any]) -> None:
        self._section = section
        self._records = records
        self._seen = records.state.preset_key, records.state.order, records.state.query.own

    @property
    def left(self) -> ListPreference:
        """What is remembered of this section."""
        return the_app(self._section.screen).session.memory.list_of(self._section.NAME)

    def keep(self, **changes: Any) -> None:
        """Remember a part of it."""
        memory = the_app(self._section.screen).session.memory
        memory.keep_list(self._section.NAME, replace(self.left, **changes))

    # Filter and order

    def start(self, then: Callable[[], object]) -> None:
        """Take the filter and the order with which the section starts, and call ``then``.

        A view, and a filter that is not saved, are read first. If that fails, the section starts as for a
        first visit.
        """
        left = self.left
        if left.preset != saved_views.OWN and not left.preset.startswith(saved_views.PREFIX):
            self._begin(self._preset(left.preset), then)
            return
        app, kind = the_app(self._section.screen), self._section.KIND
        self._section.awaited.run(
            lambda: saved_views.remembered_filter(
                app.crm, app.actor, kind, left.preset, left.conditions, left.within
            ),
            then=lambda preset: self._begin(preset, then),
            failed=lambda _error: self._begin(None, then),
            group="memory",
        )

    def _begin(self, preset: Preset | None, then: Callable[[], object]) -> None:
        state = self._records.state
        home = self._preset(self._section.HOME.get(the_app(self._section.screen).viewer.department, ""))
        order = None if preset is None else self._order(preset, self.left)
        preset = preset or home
        if preset is not None:
            sort, descending = order or _natural(preset, self._section.DEFAULT_SORT)
            preset = replace(preset, sort=sort, descending=descending)
            state.start_with(preset, home)
            self._seen = preset.key, (sort, descending), preset.own
        then()

    def _preset(self, key: str) -> Preset | None:
        return next((preset for preset in self._records.presets() if key and preset.key == key), None)

    def _order(self, preset: Preset, left: ListPreference) -> tuple[str, bool] | None:
        kind = self._section.KIND
        if left.sort is None or kind is None:
            return None
        sort, _descending = left.sort
        return left.sort if not sort or sort in sorts_under(kind, preset.filters) else None

    def note(self) -> None:
        """Remember the filter and the order, if the person has chosen others."""
        state = self._records.state
        now = state.preset_key, state.order, state.query.own
        if state.origin is not None or state.is_passing or state.in_trash or now == self._seen:
            return
        self._seen = now
        state.stay()
        is_unsaved = state.preset_key == saved_views.OWN
        self.keep(
            preset=state.preset_key,
            sort=state.order,
            conditions=state.query.own.to_json() if is_unsaved else "",
            within=saved_views.names_of(state.query.filters) if is_unsaved else "",
        )

    # Columns

    @property
    def shown(self) -> Sequence[Column[Any]]:
        """The columns of the list."""
        return chosen(self._section.COLUMNS, self.left.columns)

    def columns(self) -> None:
        """Choose the columns and their order."""
        keys = [column.key for column in self.shown]
        standard = [column.key for column in by_default(self._section.COLUMNS)]

        def taken(wanted: Sequence[str] | None) -> None:
            if wanted is not None:
                self.keep(columns=() if list(wanted) == standard else tuple(wanted))
                self._section.table.lines.use(self.shown)

        dialog = ColumnsScreen(self._section.COLUMNS, keys, standard)
        self._section.screen.app.push_screen(dialog, taken)


def _natural(preset: Preset, default: tuple[str, bool]) -> tuple[str, bool]:
    return (preset.sort, preset.descending) if preset.sort else default
