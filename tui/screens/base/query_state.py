"""The query of one list, with the filter, the order and the origin to come back to. Knows no widget."""

from dataclasses import replace
from typing import Any

from models.enums import RecordKind
from services.lists.query import Filter, ListQuery, Preset
from tui.places import Origin, Place


class QueryState:
    """``default_sort`` is a field and whether descending; ``parents`` are the kinds a query can narrow by."""

    def __init__(self, default_sort: tuple[str, bool], parents: frozenset[RecordKind]) -> None:
        self._default_sort = default_sort
        self._parents = parents
        self.reset()

    def reset(self) -> None:
        """Take the list as the section starts with it."""
        sort, descending = self._default_sort
        self.query = ListQuery(sort=sort, descending=descending)
        self.preset_key = "all"
        self.origin: Origin | None = None
        self.order_before: tuple[str, bool] | None = None
        """The order to restore after a search whose results come in the order of their ids."""

    @property
    def is_opened_alone(self) -> bool:
        """Whether a link opened one record that this list cannot be narrowed to."""
        return self.origin is not None and self.origin.kind not in self._parents

    @property
    def in_trash(self) -> bool:
        """Whether the list shows the trash."""
        return Filter.TRASHED in self.query.filters

    def place(self, key: int | None) -> Place:
        """The list with the record under the cursor, to come back to."""
        return Place(self.query, key, self.origin, self.order_before)

    def stand_at(self, place: Place) -> None:
        """Take the list of a place."""
        self.origin, self.order_before, self.query = place.origin, place.order_before, place.query
        if place.origin is not None and place.query.parent is None:
            parent = (place.origin.kind, place.origin.id)
            self.query = ListQuery(parent=None if self.is_opened_alone else parent)

    def narrow(self, **changes: Any) -> None:
        """Change a part of the query: search, filters, sort, descending."""
        if self.is_opened_alone:
            self.origin = None  # the record that was opened alone gives way to the list
        if "sort" in changes:
            self.order_before = None
        self.query = self._in_order(replace(self.query, **changes))

    def _in_order(self, query: ListQuery) -> ListQuery:
        """Order a search by the ids until another order is chosen; restore the order after it."""
        if query.searches and not self.query.searches and query.sort:
            self.order_before = query.sort, query.descending
            return replace(query, sort="", descending=False)
        if not query.searches and self.order_before is not None:
            (sort, descending), self.order_before = self.order_before, None
            return replace(query, sort=sort, descending=descending)
        return query

    def choose(self, preset: Preset) -> None:
        """Take a named filter, with its order if it has one."""
        self.origin, self.preset_key = None, preset.key
        order: dict[str, Any] = {}
        if preset.sort or self.order_before is None:  # otherwise a search keeps the order of the ids
            sort, descending = (preset.sort, preset.descending) if preset.sort else self._default_sort
            order = {"sort": sort, "descending": descending}
        self.narrow(filters=preset.filters, parent=None, **order)

    def sort_by(self, sort: str) -> None:
        """Order by a column, or reverse the order if it is that column's already."""
        same = sort == self.query.sort and self.order_before is None
        self.narrow(sort=sort, descending=not self.query.descending if same else not sort)
