"""The rules that a database can hold are in the database too: raw writes that break one are refused."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import pytest
from sqlalchemy import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    UniqueConstraint,
    insert,
    null,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from models.write_models import ViewCreate
from services import saved_views
from services.crm import Crm
from services.errors import Duplicate, InUse, Invalid
from services.lists.own_filters import ME, Comparison, Condition, OwnFilter
from services.persistence.integrity_errors import violation
from services.preferences import Preferences, write_preferences
from services.validation import build
from tests.support.accounts import People
from tests.support.records import Records

MINE: Final = OwnFilter((Condition("support_contact", Comparison.IS, ME),))
TABLES: Final = SQLModel.metadata.tables

# By constraint: the columns of an existing row that are changed so as to break it, raw, on both engines.
CHECKS: Final[Mapping[str, Mapping[str, object]]] = {
    "ck_collaborator_username_length": {"username": "abc", "username_key": "abc"},
    "ck_collaborator_username_word": {"username": "-_-_", "username_key": "-_-_"},
    "ck_collaborator_username_key": {"username_key": "Somebody"},
    "ck_collaborator_email_lower": {"email": "Claire@epicevents.example"},
    "ck_collaborator_department": {"department": "MARKETING"},
    "ck_client_full_name": {"full_name": ""},
    "ck_client_email_lower": {"email": "Kevin@startup.io"},
    "ck_contract_total_positive": {"total_amount": 0, "amount_paid": 0},
    "ck_contract_paid_within_total": {"amount_paid": 100_001},
    "ck_payment_amount_positive": {"amount": 0},
    "ck_payment_cancelled_whole": {"cancel_reason": "Booked twice"},
    "ck_event_ends_after_start": {"ends_at": "2000-01-01 00:00:00.000000"},
    "ck_event_attendees": {"attendees": -1},
    "ck_event_name": {"name": ""},
    "ck_login_attempt_outcome": {"outcome": "MAYBE"},
    "ck_security_alert_count_positive": {"count": 0},
    "ck_audit_entry_kind": {"kind": "recipe"},
    "ck_audit_entry_operation": {"operation": "COOKED"},
    "ck_total_kind": {"kind": "recipe"},
    "ck_shared_settings_only_row": {"id": 2},
    "ck_shared_settings_currency": {"currency": "EU"},
    "ck_shared_settings_phone_region": {"phone_region": "F"},
    "ck_shared_settings_travel": {"travel_elsewhere": -1},
    "ck_note_on_one_record": dict.fromkeys(("client_id", "contract_id", "event_id", "collaborator_id")),
    "ck_note_text": {"text": ""},
    "ck_note_kind": {"kind": "SHOUT"},
    "ck_note_moved_whole": {"moved_to": "2027-01-01", "moved_from": None},
    "ck_task_title": {"title": ""},
    "ck_task_time_of_a_day": {"due_time": "18:3"},
    "ck_task_on_one_record": {"client_id": 1, "event_id": 1},
    "ck_saved_view_name_length": {"name": ""},
    "ck_saved_view_department": {"department": "MARKETING"},
}
UNIQUE: Final = (
    "uq_collaborator_username_key",
    "uq_collaborator_email",
    "uq_collaborator_employee_number",
    "uq_client_email",
)
FOREIGN: Final = (
    "fk_client_sales_contact_id",
    "fk_contract_client_id",
    "fk_payment_contract_id",
    "fk_payment_recorded_by_id",
    "fk_event_contract_id",
    "fk_event_support_contact_id",
    "fk_login_session_collaborator_id",
    "fk_login_attempt_collaborator_id",
    "fk_audit_entry_actor_id",
    "fk_payment_cancelled_by_id",
    "fk_note_author_id",
    "fk_note_client_id",
    "fk_note_contract_id",
    "fk_note_event_id",
    "fk_note_collaborator_id",
    "fk_task_assignee_id",
    "fk_task_creator_id",
    "fk_task_client_id",
    "fk_task_contract_id",
    "fk_task_event_id",
    "fk_saved_view_owner_id",
    "fk_person_preference_collaborator_id",
)
_LINKS: Final = ("client_id", "contract_id", "event_id", "collaborator_id")
BESIDE: Final[Mapping[str, dict[str, object]]] = {
    **{f"fk_note_{name}": dict.fromkeys(set(_LINKS) - {name}) for name in _LINKS},
    **{f"fk_task_{name}": dict.fromkeys(set(_LINKS[:3]) - {name}) for name in _LINKS[:3]},
    "fk_payment_cancelled_by_id": {
        "cancelled_at": "2026-09-16 10:00:00.000000", "cancel_reason": "Booked twice",
    },
}  # fmt: skip
"""What else a row must hold before its link is looked at."""
EMPTY_ALLOWED: Final = {
    "phone_e164", "last_login_at", "locked_until", "failures_counted_from", "deleted_at", "cancelled_at",
    "cancelled_by_id", "signed_on",
    "first_contact_date", "last_contact_date", "support_contact_id", "revoked_at", "undoes", "event_over_at",
    "stuck_since", *_LINKS, "of_client_id", "moved_from", "moved_to", "due_on", "done_at", "remind_at",
}  # fmt: skip
# "Nobody" is a value of these: an unknown user, a deleted collaborator, the department of a private view.
NOBODY_ALLOWED: Final = {
    ("login_attempt", "collaborator_id"), ("audit_entry", "actor_id"), ("saved_view", "department"),
}  # fmt: skip


@pytest.fixture
def filled(crm: Crm, records: Records, people: People) -> Crm:
    """Two rows in every table."""
    for _ in range(2):
        event = records.event(support=people.support)
        records.payment(records.contract())
        records.note(people.support)
        records.task(people.support)
        view = {"name": f"View {event.id}", "listed": "event", "conditions": MINE.to_json()}
        saved_views.create_view(crm, people.support, build(ViewCreate, view))
        write_preferences(crm, people.support, Preferences(theme="epic"), "")
        assert event.id
        with pytest.raises(Exception, match="Wrong username"):
            records.signed_in("nobody_here")
    with crm.database.write_session() as session:
        for key in ("one", "two"):
            session.execute(insert(TABLES["database_fact"]).values(key=key, value=""))
            session.execute(insert(TABLES["security_alert"]).values(at=datetime.now(UTC), count=11))
    return crm


def _table(constraint: str) -> str:
    names = sorted(TABLES, key=len, reverse=True)
    return next(name for name in names if constraint[3:].startswith(f"{name}_"))


def _raw(crm: Crm, table: str, values: Mapping[str, object]) -> IntegrityError:
    """The refusal of a raw update of the last row of a table."""
    key = next(iter(TABLES[table].primary_key))
    # Text is written as it stands: the types of the models would refuse some of it before the database.
    raw = {name: text(f"'{value}'") if isinstance(value, str) else value for name, value in values.items()}
    with pytest.raises(IntegrityError) as refusal, crm.database.write_session() as session:  # noqa: PT012
        last = session.execute(select(key).order_by(key.desc()).limit(1)).scalar_one()
        session.execute(update(TABLES[table]).where(key == last).values(raw))
    return refusal.value


def test_the_tables_below_leave_no_constraint_of_the_models_out() -> None:
    assert _names(CheckConstraint) == set(CHECKS)
    assert _names(UniqueConstraint) == set(UNIQUE)
    assert _names(ForeignKeyConstraint) == set(FOREIGN)


def _names(kind: type[Constraint]) -> set[str]:
    constraints = [constraint for table in TABLES.values() for constraint in table.constraints]
    return {str(constraint.name) for constraint in constraints if isinstance(constraint, kind)}


def test_every_check_refuses_what_breaks_it_and_is_known_by_its_name(filled: Crm) -> None:
    for constraint, values in CHECKS.items():
        error = _raw(filled, _table(constraint), values)
        table, name, _ = violation(error)
        assert (table, name) == (_table(constraint), constraint)


def test_every_unique_value_is_refused_twice_and_names_its_field(filled: Crm) -> None:
    for constraint in UNIQUE:
        table = TABLES[_table(constraint)]
        column = constraint.removeprefix(f"uq_{table.name}_")
        with filled.database.read() as connection:
            taken = connection.execute(select(table.c[column]).order_by(table.c.id).limit(1)).scalar_one()
        also = {"username": taken} if column == "username_key" else {}
        name, found, refusal = violation(_raw(filled, table.name, {column: taken, **also}))
        assert (name, found) == (table.name, constraint)
        assert isinstance(refusal, Duplicate)
        assert refusal.field == column.removesuffix("_key")


def test_every_link_leads_to_a_record(filled: Crm) -> None:
    for constraint in FOREIGN:
        table = _table(constraint)
        column = constraint.removeprefix(f"fk_{table}_")
        error = _raw(filled, table, {column: 999_999, **BESIDE.get(constraint, {})})
        assert isinstance(violation(error)[2], InUse), constraint


def test_every_column_that_must_be_filled_is(filled: Crm) -> None:
    left_open = set()
    for table in TABLES.values():
        for column in table.columns:
            if column.nullable:
                left_open.add((table.name, column.name))
            elif column.name not in ("id", "key"):
                _raw(filled, table.name, {column.name: null()})
    assert {column for pair in left_open - NOBODY_ALLOWED for column in pair[1:]} == EMPTY_ALLOWED
    assert left_open >= NOBODY_ALLOWED


@pytest.mark.parametrize(
    ("constraint", "field"),
    [
        ("ck_contract_paid_within_total", "amount"),
        ("ck_contract_total_positive", "total_amount"),
        ("ck_payment_amount_positive", "amount"),
        ("ck_event_ends_after_start", "end"),
    ],
)
def test_a_check_that_input_can_break_names_the_field(filled: Crm, constraint: str, field: str) -> None:
    refusal = violation(_raw(filled, _table(constraint), CHECKS[constraint]))[2]
    assert isinstance(refusal, Invalid)
    assert [problem.field for problem in refusal.field_problems()] == [field]
