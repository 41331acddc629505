"""What a table tells those around it."""

from typing import TYPE_CHECKING, Any

from textual.message import Message

from services.errors import CrmError

if TYPE_CHECKING:
    from tui.widgets.record_table.table import RecordTable


class TableMessages:
    """The messages of :class:`tui.widgets.record_table.RecordTable`, by whose name they are handled."""

    class RowMessage(Message, namespace="record_table"):
        """A message about one row; ``key`` and ``row`` are ``None`` when the list is empty."""

        def __init__(self, table: "RecordTable[Any]", key: int | None, row: Any) -> None:
            super().__init__()
            self.table = table
            self.key = key
            self.row = row

        @property
        def control(self) -> "RecordTable[Any]":
            """The table, for ``@on`` selectors."""
            return self.table

    class RowHighlighted(RowMessage, namespace="record_table"):
        """The cursor came to rest on a row, or the row under it was read anew."""

    class RowChosen(RowMessage, namespace="record_table"):
        """Enter or a double click on a row."""

    class Loaded(Message, namespace="record_table"):
        """The list was read anew."""

    class HeaderClicked(Message, namespace="record_table"):
        """A click on the label of a column that can be sorted by."""

        def __init__(self, sort: str) -> None:
            super().__init__()
            self.sort = sort

    class NoSuchRow(Message, namespace="record_table"):
        """What was typed to go to a row is neither a number nor a percentage."""

    class LoadFailed(Message, namespace="record_table"):
        """The source refused; what was shown stays."""

        def __init__(self, error: CrmError) -> None:
            super().__init__()
            self.error = error
