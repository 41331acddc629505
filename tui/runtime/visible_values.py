"""The values in the fields and lists of the open screens, which belong to people.

An exception raised meanwhile may quote them, and no pattern tells a name from any other word.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.dom import DOMNode
from textual.widgets import Input, TextArea


@runtime_checkable
class ShowsPrivateValues(Protocol):
    """A widget or screen that shows texts of records otherwise than in Textual's own fields."""

    def private_values(self) -> Iterable[str]:
        """The texts of records that it shows now, for any thread."""
        ...


def shown_values(app: App[Any]) -> list[str]:
    """Every text typed or shown in a record, for any thread. Raises if the screens are broken."""
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
    elif isinstance(node, ShowsPrivateValues):
        yield from node.private_values()


def texts_of(row: object) -> Iterator[str]:
    """The texts in a record of any kind."""
    if is_dataclass(row) and not isinstance(row, type):
        # An enumeration is a str as well, but its values are words of ours.
        values = (getattr(row, field.name) for field in fields(row))
        yield from (value for value in values if type(value) is str)
