"""Time zones by name, times typed in another zone than the local one, and the times of events as shown."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import formats, i18n, time_zones
from services.errors import Invalid
from services.formats import Reference
from tests.support.local_zone import living_in

NEW_YORK = "America/New_York"
MINUTE = timedelta(minutes=1)
ZONES = [
    "Europe/Paris", NEW_YORK, "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Auckland",
    "Africa/Cairo", "UTC",
]  # fmt: skip
# The clocks change on these days, in one of the zones or another.
CHANGES = [
    datetime(2027, 3, 14, tzinfo=UTC), datetime(2027, 11, 7, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC),
    datetime(2027, 10, 31, tzinfo=UTC), datetime(2027, 4, 3, 15, tzinfo=UTC),
    datetime(2027, 10, 2, 15, tzinfo=UTC),
]  # fmt: skip
moments = st.builds(
    lambda day, quarters: day + quarters * 15 * MINUTE, st.sampled_from(CHANGES), st.integers(-160, 160)
)


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


@pytest.mark.parametrize(
    ("language", "typed", "zone"),
    [
        ("en", "new york", NEW_YORK),
        ("en", "NEW_YORK", NEW_YORK),
        ("en", "america/new_york", NEW_YORK),
        ("en", "Europe/Par", "Europe/Paris"),
        ("en", "paris", "Europe/Paris"),
        ("en", "buenos aires", "America/Argentina/Buenos_Aires"),
        ("en", "utc", "UTC"),
        ("en", "US/Eastern", "US/Eastern"),
        ("en", "ho chi", "Asia/Ho_Chi_Minh"),
        ("en", "saigon", "Asia/Ho_Chi_Minh"),
        ("en", "calcutta", "Asia/Kolkata"),
        ("fr", "londres", "Europe/London"),
        ("fr", "London", "Europe/London"),
        ("fr", "moscou", "Europe/Moscow"),
        ("fr", "saint jean de terre neuve", "America/St_Johns"),
    ],
)
def test_a_zone_is_found_by_a_part_of_its_city_or_name(language: str, typed: str, zone: str) -> None:
    i18n.activate(language)
    assert formats.parse_zone(typed, "time_zone") == zone
    assert zone in [*formats.find_zones(typed), "US/Eastern"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "There is no such time zone"),
        ("Atlantis", "There is no such time zone"),
        ("../etc/passwd", "There is no such time zone"),
        ("[/bold]", "There is no such time zone"),
        ("x" * 300, "There is no such time zone"),
        ("par", "Several time zones match: America/Paramaribo, Europe/Paris."),
        ("america", "Several time zones match: America/Adak, "),
    ],
)
def test_what_names_no_single_zone_is_refused_with_what_would_be_right(typed: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        formats.parse_zone(typed, "time_zone")
    [problem] = refused.value.problems
    assert problem.field == "time_zone"
    assert problem.message().startswith(said)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_zone_that_a_search_offers_is_read_by_its_name_and_has_a_city(language: str) -> None:
    i18n.activate(language)
    every = formats.find_zones("")
    assert len(every) > 300
    for zone in every:
        assert formats.parse_zone(zone, "time_zone") == zone
        assert formats.say_zone(zone)
        assert "/" not in formats.say_zone(zone)


@settings(max_examples=60)
@given(moments, st.sampled_from(ZONES), st.sampled_from(["UTC", "Europe/Paris", NEW_YORK]))
def test_a_typed_time_is_the_first_at_which_the_clocks_of_its_zone_show_it(
    near: datetime, zone: str, local: str
) -> None:
    shown = near.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    every = [near + n * 15 * MINUTE for n in range(-110, 111)]
    # The text of a time that is skipped: an hour or half of one is added on the clock, not in time.
    for wanted in (shown, shown + timedelta(minutes=30), shown + timedelta(hours=1)):
        fitting = [each for each in every if each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wanted]
        text, reference = f"{wanted:%d/%m/%Y %H:%M}", Reference(near, zone=ZoneInfo(zone))
        with living_in(local):
            if not fitting:
                with pytest.raises(Invalid) as refused:
                    formats.parse_datetime(text, "start", reference)
                assert "since the clocks go forward then" in refused.value.problems[0].message()
                continue
            assert formats.parse_datetime(text, "start", reference) == fitting[0]
            said = formats.say_typed_datetime(text, "start", reference)
        assert ("the clocks show this time twice" in said) == (len(fitting) == 2)


@settings(max_examples=30)
@given(moments, st.sampled_from(ZONES), st.sampled_from(["UTC", "Europe/Paris"]))
def test_the_text_of_a_field_is_read_as_the_same_moment_in_its_zone(
    moment: datetime, zone: str, local: str
) -> None:
    with living_in(local):
        text = formats.edit_datetime(moment, ZoneInfo(zone))
        assert formats.parse_datetime(text, "start", Reference(zone=ZoneInfo(zone))) == moment
        lasting = formats.lasting_datetime(text, "start", Reference(zone=ZoneInfo(zone)))
    assert lasting == text


@settings(max_examples=50)
@given(moments, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_local_times_name_their_zone_where_the_clocks_of_the_event_show_another_time(
    moment: datetime, zone: str, local: str
) -> None:
    own, here = moment.astimezone(ZoneInfo(zone)), moment.astimezone(ZoneInfo(local))
    differs = own.utcoffset() != here.utcoffset()
    twice = sum(
        (moment + n * 15 * MINUTE).astimezone(ZoneInfo(local)).replace(tzinfo=None)
        == here.replace(tzinfo=None)
        for n in range(-12, 13)
    )
    with living_in(local):
        short = formats.show_datetime(moment, time_zones.event_zone(zone))
        both = formats.show_event_time(moment, zone)
    plain = f"{here:%d/%m/%Y %H:%M}"
    assert short.startswith(plain)
    assert (short != plain) == (differs or twice == 2)
    assert both.startswith(f"{own:%d/%m/%Y %H:%M}")
    assert (" here, " in both) == differs
    if differs:
        theirs, ours = both.split(" · ")
        assert formats.say_zone(zone) in theirs
        assert f"{here:%H:%M}" in ours
        assert (f"{here:%d/%m/%Y}" in ours) == (here.date() != own.date())


def test_the_times_of_an_event_abroad_are_said_in_both_languages() -> None:
    start, end = datetime(2027, 6, 15, 22, tzinfo=UTC), datetime(2027, 6, 16, 3, tzinfo=UTC)
    with living_in("Europe/Paris"):
        assert formats.show_event_time(start, NEW_YORK) == (
            "15/06/2027 18:00 New York · 16/06/2027 00:00 here, Paris"
        )
        assert formats.show_event_period(start, end, NEW_YORK) == (
            "15/06/2027 18:00 – 23:00 New York · 16/06/2027 00:00 – 05:00 here, Paris"
        )
        assert formats.list_datetime(start, ZoneInfo(NEW_YORK)) == "16/06/27 00:00+2"
        i18n.activate("fr")
        said = formats.say_event_time(start, "Europe/London")
        assert said == "mardi 15 juin 2027, 23:00 Londres · mercredi 16 juin 2027, 00:00 ici, Paris"


def test_a_zone_that_this_machine_does_not_know_is_shown_as_that_of_the_crm() -> None:
    time_zones.use_crm_zone("Europe/Paris")
    noon = datetime(2027, 6, 15, 12, tzinfo=UTC)
    assert "Mars/Olympus" not in available_timezones()
    with living_in("Europe/Paris"):
        assert formats.show_event_time(noon, "Mars/Olympus") == "15/06/2027 14:00"
        assert formats.show_event_time(noon, "") == "15/06/2027 14:00"
