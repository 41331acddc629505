"""The columns of the bulk rows, in the order of their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Row = tuple[Any, ...]
"""Values that both engines accept: numbers, texts, and days and moments (UTC) as texts."""

Batch = tuple[str, list[Row]]
"""The name of a table and rows of it."""

NEVER: Final = "0001-01-01"
"""The value for no day in a sort column."""

_RECORD: Final = ("id", "version", "created_at", "updated_at")
_TRASHABLE: Final = (*_RECORD, "deleted_at")

COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "collaborator": (
        *_RECORD, "employee_number", "username", "username_key", "first_name", "last_name", "email", "phone",
        "phone_e164", "department", "active", "password_hash", "last_login_at", "sort_name", "search",
        "client_count", "event_count",
    ),
    "client": (
        *_TRASHABLE, "full_name", "contact_person", "email", "phone", "phone_e164", "company",
        "first_contact_date", "last_contact_date", "sales_contact_id", "sort_name", "sort_company",
        "sort_sales_contact", "sort_last_contact", "search", "contract_count", "event_count",
        "amount_contracted", "amount_due",
    ),
    "contract": (
        *_TRASHABLE, "client_id", "total_amount", "amount_paid", "signed_on", "sales_contact_id",
        "amount_due", "event_over_at", "support_contact_id", "stuck_link", "stuck_since", "sort_client",
        "sort_sales_contact", "sort_signed", "search",
    ),
    "payment": (*_TRASHABLE, "contract_id", "amount", "received_on", "recorded_by_id"),
    "event": (
        *_TRASHABLE, "contract_id", "name", "starts_at", "ends_at", "support_contact_id", "location",
        "attendees", "notes", "sort_name", "search", "client_id", "sales_contact_id", "sort_client",
        "sort_support", "time_zone",
    ),
    "total": ("kind", "slot", "count"),
}  # fmt: skip


@dataclass
class Written:
    """The values that rows of one table copy from another, by id; the id 0 is unused."""

    colleagues: list[str] = field(default_factory=lambda: [""])
    clients: list[str] = field(default_factory=lambda: [""])
    words: list[str] = field(default_factory=lambda: [""])
