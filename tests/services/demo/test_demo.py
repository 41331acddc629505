"""The sample data: believable, complete, the same each time, and only ever in an empty database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from models.activity_tables import Note, Task
from models.enums import Department, Operation, RecordKind
from models.tables import (
    AuditEntry,
    Client,
    Collaborator,
    Contract,
    DatabaseFact,
    Event,
    Payment,
    Record,
    SharedSettings,
)
from models.write_models import (
    ClientCreate,
    CollaboratorCreate,
    ContractCreate,
    EventCreate,
    PaymentCreate,
)
from services import (
    audit_trail,
    clients,
    collaborators,
    contracts,
    events,
    record_types,
    rights,
)
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.demo import definitions
from services.demo.writer import fill, is_demo
from services.denormalized import team_names
from services.errors import Invalid, SignInRefused
from services.lists.query import Filter, ListQuery, presets_for
from services.startup import open_crm
from services.undo import undo_last
from services.validation import build
from tests.support.crm import settings_for
from tests.support.databases import Databases, sqlite_only
from tests.support.list_reads import (
    count_clients,
    count_contracts,
    count_events,
    count_notes,
    count_tasks,
    list_journal,
)
from tests.support.loaded_modules import packages_loaded_by
from tests.support.postgres import database_name, sqlite_path

TODAY = date(2026, 9, 16)
TABLES: tuple[type[SQLModel], ...] = (
    Collaborator, Client, Contract, Payment, Event, Note, Task, AuditEntry, DatabaseFact,
)  # fmt: skip
LISTS: dict[RecordKind, Callable[..., int]] = {
    RecordKind.CLIENT: count_clients,
    RecordKind.CONTRACT: count_contracts,
    RecordKind.EVENT: count_events,
    RecordKind.NOTE: count_notes,
    RecordKind.TASK: count_tasks,
}


@pytest.fixture
def blank(database_url: str, home: Path) -> Iterator[Crm]:
    crm = open_crm(settings_for(database_url, home))
    yield crm
    crm.close()


@pytest.fixture(scope="module")
def _filled() -> Iterator[tuple[dict[str, str], ExitStack]]:
    with ExitStack() as kept:
        yield {}, kept


@pytest.fixture
def sample(
    databases: Databases, database_kind: str, home: Path, _filled: tuple[dict[str, str], ExitStack]
) -> Iterator[Crm]:
    """A copy of a database that was filled once."""
    templates, kept = _filled
    if database_kind not in templates:
        url = kept.enter_context(databases.copied(databases.templates.blank))
        crm = open_crm(settings_for(url, home))
        fill(crm)
        crm.close()
        templates[database_kind] = str(sqlite_path(url)) if database_kind == "sqlite" else database_name(url)
    with databases.copied(templates[database_kind]) as url:
        crm = open_crm(settings_for(url, home))
        yield crm
        crm.close()


def signed_in(crm: Crm, username: str) -> Actor:
    password = next(
        account.password for account in definitions.SAMPLE_ACCOUNTS if account.username == username
    )
    return sessions.sign_in(crm, username, password).actor


def rows(crm: Crm, model: type[Any]) -> list[Any]:
    with crm.database.read() as connection, Session(connection, expire_on_commit=False) as session:
        return list(session.scalars(select(model)))


def content(crm: Crm) -> list[dict[str, Any]]:
    return [
        row.model_dump(exclude={"password_hash", "batch", "txid"})
        for model in TABLES
        for row in sorted(rows(crm, model), key=lambda row: str(getattr(row, "id", "")))
        if getattr(row, "key", "") != team_names.FACT  # new at each change of the team
    ]


def total_rows(crm: Crm) -> int:
    with crm.database.read() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(model)).scalar_one() for model in TABLES
        )


def test_there_is_enough_to_look_at(sample: Crm) -> None:
    alive = {
        model: sum(1 for row in rows(sample, model) if row.deleted_at is None)
        for model in (Client, Contract, Event)
    }
    assert 38 <= alive[Client] <= 45
    assert 75 <= alive[Contract] <= 85
    assert 58 <= alive[Event] <= 66
    assert len(rows(sample, Payment)) > 100


def test_every_sample_account_signs_in_with_its_department(sample: Crm) -> None:
    for account in definitions.SAMPLE_ACCOUNTS:
        actor = sessions.sign_in(sample, account.username, account.password).actor
        assert actor.department == account.department.upper()


def test_nobody_else_can_sign_in(sample: Crm) -> None:
    others = {person.username for person in rows(sample, Collaborator)} - {
        account.username for account in definitions.SAMPLE_ACCOUNTS
    }
    assert others == {"anna_l"}
    for password in ("", "none", "Commercial123!"):
        with pytest.raises(SignInRefused):
            sessions.sign_in(sample, "anna_l", password)


def test_kevin_casey_is_as_in_the_brief(sample: Crm) -> None:
    actor = signed_in(sample, "admin")
    kevin = clients.list_clients(sample, actor, ListQuery(search="kevin casey"))[0]
    assert (kevin.full_name, kevin.email, kevin.company) == (
        "Kevin Casey",
        "kevin@startup.io",
        "Cool Startup LLC",
    )
    assert kevin.phone == "+678 123 456 78"
    assert (kevin.first_contact_date, kevin.last_contact_date) == (date(2021, 4, 18), date(2023, 3, 29))
    assert kevin.sales_contact_name == "Bill Boquet"


def test_the_wedding_is_as_in_the_brief(sample: Crm) -> None:
    wedding = events.get_event(sample, signed_in(sample, "admin"), 109)
    assert (wedding.name, wedding.contract) == ("John Ouick Wedding", 652)
    assert f"{wedding.start.astimezone():%Y-%m-%d %H:%M}" == "2023-06-04 13:00"
    assert f"{wedding.end.astimezone():%Y-%m-%d %H:%M}" == "2023-06-05 02:00"
    assert wedding.support_contact_name == "Kate Hastroff"
    assert wedding.location == "53 Rue du Château, 41120 Candé-sur-Beuvron"
    assert wedding.attendees == 75
    assert "by the river" in wedding.notes


def test_the_general_assembly_is_as_in_the_brief(sample: Crm) -> None:
    assembly = events.get_event(sample, signed_in(sample, "admin"), 1023)
    assert (assembly.name, assembly.contract) == ("Lou Bouzin General Assembly", 412)
    assert (assembly.client_contact, assembly.client_phone) == ("Jacky Blangier", "+ 666 12345")
    assert assembly.support_contact_name == "Aliénor Vichum"
    assert (assembly.location, assembly.attendees) == ("Salle des fêtes de Mufflins", 200)


def test_what_is_there_would_be_accepted_from_a_form(sample: Crm) -> None:
    shapes = (
        (Client, ClientCreate), (Contract, ContractCreate), (Payment, PaymentCreate), (Event, EventCreate),
        (Collaborator, CollaboratorCreate),
    )  # fmt: skip
    for model, shape in shapes:
        for row in rows(sample, model):
            values = {name: getattr(row, name) for name in shape.model_fields if hasattr(row, name)}
            given = values | ({"password": "-"} if model is Collaborator else {})
            assert build(shape, given).model_dump(exclude={"password"}) == values


def test_the_same_seed_and_day_give_the_same_content(databases: Databases, home: Path) -> None:
    contents = []
    for seed in (7, 7, 8):
        with databases.copied(databases.templates.blank) as url:
            crm = open_crm(settings_for(url, home))
            fill(crm, seed, TODAY)
            contents.append(content(crm))
            crm.close()
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


def test_a_database_that_holds_anything_is_left_as_it_is(crm: Crm) -> None:
    before = total_rows(crm)
    with pytest.raises(definitions.NotEmpty):
        fill(crm)
    assert total_rows(crm) == before
    assert not is_demo(crm)


def test_a_demo_is_marked_and_is_not_filled_twice(sample: Crm) -> None:
    assert is_demo(sample)
    before = total_rows(sample)
    with pytest.raises(definitions.NotEmpty):
        fill(sample)
    assert total_rows(sample) == before


@pytest.mark.parametrize("account", definitions.SAMPLE_ACCOUNTS, ids=lambda account: account.username)
def test_no_other_database_can_get_the_sample_passwords(
    blank: Crm, account: definitions.SampleAccount
) -> None:
    command = CollaboratorCreate(
        username=account.username, first_name="A", last_name="B", email="a@b.example",
        department=Department.GESTION, password=account.password,
    )  # fmt: skip
    with pytest.raises(Invalid):
        collaborators.create_first_collaborator(blank, command)


MAY_FIND_NOTHING: Final = {"without_address", "without_phone", "coming_without_notes"}
"""What lacks in the events of the next weeks; the sample data are well kept."""


@sqlite_only
@pytest.mark.parametrize("seed", [definitions.DEFAULT_SEED, 1, 2])
def test_every_preset_finds_something_for_everybody(blank: Crm, seed: int) -> None:
    fill(blank, seed)
    for account in definitions.SAMPLE_ACCOUNTS:
        actor = signed_in(blank, account.username)
        for kind, counted in LISTS.items():
            for preset in presets_for(kind, actor.department):
                if preset.key in MAY_FIND_NOTHING:
                    continue
                found = counted(blank, actor, ListQuery(filters=preset.filters))
                assert found > 0, f"{account.username}: {kind} {preset.key}"


@sqlite_only
@pytest.mark.parametrize("weekday", range(7))
def test_nothing_has_happened_after_yesterday(blank: Crm, weekday: int) -> None:
    today = TODAY + timedelta(days=weekday)
    fill(blank, today=today)
    latest = max(entry.at for entry in rows(blank, AuditEntry)).astimezone().date()
    assert today - timedelta(days=4) < latest < today
    assert all(payment.received_on < today for payment in rows(blank, Payment))


def test_what_is_paid_is_the_sum_of_the_payments(sample: Crm) -> None:
    sums: dict[int, Decimal] = {}
    for payment in rows(sample, Payment):
        sums[payment.contract_id] = sums.get(payment.contract_id, Decimal(0)) + payment.amount
    for contract in rows(sample, Contract):
        assert contract.amount_paid == sums.get(contract.id, Decimal(0))


def test_events_stand_on_signed_contracts_and_come_after_them(sample: Crm) -> None:
    by_id = {contract.id: contract for contract in rows(sample, Contract)}
    for event in rows(sample, Event):
        contract = by_id[event.contract_id]
        assert contract.signed_on is not None
        assert contract.created_at.astimezone().date() <= contract.signed_on
        assert contract.signed_on <= event.created_at.astimezone().date()
        assert event.created_at < event.start


def test_new_records_get_ids_that_are_free(sample: Crm) -> None:
    sales, admin = signed_in(sample, "commercial1"), signed_in(sample, "admin")
    highest = {model: max(row.id for row in rows(sample, model)) for model in (Client, Contract, Event)}
    client = clients.create_client(sample, sales, ClientCreate(full_name="New", email="new@client.example"))
    contract = contracts.create_contract(
        sample, admin, ContractCreate(client_id=client.id, total_amount=Decimal(1))
    )
    contracts.sign_contract(sample, sales, contract.id)
    start = datetime(2030, 1, 1, tzinfo=UTC)
    command = EventCreate(contract_id=contract.id, name="New", start=start, end=start + timedelta(hours=1))
    event = events.create_event(sample, sales, command)
    assert (client.id, contract.id, event.id) == tuple(number + 1 for number in highest.values())


def test_the_journal_tells_how_every_record_came_about(sample: Crm) -> None:
    entries = sorted(rows(sample, AuditEntry), key=lambda entry: entry.id)
    assert entries == sorted(entries, key=lambda entry: entry.at)
    told: dict[tuple[RecordKind, int], dict[str, Any]] = {}
    counted: dict[tuple[RecordKind, int], int] = {}
    for entry in entries:
        key = (entry.kind, entry.record_id)
        values = told.setdefault(key, {})
        assert (entry.operation is Operation.CREATED) == (key not in counted)
        for name, (old, new) in entry.changes.items():
            assert values.get(name) in (old, None) if old == "" else values.get(name) == old
            values[name] = new
        counted[key] = counted.get(key, 0) + 1
    for record in _records(sample):
        key = (record_types.of_record(record).kind, record.id or 0)
        expected = {name: value for name, (_, value) in audit_trail.initial_values(record).items()}
        assert {name: value for name, value in told[key].items() if value is not None} == expected
        assert record.version == counted[key]


def test_the_journal_holds_nothing_that_the_rights_refuse(sample: Crm) -> None:
    departments = {person.username: person.department for person in rows(sample, Collaborator)}
    for entry in rows(sample, AuditEntry):
        department = departments[entry.actor_username]
        assert rights.refusal(department, rights.Action(entry.action)) is None, entry


def test_the_last_change_of_the_journal_can_be_undone(sample: Crm) -> None:
    for username in ("admin", "commercial1", "support1"):
        actor = signed_in(sample, username)
        assert undo_last(sample, actor).record_id


def test_gestion_reads_the_journal_of_the_wedding(sample: Crm) -> None:
    query = ListQuery(parent=(RecordKind.EVENT, 109))
    told = list_journal(sample, signed_in(sample, "admin"), query)
    assert [entry.action for entry in told] == ["event.create", "event.assign", "event.update"]


def test_each_kind_has_something_in_the_trash(sample: Crm) -> None:
    actor = signed_in(sample, "admin")
    for counted in LISTS.values():
        assert counted(sample, actor, ListQuery(filters=frozenset({Filter.TRASHED}))) == 1


def test_the_accounts_are_known_before_the_orm_is_loaded() -> None:
    assert not packages_loaded_by("import services.demo") & {"sqlalchemy", "sqlmodel", "alembic", "bcrypt"}


def _records(crm: Crm) -> Iterator[Record]:
    for model in (each.model for each in record_types.all_types()):
        # The first account and the settings are older than the journal.
        first = Collaborator, SharedSettings
        yield from (row for row in rows(crm, model) if not (model in first and row.id == 1))
