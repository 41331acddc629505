"""Currency, phone region and time zone belong to the database, whatever a machine says."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from models.write_models import ContractCreate, SharedSettingsUpdate
from services import clients, contracts, phone_region, shared_settings, undo
from services.crm import Crm
from services.demo.bulk.fill import fill_bulk
from services.demo.writer import fill
from services.denormalized import consistency
from services.errors import Forbidden, InUse, Invalid
from services.lists.query import ListQuery
from services.settings import load_settings
from services.setup import SetUpCommand, set_up
from services.startup import open_crm
from services.validation import build
from tests.support.accounts import People
from tests.support.crm import environment_for, settings_for
from tests.support.list_reads import count_clients, list_journal
from tests.support.records import Records, rewrite

TODAY: Final = date(2026, 6, 15)


def change(crm: Crm, people: People, **values: str) -> None:
    shared_settings.update_settings(crm, people.gestion, build(SharedSettingsUpdate, values))


def test_a_variable_that_differs_from_the_database_is_named_and_has_no_effect(
    settings: object, staffed_url: str, home: Path
) -> None:
    odd = environment_for(staffed_url) | {
        "EPICEVENTS_CURRENCY": "USD", "EPICEVENTS_PHONE_REGION": "BE", "EPICEVENTS_TIME_ZONE": "Asia/Tokyo",
    }  # fmt: skip
    crm = open_crm(load_settings(odd, home, home))
    assert (crm.shared.currency, crm.shared.phone_region) == ("EUR", "FR")
    sentences = crm.without_effect()
    crm.close()
    assert [sentence.split()[0] for sentence in sentences] == [
        "EPICEVENTS_CURRENCY", "EPICEVENTS_PHONE_REGION", "EPICEVENTS_TIME_ZONE",
    ]  # fmt: skip
    assert "EUR" in sentences[0]
    assert "USD" in sentences[0]


def test_variables_that_agree_or_are_empty_are_passed_over(staffed_url: str, home: Path) -> None:
    quiet = environment_for(staffed_url) | {"EPICEVENTS_CURRENCY": " ", "EPICEVENTS_TIME_ZONE": ""}
    crm = open_crm(load_settings(quiet, home, home))
    assert crm.without_effect() == []
    crm.close()


def test_a_new_database_starts_with_the_variables_of_the_machine_that_makes_it(
    unmigrated_url: str, home: Path
) -> None:
    given = environment_for(unmigrated_url) | {
        "EPICEVENTS_CURRENCY": "CHF", "EPICEVENTS_PHONE_REGION": "CH",
        "EPICEVENTS_TIME_ZONE": "Europe/Zurich",
    }  # fmt: skip
    open_crm(load_settings(given, home, home), create=True).close()
    crm = open_crm(settings_for(unmigrated_url, home))
    kept = crm.shared
    crm.close()
    assert (kept.currency, kept.phone_region, kept.time_zone) == ("CHF", "CH", "Europe/Zurich")


def test_without_variables_a_new_database_has_euros_france_and_the_zone_of_the_machine(
    unmigrated_url: str, home: Path
) -> None:
    given = {"EPICEVENTS_DATABASE_URL": unmigrated_url}
    crm = open_crm(load_settings(given, home, home), create=True)
    kept = crm.shared
    crm.close()
    assert (kept.currency, kept.phone_region, kept.time_zone) == ("EUR", "FR", os.environ["TZ"])


def test_a_set_up_takes_what_it_is_told_over_the_variables(database_url: str, home: Path) -> None:
    os.environ["EPICEVENTS_CURRENCY"] = "USD"
    command = SetUpCommand(
        "ada_m", "Ada", "Martin", "ada@agency.example", "Wisteria & old stone 7", database_url=database_url,
        env_path=home / ".env", shared={"currency": "gbp", "time_zone": "Europe/London"},
    )  # fmt: skip
    crm = open_crm(set_up(command))
    kept = crm.shared
    crm.close()
    assert (kept.currency, kept.phone_region, kept.time_zone) == ("GBP", "FR", "Europe/London")
    with pytest.raises(Invalid) as refusal:
        set_up(replace(command, shared={"currency": "EURO"}, env_path=home / "other.env"))
    assert [problem.field for problem in refusal.value.field_problems()] == ["currency"]


def test_gestion_changes_the_currency_only_while_there_is_no_contract(
    crm: Crm, people: People, records: Records
) -> None:
    with pytest.raises(Forbidden, match="Gestion"):
        shared_settings.update_settings(
            crm, people.commercial, build(SharedSettingsUpdate, {"currency": "CHF"})
        )
    change(crm, people, currency="chf")
    assert crm.shared.currency == "CHF"
    contract = records.contract()
    with pytest.raises(InUse):
        change(crm, people, currency="EUR")
    contracts.trash_contract(crm, people.gestion, contract.id)
    with pytest.raises(InUse, match="trash"):
        change(crm, people, currency="EUR")
    change(crm, people, currency="CHF", time_zone="Europe/Zurich")  # the same currency is no change
    assert (crm.shared.currency, crm.shared.time_zone) == ("CHF", "Europe/Zurich")


def test_a_change_is_in_the_journal_and_can_be_taken_back(crm: Crm, people: People) -> None:
    change(crm, people, currency="CHF", time_zone="Europe/Zurich")
    (entry,) = list_journal(crm, people.gestion, ListQuery())
    assert (entry.action, entry.kind, entry.record_id) == ("settings.update", "settings", 1)
    assert entry.changes["currency"] == ("EUR", "CHF")
    undo.undo_last(crm, people.gestion)
    assert shared_settings.read_settings(crm, people.gestion).currency == "EUR"
    assert crm.shared.currency == "EUR"


def test_the_currency_does_not_come_back_once_there_is_a_contract(
    crm: Crm, people: People, records: Records
) -> None:
    client = records.client()
    change(crm, people, currency="CHF")
    command = build(ContractCreate, {"client_id": client.id, "total_amount": "10"})
    # By a colleague of the same department, or undo would take the contract back.
    colleague = records.signed_in(records.collaborator(people.gestion.department).username)
    contracts.create_contract(crm, colleague, command)
    undo.undo_last(crm, people.gestion)  # the colleague's account stays: it has written
    assert crm.shared.currency == "CHF"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "EURO"),
        ("currency", "XXX"),
        ("phone_region", "UK"),
        ("phone_region", "France"),
        ("time_zone", "Paris"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "UTC+2"),
    ],
)
def test_what_is_no_code_is_refused_by_its_field(crm: Crm, people: People, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        change(crm, people, **{field: value})
    assert [problem.field for problem in refusal.value.field_problems()] == [field]
    assert shared_settings.read_settings(crm, people.gestion) == crm.shared


def test_another_open_program_goes_on_with_what_was_changed(
    crm: Crm, people: People, staffed_url: str, home: Path
) -> None:
    other = open_crm(settings_for(staffed_url, home))
    change(crm, people, currency="KWD", phone_region="BE")
    count_clients(other, people.support, ListQuery())
    assert (other.shared.currency, other.shared.phone_region) == ("KWD", "BE")
    other.close()


def e164(crm: Crm, people: People, client_id: int) -> str | None:
    with crm.database.read() as connection:
        row = connection.exec_driver_sql(f"SELECT phone_e164 FROM client WHERE id = {client_id}").first()  # noqa: S608
    return None if row is None else row[0]


def test_numbers_typed_without_a_country_are_read_anew_when_the_region_changes(
    crm: Crm, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_region, "STEP", 2)  # several steps
    national = [records.client(phone="0470 12 34 56") for _ in range(3)]
    abroad, none = records.client(phone="+33 6 12 34 56 78"), records.client()
    contract = records.contract(national[0])
    versions = [clients.get_client(crm, people.gestion, client.id).version for client in national]
    before = e164(crm, people, national[0].id)
    change(crm, people, phone_region="BE")
    assert [e164(crm, people, client.id) for client in national] == ["+32470123456"] * 3
    assert before != "+32470123456"
    assert (e164(crm, people, abroad.id), e164(crm, people, none.id)) == ("+33612345678", None)
    assert [clients.get_client(crm, people.gestion, each.id).version for each in national] == versions
    found = contracts.list_contracts(crm, people.gestion, ListQuery(search="32470123456"))
    assert [each.id for each in found] == [contract.id]
    with crm.database.read() as connection:
        assert consistency.differences(connection) == []
    undo.undo_last(crm, people.gestion)
    assert e164(crm, people, national[0].id) == before


def test_a_program_killed_while_it_reads_phones_anew_is_relieved_by_the_next(
    crm: Crm, people: People, records: Records, staffed_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = records.client(phone="0470 12 34 56")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(phone_region, "read_phones_anew", killed)
    with pytest.raises(KeyboardInterrupt):
        change(crm, people, phone_region="BE")
    monkeypatch.undo()
    assert e164(crm, people, client.id) != "+32470123456"
    open_crm(settings_for(staffed_url, home)).close()
    assert e164(crm, people, client.id) == "+32470123456"
    with crm.database.read() as connection:
        assert not phone_region.is_stale(connection)


@pytest.mark.parametrize(
    ("currency", "total", "shown"),
    [("JPY", "1234", "1234"), ("KWD", "1234.567", "1234.567"), ("EUR", "1234.5", "1234.50")],
)
def test_amounts_are_kept_with_the_digits_of_the_currency(
    crm: Crm, people: People, records: Records, currency: str, total: str, shown: str
) -> None:
    change(crm, people, currency=currency)
    contract = records.contract(total=total, signed=True)
    assert str(contract.total_amount) == shown
    records.payment(contract, "1")
    read = contracts.get_contract(crm, people.gestion, contract.id)
    assert read.amount_remaining == Decimal(total) - 1
    client = clients.get_client(crm, people.gestion, contract.client)
    assert str(client.amount_contracted) == shown
    undo.undo_last(crm, people.gestion)  # the payment, whatever zero it began from
    assert contracts.get_contract(crm, people.gestion, contract.id).amount_remaining == Decimal(total)
    with crm.database.read() as connection:
        assert consistency.differences(connection) == []


@pytest.mark.parametrize(
    ("currency", "total"), [("JPY", "1234.56"), ("JPY", "0.5"), ("EUR", "1.234"), ("KWD", "1.2345")]
)
def test_an_amount_with_more_digits_than_its_currency_is_refused(
    crm: Crm, people: People, records: Records, currency: str, total: str
) -> None:
    change(crm, people, currency=currency)
    client = records.client()
    with pytest.raises(Invalid) as refusal:
        records.contract(client, total=total)
    assert [problem.field for problem in refusal.value.field_problems()] == ["total_amount"]


@pytest.mark.parametrize("filling", [lambda crm: fill(crm, today=TODAY), lambda crm: fill_bulk(crm, 30)])
@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_sample_data_have_the_digits_of_the_currency(
    database_url: str, home: Path, currency: str, filling: Callable[[Crm], None]
) -> None:
    crm = open_crm(settings_for(database_url, home))
    rewrite(crm, "UPDATE shared_settings SET currency = :code", code=currency)
    crm.close()
    crm = open_crm(settings_for(database_url, home))
    filling(crm)
    with crm.database.read() as connection:
        amounts = connection.exec_driver_sql(
            "SELECT total_amount FROM contract UNION ALL SELECT amount FROM payment"
        ).scalars().all()  # fmt: skip
        assert consistency.differences(connection) == []
    crm.close()
    assert amounts
    assert currency != "JPY" or all(amount % 100 == 0 for amount in amounts)


def test_the_day_is_that_of_the_zone_of_the_crm(crm: Crm, people: People) -> None:
    change(crm, people, time_zone="Pacific/Auckland")
    assert crm.day_of(datetime(2027, 6, 15, 13, 0, tzinfo=UTC)) == date(2027, 6, 16)
