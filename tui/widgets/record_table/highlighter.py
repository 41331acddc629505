"""Telling which row is under the cursor."""

from typing import Final, Generic

from tui.widgets.debounce import Debouncer
from tui.widgets.record_table.data_source import Row
from tui.widgets.record_table.list_state import ListState
from tui.widgets.record_table.messages import TableMessages
from tui.widgets.record_table.viewport import RowView

REST_SECONDS: Final = 0.08
"""How long the cursor must rest before its row is announced, so that a held key runs no queries."""


class Highlighter(Generic[Row]):
    """Posts ``RowHighlighted`` for the row on which the cursor rests."""

    def __init__(self, view: RowView, state: ListState[Row]) -> None:
        self._view = view
        self._state = state
        self._debouncer = Debouncer(view, REST_SECONDS, self._post)
        self._has_posted = False
        self._waits_for_row = False

    def cursor_moved(self) -> None:
        """Post once the cursor has rested."""
        self._debouncer.begin()

    def list_read(self, *, changed: bool) -> None:
        """Post the row of a list that was read, later if other lists may follow."""
        if changed and self._has_posted:
            self._debouncer.begin()  # each letter of a search changes the list
        else:
            self._post()

    def pages_read(self) -> None:
        """Post the row under the cursor if it was not loaded when it was due."""
        if self._waits_for_row:
            self._post()

    def settle(self) -> None:
        """Post now if a row is due, before a key acts on the row."""
        self._debouncer.flush()

    @property
    def is_settled(self) -> bool:
        """Whether no row is due."""
        return not self._debouncer.is_running

    def _post(self) -> None:
        cursor, self._has_posted = self._view.cursor, True
        row = self._state.row(cursor)
        self._waits_for_row = row is None and self._state.row_count > 0
        if not self._waits_for_row:
            self._view.post_message(TableMessages.RowHighlighted(self._state.key(cursor), row))
