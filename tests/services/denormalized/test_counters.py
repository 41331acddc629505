"""Counts, sums, copies and search words kept beside the records are at all times what the records say."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from models.enums import Department
from models.search_words import day_word
from models.write_models import ClientUpdate, CollaboratorUpdate, ViewCreate
from services import clients, collaborators, contracts, events, record_types, saved_views, undo
from services.crm import Crm
from services.denormalized import consistency
from services.denormalized.consistency import Difference
from services.denormalized.figure_sums import by_period
from services.denormalized.period_figures import FigureKind
from services.lists.own_filters import Comparison, Condition, OwnFilter
from services.validation import build
from tests.support.accounts import People
from tests.support.race_processes import busily, change_the_team, keep_busy, race
from tests.support.random_use_cases import BusyDay
from tests.support.records import NOON, Records, everything, rewrite

TABLES: Final = SQLModel.metadata.tables


@pytest.mark.parametrize("seed", [1, 2])
def test_all_is_kept_right_whatever_is_done(crm: Crm, records: Records, seed: int) -> None:
    _keep_busy(crm, BusyDay(records, seed), 300)


@pytest.mark.soak
def test_all_is_kept_right_over_ten_thousand_writes(crm: Crm, records: Records) -> None:
    day = BusyDay(records, 3)
    for _ in range(20):
        _keep_busy(crm, day, 500)


def _keep_busy(crm: Crm, day: BusyDay, times: int) -> None:
    day.go_on(times)
    assert consistency.check(crm) == [], day.done
    if crm.database.kind == "sqlite":
        for table in ("client", "contract", "event", "note", "task"):
            rewrite(crm, f"INSERT INTO {table}_search({table}_search, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    assert sum(count for name, count in day.done.items() if not name.endswith("refused")) > times / 2


def _kept(crm: Crm, columns: str, table: str, key: int) -> dict[str, object]:
    with crm.database.read() as connection:
        row = connection.execute(
            select(*(TABLES[table].c[name] for name in columns.split())).where(TABLES[table].c.id == key)
        ).one()
    return dict(row._mapping)


CLIENT_FIGURES: Final = "contract_count event_count amount_contracted amount_due"


def test_the_figures_of_a_client_are_those_of_its_live_contracts_and_events(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client()
    signed = records.contract(client, total="1200.50", signed=True)
    records.payment(signed, "200.25")
    other = records.contract(client, total="100.00")
    event = records.event(signed)
    assert list(_kept(crm, CLIENT_FIGURES, "client", client.id).values()) == [
        2, 1, Decimal("1300.50"), Decimal("1100.25"),
    ]  # fmt: skip
    contracts.trash_contract(crm, people.gestion, other.id)
    events.trash_event(crm, people.commercial, event.id)
    assert list(_kept(crm, CLIENT_FIGURES, "client", client.id).values()) == [
        1, 0, Decimal("1200.50"), Decimal("1000.25"),
    ]  # fmt: skip
    undo.undo_last(crm, people.commercial)
    contracts.restore_contract(crm, people.gestion, other.id)
    assert list(_kept(crm, CLIENT_FIGURES, "client", client.id).values()) == [
        2, 1, Decimal("1300.50"), Decimal("1100.25"),
    ]  # fmt: skip
    assert consistency.check(crm) == []


def test_copies_follow_without_a_change_of_the_records_that_hold_them(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(records.client(full_name="Œuvre Zyskowski"), signed=True)
    event = records.event(contract, support=people.support)
    before = contracts.get_contract(crm, people.gestion, contract.id)
    event_before = events.get_event(crm, people.gestion, event.id)
    renamed = build(ClientUpdate, {"full_name": "Élodie Dupont"})
    clients.update_client(crm, people.commercial, contract.client, renamed)
    for table, key in (("contract", contract.id), ("event", event.id)):
        kept = _kept(crm, "sort_client search", table, key)
        assert kept["sort_client"] == "elodie dupont"
        assert " elodie dupont " in str(kept["search"])
        assert "zyskowski" not in str(kept["search"])
    for person, name in ((people.commercial, "Ågren"), (people.support, "Łoś")):
        command = build(CollaboratorUpdate, {"last_name": name})
        collaborators.update_collaborator(crm, people.gestion, person.id, command)
    assert _kept(crm, "sort_sales_contact", "client", contract.client) == {
        "sort_sales_contact": "agren claire"
    }
    assert _kept(crm, "sort_sales_contact", "contract", contract.id) == {"sort_sales_contact": "agren claire"}
    assert _kept(crm, "sort_support", "event", event.id) == {"sort_support": "los sofia"}
    after = contracts.get_contract(crm, people.gestion, contract.id)
    event_after = events.get_event(crm, people.gestion, event.id)
    assert (after.version, after.updated) == (before.version, before.updated)
    assert (event_after.version, event_after.updated) == (event_before.version, event_before.updated)
    assert consistency.check(crm) == []


def test_who_takes_over_takes_over_the_copies_and_the_load(
    crm: Crm, records: Records, people: People
) -> None:
    leaving = records.collaborator(Department.COMMERCIAL)
    client = records.client(people.gestion, sales_contact_id=leaving.id)
    trashed = records.client(people.gestion, sales_contact_id=leaving.id)
    clients.trash_client(crm, people.gestion, trashed.id)
    event = records.event(records.contract(client, signed=True), by=records.signed_in(leaving.username))
    heir = people.other_commercial.id
    left = collaborators.deactivate_collaborator(crm, people.gestion, leaving.id, heir)
    assert left.clients == 0
    assert collaborators.get_collaborator(crm, people.gestion, heir).clients == 1
    for table, key in (("contract", event.contract), ("event", event.id), ("client", trashed.id)):
        assert _kept(crm, "sales_contact_id", table, key) == {"sales_contact_id": heir}
    assert consistency.check(crm) == []


def test_a_contract_is_found_by_its_number_however_one_types_it(crm: Crm, records: Records) -> None:
    contract = records.contract(records.client(full_name="Zoé", phone="06 12 34 56 78", email="z@x.fr"))
    year, number = contract.created.year, contract.id
    assert _kept(crm, "search", "contract", contract.id) == {
        "search": f" zoe z x fr §33612345678 §0612345678 §612345678 £{contract.sales_contact_id}£"
        f" c{year} {year} {number:05d} {number} c{number} {day_word(crm.day_of(contract.created))}"
    }


def test_an_overdue_contract_is_known_by_the_first_of_its_live_events(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(signed=True)
    first, second = records.event(contract), records.event(contract, end=NOON + timedelta(days=2))
    over = {"event_over_at": NOON + timedelta(hours=4)}
    assert _kept(crm, "event_over_at", "contract", contract.id) == over
    events.trash_event(crm, people.commercial, first.id)
    assert _kept(crm, "event_over_at", "contract", contract.id) == {"event_over_at": NOON + timedelta(days=2)}
    events.trash_event(crm, people.commercial, second.id)
    assert _kept(crm, "event_over_at", "contract", contract.id) == {"event_over_at": None}
    events.restore_event(crm, people.commercial, first.id)
    assert _kept(crm, "event_over_at", "contract", contract.id) == over


def test_several_programs_that_write_at_once_keep_everything_right(
    crm: Crm, records: Records, people: People, staffed_url: str, home: Path
) -> None:
    event = records.event(records.contract(signed=True))
    kinds = [keep_busy] * 4 + [change_the_team] * 2
    assert race(busily, [(kind, staffed_url, home, people, event, 4) for kind in kinds]) == [4] * 6
    assert consistency.check(crm) == []


BROKEN: Final = {
    "collaborator": {"client_count": "9", "event_count": "9", "sort_name": "'x'", "search": "'x'"},
    "client": {
        "sort_name": "'x'", "sort_company": "'x'", "sort_sales_contact": "'x'",
        "sort_last_contact": "'2001-01-01'", "search": "'x'", "contract_count": "9", "event_count": "9",
        "amount_contracted": "9", "amount_due": "9",
    },
    "contract": {
        "sales_contact_id": "9", "amount_due": "9", "event_over_at": "'2001-01-01 00:00:00.000000'",
        "support_contact_id": "9", "stuck_link": "'x'", "stuck_since": "'2001-01-01 00:00:00.000000'",
        "sort_client": "'x'", "sort_sales_contact": "'x'", "sort_signed": "'2001-01-01'", "search": "'x'",
    },
    "event": {
        "client_id": "9", "sales_contact_id": "9", "sort_client": "'x'", "sort_support": "'x'",
        "sort_name": "'x'", "search": "'x'",
    },
    "task": {"of_client_id": "9", "sort_title": "'x'", "sort_due": "'x'", "search": "'x'"},
    "note": {"of_client_id": "9", "summary": "'x'", "search": "'x'"},
    "saved_view": {"name_key": "'x'"},
}  # fmt: skip
"""Every column that nobody sets, and a value that is wrong."""


def test_whatever_is_kept_wrong_is_named_and_repaired(crm: Crm, records: Records, people: People) -> None:
    event = records.event(support=people.support)
    assert records.note(event_id=event.id).id == records.task(event_id=event.id).id == event.id
    kept = OwnFilter((Condition("name", Comparison.CONTAINS, "x"),)).to_json()
    view = build(ViewCreate, {"name": "Xs", "listed": "event", "conditions": kept})
    assert saved_views.create_view(crm, people.support, view).id == event.id
    before = everything(crm)
    keys = {"collaborator": people.commercial.id, "client": event.client, "contract": event.contract}
    for table, columns in BROKEN.items():
        for column, value in columns.items():
            key = keys.get(table, event.id)  # the note, the task and the view have the id of the event
            rewrite(crm, f"UPDATE {table} SET {column} = {value} WHERE id = {key}")  # noqa: S608
            found = consistency.check(crm)
            assert (table, key, column) in {(each.table, each.key, each.column) for each in found}
            assert consistency.repair(crm) == found
            assert _without_slots(everything(crm)) == _without_slots(before)


def test_every_column_that_nobody_sets_is_looked_after() -> None:
    set_by_their_own_record = {"username_key", "phone_e164", "moved_from", "moved_to"}
    derived = {each.model.__tablename__: each.derived for each in record_types.all_types() if each.derived}
    assert derived.keys() >= {"client", "collaborator", "contract", "event"}
    for table, columns in derived.items():
        assert columns - set_by_their_own_record == BROKEN[table].keys()


def _without_slots(rows: Mapping[str, list[tuple[object, ...]]]) -> Mapping[str, object]:
    totals: Counter[object] = Counter()
    for kind, _slot, count in rows["total"]:
        totals[kind] += int(str(count))
    figures: Counter[object] = Counter()
    for kind, owner, period, _slot, number, amount in rows["period_figure"]:
        figures[kind, owner, period, "number"] += int(str(number))
        figures[kind, owner, period, "amount"] += int(Decimal(str(amount)) * 100)
    return {
        **rows,
        "total": {kind: count for kind, count in totals.items() if count},
        "period_figure": {key: sum_ for key, sum_ in figures.items() if sum_},
    }


def test_each_figure_by_period_that_is_wrong_is_named_and_repaired(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(signed=True)
    records.contract(total="200.00")
    records.payment(contract)
    records.event(contract, support=people.support)
    before = _without_slots(everything(crm))
    for kind in FigureKind:
        rewrite(crm, "UPDATE period_figure SET number = number + 3 WHERE kind = :kind", kind=kind.value)
        rewrite(crm, "UPDATE period_figure SET amount = amount + 5 WHERE kind = :kind", kind=kind.value)
        found = consistency.check(crm)
        assert {(each.table, str(each.key).split()[0]) for each in found} == {("period_figure", kind.value)}
        assert {each.column for each in found} == {"number", "amount"}
        consistency.repair(crm)
        assert _without_slots(everything(crm)) == before
    rewrite(crm, "DELETE FROM period_figure")
    assert len(consistency.check(crm)) >= len(FigureKind)
    consistency.repair(crm)
    assert _without_slots(everything(crm)) == before


def test_the_figures_of_past_months_follow_a_client_to_its_new_sales_contact(
    crm: Crm, records: Records, people: People
) -> None:
    contract = records.contract(signed=True, total="1000.00")
    records.contract(clients.get_client(crm, people.gestion, contract.client), total="300.00")
    records.payment(contract, "400.00", date(2025, 3, 9))
    records.event(contract)
    command = build(ClientUpdate, {"sales_contact_id": people.other_commercial.id})
    clients.update_client(crm, people.gestion, contract.client, command)

    def sums(owner: int) -> dict[str, tuple[int, Decimal]]:
        with crm.database.read() as connection:
            kept = {kind: by_period(connection, kind, owner).values() for kind in FigureKind}
        return {
            kind.value: (sum(each.number for each in found), sum((each.amount for each in found), Decimal(0)))
            for kind, found in kept.items()
        }

    moved = {
        "signed": (1, Decimal(1000)), "paid": (1, Decimal(400)), "sold": (1, Decimal(0)),
        "run": (0, Decimal(0)), "unsigned": (1, Decimal(300)), "due": (2, Decimal(900)),
    }  # fmt: skip
    assert sums(people.other_commercial.id) == moved
    assert set(sums(people.commercial.id).values()) == {(0, Decimal(0))}
    undo.undo_last(crm, people.gestion)
    assert sums(people.commercial.id) == moved
    assert consistency.check(crm) == []


def test_a_total_that_is_wrong_is_named_and_repaired(crm: Crm, records: Records) -> None:
    records.client()
    rewrite(crm, "UPDATE total SET count = count + 3 WHERE kind = 'CLIENT' AND slot = 0")
    assert consistency.check(crm) == [Difference("total", "client", "count", "4", "1")]
    consistency.repair(crm)
    assert consistency.check(crm) == []
