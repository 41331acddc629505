"""The brief's table of rights, performed: every action by every department on own and others' records.

The table is typed from the brief, not taken from the program. What the brief leaves open follows from it:
who may create a record may trash and restore it.
"""

import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Final

import pytest

from models.enums import Department
from models.write_models import ClientUpdate
from services import (
    audit_log,
    clients,
    collaborators,
    contracts,
    events,
    notes,
    payments,
    rights,
    shared_settings,
    tasks,
    telemetry,
)
from services.auth import brute_force
from services.crm import Crm
from services.domain_events import DomainEvent, PermissionRefused
from services.errors import Forbidden, Invalid
from services.rights import Action
from services.validation import build
from tests.support import use_cases
from tests.support.accounts import People
from tests.support.records import Records, everything
from tests.support.use_cases import PREPARE, USE_CASES, Case, Perform, make_cases

COLUMNS: Final = tuple((department, own) for department in Department for own in (True, False))

READS: Final = frozenset({
    Action.RECORD_READ, Action.COLLABORATOR_READ, Action.JOURNAL_READ, Action.TELEMETRY_READ,
    Action.SECURITY_READ,
})  # fmt: skip

# Columns: Commercial on own and on a colleague's records, Support likewise, Gestion likewise.
# Last: who may, as the sentence of a refusal has to say.
BRIEF: Final[Mapping[Action, tuple[str, tuple[str, ...]]]] = {
    Action.RECORD_READ: ("yes yes  yes yes  yes yes", ()),
    Action.CLIENT_CREATE: ("yes yes  no no  yes yes", ("Commercial", "Gestion")),
    Action.CLIENT_UPDATE: ("yes no  no no  no no", ("sales contact",)),
    Action.CLIENT_REASSIGN: ("no no  no no  yes yes", ("Gestion",)),
    Action.CLIENT_TRASH: ("yes no  no no  yes yes", ("sales contact", "Gestion")),
    Action.CONTRACT_CREATE: ("no no  no no  yes yes", ("Gestion",)),
    Action.CONTRACT_UPDATE: ("yes no  no no  yes yes", ("sales contact", "Gestion")),
    Action.CONTRACT_SIGN: ("yes no  no no  yes yes", ("sales contact", "Gestion")),
    Action.CONTRACT_TRASH: ("no no  no no  yes yes", ("Gestion",)),
    Action.PAYMENT_RECORD: ("yes no  no no  yes yes", ("sales contact", "Gestion")),
    Action.PAYMENT_CANCEL: ("no no  no no  yes yes", ("Gestion",)),
    Action.EVENT_CREATE: ("yes no  no no  no no", ("sales contact",)),
    Action.EVENT_UPDATE: ("no no  yes no  no no", ("support contact",)),
    Action.EVENT_ASSIGN: ("no no  no no  yes yes", ("Gestion",)),
    Action.EVENT_TRASH: ("yes no  no no  no no", ("sales contact",)),
    Action.COLLABORATOR_READ: ("no no  no no  yes yes", ("Gestion",)),
    Action.COLLABORATOR_CREATE: ("no no  no no  yes yes", ("Gestion",)),
    Action.COLLABORATOR_UPDATE: ("no no  no no  yes yes", ("Gestion",)),
    Action.COLLABORATOR_DEACTIVATE: ("no no  no no  yes yes", ("Gestion",)),
    Action.COLLABORATOR_REACTIVATE: ("no no  no no  yes yes", ("Gestion",)),
    Action.COLLABORATOR_DELETE: ("no no  no no  yes yes", ("Gestion",)),
    Action.COLLABORATOR_UNLOCK: ("no no  no no  yes yes", ("Gestion",)),
    Action.JOURNAL_READ: ("no no  no no  yes yes", ("Gestion",)),
    Action.TELEMETRY_READ: ("no no  no no  yes yes", ("Gestion",)),
    Action.SECURITY_READ: ("no no  no no  yes yes", ("Gestion",)),
    Action.PASSWORD_CHANGE: ("yes no  yes no  yes no", ("own password",)),
    Action.SETTINGS_UPDATE: ("no no  no no  yes yes", ("Gestion",)),
    Action.NOTE_CREATE: ("yes yes  yes yes  yes yes", ()),
    Action.NOTE_UPDATE: ("yes no  yes no  yes no", ("author",)),
    Action.NOTE_TRASH: ("yes no  yes no  yes no", ("author",)),
    Action.TASK_CREATE: ("yes yes  yes yes  yes yes", ()),
    # Own: to a colleague of the same department.
    Action.TASK_ASSIGN: ("yes no  yes no  yes yes", ("own department", "Gestion")),
    Action.TASK_UPDATE: ("yes no  yes no  yes no", ("creator", "assigned")),
    Action.TASK_DONE: ("yes no  yes no  yes no", ("creator", "assigned")),
    Action.TASK_TRASH: ("yes no  yes no  yes no", ("creator", "assigned")),
    Action.VIEW_CREATE: ("yes yes  yes yes  yes yes", ()),
    # Not own: shared with the actor's department.
    Action.VIEW_UPDATE: ("yes no  yes no  yes yes", ("owner", "Gestion")),
    Action.VIEW_TRASH: ("yes no  yes no  yes yes", ("owner", "Gestion")),
}


def test_no_action_is_left_out_of_the_table() -> None:
    assert set(BRIEF) == set(Action)
    assert set(USE_CASES) == set(Action)
    assert set(rights.RIGHTS) == set(Action)


