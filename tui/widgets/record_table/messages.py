"""The messages of a table."""

from typing import Any

from textual.message import Message

from services.errors import CrmError


class TableMessages:
    """The messages of ``RecordTable``; their handlers are named after it."""

    class RowMessage(Message, namespace="record_table"):
        """A message about one row; ``key`` and ``row`` are ``None`` when the list is empty."""

        def __init__(self, key: int | None, row: Any) -> None:
            super().__init__()
            self.key = key
            self.row = row

    class RowHighlighted(RowMessage, namespace="record_table"):
        """The cursor rests on a row, or the row under it was read again."""

    class RowChosen(RowMessage, namespace="record_table"):
        """The user pressed Enter or double-clicked on a row."""

    class Loaded(Message, namespace="record_table"):
        """The list was read."""

    class HeaderClicked(Message, namespace="record_table"):
        """The user clicked on the label of a column that can be sorted."""

        def __init__(self, sort: str) -> None:
            super().__init__()
            self.sort = sort

    class NoSuchRow(Message, namespace="record_table"):
        """The typed position is neither a number nor a percentage."""

    class LoadFailed(Message, namespace="record_table"):
        """The source refused to read; the rows shown stay."""

        def __init__(self, error: CrmError) -> None:
            super().__init__()
            self.error = error
