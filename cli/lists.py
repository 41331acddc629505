"""What a list is asked for, read from the options that every list has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli.typed import Typed, whole_number
from models.enums import RecordKind
from services.errors import Invalid
from services.i18n import N_
from services.listing import PRESETS, Filter, ListQuery

Json = Annotated[bool, typer.Option("--json", help=N_("Print JSON, for scripts."))]
Mine = Annotated[bool, typer.Option("--mine", help=N_("Only my own."))]
Search = Annotated[
    str, typer.Option("--search", metavar="WORDS", help=N_("Only records that contain all these words."))
]
Preset = Annotated[str, typer.Option("--preset", metavar="NAME", help=N_("One of the named filters."))]
Sort = Annotated[
    str, typer.Option("--sort", metavar="FIELD", help=N_("Order by a field; -FIELD reverses the order."))
]
Limit = Annotated[str, typer.Option("--limit", metavar="N", help=N_("At most this many; 50 by default."))]
After = Annotated[
    str | None,
    typer.Option("--after", metavar="ID", help=N_("Only records after this one (next page).")),
]
Trash = Annotated[bool, typer.Option("--trash", help=N_("Show the trash instead."))]


_NO_FILTERS: Mapping[Filter, bool] = {}


@dataclass(frozen=True)
class Window:
    """A list and the part of it that is wanted."""

    query: ListQuery
    limit: int
    after: int | None

    def bounds(self) -> dict[str, Any]:
        """The window as the services take it."""
        return {"limit": self.limit, "after": self.after}


def window(
    kind: RecordKind | None,
    *,
    filters: Mapping[Filter, bool] = _NO_FILTERS,
    search: str = "",
    preset: str = "",
    sort: str = "",
    limit: str = "50",
    after: str | None = None,
    parent: tuple[RecordKind, int] | None = None,
) -> Window:
    """The list that the options ask for; ``kind`` is that of the presets, ``None`` where there are none.

    Raises:
        Invalid: an option cannot be read; names each.
    """
    typed = Typed().take("limit", limit, _limit).take("after", after, whole_number)
    chosen = typed.take("preset", preset or None, lambda name, field: _preset(kind, name, field)).values()
    given = frozenset(name for name, asked in filters.items() if asked)
    query = ListQuery(
        filters=given | chosen.get("preset", frozenset()),
        search=search,
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        parent=parent,
    )
    return Window(query, chosen["limit"], chosen.get("after"))


def _limit(text: str, field: str) -> int:
    number = whole_number(text, field)
    if not 1 <= number <= 10_000:
        raise Invalid.of(field, N_("A whole number from 1 to {max}."), max="10000")
    return number


def _preset(kind: RecordKind | None, name: str, field: str) -> frozenset[Filter]:
    presets = {preset.key: preset.filters for preset in (PRESETS.get(kind, ()) if kind else ())}
    if name not in presets:
        raise Invalid.of(field, N_("One of these: {names}."), names=", ".join(presets))
    return presets[name]
