"""The query of a list, read from the options that all lists share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from cli import completion, console
from cli.app import RECORDS, command
from cli.context import signed_in
from cli.options import Json
from cli.output import show_pages
from cli.parsing import FieldParser, up_to, whole_number
from models.enums import RecordKind
from models.search_words import search_terms
from models.text import is_blank
from services.errors import Invalid
from services.i18n import N_, _
from services.lists.query import COUNT_CAP, Filter, ListQuery, presets_of, sorts_of
from services.lists.query import Preset as NamedFilters

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm

Search = Annotated[str, typer.Option(metavar="WORDS", help=N_("Only records that contain all these words."))]
Preset = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        autocompletion=completion.presets,
        help=N_("One of the predefined filters."),
    ),
]
Sort = Annotated[
    str,
    typer.Option(
        metavar="FIELD",
        autocompletion=completion.sorts,
        help=N_("Order by a field; -FIELD reverses the order."),
    ),
]
View = Annotated[
    str, typer.Option(metavar="NAME", help=N_("One of your saved views, or of those shared with you."))
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CONDITION",
        help=N_("A field, a comparison and a value, as in 'created in this week'; all of them hold."),
    ),
]
Limit = Annotated[str | None, typer.Option(metavar="N", help=N_("At most this many; 50 by default."))]
All = Annotated[bool, typer.Option("--all", help=N_("Show all records, without a limit."))]
After = Annotated[str | None, typer.Option(metavar="ID", help=N_("Only records after this one (next page)."))]


class Flag(NamedTuple):
    """An option of one list that applies a filter."""

    filter: Filter
    option: str
    text: str


MINE: Final = Flag(Filter.MINE, "--mine", N_("Only my own."))
TRASH: Final = Flag(Filter.TRASHED, "--trash", N_("Show the trash instead."))

DEFAULT_LIMIT: Final = 50
_ALL: Final = NamedFilters("all", "", frozenset())
_MOST: Final = 10_000
_PAGE: Final = 1000
"""Rows in memory at a time with ``--all``."""
Told = tuple[type, Callable[["Crm", "Actor", list[Any]], list[Any]]]
"""The read model of rows in tables, and the function that makes them from a page of rows."""


@dataclass(frozen=True)
class Window:
    """A list and the requested part of it; ``limit`` is ``None`` for the default number of rows."""

    query: ListQuery
    limit: int | None
    after: int | None
    everything: bool
    view: str = ""
    where: Sequence[str] = ()
    sorted_by: str = ""


def window(
    kind: RecordKind | None,
    filters: Iterable[Filter] = (),
    parent: tuple[RecordKind, int] | None = None,
    *,
    search: Search = "",
    preset: Preset = "",
    view: View = "",
    where: Where = None,
    sort: Sort = "",
    limit: Limit = None,
    after: After = None,
    everything: All = False,
) -> Window:
    """Read the list options; ``kind`` selects presets and sorts, ``None`` has none.

    Raises :class:`Invalid` naming all options that cannot be read.
    """
    parser = FieldParser().take("search", search, _search)
    parser = parser.take("limit", limit, up_to(_MOST)).take("after", after, whole_number)
    if everything and limit is not None:
        parser.refuse("limit", N_("Give --limit or --all, not both."))
    if view and preset:
        parser.refuse("view", N_("Give --preset or --view, not both."))
    parser.take("sort", sort or None, lambda name, field: _sort(kind, name, field))
    chosen = parser.take("preset", preset or None, lambda name, field: _preset(kind, name, field)).values()
    named = chosen.get("preset", _ALL)
    # A search is in the order of the ids, unless another is asked for.
    natural = ("", False) if sort or not is_blank(search) else (named.sort, named.descending)
    query = ListQuery(
        filters=named.filters.union(filters),
        search=chosen["search"],
        sort=sort.removeprefix("-") or natural[0],
        descending=sort.startswith("-") or natural[1],
        parent=parent,
    )
    limits = chosen.get("limit"), chosen.get("after"), everything
    return Window(query, *limits, view, tuple(where or ()), sort)


def list_command(
    name: str, text: str, kind: RecordKind, flags: Sequence[Flag], *, panel: str = RECORDS, example: str
) -> None:
    """Declare the command that prints the list of a kind, with these flags and the options of all lists."""

    def run(*, as_json: Json = False, **given: Any) -> None:
        filters = [flag.filter for flag in flags if given.pop(flag.filter)]
        show_list(kind, window(kind, filters, **given), as_json=as_json)

    # Typer reads the options of a command from its signature.
    options = (
        *signature(window, eval_str=True).parameters.values(),
        *signature(run, eval_str=True).parameters.values(),
    )
    run.__signature__ = Signature(  # type: ignore[attr-defined]
        [*map(_parameter, flags), *(each for each in options if each.kind is Parameter.KEYWORD_ONLY)]
    )
    command(name, text, panel=panel, example=example)(run)


def _parameter(flag: Flag) -> Parameter:
    option = Annotated[bool, typer.Option(flag.option, help=flag.text)]
    return Parameter(flag.filter, Parameter.KEYWORD_ONLY, default=False, annotation=option)


def show_list(
    kind: RecordKind | None,
    asked: Window,
    *,
    as_json: bool,
    told: Told | None = None,
    narrow: Callable[[Crm, Actor, ListQuery], ListQuery] | None = None,
) -> None:
    """Print the requested part of a list, and tell if the list is longer.

    ``kind`` is ``None`` for the journal; ``told`` converts its rows for tables. ``narrow`` completes the
    query by what only the database knows. Raises like ``ListReader``.
    """
    with signed_in() as (crm, actor):
        from services.list_reader import ListReader

        if narrow is not None:
            asked = replace(asked, query=narrow(crm, actor, asked.query))
        asked = replace(asked, query=own_query(crm, actor, kind, asked))
        reader: ListReader[Any] = ListReader(crm, lambda: actor, kind, asked.query)
        show = partial(_show, crm, actor, reader.record, None if as_json else told, as_json=as_json)
        if asked.everything:
            show(reader.pages(_PAGE, after=asked.after))
            return
        limit = asked.limit or DEFAULT_LIMIT
        found = reader.window(0, limit + 1, after=asked.after)
        show(iter([found[:limit]]))
        if len(found) > limit:
            _say_cut(limit, reader.count(), chosen=asked.limit is not None)


def own_query(crm: Crm, actor: Actor, kind: RecordKind | None, asked: Window) -> ListQuery:
    """The query with the view and the conditions that were asked for. Raises :class:`Invalid`."""
    if not asked.view and not asked.where:
        return asked.query
    from services import condition_reading, saved_views
    from services.list_reader import own_order
    from services.lists.own_filters import OwnFilter, limited

    query, own = asked.query, OwnFilter()
    if asked.view:
        view = saved_views.open_view(crm, actor, saved_views.find_view(crm, actor, kind, asked.view))
        query = replace(query, filters=query.filters | view.filters)
        if not asked.sorted_by and not query.searches:
            query = replace(query, sort=view.sort, descending=view.descending)
        own = view.own
    typed = [condition_reading.read_condition(crm, actor, kind, text, "where") for text in asked.where]
    if typed and own.any_of:
        raise Invalid.of(
            "where", N_("Any one condition of this view is enough, so --where cannot add to it.")
        )
    own = limited(OwnFilter((*own.conditions, *typed), own.any_of))
    if not query.sort and not query.searches and not asked.sorted_by:
        query = replace(query, sort=own_order(kind, query, own))
    return replace(query, own=own)


def _show(
    crm: Crm, actor: Actor, shape: type, told: Told | None, pages: Iterator[list[Any]], *, as_json: bool
) -> None:
    if told is not None:
        shape, tell = told
        pages = (tell(crm, actor, page) for page in pages)
    show_pages(crm, pages, shape, as_json=as_json)


def _say_cut(shown: int, total: int, *, chosen: bool) -> None:
    """Tell that the list is longer: a warning, which quiet does not hide, if the limit is the default."""
    from services.formats import show_integer

    whole = show_integer(COUNT_CAP - 1) + "+" if total == COUNT_CAP else show_integer(total)
    text = _("{shown} of {total} shown; --limit or --after shows more, --all shows all.")
    say = console.info if chosen else console.warning
    say(text.format(shown=show_integer(shown), total=whole))


def _search(text: str, field: str) -> str:
    if not search_terms(text) and not is_blank(text):
        raise Invalid.of(field, N_("A search needs at least one letter or digit."))
    return text


def _sort(kind: RecordKind | None, name: str, field: str) -> str:
    fields = ["id", *sorted(sorts_of(kind) if kind else ())]
    if name.removeprefix("-") not in fields:
        raise Invalid.of(field, N_("Sort by one of: {names}."), names=", ".join(fields))
    return name


def _preset(kind: RecordKind | None, name: str, field: str) -> NamedFilters:
    presets = {preset.key: preset for preset in (presets_of(kind) if kind else ())}
    if name not in presets:
        raise Invalid.of(field, N_("One of these: {names}."), names=", ".join(presets))
    return presets[name]
