"""The query of a list: filters, search text, sort and window. It loads no ORM; screens build it too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from models.enums import Department, RecordKind
from models.search_words import Term, search_terms
from models.text import clean_typed, is_blank
from services.i18n import N_

COUNT_CAP = 10_001
"""Counts stop here; a list that holds as many is shown as "10,000+"."""


class Filter(StrEnum):
    """A condition on a list; several hold together."""

    MINE = "mine"
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    UNPAID = "unpaid"
    WITHOUT_SUPPORT = "without_support"
    NOT_CONTACTED_30_DAYS = "not_contacted_30_days"
    NEXT_7_DAYS = "next_7_days"
    PAST_WITHOUT_NOTES = "past_without_notes"
    UNSIGNED_14_DAYS = "unsigned_14_days"
    OVERDUE = "overdue"
    ACTIVE = "active"
    TRASHED = "trashed"


@dataclass(frozen=True)
class ListQuery:
    """One list: every filter holds, every search word occurs, in one stable order.

    ``parent`` narrows to the records linked to one: ``("client", 12)`` for the contracts or events of a
    client, ``("contract", 3)`` for payments or events of a contract, ``("collaborator", 2)`` for the
    clients or events of a person, ``(kind, id)`` in the journal. ``sort`` is a column's field name of the
    read shape; empty means by id, newest first where ``descending``.
    """

    filters: frozenset[Filter] = field(default_factory=frozenset)
    search: str = ""
    sort: str = ""
    descending: bool = False
    parent: tuple[RecordKind, int] | None = None

    @cached_property
    def terms(self) -> list[Term]:
        """The terms of the search, each once; none if there is no search, or no letter and no digit in it."""
        return sorted(search_terms(clean_typed(self.search))) if self.search else []

    @cached_property
    def searches(self) -> bool:
        """Whether there is a search; one without a letter and a digit finds nothing."""
        return not is_blank(self.search)


@dataclass(frozen=True)
class Preset:
    """A named set of filters, a key away."""

    key: str
    label: str
    filters: frozenset[Filter]
    departments: frozenset[Department] = frozenset(Department)
    sort: str = ""
    """The order that this preset starts with, where it is about an order."""
    descending: bool = False


_ALL = frozenset(Department)
_COMMERCIAL = frozenset({Department.COMMERCIAL})
_SUPPORT = frozenset({Department.SUPPORT})
_GESTION = frozenset({Department.GESTION})
_OWNERS = frozenset({Department.COMMERCIAL, Department.SUPPORT})


def _preset(key: str, label: str, departments: frozenset[Department], *filters: Filter) -> Preset:
    return Preset(key, label, frozenset(filters), departments)


# Source: "Filters every department asks for" in the brief. A department sees its own first.
PRESETS: Mapping[RecordKind, Sequence[Preset]] = {
    RecordKind.CLIENT: (
        _preset("all", N_("All clients"), _ALL),
        _preset("mine", N_("My clients"), _COMMERCIAL, Filter.MINE),
        _preset(
            "not_contacted", N_("My clients not contacted for 30 days"), _COMMERCIAL,
            Filter.MINE, Filter.NOT_CONTACTED_30_DAYS,
        ),
        _preset("trash", N_("In the trash"), _ALL, Filter.TRASHED),
    ),
    RecordKind.CONTRACT: (
        _preset("all", N_("All contracts"), _ALL),
        _preset("mine", N_("My contracts"), _COMMERCIAL, Filter.MINE),
        _preset("unsigned", N_("My contracts unsigned"), _COMMERCIAL, Filter.MINE, Filter.UNSIGNED),
        _preset("unpaid", N_("My contracts not fully paid"), _COMMERCIAL, Filter.MINE, Filter.UNPAID),
        _preset("unsigned_14", N_("Unsigned for over 14 days"), _GESTION, Filter.UNSIGNED_14_DAYS),
        _preset("overdue", N_("Overdue: event over, money remaining"), _GESTION, Filter.OVERDUE),
        _preset("trash", N_("In the trash"), _ALL, Filter.TRASHED),
    ),
    RecordKind.EVENT: (
        _preset("all", N_("All events"), _ALL),
        _preset("mine", N_("My events"), _OWNERS, Filter.MINE),
        _preset(
            "without_support_mine", N_("My events without support"), _COMMERCIAL,
            Filter.MINE, Filter.WITHOUT_SUPPORT,
        ),
        Preset(
            "next_7_days", N_("My events of the next 7 days"),
            frozenset({Filter.MINE, Filter.NEXT_7_DAYS}), _SUPPORT, "start",
        ),
        _preset(
            "without_notes", N_("My past events without notes"), _SUPPORT,
            Filter.MINE, Filter.PAST_WITHOUT_NOTES,
        ),
        _preset("without_support", N_("Events without support"), _GESTION, Filter.WITHOUT_SUPPORT),
        _preset("trash", N_("In the trash"), _ALL, Filter.TRASHED),
    ),
    RecordKind.COLLABORATOR: (
        _preset("all", N_("Everyone"), _ALL),
        _preset("active", N_("Active collaborators"), _ALL, Filter.ACTIVE),
        Preset(
            "by_load", N_("By load, highest first"), frozenset({Filter.ACTIVE}), _GESTION, "load",
            descending=True,
        ),
    ),
}  # fmt: skip


SORTS: Mapping[RecordKind, Sequence[str]] = {
    RecordKind.CLIENT: ("full_name", "company", "email", "last_contact_date", "sales_contact_name"),
    RecordKind.CONTRACT: (
        "client_name", "total_amount", "amount_remaining", "created", "status", "sales_contact_name",
    ),
    RecordKind.EVENT: ("name", "start", "end", "client_name", "support_contact_name", "attendees"),
    RecordKind.COLLABORATOR: ("full_name", "username", "department", "clients", "events", "load"),
}  # fmt: skip
"""The fields that may order each list, beside its id."""


def presets_for(kind: RecordKind, department: Department) -> list[Preset]:
    """The presets of a list that make sense in a department."""
    return [preset for preset in PRESETS.get(kind, ()) if department in preset.departments]
