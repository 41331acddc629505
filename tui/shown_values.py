"""What stands in the fields and lists of the open screens: values that belong to people.

An exception raised meanwhile may quote them, and no pattern tells a name from any other word.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.widgets import Input, TextArea


def shown_values(app: App[Any]) -> list[str]:
    """Every text typed or shown in a record, for any thread. Raises where the screens are broken."""
    return [
        value
        for screen in list(app.screen_stack)
        for node in screen.walk_children()
        for value in _values(node)
    ]


def _values(node: DOMNode) -> Iterator[str]:
    from tui.widgets.record_table import RecordTable  # nothing that the first screen needs

    if isinstance(node, Input):
        yield node.value
    elif isinstance(node, TextArea):
        yield from node.text.splitlines()
    elif isinstance(node, RecordTable):
        # The rows in sight and the one under the cursor; the pages around them would cost too much.
        first = node.scroll_offset.y
        rows = [node.current_row, *(node.row_at(index) for index in range(first, first + node.size.height))]
        for row in rows:
            yield from _texts(row)


def _texts(row: object) -> Iterator[str]:
    if is_dataclass(row) and not isinstance(row, type):
        # An enumeration is a str as well, but its values are words of ours.
        values = (getattr(row, field.name) for field in fields(row))
        yield from (value for value in values if type(value) is str)