def test_no_use_case_is_left_out_of_the_table() -> None:
    """Undo, which is bound by the rights of what it takes back, has its own tests."""
    table = inspect.getsource(use_cases)
    left_out = [
        name
        for module in (
            clients,
            collaborators,
            contracts,
            events,
            audit_log,
            notes,
            payments,
            brute_force,
            shared_settings,
            tasks,
            telemetry,
        )
        for name in _use_cases_of(module)
        if f"{name}(" not in table
    ]
    assert left_out == []


def _use_cases_of(module: ModuleType) -> list[str]:
    short = module.__name__.rpartition(".")[2]
    functions = inspect.getmembers(module, inspect.isfunction)
    own = [(name, found) for name, found in functions if found.__module__ == module.__name__]
    names = [name for name, found in own if list(inspect.signature(found).parameters)[:2] == ["crm", "actor"]]
    assert names, short
    return [f"{short}.{name}" for name in names]


# The table decides, not the database: every action on one engine, every third one on the other.
@pytest.mark.parametrize(
    ("action", "database_kind"),
    [(action, "sqlite") for action in Action] + [(action, "postgresql") for action in [*Action][::3]],
    indirect=["database_kind"],
)
def test_an_action_is_open_to_those_whom_the_brief_names_and_to_nobody_else(
    records: Records, announced: list[DomainEvent], action: Action
) -> None:
    cases = make_cases(records, COLUMNS)
    unchanged = Unchanged(records.crm)
    answers = [
        _answers(records, announced, action, column, case, unchanged)
        for column, case in zip(COLUMNS, cases, strict=True)
    ]
    expected = BRIEF[action][0].split()
    assert answers == [[answer] * len(USE_CASES[action]) for answer in expected]


class Unchanged:
    """What stands in the database, read again only after something was written."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.rows: Mapping[str, list[tuple[object, ...]]] | None = None

    def before(self) -> Mapping[str, list[tuple[object, ...]]]:
        """The rows of each table."""
        if self.rows is None:
            self.rows = everything(self.crm)
        return self.rows

    def forget(self) -> None:
        """Something was written."""
        self.rows = None


def _answers(
    records: Records,
    announced: list[DomainEvent],
    action: Action,
    column: tuple[Department, bool],
    case: Case,
    unchanged: Unchanged,
) -> list[str]:
    answers: list[str] = []
    for perform in USE_CASES[action]:
        if "yes" in answers and action not in READS:  # what is allowed changes the records
            (case,) = make_cases(records, [column])
            unchanged.forget()
        if perform in PREPARE:
            PREPARE[perform](case)
            unchanged.forget()
        announced.clear()
        answers.append(_answer(case, action, perform, announced, unchanged))
    return answers


def _answer(
    case: Case, action: Action, perform: Perform, announced: list[DomainEvent], unchanged: Unchanged
) -> str:
    before = unchanged.before()
    refusal = _refusal(case, perform)
    if refusal is None:
        unchanged.forget()
        assert not any(isinstance(announcement, PermissionRefused) for announcement in announced)
        return "yes"
    assert everything(case.crm) == before
    assert refusal.rule == action
    assert refusal.exit_code == 4
    assert all(who in refusal.message() for who in BRIEF[action][1]), refusal.message()
    assert refusal.message().endswith(".")
    assert announced in ([], [PermissionRefused(case.actor, action)])
    return "no"


def _refusal(case: Case, perform: Perform) -> Forbidden | None:
    try:
        perform(case)
    except Forbidden as refusal:
        return refusal
    return None


@pytest.mark.parametrize(("action", "answers"), [(action, row[0].split()) for action, row in BRIEF.items()])
def test_what_the_screens_ask_agrees_with_what_the_services_enforce(
    action: Action, answers: list[str]
) -> None:
    asked = [rights.refusal(department, action, owns=own) for department, own in COLUMNS]
    assert ["yes" if sentence is None else "no" for sentence in asked] == answers


def test_commercial_becomes_the_sales_contact_of_the_client(records: Records, people: People) -> None:
    assert records.client(people.commercial).sales_contact_id == people.commercial.id


def test_gestion_must_name_the_sales_contact_of_a_new_client(records: Records, people: People) -> None:
    with pytest.raises(Invalid) as refusal:
        records.client(people.gestion)
    assert [problem.field for problem in refusal.value.field_problems()] == ["sales_contact_id"]
    assert records.client(people.gestion, sales_contact_id=people.commercial.id).sales_contact == "claire_d"


def test_commercial_cannot_create_a_client_for_a_colleague(records: Records, people: People) -> None:
    with pytest.raises(Forbidden) as refusal:
        records.client(people.commercial, sales_contact_id=people.other_commercial.id)
    assert refusal.value.rule == Action.CLIENT_REASSIGN


@pytest.mark.parametrize("contact", ["support", "gestion"])
def test_a_sales_contact_is_one_of_commercial(records: Records, people: People, contact: str) -> None:
    with pytest.raises(Invalid) as refusal:
        records.client(people.gestion, sales_contact_id=getattr(people, contact).id)
    assert refusal.value.field_problems()[0].field == "sales_contact_id"


def test_gestion_that_reassigns_a_client_changes_nothing_else_with_it(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client()
    values = {"sales_contact_id": people.other_commercial.id, "full_name": "Somebody else"}
    with pytest.raises(Forbidden) as refusal:
        clients.update_client(crm, people.gestion, client.id, build(ClientUpdate, values), client.version)
    assert refusal.value.rule == Action.CLIENT_UPDATE
    assert clients.get_client(crm, people.gestion, client.id) == client
