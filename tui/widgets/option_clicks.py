"""A click on an option that its list no longer has does nothing; Textual 8 raises ``IndexError`` for it.

A list that follows a search gets shorter between the frame that was clicked and the click.
"""

from functools import wraps

from textual.events import Click
from textual.widgets import OptionList

_on_click = OptionList._on_click


@wraps(_on_click)
async def _on_a_click(self: OptionList, event: Click) -> None:
    option = event.style.meta.get("option")
    if option is None or option < self.option_count:
        await _on_click(self, event)


OptionList._on_click = _on_a_click  # type: ignore[method-assign]
