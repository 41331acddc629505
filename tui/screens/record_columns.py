"""The columns that lists of several kinds have."""

from typing import Any

from services import formats
from services.i18n import N_
from tui.widgets.record_table.columns import Column


def created_column() -> Column[Any]:
    """The day on which the record was created, if one chooses to see it."""
    return Column(
        "created", N_("Created"), lambda row: formats.show_date(row.created.astimezone().date()),
        width=10, is_optional=True,
    )  # fmt: skip


def updated_column() -> Column[Any]:
    """The day of the last change, if one chooses to see it."""
    return Column(
        "updated", N_("Updated"), lambda row: formats.show_date(row.updated.astimezone().date()),
        width=10, is_optional=True,
    )  # fmt: skip
