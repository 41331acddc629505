"""What stands in the fields and lists of the open screens: values that belong to people.

An exception raised meanwhile may quote them, and no pattern tells a name from any other word.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.dom import DOMNode
from textual.widgets import Input, TextArea

if TYPE_CHECKING:
    from tui.widgets.record_table.table import RecordTable


def shown_values(app: App[Any]) -> list[str]:
    """Every text typed or shown in a record, for any thread. Raises where the screens are broken."""
    return [
        value
        for screen in list(app.screen_stack)
        for node in (screen, *screen.walk_children())
        for value in _values(node)
    ]


def _values(node: DOMNode) -> Iterator[str]:
    if isinstance(node, Input):
        yield node.value
    elif isinstance(node, TextArea):
        yield from node.text.splitlines()
    else:
        yield from _of_records(node)


def _of_records(node: DOMNode) -> Iterator[str]:
    # Nothing that the first screen needs.
    from tui.command_palette import Palette
    from tui.screens.dialogs.conflict import ConflictScreen
    from tui.screens.dialogs.record_picker import PickerScreen
    from tui.widgets.detail.fact_list import Facts
    from tui.widgets.detail.link_list import Links
    from tui.widgets.form.choice_controls import PickerControl
    from tui.widgets.record_table.table import RecordTable

    if isinstance(node, RecordTable):
        yield from _in_sight(node)
    elif isinstance(node, Facts):
        yield from (fact.value for fact in node.facts)
    elif isinstance(node, Links):
        yield from (link.text for link in node.shown)
    elif isinstance(node, PickerControl):
        yield node.shown()
    elif isinstance(node, PickerScreen):
        yield from (text for record in node.found for text in (record.label, record.note))
    elif isinstance(node, Palette):
        yield from (text for record in node.records for text in (record.title, record.detail))
    elif isinstance(node, ConflictScreen):
        for difference in node.differences:
            yield from map(_as_text, (difference.mine, difference.theirs))


def _in_sight(table: "RecordTable[Any]") -> Iterator[str]:
    """The rows in sight and the one under the cursor; the pages around them would cost too much."""
    first = table.scroll_offset.y
    rows = [table.current_row, *(table.state.row(index) for index in range(first, first + table.size.height))]
    for row in rows:
        yield from _texts(row)


def _as_text(value: object) -> str:
    return str(getattr(value, "label", value) or "")


def _texts(row: object) -> Iterator[str]:
    if is_dataclass(row) and not isinstance(row, type):
        # An enumeration is a str as well, but its values are words of ours.
        values = (getattr(row, field.name) for field in fields(row))
        yield from (value for value in values if type(value) is str)
