"""The agenda against a reference that looks at every quarter of an hour, and its bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.read_models import EventRead
from models.tables import Event, table_of
from services import agenda, agenda_texts, events, i18n
from services.actor import Actor
from services.agenda import Agenda, AgendaFilter, View, Whose, read_agenda
from services.crm import Crm
from services.errors import NotFound
from tests.support.accounts import People
from tests.support.local_zone import living_in
from tests.support.records import NOON, Records

STEP = timedelta(minutes=15)
ZONES = ["Europe/Paris", "UTC", "America/St_Johns", "Pacific/Auckland", "Africa/Cairo"]
# The clocks of Europe go forward on 28 March 2027 and back on 31 October 2027.
DAYS = [date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 15)]
PLACES = {"41000 Blois": "41000", "41120 Candé": "41120", "75011 Paris": "75011", "At home": ""}
LENGTHS = [1, 4, 96, 14 * 96 - 1, 14 * 96, 14 * 96 + 1, 40 * 96]
COUNT = 9


@dataclass(frozen=True)
class Draw:
    """An event of a random calendar, that starts or ends near the midnight of a day.

    ``offset`` and ``length`` are in quarters of an hour.
    """

    offset: int
    by_end: bool
    length: int
    place: str
    runner: int
    zone: str


@dataclass(frozen=True)
class Party:
    """An event as the reference knows it."""

    id: int
    start: datetime
    end: datetime
    code: str
    runner: int | None
    zone: str

    @property
    def slots(self) -> range:
        """Its quarters of an hour."""
        return range(*(int(each.timestamp()) // 900 for each in (self.start, self.end)))


draws = st.lists(
    st.builds(
        Draw, st.sampled_from([0, 1, 96, -96]) | st.integers(-4 * 96, 4 * 96), st.booleans(),
        st.sampled_from(LENGTHS) | st.integers(1, 60), st.sampled_from(list(PLACES)), st.integers(0, 2),
        st.sampled_from(ZONES),
    ),
    min_size=COUNT, max_size=COUNT,
)  # fmt: skip


@pytest.fixture
def parties(records: Records) -> list[int]:
    """The ids of some events, which each example moves."""
    contract = records.contract(signed=True)
    return [records.event(contract).id for _ in range(COUNT)]


def _lay(
    crm: Crm, people: People, ids: Sequence[int], base: datetime, calendar: Sequence[Draw]
) -> list[Party]:
    runners = [None, people.support.id, people.other_support.id]
    found = []
    with crm.database.write() as connection:
        for key, drawn in zip(ids, calendar, strict=True):
            start = base + (drawn.offset - drawn.length * drawn.by_end) * STEP
            place, runner = PLACES[drawn.place], runners[drawn.runner]
            party = Party(key, start, start + drawn.length * STEP, place, runner, drawn.zone)
            values = {
                "starts_at": party.start, "ends_at": party.end, "location": drawn.place,
                "time_zone": party.zone,
            }  # fmt: skip
            table = table_of(Event)
            change = table.update().where(table.c.id == key)
            connection.execute(change.values(support_contact_id=party.runner, **values))
            found.append(party)
    return found


def _days_of(party: Party, zone: str) -> set[date]:
    return {datetime.fromtimestamp(slot * 900, ZoneInfo(zone)).date() for slot in party.slots}


def _overlapping(party: Party, every: Sequence[Party]) -> set[int]:
    mine = set(party.slots)
    return {other.id for other in _others(party, every) if mine & set(other.slots)}


def _others(party: Party, every: Sequence[Party]) -> list[Party]:
    return [each for each in every if each.id != party.id and each.runner == party.runner]


def _sides_too_close(party: Party, every: Sequence[Party]) -> set[str]:
    overlapping, sides = _overlapping(party, every), set()
    for other in _others(party, every):
        before = other.slots[-1] < party.slots[0]
        one, two = (other, party) if before else (party, other)
        minutes = 15 * (two.slots[0] - one.slots[-1] - 1)
        if "" in (one.code, two.code) or other.id in overlapping:
            continue
        needed = 0 if one.code == two.code else 60 if one.code[:2] == two.code[:2] else 240
        if minutes < needed:
            sides.add("before" if before else "after")
    return sides


def _readings(hours: str) -> list[list[tuple[str, bool]]]:
    """The times of a text, each with whether a zone is named for it; one name may stand for both times."""
    parts = hours.removeprefix("from ").removeprefix("until ").split("–")
    found = [(part.split(" ")[0], " " in part) for part in parts if part != "all day"]
    both = [(clock, True) for clock, _is_named in found]
    return [found, both] if len(found) == 2 and found[1][1] else [found]


def _bounds_on(day: date, event: EventRead, zone: str) -> list[tuple[str, bool]]:
    """The start and the end on a day by the clocks of a zone, and whether a name is due with each."""
    found = []
    for moment in (event.start, event.end):
        here, there = (moment.astimezone(ZoneInfo(each)) for each in (zone, event.time_zone))
        is_on = here.date() == day or (moment == event.end and (here - STEP).date() == day)
        if is_on:
            found.append((f"{here:%H:%M}", here.utcoffset() != there.utcoffset() or _is_twice(here)))
    return found


def _is_twice(local: datetime) -> bool:
    shown = local.replace(tzinfo=None)
    moments = [local.astimezone(UTC) + n * STEP for n in range(-12, 13)]
    return sum(each.astimezone(local.tzinfo).replace(tzinfo=None) == shown for each in moments) == 2


def _conflicts(found: Agenda) -> Mapping[int, tuple[set[int], set[str]]]:
    answer = {}
    for entry in found.entries:
        booked = entry.availability
        assert (booked is None) == (entry.event.support_contact_id is None)
        if booked is not None:
            sides = {"before" if gap is booked.before else "after" for gap in booked.too_close}
            answer[entry.event.id] = ({each.id for each in booked.overlaps}, sides)
    return answer


@settings(max_examples=80)
@given(
    draws, st.sampled_from(DAYS), st.sampled_from([0, 0, 1, -1, -7]), st.sampled_from(list(View)),
    st.sampled_from(ZONES), st.sampled_from(["everybody", "without_support", "sofia", "other"]),
)  # fmt: skip
def test_days_overlaps_and_gaps_are_those_of_the_clock(
    crm: Crm, people: People, parties: list[int],
    calendar: list[Draw], day: date, shift: int, view: View, zone: str, whose: str,
) -> None:  # fmt: skip
    i18n.activate("en")
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    every = _lay(crm, people, parties, midnight, calendar)
    asked, runner = {
        "everybody": (AgendaFilter(), 0),
        "without_support": (AgendaFilter(Whose.WITHOUT_SUPPORT), None),
        "sofia": (AgendaFilter(Whose.PERSON, "SOFIA-m"), people.support.id),
        "other": (AgendaFilter(Whose.MINE), people.other_support.id),
    }[whose]
    first, last = view.days_around(day + timedelta(days=shift))
    with living_in(zone):
        found = read_agenda(crm, people.other_support, first, last, asked)
    wanted = [each for each in every if runner == 0 or each.runner == runner]
    touched = {each.id: _days_of(each, zone) for each in wanted}
    expected = {
        first + timedelta(days=n): {key for key, days in touched.items() if first + timedelta(days=n) in days}
        for n in range((last - first).days + 1)
    }
    assert {day: {entry.event.id for entry in on} for day, on in found.days.items()} == expected
    shown_events = [(day_shown, entry.event) for day_shown, on in found.days.items() for entry in on]
    with living_in(zone):
        hours = [agenda_texts.say_hours(event, day_shown) for day_shown, event in shown_events]
    for text, (day_shown, event) in zip(hours, shown_events, strict=True):
        assert _bounds_on(day_shown, event, zone) in _readings(text), text
    order = [(entry.event.start, entry.event.id) for entry in found.entries]
    assert order == sorted(order)
    assert {key for _start, key in order} == set().union(*expected.values())
    shown = [each for each in every if each.runner is not None and each.id in {key for _start, key in order}]
    assert _conflicts(found) == {
        each.id: (_overlapping(each, every), _sides_too_close(each, every)) for each in shown
    }


def test_the_period_of_a_day_is_that_of_the_calendar() -> None:
    day = date(2026, 9, 16)
    assert View.DAY.days_around(day) == (day, day)
    assert View.WEEK.days_around(day) == (date(2026, 9, 14), date(2026, 9, 20))
    assert View.MONTH.days_around(day) == (date(2026, 9, 1), date(2026, 9, 30))
    assert View.MONTH.days_around(date(2028, 2, 3))[1] == date(2028, 2, 29)


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/St_Johns"])
def test_the_ends_of_the_calendar_have_an_agenda(
    crm: Crm, people: People, day: date, view: View, zone: str
) -> None:
    with living_in(zone):
        assert read_agenda(crm, people.support, *view.days_around(day)).entries == []


def test_a_clipped_agenda_says_how_many_events_it_leaves_out(
    crm: Crm, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = records.contract(signed=True)
    long = records.event(contract, start=NOON - timedelta(days=40))
    for hour in range(4):
        records.event(contract, start=NOON + timedelta(hours=hour), end=NOON + timedelta(hours=hour + 1))
    monkeypatch.setattr(agenda, "MOST", 3)
    found = read_agenda(crm, people.support, NOON.date(), NOON.date())
    assert (len(found.entries), found.left_out) == (3, 2)
    assert found.entries[0].event.id == long.id


def _own(crm: Crm, actor: Actor, asked: AgendaFilter) -> set[int]:
    found = read_agenda(crm, actor, NOON.date(), NOON.date(), asked)
    return {entry.event.id for entry in found.entries}


def test_ones_own_events_are_those_of_ones_clients_or_those_that_one_runs(
    crm: Crm, people: People, records: Records
) -> None:
    mine = records.event(records.contract(records.client(people.commercial), signed=True))
    other = records.event(
        records.contract(records.client(people.other_commercial), signed=True), support=people.support
    )
    asked = AgendaFilter(Whose.MINE)
    assert _own(crm, people.commercial, asked) == {mine.id}
    assert _own(crm, people.support, asked) == {other.id}
    assert _own(crm, people.gestion, asked) == set()
    assert _own(crm, people.support, AgendaFilter(Whose.PERSON, "claire_d")) == {mine.id}


def test_the_trash_and_the_unknown_are_in_no_agenda(crm: Crm, people: People, records: Records) -> None:
    event = records.event()
    events.trash_event(crm, people.commercial, event.id)
    assert _own(crm, people.gestion, AgendaFilter()) == set()
    with pytest.raises(NotFound, match="no collaborator"):
        _own(crm, people.commercial, AgendaFilter(Whose.PERSON, "nobody_here"))
