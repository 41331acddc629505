"""Each kind of record, described once: the class :class:`RecordType`, and the register of all kinds.

The module of a kind builds its description and registers it. Audit, undo, trash, locking, search, lists,
counters, copies, labels, the palette and telemetry read the description, so none of them names a kind.

The modules of the brief's kinds contain use cases. These import the unit of work, which asks for
descriptions. So the register imports such a module by name, when its kind is first asked for. Nothing here
loads the ORM.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from models.enums import Department, RecordKind
from services.errors import NotFound
from services.rights import Action, Rule, add_rights

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from sqlalchemy import ColumnElement, SQLColumnExpression

    from models.tables import Record
    from services.i18n import Plural

Model = TypeVar("Model", bound="Record")

Share = Mapping["tuple[str, int | str | tuple[str, int, date], str]", "int | Decimal"]
"""Amounts by the counter that they are added to: its table, the key of its row, and its column."""


class Find(Protocol):
    """A function that reads a record within the transaction."""

    def __call__(self, model: type[Model], record_id: int, /) -> Model | None:
        """The record, including unsaved changes of this transaction; ``None`` if it does not exist."""


_MODULES: Final[Mapping[RecordKind, str]] = {
    RecordKind.CLIENT: "services.clients",
    RecordKind.CONTRACT: "services.contracts",
    RecordKind.EVENT: "services.events",
    RecordKind.PAYMENT: "services.payments",
    RecordKind.COLLABORATOR: "services.collaborators",
    RecordKind.SETTINGS: "services.shared_settings",
    RecordKind.NOTE: "services.notes",
    RecordKind.TASK: "services.tasks",
    RecordKind.VIEW: "services.saved_views",
}
"""The modules that register the kinds of the brief, in the order in which people see the kinds."""


@dataclass(frozen=True, kw_only=True)
class Parent:
    """The record that each record of a kind belongs to. It is locked first.

    ``link`` is the column with the id of the parent. ``in_use`` refuses to trash the parent while it has live
    records of this kind; a record with a value in the column ``unless`` does not count. ``restore_first``
    refuses to restore a record while its parent is in the trash; ``needs`` names a column of the parent that
    must have a value then, and ``lacks`` refuses it otherwise.
    """

    kind: RecordKind
    link: str
    in_use: Plural
    unless: str = ""
    restore_first: str = ""
    needs: str = ""
    lacks: str = ""


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The columns that name a record: a ``text``, or a number made of the id and the moment of creation."""

    key: ColumnElement[int]
    text: SQLColumnExpression[str] | None = None
    created: ColumnElement[Any] | None = None

    @property
    def shown(self) -> Any:
        """The column to read: the text, or the moment of creation."""
        return self.created if self.text is None else self.text


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordType(Generic[Model]):
    """The description of one kind of record. Texts are translatable, except ``telemetry_name``.

    - ``label``, ``title``: the kind in a heading, and a record of it by its name (``Payment on {name}``).
      ``field_labels`` and ``action_labels`` add to those of ``services.labels``; ``restored_label`` names a
      restoring in the journal, which has the action of the trashing.
    - ``telemetry_name``: the French name of the kind in breadcrumbs, as after "Création".
    - ``rights``: those of a kind that is not in the brief.
    - ``listing``: its list, a ``ListSpec``. ``read_right``: the right to read the list.
    - ``hit``: the title and the detail of a row in the palette. Without it the palette does not search it.
    - ``parent``: the record that it belongs to. A row of the list holds the id of the parent under the name
      of the parent's kind.
    - ``references``: the fields with the id of another record. ``contacts``: those of them that name an
      active collaborator of a department.
    - ``owner``: the id of the collaborator who owns the record under an action, or the ids of several;
      ``None`` asks the parent.
    - ``naming``: without it, a record is named by its parent.
    - ``derived``, ``compute``: the columns that no use case sets, and how they follow from the others. The
      second argument is the phone region.
    - ``set_copies``, ``note_originals``: see ``services.denormalized.copies``.
    - ``counters``: the shares of a live record in counters, besides the total of its kind. The second
      argument reads the records that it belongs to.
    - ``moved_by``: the actions of other kinds that change a record of this kind without a new version. Their
      entries follow from those of the other record, so that conflicts and undo leave them out.
    - ``lock_first``: locks what a record is locked after, if that is not its parent.
    - ``after_write``: changes other records that follow from one that was created, or from the fields of one
      that were changed.
    - ``is_single``: there is one record, which is not counted.
    - ``is_restorable``: people can take a record out of the trash.
    - ``not_found``, ``not_trashed``: the refusals for an id that no record has, and to restore a record that
      is not in the trash.
    - ``right_to_uncreate``, ``in_trash``: the right to undo a creation, and the refusal to undo a change of a
      trashed record. ``prepare_undo`` runs before anything is undone, ``undo_create`` and ``revert`` in place
      of trashing the record and setting its fields back.
    """

    kind: RecordKind
    model: type[Model]
    label: str
    title: str = ""
    telemetry_name: str
    rights: Mapping[Action, Rule] = field(default_factory=dict)
    action_labels: Mapping[Action, str] = field(default_factory=dict)
    restored_label: str = ""
    field_labels: Mapping[str, str] = field(default_factory=dict)
    read_right: Action = Action.RECORD_READ
    listing: Any = None
    hit: Callable[[Any], tuple[str, str]] | None = None
    parent: Parent | None = None
    references: Mapping[str, RecordKind] = field(default_factory=dict)
    contacts: Mapping[str, Department] = field(default_factory=dict)
    owner: Callable[[Model, Action], int | frozenset[int] | None] = lambda _record, _action: None
    naming: Naming | None = None
    derived: frozenset[str] = frozenset()
    compute: Callable[[Model, str], None] = lambda _record, _region: None
    set_copies: Callable[[Any, Any, Model], None] = lambda _connection, _find, _record: None
    note_originals: Callable[[Any, Model], None] = lambda _updates, _record: None
    counters: Callable[[Model, Find], Share] = lambda _record, _find: {}
    not_found: str
    not_trashed: str = ""
    moved_by: frozenset[Action] = frozenset()
    lock_first: Callable[[Any, int], object] = lambda _work, _record_id: None
    after_write: Callable[[Any, Model, Collection[str]], object] = lambda _work, _record, _fields: None
    is_single: bool = False
    is_restorable: bool = True
    right_to_uncreate: Action | None = None
    in_trash: str = ""
    prepare_undo: Callable[[Any], object] = lambda _work: None
    undo_create: Callable[[Any, Model], None] | None = None
    revert: Callable[[Any, Model, dict[str, Any]], None] | None = None


