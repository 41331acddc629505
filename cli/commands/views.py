"""The commands for saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.app import command
from cli.context import signed_in
from cli.list_options import Sort, Where
from cli.options import Json
from cli.output import show_pages, show_record
from cli.parsing import FieldParser, record_id
from models.enums import RecordKind
from services.errors import Invalid
from services.i18n import N_, _

if TYPE_CHECKING:
    from models.read_models import SavedViewRead
    from services.actor import Actor
    from services.crm import Crm

_LISTS: Final[dict[str, RecordKind | None]] = {
    "clients": RecordKind.CLIENT, "contracts": RecordKind.CONTRACT, "events": RecordKind.EVENT,
    "tasks": RecordKind.TASK, "notes": RecordKind.NOTE, "users": RecordKind.COLLABORATOR, "journal": None,
}  # fmt: skip
ViewId = Annotated[str, typer.Argument(metavar="ID", help=N_("The view's id."))]
ListName = Annotated[
    str,
    typer.Argument(metavar="LIST", help=N_("clients, contracts, events, tasks, notes, users or journal.")),
]
AnyOf = Annotated[bool, typer.Option("--any", help=N_("Any one of the conditions is enough."))]
NO_CONDITION = N_("Give at least one condition with --where.")


@command(
    "list-views", N_("List your saved views, and those shared with you."), example="epicevents list-views"
)
def list_views(
    trash: Annotated[bool, typer.Option("--trash", help=N_("Show the trash instead."))] = False,
    as_json: Json = False,
) -> None:
    """Print the views of all lists."""
    with signed_in() as (crm, actor):
        from models.read_models import ReadableView, SavedViewRead
        from services import saved_views

        views: list[Any] = list(saved_views.list_views(crm, actor, everywhere=True, trashed=trash))
        if as_json:
            show_pages(crm, iter([views]), SavedViewRead, as_json=True)
            return
        show_pages(crm, iter([saved_views.readable(crm, actor, views)]), ReadableView, as_json=False)


@command(
    "create-view",
    N_("Save a filter of a list under a name."),
    example="epicevents create-view events 'My week' --where 'start in this week'",
)
def create_view(
    listed: ListName,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("At most 80 characters; unique."))],
    where: Where = None,
    any_of: AnyOf = False,
    sort: Sort = "",
    shared: Annotated[bool, typer.Option("--shared", help=N_("Share it with your department."))] = False,
    as_json: Json = False,
) -> None:
    """Create a view and print it."""
    kind = _kind(listed)
    if not where:
        raise Invalid.of("where", NO_CONDITION)
    with signed_in() as (crm, actor):
        from models.write_models import ViewCreate
        from services import saved_views
        from services.validation import build

        values = {
            "name": name, "listed": saved_views.name_of_list(kind), "shared": shared,
            "conditions": _conditions(crm, actor, kind, where, any_of=any_of),
            "sort": sort.removeprefix("-"), "descending": sort.startswith("-"),
        }  # fmt: skip
        view = saved_views.create_view(crm, actor, build(ViewCreate, values))
        _show(crm, actor, view, _("View {id} created."), as_json=as_json)


@command(
    "update-view",
    N_("Rename a saved view, share it, or give it other conditions."),
    example="epicevents update-view 3 --name 'Our week' --shared",
)
def update_view(
    view: ViewId,
    name: Annotated[str | None, typer.Option(metavar="NAME", help=N_("The new name."))] = None,
    where: Where = None,
    any_of: AnyOf = False,
    shared: Annotated[
        bool, typer.Option("--shared", help=N_("Share it with its owner's department."))
    ] = False,
    private: Annotated[bool, typer.Option("--private", help=N_("Share it no more."))] = False,
    as_json: Json = False,
) -> None:
    """Change what is given and print the view."""
    with signed_in() as (crm, actor):
        from models.write_models import ViewUpdate
        from services import saved_views

        key, parser = record_id(view), FieldParser().take("name", name)
        if shared and private:
            parser.refuse("shared", N_("Give --shared or --private, not both."))
        elif shared or private:
            parser.take("shared", "yes" if shared else "", lambda text, _field: bool(text))
        if where:
            listed = saved_views.get_view(crm, actor, key).listed
            kind = None if listed == saved_views.JOURNAL else RecordKind(listed)
            parser.take("conditions", _conditions(crm, actor, kind, where, any_of=any_of))
        elif any_of:
            raise Invalid.of("where", NO_CONDITION)
        changes = parser.changes(ViewUpdate)
        updated = saved_views.update_view(crm, actor, key, changes)
        _show(crm, actor, updated, _("View {id} updated."), as_json=as_json)


def _kind(name: str) -> RecordKind | None:
    key = name.strip().lower()
    if key not in _LISTS:
        raise Invalid.of("listed", N_("One of these: {names}."), names=", ".join(_LISTS))
    return _LISTS[key]


def _conditions(crm: Crm, actor: Actor, kind: RecordKind | None, where: list[str], *, any_of: bool) -> str:
    from services.condition_reading import read_condition
    from services.lists.own_filters import OwnFilter, limited

    read = tuple(read_condition(crm, actor, kind, text, "where") for text in where)
    return limited(OwnFilter(read, any_of)).to_json()


def _show(crm: Crm, actor: Actor, view: SavedViewRead, done: str, *, as_json: bool) -> None:
    from services import saved_views

    shown: Any = view if as_json else saved_views.readable(crm, actor, [view])[0]
    show_record(crm, shown, done, as_json=as_json)
