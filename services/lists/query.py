"""The query of a list: filters, search text, sort and window. It loads no ORM; screens build it too."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from models.enums import Department, RecordKind
from models.search_words import Term, search_terms
from models.text import clean_typed, is_blank
from services import record_types
from services.lists.own_filters import NO_FILTER, OwnFilter

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
    NEXT_28_DAYS = "next_28_days"
    WITHOUT_ADDRESS = "without_address"
    WITHOUT_PHONE = "without_phone"
    WITHOUT_NOTES = "without_notes"
    PAST_WITHOUT_NOTES = "past_without_notes"
    UNSIGNED_14_DAYS = "unsigned_14_days"
    OVERDUE = "overdue"
    STUCK = "stuck"
    RUN_BY_ME = "run_by_me"
    ACTIVE = "active"
    OPEN = "open"
    DONE = "done"
    TODAY = "today"
    CREATED = "created"
    TRASHED = "trashed"


@dataclass(frozen=True)
class ListQuery:
    """One list: every filter holds, every search word occurs, in one stable order.

    ``parent`` narrows to the records linked to one: ``("client", 12)`` for the contracts or events of a
    client, ``("contract", 3)`` for payments or events of a contract, ``("collaborator", 2)`` for the
    clients or events of a person, ``(kind, id)`` in the journal. ``sort`` is a column's field name of the
    read shape; empty means by id, newest first if ``descending``. ``own`` are the
    conditions that a person has built.
    """

    filters: frozenset[Filter] = field(default_factory=frozenset)
    search: str = ""
    sort: str = ""
    descending: bool = False
    parent: tuple[RecordKind, int] | None = None
    own: OwnFilter = NO_FILTER

    @cached_property
    def terms(self) -> list[Term]:
        """The terms of the search, each once; none if there is no search, or no letter and no digit in it."""
        text = clean_typed(self.search) if self.search else ""
        if not text:
            return []
        # Screens build queries before the first frame, without a search.
        from services.formats.searched_days import dates_in

        return sorted(search_terms(text, dates_in(text)))

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
    """The field that this preset sorts by; empty if it has no order of its own."""
    descending: bool = False
    own: OwnFilter = NO_FILTER


def preset(key: str, label: str, departments: frozenset[Department], *filters: Filter) -> Preset:
    """A preset without an order of its own."""
    return Preset(key, label, frozenset(filters), departments)


EVERYONE: Final = frozenset(Department)
COMMERCIAL: Final = frozenset({Department.COMMERCIAL})
SUPPORT: Final = frozenset({Department.SUPPORT})
GESTION: Final = frozenset({Department.GESTION})


def presets_of(kind: RecordKind) -> Sequence[Preset]:
    """The presets of the list of a kind."""
    presets: Sequence[Preset] = record_types.of_kind(kind).listing.presets
    return presets


def sorts_of(kind: RecordKind) -> Sequence[str]:
    """The fields that may order the list of a kind, besides the id."""
    return tuple(record_types.of_kind(kind).listing.sorts)


def sorts_under(kind: RecordKind, filters: frozenset[Filter]) -> Sequence[str]:
    """Those of them that may order the list with these filters."""
    possible: Sequence[str] = record_types.of_kind(kind).listing.sorts_under(filters)
    return possible


def presets_for(kind: RecordKind, department: Department) -> list[Preset]:
    """The presets of a list that make sense in a department."""
    return [preset for preset in presets_of(kind) if department in preset.departments]
