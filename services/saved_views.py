"""Saved views: filters of a list under a name, private or shared with a department.

Private views are their owner's alone. Shared ones are read by the people of that department and by Gestion;
the owner and Gestion change them.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, or_, select

from models.enums import Department, RecordKind
from models.read_models import ReadableView, SavedViewRead
from models.tables import Collaborator, table_of
from models.text import fold, normalise
from models.view_tables import SavedView
from models.write_models import ViewCreate, ViewUpdate
from services import audit_log, filter_people, record_types, rights, trash
from services.actor import Actor
from services.collaborator_checks import display_name
from services.crm import Crm
from services.denormalized import computed_columns
from services.errors import Invalid
from services.i18n import N_, _
from services.labels import kind_label
from services.lists import condition_texts, own_conditions, spec
from services.lists.engine import as_written, one
from services.lists.own_filters import OwnFilter, from_json, limited
from services.lists.query import Filter, ListQuery, Preset
from services.lists.spec import ListSpec, QueryContext, QueryKey, fetch, same_named
from services.persistence import mapper
from services.record_types import Naming, RecordType
from services.rights import Action
from services.session_rows import ACTOR
from services.unit_of_work import ReadContext, UnitOfWork, reading, writing

JOURNAL: Final = "journal"
"""The list of no kind of record."""
PREFIX: Final = "view:"
"""Begins the key by which a list remembers a view, before its id."""
OWN: Final = "own"
"""The key of a filter that is not saved."""

_NO_LIST: Final = N_("There is no such list.")
_NO_NAME: Final = N_("There is no view {name} for this list. There are: {names}.")
_NO_VIEWS: Final = N_("There is no view {name} for this list.")
_TWO: Final = N_("There are several views of this name: {names}. Give the id of one.")
_NO_CONDITION: Final = N_("A view needs at least one condition.")
_UNKNOWN_FILTER: Final = N_("This view holds a filter that this version does not know. Delete the view.")
_UNKNOWN_SORT: Final = N_("This list cannot be sorted in this order.")


def name_of_list(kind: RecordKind | None) -> str:
    """The list of a kind (``None``: the journal) as views name it."""
    return JOURNAL if kind is None else kind.value


def create_view(crm: Crm, actor: Actor, command: ViewCreate) -> SavedViewRead:
    """Save a view of one's own. Raises :class:`Invalid`, :class:`Forbidden` and :class:`Duplicate` (name)."""
    with writing(crm, actor, Action.VIEW_CREATE) as work:
        work.require()
        values = command.changes()
        shared = values.pop("shared", False)
        values |= {"owner_id": work.actor.id, "department": work.actor.department if shared else None}
        view = mapper.new(SavedView, values)
        _check(work, view)
        return as_written(work, LISTING, work.create(view))


def update_view(
    crm: Crm, actor: Actor, view_id: int, command: ViewUpdate, version: int | None = None
) -> SavedViewRead:
    """Rename a view, change its conditions, share it with its owner's department or end that.

    Raises :class:`NotFound`, also for a private view of another person, :class:`Forbidden`,
    :class:`Invalid`, :class:`Duplicate` and :class:`Conflict`.
    """
    with writing(crm, actor, Action.VIEW_UPDATE) as work:
        view = _visible(work, view_id)
        work.require(owner_id=view.owner_id)
        work.get(SavedView, view_id, version)
        values = command.changes()
        if "shared" in values:
            values["department"] = _department(work, view) if values.pop("shared") else None
        changed = mapper.new(SavedView, _values_of(view) | values)
        if values.keys() & {"conditions", "filters", "sort", "descending"}:
            _check(work, changed)
        work.change(view, values)
        return as_written(work, LISTING, view)


def trash_view(crm: Crm, actor: Actor, view_id: int) -> None:
    """Put a view in the trash. Raises :class:`NotFound` and :class:`Forbidden`."""
    with writing(crm, actor, Action.VIEW_TRASH) as work:
        view = _visible(work, view_id)
        work.require(owner_id=view.owner_id)
        trash.discard(work, view)


