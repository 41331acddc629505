"""Who is free for an event: overlaps and gaps, against a reference that looks at every minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.read_models import SharedSettingsRead
from services import i18n, scheduling, scheduling_texts
from services.formats.durations import show_duration
from services.scheduling import Availability, Booking

SETTINGS = SharedSettingsRead(1, 1, "EUR", "FR", "Europe/Paris", 10, 60, 240)
# The clocks of Europe go forward on 28 March 2027 and back on 31 October 2027, each at 1:00 UTC.
DAYS = [
    datetime(2027, 3, 27, tzinfo=UTC),
    datetime(2027, 10, 30, tzinfo=UTC),
    datetime(2027, 6, 15, tzinfo=UTC),
]
PLACES = ["41000 Blois", "12 rue X, 41000 Blois", "41120 Candé", "75011 Paris", "1201 Genève", "", "At home"]

bookings = st.builds(
    lambda day, start, length, place: Booking(
        day + timedelta(minutes=15 * start), day + timedelta(minutes=15 * (start + length)), place, place
    ),
    st.sampled_from(DAYS), st.integers(0, 400), st.integers(1, 60), st.sampled_from(PLACES),
)  # fmt: skip


def _code(place: str) -> str:
    return {"41000 Blois": "41000", "12 rue X, 41000 Blois": "41000", "41120 Candé": "41120",
            "75011 Paris": "75011", "1201 Genève": "1201"}.get(place, "")  # fmt: skip


def _needed(one: Booking, other: Booking) -> int | None:
    here, there = _code(one.location), _code(other.location)
    if "" in (here, there):
        return None
    return 10 if here == there else 60 if here[:2] == there[:2] else 240


def _minutes(booking: Booking) -> set[int]:
    first = int(booking.start.timestamp()) // 60
    return set(range(first, first + int((booking.end - booking.start).total_seconds()) // 60))


@given(bookings, st.lists(bookings, max_size=8))
def test_overlaps_and_gaps_are_those_of_the_clock(event: Booking, own: list[Booking]) -> None:
    found = scheduling.availability(event, own, SETTINGS)
    busy = _minutes(event)
    overlapping = [each for each in own if busy & _minutes(each)]
    assert sorted(map(id, found.overlaps)) == sorted(map(id, overlapping))
    apart = [each for each in own if each not in overlapping]
    too_close = set()
    for each in apart:
        length = (
            min(
                abs(a - b) for a in (min(busy), max(busy)) for b in (min(_minutes(each)), max(_minutes(each)))
            )
            - 1
        )
        needed = _needed(event, each)
        if needed is not None and length < needed:
            too_close.add("before" if each.end <= event.start else "after")
    assert {("before" if gap is found.before else "after") for gap in found.too_close} == too_close
    assert found.is_free == (not overlapping and not too_close)


@given(bookings, st.lists(bookings, max_size=8))
def test_the_load_is_the_number_of_events_in_the_local_week(event: Booking, own: list[Booking]) -> None:
    def weeks(booking: Booking) -> set[tuple[int, int]]:
        first, last = booking.start.astimezone(), (booking.end - timedelta(minutes=1)).astimezone()
        days = [
            first + timedelta(hours=hour) for hour in range(int((last - first).total_seconds()) // 3600 + 1)
        ]
        return {(day.isocalendar().year, day.isocalendar().week) for day in [*days, last]}

    week = event.start.astimezone().isocalendar()
    load = scheduling.availability(event, own, SETTINGS).load
    assert load == sum((week.year, week.week) in weeks(each) for each in own)


def test_the_shortest_gap_is_told_unless_a_farther_event_is_out_of_reach() -> None:
    noon = datetime(2027, 6, 15, 12, tzinfo=UTC)
    event = Booking(noon, noon + timedelta(hours=1), "75011 Paris")
    near = Booking(noon + timedelta(hours=2), noon + timedelta(hours=2, minutes=30), "75011 Paris", "Near")
    far = Booking(noon + timedelta(hours=3), noon + timedelta(hours=4), "41000 Blois", "Far")
    found = scheduling.availability(event, [near, far], SETTINGS)
    assert found.after is not None
    assert found.after.booking is far
    assert not found.is_free
    found = scheduling.availability(event, [near], SETTINGS)
    assert found.after is not None
    assert found.after.booking is near
    assert found.is_free


def test_a_house_number_is_no_postcode() -> None:
    for location, code in (("1200 avenue X, 41000 Blois", "41000"), ("41000", "41000"), ("12 rue X", "")):
        assert scheduling._postcode(location) == code


def test_how_a_person_is_booked_is_said_in_both_languages() -> None:
    noon = datetime(2027, 6, 15, 12, tzinfo=UTC)
    event = Booking(noon, noon + timedelta(hours=1), "75011 Paris")
    gala = Booking(noon - timedelta(hours=3), noon - timedelta(hours=2), "75011 Paris", "Gala")
    blois = Booking(noon - timedelta(hours=3), noon - timedelta(hours=2), "41000 Blois", "Gala")
    same = Booking(noon, noon + timedelta(hours=1), "", "Gala")
    said = [
        ([], "free · 0 events that week", "libre · 0 événement cette semaine-là"),
        (
            [gala],
            "free · 2 h after Gala · 1 event that week",
            "libre · 2 h après Gala · 1 événement cette semaine-là",
        ),
        (
            [blois],
            "too close · 2 h after Gala, the way takes 4 h · 1 event that week",
            "trop juste · 2 h après Gala, trajet de 4 h · 1 événement cette semaine-là",
        ),
        ([same], "busy: Gala · 1 event that week", "indisponible : Gala · 1 événement cette semaine-là"),
    ]
    for own, english, french in said:
        for language, text in (("en", english), ("fr", french)):
            i18n.activate(language)
            assert scheduling_texts.say_availability(_found(event, own)) == text


def _found(event: Booking, own: list[Booking]) -> Availability:
    return scheduling.availability(event, own, SETTINGS)


def test_lengths_of_time_are_said_to_the_minute_and_from_two_days_on_in_days() -> None:
    i18n.activate("en")
    lengths = {
        0: "0 min", 45: "45 min", 60: "1 h", 150: "2 h 30 min", 47 * 60: "47 h", 48 * 60: "2 days",
        80 * 60: "3 days",
    }  # fmt: skip
    assert {minutes: show_duration(timedelta(minutes=minutes)) for minutes in lengths} == lengths
