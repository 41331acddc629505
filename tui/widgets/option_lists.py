"""Mends two faults of the option lists of Textual 8, each of which ends the application.

A list that follows a search gets shorter between the frame that was clicked and the click, which then raises
``IndexError``. A list without room has no lines yet, so a page key raises ``KeyError``.
"""

from functools import wraps
from typing import Literal

from textual.events import Click
from textual.widgets import OptionList

_on_click, _move_page = OptionList._on_click, OptionList._move_page


@wraps(_on_click)
async def _on_a_click(self: OptionList, event: Click) -> None:
    option = event.style.meta.get("option")
    if option is None or option < self.option_count:
        await _on_click(self, event)


@wraps(_move_page)
def _move_a_page(self: OptionList, direction: Literal[1, -1]) -> None:
    if (self.highlighted or 0) in self._index_to_line:
        _move_page(self, direction)


OptionList._on_click = _on_a_click  # type: ignore[method-assign]
OptionList._move_page = _move_a_page  # type: ignore[method-assign]
