"""The command that prints what is to do today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.app import command
from cli.context import signed_in
from cli.options import Json
from services.i18n import N_

if TYPE_CHECKING:
    from services.today import Figure, Point, Today

_WIDTH = 100
"""The width where the output is no terminal."""


@command(
    "today",
    N_("Show what is to do today: the figures of your department."),
    example="epicevents today --json",
)
def today(as_json: Json = False) -> None:
    """Print the figures with their charts, or as one JSON object."""
    with signed_in() as (crm, actor):
        from rich.cells import cell_len

        from cli.output import show_json, show_lines
        from cli.text_table import fit, terminal_width
        from services.today import read_today
        from services.today_layout import lines_of

        found = read_today(crm, actor)
        if as_json:
            show_json(_as_json(found, crm.shared.currency))
            return
        width = terminal_width() or _WIDTH
        show_lines(line.text for line in lines_of(found, crm.shared.currency, width, fit, cell_len))


def _as_json(found: Today, currency: str) -> dict[str, Any]:
    return {
        "day": found.day,
        "now": found.now,
        "department": found.department.value,
        "currency": currency,
        "blocks": {
            block.key: {
                "figures": [_figure(figure) for figure in block.figures],
                "left_out": block.left_out,
            }
            for block in found.blocks
        },
    }


def _figure(figure: Figure) -> dict[str, Any]:
    """The fields of a figure; an event has its own."""
    if figure.event is not None:
        event = figure.event
        return {
            "key": figure.key, "id": event.id, "name": event.name, "start": event.start, "end": event.end,
            "location": event.location, "client": event.client_name,
        }  # fmt: skip
    from services.lists.query import COUNT_CAP

    is_capped = figure.number >= COUNT_CAP
    values: dict[str, Any] = {
        "key": figure.key,
        "number": COUNT_CAP - 1 if is_capped else figure.number,
        "or_more": is_capped,
    }
    if figure.amount is not None:
        values["amount"] = figure.amount
    if figure.name:
        values["name"] = figure.name
    if figure.points:
        values["points"] = [_point(point) for point in figure.points]
    return values


def _point(point: Point) -> dict[str, Any]:
    values: dict[str, Any] = {"first": point.first, "number": point.number}
    return values if point.amount is None else values | {"amount": point.amount}