def restore_view(crm: Crm, actor: Actor, view_id: int) -> None:
    """Take a view out of the trash.

    Raises :class:`NotFound`, :class:`NotTrashed`, :class:`Forbidden`, and :class:`Duplicate` if its owner has
    another view of this name meanwhile.
    """
    with writing(crm, actor, Action.VIEW_TRASH) as work:
        view = work.get_even_trashed(SavedView, view_id)
        if not _is_visible(work.actor, view.owner_id, view.department):
            raise record_types.not_found(RecordKind.VIEW, view_id)
        work.require(owner_id=view.owner_id)
        trash.restore(work, view)


def get_view(crm: Crm, actor: Actor, view_id: int) -> SavedViewRead:
    """One view, also from the trash. Raises :class:`NotFound`, also for another's private view."""
    with reading(crm, actor) as work:
        view = one(LISTING, work.connection, view_id)
    if view is None or not _is_visible(work.actor, view.owner_id, view.department):
        raise record_types.not_found(RecordKind.VIEW, view_id)
    return view


def list_views(
    crm: Crm, actor: Actor, kind: RecordKind | None = None, *, everywhere: bool = False, trashed: bool = False
) -> list[SavedViewRead]:
    """The views that the actor may read, of one list or ``everywhere``: own ones first, each by name."""
    with reading(crm, actor) as work:
        return _read(work, None if everywhere else name_of_list(kind), trashed=trashed)


def find_view(crm: Crm, actor: Actor, kind: RecordKind | None, name: str) -> SavedViewRead:
    """The view of a list with this name, in any case, or with this id; one's own before those of others.

    Raises :class:`Invalid` naming ``view`` if there is none, or several of other people.
    """
    views = list_views(crm, actor, kind)
    key = fold(normalise(name))
    found = [view for view in views if fold(view.name) == key] or [
        view for view in views if str(view.id) == name.strip()
    ]
    if not found and views:
        names = ", ".join(dict.fromkeys(view.name for view in views))
        raise Invalid.of("view", _NO_NAME, name=name, names=names)
    if not found:
        raise Invalid.of("view", _NO_VIEWS, name=name)
    if found[0].owner_id != actor.id and len(found) > 1:
        names = ", ".join(f"{view.name} ({view.owner_name}, {view.id})" for view in found)
        raise Invalid.of("view", _TWO, names=names)
    return found[0]


def open_view(crm: Crm, actor: Actor, view: SavedViewRead) -> Preset:
    """A view as a filter of its list.

    Raises :class:`Invalid` naming ``conditions`` if it is damaged, or names a field, a filter or a person
    that there is not.
    """
    chosen = as_preset(view)
    with reading(crm, actor) as work:
        _refuse(work, listing_of(view.listed), chosen)
    return chosen


def remembered_filter(
    crm: Crm, actor: Actor, kind: RecordKind | None, key: str, conditions: str = "", within: str = ""
) -> Preset:
    """The filter of the list of a kind that is remembered by the key of its preset: a view, or :data:`OWN`.

    ``conditions`` and ``within`` are those of a filter that is not saved, as views keep them. Raises
    :class:`NotFound`, and :class:`Invalid` for what the list cannot be filtered by.
    """
    if key == OWN:
        chosen = Preset(OWN, _("Own filter"), _filters(within), own=from_json(conditions))
        with reading(crm, actor) as work:
            _refuse(work, listing_of(name_of_list(kind)), chosen)
        return chosen
    number = key.removeprefix(PREFIX)
    known = number.isascii() and number.isdigit()
    view = get_view(crm, actor, int(number) if known else 0)
    if view.deleted is not None or view.listed != name_of_list(kind):
        raise record_types.not_found(RecordKind.VIEW, view.id)
    return open_view(crm, actor, view)


def as_preset(view: SavedViewRead) -> Preset:
    """A view as a filter of its list, unchecked. Raises :class:`Invalid` if it is damaged."""
    return Preset(
        f"{PREFIX}{view.id}", view.name, _filters(view.filters), sort=view.sort,
        descending=view.descending, own=from_json(view.conditions),
    )  # fmt: skip


