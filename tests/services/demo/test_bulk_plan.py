"""Sample data by the thousand: the same each time, in proportion, and right in all that is kept beside it."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random
from typing import Final

import pytest
from sqlalchemy import text

from models.enums import Department, RecordKind
from models.field_types import USERNAME_PATTERN
from models.search_words import stored
from models.tables import AuditEntry, Client, Collaborator, Contract, Event, Payment, Record
from models.write_models import ClientCreate, CollaboratorCreate, ContractCreate, EventCreate, PaymentCreate
from services.crm import Crm
from services.demo import definitions
from services.demo.bulk import contracts as deals
from services.demo.bulk.columns import COLUMNS
from services.demo.bulk.dates import Calendar
from services.demo.bulk.fill import fill_bulk
from services.demo.bulk.people import People
from services.demo.bulk.phones import PHONES, Phones
from services.demo.bulk.plan import Plan, staff_for
from services.demo.bulk.text_pools import Pools
from services.denormalized import computed_columns, consistency
from services.lists.query import Filter, ListQuery, presets_for
from services.lists.search.sqlite import is_usable
from services.startup import open_crm
from services.validation import build
from tests.support.crm import settings_for
from tests.support.databases import Databases, postgresql_only, sqlite_only
from tests.support.large_demo import generated, rows, signed_in
from tests.support.list_reads import count_clients, count_contracts, count_events

SIZE = 400
TODAY = date(2026, 9, 16)
LISTS: dict[RecordKind, Callable[..., int]] = {
    RecordKind.CLIENT: count_clients,
    RecordKind.CONTRACT: count_contracts,
    RecordKind.EVENT: count_events,
}


@pytest.fixture(scope="module")
def _filled() -> Iterator[tuple[dict[str, Crm], ExitStack]]:
    with ExitStack() as kept:
        yield {}, kept


@pytest.fixture
def crowd(
    databases: Databases, database_kind: str, home: Path, _filled: tuple[dict[str, Crm], ExitStack]
) -> Crm:
    """A database that was filled once; the tests that are given it leave the records as they are."""
    filled, kept = _filled
    if database_kind not in filled:
        url = kept.enter_context(databases.copied(databases.templates.blank))
        filled[database_kind] = crm = open_crm(settings_for(url, home))
        kept.callback(crm.close)
        fill_bulk(crm, SIZE)
    return filled[database_kind]


def test_the_same_number_seed_and_day_give_the_same_rows() -> None:
    first = generated(150, 7, TODAY)
    assert first == generated(150, 7, TODAY)
    for other in (generated(151, 7, TODAY), generated(150, 8, TODAY), generated(150, 7, date(2026, 9, 17))):
        assert all(first[table] != other[table] for table in ("client", "contract", "payment", "event"))


def test_all_that_is_kept_beside_the_records_is_right(crowd: Crm) -> None:
    with crowd.database.read() as connection:
        assert consistency.differences(connection) == []


@postgresql_only
def test_postgresql_need_not_look_at_the_tables_to_know_what_is_visible(crowd: Crm) -> None:
    query = "SELECT relname, relpages, relallvisible FROM pg_class WHERE relname IN ('client', 'contract')"
    with crowd.database.read() as connection:
        for _name, pages, visible in connection.execute(text(query)):
            assert visible > pages / 2


@sqlite_only
def test_sqlite_searches_by_its_word_index(crowd: Crm) -> None:
    with crowd.database.read() as connection:
        assert is_usable(connection)
        indexed = connection.scalar(text("SELECT count(*) FROM client_search WHERE client_search MATCH 'c*'"))
        live = connection.scalar(
            text("SELECT count(*) FROM client WHERE deleted_at IS NULL AND search LIKE '% c%'")
        )
    assert indexed == live


def test_records_are_in_proportion() -> None:
    plan = Plan(20_000, 1, Calendar(TODAY))
    counts = (len(plan.agenda), plan.figures.payments, plan.figures.events)
    for count, share in zip(counts, (1.0, 1.5, 0.75), strict=True):
        assert 0.9 * share < count / plan.clients < 1.1 * share


@pytest.mark.parametrize(("size", "sellers"), [(1, 2), (4_000, 2), (100_000, 50), (1_000_000, 500)])
def test_there_is_a_seller_for_every_two_thousand_clients(size: int, sellers: int) -> None:
    assert len(staff_for(size)[Department.COMMERCIAL]) == sellers


def test_one_client_of_a_large_crowd_has_a_thousand_contracts() -> None:
    agenda = deals.agenda(100_000, Random(1), Calendar(TODAY))  # noqa: S311 - no secret
    assert sum(deals.drawn_up(entry)[2] == 1 for entry in agenda) == deals.BIG_ACCOUNT == 1_000


def test_a_search_for_dupont_par_finds_some() -> None:
    people = People(Pools(), "FR")
    rng = Random(1)  # noqa: S311 - no secret
    found = [people.client(number, rng.getrandbits(64), rng.getrandbits(64)) for number in range(4_000)]
    assert 3 <= sum(" dupont" in client.search and " par" in client.search for client in found) < 40


def test_the_number_of_a_client_makes_its_address_the_only_one() -> None:
    people = People(Pools(), "FR")
    rng = Random(1)  # noqa: S311 - no secret
    for number in range(1, 2_000):
        email = people.client(number, rng.getrandbits(64), rng.getrandbits(64)).email
        assert re.fullmatch(rf"[a-z.]+\D{number}@[a-z-]+\.example", email)


@pytest.mark.parametrize("region", ["FR", "BE", "US", "AR", "BR"])
def test_phones_that_are_put_together_are_as_those_that_are_parsed(region: str) -> None:
    phones = Phones(region)
    for number in range(0, PHONES, PHONES // 23):
        phone = phones.phone(number)
        assert phone.e164 == computed_columns.e164(phone.text, region)
        assert list(phone.words) == stored(computed_columns.words_of_phone(phone.text, phone.e164)).split()


def test_names_are_spread_as_in_life() -> None:
    people = People(Pools(), "FR")
    rng = Random(1)  # noqa: S311 - no secret
    names = [people.client(1, rng.getrandbits(64), 0).name.text for _ in range(4_000)]
    assert sum(name.endswith(" Dupont") for name in names) > 80
    assert 0 < sum(name.endswith("Zyskowski") for name in names) < 20
    assert any(not name.isascii() and not any("a" <= letter <= "z" for letter in name) for name in names)


def test_every_sample_account_signs_in_and_sellers_own_their_share(crowd: Crm) -> None:
    for account in definitions.SAMPLE_ACCOUNTS:
        actor = signed_in(crowd, account.username)
        assert actor.department == account.department.upper()
        if account.department == "Commercial":
            mine = ListQuery(filters=frozenset({Filter.MINE}))
            assert SIZE / 4 < count_clients(crowd, actor, mine) < SIZE


def test_nobody_else_has_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    # As "anna_l" of the small demo, who is tried there.
    monkeypatch.setattr("services.demo.bulk.plan._CLIENTS_A_SELLER", 5)
    people = generated(60, 1, TODAY)["collaborator"]
    assert len(people) == 15
    assert {row[COLUMNS["collaborator"].index("password_hash")] for row in people} == {"none"}
    names = [row[COLUMNS["collaborator"].index("username")] for row in people]
    assert names[:5] == [account.username for account in definitions.SAMPLE_ACCOUNTS]
    assert all(USERNAME_PATTERN.fullmatch(name) for name in names)


NOTHING_LACKS: Final = {"without_address", "without_phone"}
"""The made-up events all have a location, and their clients a phone."""


@sqlite_only
def test_every_preset_finds_something_for_everybody(crowd: Crm) -> None:
    for account in definitions.SAMPLE_ACCOUNTS:
        actor = signed_in(crowd, account.username)
        for kind, counted in LISTS.items():
            for preset in presets_for(kind, actor.department):
                if preset.key in NOTHING_LACKS:
                    continue
                found = counted(crowd, actor, ListQuery(filters=preset.filters))
                assert found > 0, f"{account.username}: {kind} {preset.key}"


@sqlite_only
def test_what_is_there_would_be_accepted_from_a_form(crowd: Crm) -> None:
    shapes = (
        (Client, ClientCreate), (Contract, ContractCreate), (Payment, PaymentCreate), (Event, EventCreate),
        (Collaborator, CollaboratorCreate),
    )  # fmt: skip
    for model, shape in shapes:
        for row in rows(crowd, model)[:120]:
            values = {name: getattr(row, name) for name in shape.model_fields if hasattr(row, name)}
            given = values | ({"password": "-"} if model is Collaborator else {})
            assert build(shape, given).model_dump(exclude={"password"}) == values


def test_it_could_have_come_about_through_the_services(crowd: Crm) -> None:
    by_id = {client.id: client for client in rows(crowd, Client)}
    signed = {contract.id: contract for contract in rows(crowd, Contract)}
    paid: dict[int, Decimal] = {}
    for payment in rows(crowd, Payment):
        paid[payment.contract_id] = paid.get(payment.contract_id, Decimal(0)) + payment.amount
        assert signed[payment.contract_id].signed_on <= payment.received_on
    for contract in signed.values():
        assert contract.created_at >= by_id[contract.client_id].created_at
        assert contract.amount_paid == paid.get(contract.id, 0)
        assert by_id[contract.client_id].deleted_at is None
        assert contract.deleted_at is None or contract.signed_on is None
    for event in rows(crowd, Event):
        assert signed[event.contract_id].signed_on <= event.created_at.astimezone().date()
        assert event.created_at < event.start


def test_nothing_has_happened_after_yesterday_and_events_go_on(crowd: Crm) -> None:
    now = datetime.now(UTC)
    everything: list[Record] = [
        row for model in (Client, Contract, Payment, Event) for row in rows(crowd, model)
    ]
    assert max(row.updated_at for row in everything) < now
    starts = [event.start for event in rows(crowd, Event)]
    assert min(starts) < now < max(starts)


def test_the_journal_is_empty(crowd: Crm) -> None:
    assert rows(crowd, AuditEntry) == []


def test_each_kind_has_something_in_the_trash(crowd: Crm) -> None:
    actor = signed_in(crowd, "admin")
    for counted in LISTS.values():
        assert counted(crowd, actor, ListQuery(filters=frozenset({Filter.TRASHED}))) > 0


def test_weeks_begin_and_end_as_people_hold_events() -> None:
    calendar = Calendar(TODAY)
    for offset, by_company in product(range(-20, 20), (False, True)):
        day = calendar.celebrated(offset, by_company)
        weekday = date.fromisoformat(calendar.days[day]).weekday()
        assert weekday <= 4 if by_company else weekday >= 4