AnyType = RecordType[Any]

_by_kind: dict[RecordKind, AnyType] = {}
_by_model: dict[type[Record], AnyType] = {}


def register(record_type: AnyType) -> None:
    """Add a description. It replaces an earlier one of the same kind."""
    _by_kind[record_type.kind] = record_type
    _by_model[record_type.model] = record_type
    add_rights(record_type.rights)


def find(kind: RecordKind) -> AnyType | None:
    """The description of a kind; ``None`` for one that no module of this program describes."""
    if kind not in _by_kind and kind in _MODULES:
        import_module(_MODULES[kind])
    return _by_kind.get(kind)


def of_kind(kind: RecordKind) -> AnyType:
    """The description of a kind. Raises ``LookupError`` if no module of this program describes it."""
    found = find(kind)
    if found is None:
        message = f"no module describes the kind {kind}"
        raise LookupError(message)
    return found


def of_model(model: type[Record]) -> AnyType:
    """The description of the kind with this table. Raises ``LookupError``."""
    if model not in _by_model:
        all_types()
    return _by_model[model]


def of_record(record: Record) -> AnyType:
    """The description of a record's kind."""
    return of_model(type(record))


def all_types() -> tuple[AnyType, ...]:
    """The descriptions of all kinds: those of the brief first, then the others as they were registered."""
    return tuple(of_kind(kind) for kind in dict.fromkeys((*_MODULES, *_by_kind)))


def registered() -> tuple[AnyType, ...]:
    """The descriptions of the kinds that this process has used so far; this imports nothing."""
    return tuple(_by_kind.values())


def not_found(kind: RecordKind, key: object) -> NotFound:
    """The error for an id, or a username, that no record of a kind has."""
    return NotFound(kind, key, of_kind(kind).not_found)


def ancestry(model: type[Record]) -> Iterator[AnyType]:
    """The description of a record's kind, then those of the records that it belongs to, upwards."""
    record_type = of_model(model)
    yield record_type
    while record_type.parent is not None:
        record_type = of_kind(record_type.parent.kind)
        yield record_type


def dependents(kind: RecordKind) -> Sequence[AnyType]:
    """The kinds with this kind as their parent, in the order in which a refusal names them."""
    return [each for each in all_types() if each.parent is not None and each.parent.kind is kind]


def references() -> Mapping[str, RecordKind]:
    """All fields that hold the id of another record, with the kind of that record."""
    return {name: kind for each in all_types() for name, kind in each.references.items()}
