"""From a constraint that the database enforced to the error that names the field."""

import re
from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from services.errors import CrmError, Duplicate, InUse, Invalid
from services.i18n import N_

_UNIQUE: Final[Mapping[str, tuple[str, str]]] = {
    "uq_client_email": ("email", N_("Another client has this email, perhaps one in the trash.")),
    "uq_collaborator_email": ("email", N_("Another collaborator has this email.")),
    "uq_collaborator_username_key": ("username", N_("Another collaborator has this username.")),
    "uq_saved_view_owner_id": ("name", N_("There is a view of this name for this list already.")),
    "uq_collaborator_employee_number": (
        "employee_number", N_("Another collaborator has this employee number."),
    ),
}  # fmt: skip
_CHECKS: Final[Mapping[str, tuple[str, str]]] = {
    "ck_collaborator_username_word": ("username", N_("A username needs at least one letter or digit.")),
    "ck_contract_paid_within_total": ("amount", N_("The payments would exceed the total of the contract.")),
    "ck_contract_total_positive": ("total_amount", N_("The amount must be more than 0.")),
    "ck_payment_amount_positive": ("amount", N_("The amount must be more than 0.")),
    "ck_event_ends_after_start": ("end", N_("The event must end after it starts.")),
}
_STILL_USED = N_("Other records depend on this one, or it names one that does not exist.")
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (\w+)\.(\w+)")
_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")


class ConstraintBroken(Exception):
    """The database refused a write of ours that no input can have caused: a defect.

    Names table and constraint. The database's own error quotes the row, which may hold a secret.
    """


def violation(error: IntegrityError) -> tuple[str, str, CrmError | ConstraintBroken]:
    """Table and constraint that refused, never the values, and the error to raise in its place."""
    table, constraint = _table_and_constraint(error)
    if constraint in _UNIQUE:
        return table, constraint, Duplicate(*_UNIQUE[constraint])
    if constraint in _CHECKS:
        return table, constraint, Invalid.of(*_CHECKS[constraint])
    if constraint.startswith("fk_"):
        return table, constraint, InUse(_STILL_USED)
    return table, constraint, ConstraintBroken(f"{table}: {constraint or type(error.orig).__name__}")


def _table_of(check: str) -> str:
    tables = [table for table in SQLModel.metadata.tables if check.startswith(f"ck_{table}_")]
    return max(tables, key=len, default="")


def _table_and_constraint(error: IntegrityError) -> tuple[str, str]:
    diagnostic = getattr(error.orig, "diag", None)
    if diagnostic is not None:
        return diagnostic.table_name or "", diagnostic.constraint_name or ""
    text = str(error.orig)
    if match := _SQLITE_UNIQUE.search(text):
        return match[1], f"uq_{match[1]}_{match[2]}"
    if match := _SQLITE_CHECK.search(text):
        return _table_of(match[1]), match[1]
    return "", "fk_" if "FOREIGN KEY" in text else ""
