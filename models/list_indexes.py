"""The indexes of the lists of the large tables, as data: scopes and sort orders.

Each pair of a scope and an order has its own index, so that any window of a list of a million rows is read
without a scan and without a sort. The indexes are partial: each holds only the rows of its scope.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Index, Table, text

LIVE: Final = "deleted_at IS NULL"
TRASHED: Final = "deleted_at IS NOT NULL"


@dataclass(frozen=True)
class Scope:
    """A part of a table that lists show.

    ``where`` is SQL with literals, since neither engine uses a partial index if its condition is a bound
    value. ``lead`` is the column that is equal for all rows of the list. ``covers`` are columns that filters
    read. ``constant`` are the orders in which all rows of the scope are equal; these lists are sorted by id.
    ``orders`` are the only orders of the scope; ``None`` stands for those of the table.
    """

    name: str
    where: str = LIVE
    lead: str = ""
    covers: tuple[str, ...] = ()
    constant: frozenset[str] = frozenset()
    orders: Mapping[str, str] | None = None

    @property
    def conditions(self) -> frozenset[str]:
        """The conditions that ``where`` joins."""
        return frozenset(self.where.split(" AND "))


@dataclass(frozen=True)
class IndexedLists:
    """The lists of one table: ``orders`` maps the name of an order to its column."""

    table: str
    orders: Mapping[str, str]
    scopes: Sequence[Scope]

    def orders_of(self, scope: Scope) -> Mapping[str, str]:
        """The orders in which a scope has an index, with their columns."""
        return self.orders if scope.orders is None else scope.orders

    def index_name(self, scope: Scope, order: str) -> str:
        """The name of the index that serves a scope in an order."""
        order = "id" if order in scope.constant else order
        return f"ix_{self.table}_{scope.name}_{order}"

    def columns(self, scope: Scope, order: str) -> list[str]:
        """The columns of that index: the lead, the order, the id, then the covered columns."""
        columns = [scope.lead, self.orders_of(scope)[order], "id", *scope.covers]
        return list(dict.fromkeys(filter(None, columns)))

    def add_indexes(self, table: Table) -> list[Index]:
        """Add the indexes of all scopes and orders to the table."""
        return [
            Index(
                self.index_name(scope, order), *(table.c[name] for name in self.columns(scope, order)),
                sqlite_where=text(scope.where), postgresql_where=text(scope.where),
            )
            for scope in self.scopes
            for order in self.orders_of(scope)
            if order not in scope.constant
        ]  # fmt: skip


_BY_SELLER = frozenset({"sales_contact_name"})
_BY_SUPPORT = frozenset({"support_contact_name"})
_SIGNED = frozenset({"status"})

CLIENT_LISTS: Final = IndexedLists(
    "client",
    {
        "id": "", "full_name": "sort_name", "company": "sort_company",
        "sales_contact_name": "sort_sales_contact", "email": "email",
        "last_contact_date": "sort_last_contact",
    },
    (
        Scope("live"),
        Scope("mine", lead="sales_contact_id", covers=("sort_last_contact",), constant=_BY_SELLER),
        Scope("trash", TRASHED),
    ),
)  # fmt: skip

UNSIGNED: Final = "signed_on IS NULL"
UNPAID: Final = "amount_due > 0"
STUCK: Final = "stuck_since IS NOT NULL"
HAS_EVENT: Final = "event_over_at IS NOT NULL"
_UNSIGNED = f"{LIVE} AND {UNSIGNED}"
_UNPAID = f"{LIVE} AND {UNPAID}"
_STUCK = f"{LIVE} AND {STUCK}"
_DUE = f"{_UNPAID} AND {HAS_EVENT}"
_BY_END = {"event_over_at": "event_over_at"}
_BY_AGE_AND_MONEY = {"stuck_since": "stuck_since", "amount_remaining": "amount_due"}

CONTRACT_LISTS: Final = IndexedLists(
    "contract",
    {
        "id": "", "client_name": "sort_client", "total_amount": "total_amount",
        "amount_remaining": "amount_due", "created": "created_at", "status": "sort_signed",
        "sales_contact_name": "sort_sales_contact",
    },
    (
        Scope("live"),
        Scope("mine", lead="sales_contact_id", constant=_BY_SELLER),
        Scope("unsigned", _UNSIGNED, covers=("created_at",), constant=_SIGNED),
        Scope("mine_unsigned", _UNSIGNED, "sales_contact_id", ("created_at",), _SIGNED | _BY_SELLER),
        Scope("unpaid", _UNPAID, covers=("event_over_at",)),
        Scope("mine_unpaid", _UNPAID, "sales_contact_id", ("event_over_at",), _BY_SELLER),
        Scope("due", _DUE, covers=("amount_due",), orders=_BY_END),
        Scope("mine_due", _DUE, "sales_contact_id", ("amount_due",), orders=_BY_END),
        Scope("stuck", _STUCK, covers=("stuck_since",), orders=_BY_AGE_AND_MONEY),
        Scope("mine_stuck", _STUCK, "sales_contact_id", ("stuck_since",), orders=_BY_AGE_AND_MONEY),
        Scope("run_stuck", _STUCK, "support_contact_id", ("stuck_since",), orders=_BY_AGE_AND_MONEY),
        Scope("trash", TRASHED),
    ),
)  # fmt: skip

NOTE_LISTS: Final = IndexedLists(
    "note",
    {"id": "", "at": "at"},
    (
        # Not all may read the notes on collaborators.
        Scope("live", covers=("collaborator_id",)),
        Scope("mine", lead="author_id", covers=("collaborator_id",)),
        Scope("trash", TRASHED, covers=("collaborator_id",)),
    ),
)

OPEN: Final = "done_at IS NULL"
DONE: Final = "done_at IS NOT NULL"
REMINDED: Final = f"{LIVE} AND {OPEN} AND remind_at IS NOT NULL"

TASK_LISTS: Final = IndexedLists(
    "task",
    {"id": "", "due": "sort_due", "title": "sort_title"},
    (
        Scope("live"),
        Scope("mine", lead="assignee_id"),
        Scope("open", f"{LIVE} AND {OPEN}", "assignee_id", ("sort_due",)),
        Scope("done", f"{LIVE} AND {DONE}", "assignee_id"),
        Scope("created", lead="creator_id"),
        Scope("trash", TRASHED),
    ),
)

LONG: Final[Mapping[str, str]] = {
    "sqlite": "julianday(ends_at) - julianday(starts_at) > 14",
    "postgresql": "ends_at - starts_at > INTERVAL '14 days'",
}
"""The condition of an event that lasts over 14 days, in the SQL of each engine; few events do."""

WITHOUT_SUPPORT: Final = "support_contact_id IS NULL"
WITHOUT_NOTES: Final = "notes = ''"
_WITHOUT_SUPPORT = f"{LIVE} AND {WITHOUT_SUPPORT}"
_WITHOUT_NOTES = f"{LIVE} AND {WITHOUT_NOTES}"

EVENT_LISTS: Final = IndexedLists(
    "event",
    {
        "id": "", "name": "sort_name", "start": "starts_at", "end": "ends_at",
        "client_name": "sort_client", "support_contact_name": "sort_support", "attendees": "attendees",
    },
    (
        Scope("live"),
        Scope("sold", lead="sales_contact_id"),
        Scope("run", lead="support_contact_id", covers=("starts_at", "ends_at"), constant=_BY_SUPPORT),
        Scope("without_support", _WITHOUT_SUPPORT, constant=_BY_SUPPORT),
        Scope("sold_without_support", _WITHOUT_SUPPORT, "sales_contact_id", constant=_BY_SUPPORT),
        Scope("run_without_notes", _WITHOUT_NOTES, "support_contact_id", ("ends_at",), _BY_SUPPORT),
        Scope("trash", TRASHED),
    ),
)  # fmt: skip

OF_SUPPORT: Final = "kind = 'run'"
"""The figures of the events of support people, which are read for all of them at once."""