def require_usable(crm: Crm, actor: Actor, kind: RecordKind | None, own: OwnFilter) -> None:
    """Raise :class:`Invalid` naming ``conditions`` unless the list of a kind can be filtered so."""
    with reading(crm, actor) as work:
        _refuse(work, listing_of(name_of_list(kind)), Preset("own", "", frozenset(), own=own))


def listing_of(listed: str) -> ListSpec[Any]:
    """The list that views name so. Raises :class:`Invalid` naming ``listed``."""
    if listed == JOURNAL:
        return audit_log.listing()
    found = next((each for each in record_types.all_types() if each.kind == listed), None)
    if found is None or found.listing is None or not found.listing.fields:
        raise Invalid.of("listed", _NO_LIST)
    return found.listing  # type: ignore[no-any-return]


def readable(crm: Crm, actor: Actor, views: Sequence[SavedViewRead]) -> list[ReadableView]:
    """Views as people read them, with their conditions in words."""
    return [
        ReadableView(
            view.id, view.name, list_label(view.listed), view.owner_name, view.department,
            "; ".join(say_conditions(crm, actor, view)), view.updated,
        )
        for view in views
    ]  # fmt: skip


def say_conditions(crm: Crm, actor: Actor, view: SavedViewRead) -> list[str]:
    """The conditions of a view in words, or why they cannot be read."""
    try:
        own, fields = from_json(view.conditions), listing_of(view.listed).fields
    except Invalid as refused:
        return [each.message() for each in refused.field_problems()]
    names, currency = filter_people.names_of(crm, actor, own), crm.shared.currency
    said = [condition_texts.say_condition(fields, each, currency, names) for each in own.conditions]
    return [_("any of: {first}").format(first=said[0]), *said[1:]] if own.any_of and len(said) > 1 else said


def list_label(listed: str) -> str:
    """The name of a list in the active language."""
    return _("Journal") if listed == JOURNAL else kind_label(RecordKind(listed))


def has_fields(kind: RecordKind | None) -> bool:
    """Whether people build filters of the list of a kind."""
    listing = audit_log.listing() if kind is None else record_types.of_kind(kind).listing
    return bool(listing.fields)


def shared_note(view: SavedViewRead, actor: Actor) -> str:
    """Whose view it is, if it is another's, and with whom it is shared, in the active language."""
    if view.owner_id != actor.id:
        return view.owner_name
    return "" if view.department is None else _("shared")


def _visible(work: UnitOfWork, view_id: int) -> SavedView:
    view = work.get(SavedView, view_id)
    if not _is_visible(work.actor, view.owner_id, view.department):
        raise record_types.not_found(RecordKind.VIEW, view_id)
    return view


def _is_visible(actor: Actor, owner_id: int, department: Department | None) -> bool:
    shared = department is not None and actor.department in (department, Department.GESTION)
    return owner_id == actor.id or shared


def _department(work: UnitOfWork, view: SavedView) -> Department:
    if view.department is not None:
        return view.department
    owner = work.find(Collaborator, view.owner_id)
    return work.actor.department if owner is None else owner.department


def _values_of(view: SavedView) -> dict[str, Any]:
    names = ("name", "listed", "conditions", "filters", "sort", "descending", "owner_id")
    return {name: getattr(view, name) for name in names}


def _check(work: UnitOfWork, view: SavedView) -> None:
    """Raise :class:`Invalid` or :class:`Forbidden` unless the list of the view can be filtered so."""
    listing = listing_of(view.listed)
    rights.require(work.actor.department, _right_of(view.listed))
    filters, own = _filters(view.filters), from_json(view.conditions)
    if not own:
        raise Invalid.of("conditions", _NO_CONDITION)
    if view.sort and view.sort != "id" and view.sort not in listing.sorts_under(filters):
        raise Invalid.of("sort", _UNKNOWN_SORT)
    asked = ReadContext(work.connection, work.actor, work.now)
    _refuse(asked, listing, Preset("", "", filters, sort=view.sort, own=own))


