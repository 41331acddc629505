"""Days of contact in their order and not in the future; unusual times of an event are noticed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.write_models import ClientUpdate, SharedSettingsUpdate
from services import clients, events, shared_settings
from services.crm import Crm
from services.errors import Invalid
from services.validation import build
from tests.support.accounts import People
from tests.support.records import Records, rewrite

TODAY = datetime.now(UTC).astimezone().date()
TOMORROW = TODAY + timedelta(days=1)
NOW = datetime(2027, 6, 15, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, date(2099, 1, 1), "last_contact_date"),
        (None, TOMORROW, "last_contact_date"),
        (TOMORROW, None, "first_contact_date"),
        (date(2024, 5, 2), date(2024, 5, 1), "last_contact_date"),
        (TODAY, date(1999, 1, 1), "last_contact_date"),
    ],
)
def test_days_of_contact_that_cannot_be_are_refused_by_their_field(
    crm: Crm, records: Records, people: People, first: date | None, last: date | None, field: str
) -> None:
    days = {"first_contact_date": first, "last_contact_date": last}
    with pytest.raises(Invalid) as refusal:
        records.client(**days)
    assert [problem.field for problem in refusal.value.field_problems()] == [field]
    kept = records.client(first_contact_date=date(2024, 5, 2))
    with pytest.raises(Invalid):
        clients.update_client(crm, people.commercial, kept.id, build(ClientUpdate, days))


@pytest.mark.parametrize(
    ("first", "last"), [(TODAY, TODAY), (date(2024, 5, 1), TODAY), (None, date(1950, 1, 1)), (TODAY, None)]
)
def test_days_of_contact_that_can_be_are_kept(
    records: Records, first: date | None, last: date | None
) -> None:
    client = records.client(first_contact_date=first, last_contact_date=last)
    assert (client.first_contact_date, client.last_contact_date) == (first, last)


def test_one_day_alone_is_compared_with_the_one_that_is_kept(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client(first_contact_date=date(2024, 5, 1), last_contact_date=date(2024, 6, 1))

    def change(**days: date) -> None:
        clients.update_client(crm, people.commercial, client.id, build(ClientUpdate, days))

    for refused, field in (
        ({"last_contact_date": date(2024, 4, 30)}, "last_contact_date"),
        ({"first_contact_date": date(2024, 6, 2)}, "first_contact_date"),
    ):
        with pytest.raises(Invalid) as refusal:
            change(**refused)
        assert [problem.field for problem in refusal.value.field_problems()] == [field]
    change(first_contact_date=date(2024, 6, 1))


def test_a_client_whose_days_were_wrong_before_can_still_be_changed(
    crm: Crm, records: Records, people: People
) -> None:
    client = records.client()
    rewrite(
        crm, "UPDATE client SET first_contact_date = '2030-01-01', last_contact_date = '1999-01-01'"
        " WHERE id = :key", key=client.id,
    )  # fmt: skip
    changed = clients.update_client(
        crm, people.commercial, client.id, build(ClientUpdate, {"company": "Tents"})
    )
    assert changed.company == "Tents"


def test_today_is_the_day_of_the_crm_not_of_the_machine(crm: Crm, records: Records, people: People) -> None:
    ahead = "Pacific/Kiritimati"  # UTC+14: its day is ahead of that of Etc/GMT+12 at every moment
    for zone, passes in ((ahead, True), ("Etc/GMT+12", False)):
        change = build(SharedSettingsUpdate, {"time_zone": zone})
        shared_settings.update_settings(crm, people.gestion, change)
        far_day = (datetime.now(UTC) + timedelta(hours=14)).date()
        if passes:
            assert records.client(last_contact_date=far_day).last_contact_date == far_day
        else:
            with pytest.raises(Invalid):
                records.client(last_contact_date=far_day)


@pytest.mark.parametrize(
    ("start", "end", "fields"),
    [
        (NOW + timedelta(days=1), NOW + timedelta(days=2), []),
        (NOW - timedelta(hours=1), NOW + timedelta(hours=1), []),  # under way
        (NOW + timedelta(days=700), NOW + timedelta(days=714), []),
        (NOW - timedelta(days=2), NOW - timedelta(days=1), ["end"]),
        (NOW + timedelta(days=731), NOW + timedelta(days=732), ["start"]),
        (NOW, NOW + timedelta(days=14, minutes=1), ["end"]),
        (datetime(1950, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC), ["end"]),
        (datetime(2150, 1, 1, tzinfo=UTC), datetime(2150, 3, 1, tzinfo=UTC), ["start", "end"]),
        (datetime(1950, 1, 1, tzinfo=UTC), datetime(1950, 3, 1, tzinfo=UTC), ["end", "end"]),
    ],
)
def test_unusual_times_of_an_event_are_noticed(start: datetime, end: datetime, fields: list[str]) -> None:
    found = events.doubts(start, end, NOW)
    assert [problem.field for problem in found] == fields
    assert all(problem.message() for problem in found)


def test_history_is_still_imported_by_the_service(records: Records) -> None:
    start = datetime(1999, 6, 15, 12, 0, tzinfo=UTC)
    assert records.event(start=start, end=start + timedelta(hours=4)).start == start
