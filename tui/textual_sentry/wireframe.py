"""Draws the screen as masked text for a crash report: the layout without readable content.

Letters become x or X and digits 0. Blanks and box lines stay. Characters that draw areas become one shade,
and all others a dot. A password field is filled completely, which hides the length of the password.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len

if TYPE_CHECKING:
    from textual.app import App
    from textual.geometry import Region
    from textual.widget import Widget

MAX_COLUMNS: Final = 200
MAX_ROWS: Final = 60
_BOX_LINES: Final = range(0x2500, 0x2580)
_AREAS: Final = range(0x2580, 0x25A0)
_EDGES: Final = frozenset("▁▔▏▕▎▊▌▐")
_SHADE: Final = "▒"
_UNREADABLE: Final = "?"


def masked_wireframe(app: "App[Any]") -> str:
    """The top screen of this app in at most 200 by 60 cells; empty if it cannot be drawn. Never raises.

    Call this on the event loop. It calls ``render_lines`` of the widgets, as a repaint does.
    """
    try:
        return _draw(app)
    except Exception:  # a screen that crashed may fail in any way
        return ""


def mask_text(text: str) -> str:
    """The text with every readable character masked, in the same number of cells."""
    return "".join(map(_masked_character, text))


@lru_cache(maxsize=2048)
def _masked_character(character: str) -> str:
    width = cell_len(character)
    code = ord(character)
    if character.isspace():
        return " " * width
    if code in _BOX_LINES or character in _EDGES:
        return character
    if code in _AREAS:
        return _SHADE
    category = unicodedata.category(character)
    if category.startswith("L"):
        return ("X" if category in ("Lu", "Lt") else "x") * width
    return ("0" if category.startswith("N") else ".") * width


def _draw(app: "App[Any]") -> str:
    compositor = app.screen._compositor
    columns, rows = min(compositor.size.width, MAX_COLUMNS), min(compositor.size.height, MAX_ROWS)
    grid = [[" "] * columns for _ in range(rows)]
    # Paint from the lowest layer to the highest.
    for widget, (region, clip) in reversed(list(compositor.visible_widgets.items())):
        _paint(grid, region.intersection(clip), _lines_of(widget, region, region.intersection(clip)))
    return "\n".join("".join(row).rstrip() for row in grid)


def _paint(grid: list[list[str]], area: "Region", lines: Iterable[str]) -> None:
    for row, line in zip(range(area.y, area.bottom), lines, strict=False):
        if 0 <= row < len(grid):
            for column, character in enumerate(line[: area.width], area.x):
                if 0 <= column < len(grid[row]):
                    grid[row][column] = character


def _lines_of(widget: "Widget", region: "Region", area: "Region") -> list[str]:
    try:
        strips = widget.render_lines(area.translate((-region.x, -region.y)))
        lines = [mask_text(strip.text) for strip in strips]
    except Exception:  # probably the widget that crashed
        return [_UNREADABLE * area.width] * area.height
    if getattr(widget, "password", False):
        return [_filled(line) for line in lines]
    return lines


def _filled(line: str) -> str:
    return "".join(c if ord(c) in _BOX_LINES or c in _EDGES or c == _SHADE else "x" for c in line)