def names_of(filters: frozenset[Filter]) -> str:
    """The preset filters of a view as it keeps them."""
    return ",".join(sorted(filters))


def _filters(names: str) -> frozenset[Filter]:
    """The preset filters of a view. Raises :class:`Invalid` naming ``conditions`` for an unknown one."""
    wanted = [name for name in names.split(",") if name]
    if not set(wanted) <= set(Filter):
        raise Invalid.of("conditions", _UNKNOWN_FILTER)
    return frozenset(map(Filter, wanted))


def _right_of(listed: str) -> Action:
    """The right to read a list."""
    return Action.JOURNAL_READ if listed == JOURNAL else record_types.of_kind(RecordKind(listed)).read_right


def _refuse(work: ReadContext, listing: ListSpec[Any], chosen: Preset) -> None:
    asking = QueryContext.by(work.actor, work.now)
    query = ListQuery(chosen.filters, own=limited(chosen.own))
    spec.filter_specs(listing, QueryKey.of(asking, query))
    own_conditions.values(listing.fields, chosen.own, asking)
    filter_people.require_known(work.connection, listing.fields, chosen.own)


def _read(work: ReadContext, listed: str | None, *, trashed: bool) -> list[SavedViewRead]:
    statement = _VISIBLE_TRASHED if trashed else _VISIBLE
    values = {
        "actor_id": work.actor.id, "their_department": work.actor.department.value,
        "reads_all": int(work.actor.department is Department.GESTION),
        "listed": listed or "", "any_list": int(listed is None),
    }  # fmt: skip
    views = fetch(LISTING, work.connection, statement, values)
    return sorted(views, key=lambda view: (view.owner_id != work.actor.id, fold(view.name), view.id))


_view = table_of(SavedView).c
_owner = table_of(Collaborator).c

LISTING: Final[ListSpec[SavedViewRead]] = ListSpec(
    record=SavedViewRead,
    table=table_of(SavedView),
    select=select(
        *same_named(SavedViewRead, table_of(SavedView)),
        _owner.username.label("owner"), display_name(_owner).label("owner_name"),
        _view.created_at.label("created"), _view.updated_at.label("updated"),
        _view.deleted_at.label("deleted"),
    ).outerjoin_from(table_of(SavedView), table_of(Collaborator), _owner.id == _view.owner_id),
    key=_view.id,
    trashable=True,
)  # fmt: skip


def _own_or_shared() -> ColumnElement[bool]:
    of_department = _view.department == bindparam("their_department", type_=String)
    all_shared = and_(bindparam("reads_all", type_=Integer) == 1, _view.department.is_not(None))
    return or_(_view.owner_id == ACTOR, of_department, all_shared)


_OF_LIST: Final = or_(
    _view.listed == bindparam("listed", type_=String), bindparam("any_list", type_=Integer) == 1
)
_VISIBLE: Final = LISTING.select.where(_view.deleted_at.is_(None), _OF_LIST, _own_or_shared())
_VISIBLE_TRASHED: Final = LISTING.select.where(_view.deleted_at.is_not(None), _OF_LIST, _own_or_shared())

record_types.register(
    RecordType(
        kind=RecordKind.VIEW,
        model=SavedView,
        label=N_("View"),
        restored_label=N_("View restored"),
        telemetry_name="d'une vue",
        not_found=N_("There is no view {key}, or it is in the trash."),
        not_trashed=N_("View {key} is not in the trash."),
        references={"owner_id": RecordKind.COLLABORATOR},
        owner=lambda view, _action: view.owner_id,
        naming=Naming(key=_view.id, text=_view.name),
        derived=frozenset({"name_key"}),
        compute=computed_columns.refresh_view,
        right_to_uncreate=Action.VIEW_TRASH,
        in_trash=N_("View {key} is in the trash. Restore it before you undo this change."),
    )
)
