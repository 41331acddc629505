"""The contrast of what a screen draws, as WCAG 2 measures it: from 1 for equal colours to 21."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from textual.color import Color
from textual.geometry import Region
from textual.screen import ModalScreen

if TYPE_CHECKING:
    from rich.segment import Segment
    from textual.app import App

TEXT = 4.5
"""The least ratio of a text and what is behind it."""
EDGE = 3.0
"""The least ratio of the edge of a field and what is around."""
_NO_TEXT = re.compile(r"[\s\u2500-\u259f]*")


def weak_parts(app: App[Any]) -> set[str]:
    """The texts, and the edges of fields, of the screen on top that stand out too little."""
    return _weak_texts(app) | set(_weak_edges(app))


def _weak_texts(app: App[Any]) -> set[str]:
    """The texts of the screen on top that stand out too little, with their colours and ratio."""
    screen = app.screen
    whole = Region(0, 0, screen.size.width, screen.size.height)
    # Behind a dialog the screen is faded on purpose.
    places = [child.region for child in screen.children] if isinstance(screen, ModalScreen) else [whole]
    found = set()
    for y, strip in enumerate(screen._compositor.render_strips()):
        for place in places:
            if place.y <= y < place.bottom:
                found |= {weak for segment in strip.crop(place.x, place.right) for weak in _weak(segment)}
    return found


def _weak(segment: Segment) -> Iterator[str]:
    text, style = segment.text, segment.style
    if _NO_TEXT.fullmatch(text) or style is None or style.color is None or style.bgcolor is None:
        return
    assert not style.dim, "Textual fades colours itself"
    front, back = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    if style.reverse:
        front, back = back, front
    if (reached := ratio(front, back)) < TEXT:
        yield f"{reached:.2f} {front.hex} on {back.hex}: {text.strip()!r}"


def _weak_edges(app: App[Any]) -> Iterator[str]:
    """A field begins and ends with a line, which stands out from what is around and from the field."""
    strips, visible = app.screen._compositor.render_strips(), app.screen._compositor.visible_widgets
    for field in app.screen.query("TextInput, Chooser, Notes, FeedbackBox"):
        # A form that scrolls cuts the field at its edge off.
        region = field.region.intersection(visible[field][1]) if field in visible else Region()
        if not region:
            continue
        for x in (region.x, region.right - 1):
            [segment] = list(strips[region.y].crop(x, x + 1))
            style = segment.style
            if style is None or style.color is None or style.bgcolor is None or segment.text.isspace():
                yield f"no edge at all: {segment.text!r} of {field!r}"
                continue
            front, back = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            if ratio(front, back) < EDGE:
                yield f"edge {ratio(front, back):.2f} {front.hex} on {back.hex} of {field!r}"


def ratio(one: Color, other: Color) -> float:
    """The contrast of two opaque colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    channels = [part / 255 for part in color.rgb]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
