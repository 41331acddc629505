"""Dates and times as people type them: a table of readings in both languages, and of refusals."""

import zoneinfo
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services import formats, i18n, time_zones
from services.errors import Invalid
from services.formats import Reference, date_words
from tests.services.formats.test_formats import LOCALES, ZONES, parsed_or_refused, speaking

LANGUAGES = ("en", "fr")
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""A Monday, 10:00 in Paris."""
START = datetime(2027, 6, 12, 16, 0, tzinfo=UTC)
"""A Saturday, 18:00 in Paris."""

SAME_DAY_EITHER_WAY = (
    ("15/6/27", "2027-06-15"),
    ("15-6-27", "2027-06-15"),
    ("15.6.2027", "2027-06-15"),
    ("15 06 2027", "2027-06-15"),
    ("15 / 6 / 2027", "2027-06-15"),
    ("2027-06-15", "2027-06-15"),
    ("2027/6/15", "2027-06-15"),
    ("15 juin 2027", "2027-06-15"),
    ("15 June 2027", "2027-06-15"),
    ("15 june 27", "2027-06-15"),
    ("June 15th, 2027", "2027-06-15"),
    ("the 15th of june 2027", "2027-06-15"),
    ("mardi 15 juin 2027", "2027-06-15"),
    ("Tuesday, June 15, 2027", "2027-06-15"),
    ("mar. 15 juin 2027", "2027-06-15"),
    ("15-jun-2027", "2027-06-15"),
    ("15/juin/27", "2027-06-15"),
    ("2027-jun-15", "2027-06-15"),
    ("1er juin 2027", "2027-06-01"),
    ("premier juin 2027", "2027-06-01"),
    ("the first of june 2027", "2027-06-01"),
    ("15 août 1998", "1998-08-15"),
    ("15 AOUT 98", "1998-08-15"),
    ("15 févr. 2027", "2027-02-15"),
    ("15 fev 2027", "2027-02-15"),
    ("15 déc. 2027", "2027-12-15"),
    ("15\u00a0juin\u202f2027", "2027-06-15"),
    ("１５／０６／２０２７", "2027-06-15"),
    ("١٥ juin ٢٠٢٧", "2027-06-15"),
    ("15\u20136\u201327", "2027-06-15"),
    ("fin juin 2028", "2028-06-30"),
    ("end of february 2028", "2028-02-29"),
    ("end of 2027", "2027-12-31"),
    ("1/1/0001", "0001-01-01"),
    ("31/12/9999", "9999-12-31"),
    ("today", "2026-11-30"),
    ("aujourd'hui", "2026-11-30"),
    ("Aujourd\u2019hui", "2026-11-30"),
    ("now", "2026-11-30"),
    ("demain", "2026-12-01"),
    ("tomorrow", "2026-12-01"),
    ("après-demain", "2026-12-02"),
    ("apres demain", "2026-12-02"),
    ("the day after tomorrow", "2026-12-02"),
    ("hier", "2026-11-29"),
    ("yesterday", "2026-11-29"),
    ("avant-hier", "2026-11-28"),
    ("day before yesterday", "2026-11-28"),
    ("+3", "2026-12-03"),
    ("+ 3", "2026-12-03"),
    ("-2", "2026-11-28"),
    ("\u22122", "2026-11-28"),
    ("+3d", "2026-12-03"),
    ("+3j", "2026-12-03"),
    ("+3 jours", "2026-12-03"),
    ("+2w", "2026-12-14"),
    ("+2 weeks", "2026-12-14"),
    ("+2 semaines", "2026-12-14"),
    ("+1 month", "2026-12-30"),
    ("+3 mois", "2027-02-28"),
    ("+1 year", "2027-11-30"),
    ("-1 an", "2025-11-30"),
    ("in 3 days", "2026-12-03"),
    ("dans 3 jours", "2026-12-03"),
    ("dans trois jours", "2026-12-03"),
    ("in a week", "2026-12-07"),
    ("a fortnight ago", "2026-11-16"),
    ("dans une semaine", "2026-12-07"),
    ("two weeks from now", "2026-12-14"),
    ("dans un an", "2027-11-30"),
    ("3 days ago", "2026-11-27"),
    ("a week ago", "2026-11-23"),
    ("il y a 3 jours", "2026-11-27"),
    ("il y a deux semaines", "2026-11-16"),
    ("next monday", "2026-12-07"),
    ("lundi prochain", "2026-12-07"),
    ("next fri", "2026-12-04"),
    ("last monday", "2026-11-23"),
    ("vendredi dernier", "2026-11-27"),
    ("last friday", "2026-11-27"),
    ("end of the month", "2026-11-30"),
    ("fin du mois prochain", "2026-12-31"),
    ("fin de l'année", "2026-12-31"),
)
FORWARD_AND_BACK = (
    ("15/6", "2027-06-15", "2026-06-15"),
    ("15.6", "2027-06-15", "2026-06-15"),
    ("15-06", "2027-06-15", "2026-06-15"),
    ("06/15", "2027-06-15", "2026-06-15"),
    ("30/11", "2026-11-30", "2026-11-30"),
    ("29/11", "2027-11-29", "2026-11-29"),
    ("1/12", "2026-12-01", "2025-12-01"),
    ("15 juin", "2027-06-15", "2026-06-15"),
    ("15 June", "2027-06-15", "2026-06-15"),
    ("june 15", "2027-06-15", "2026-06-15"),
    ("15 mar", "2027-03-15", "2026-03-15"),
    ("le 1er juin", "2027-06-01", "2026-06-01"),
    ("the 15th of june", "2027-06-15", "2026-06-15"),
    ("15 sept.", "2027-09-15", "2026-09-15"),
    ("29/2", "2028-02-29", "2024-02-29"),
    ("29 février", "2028-02-29", "2024-02-29"),
    ("le 15", "2026-12-15", "2026-11-15"),
    ("the 30th", "2026-11-30", "2026-11-30"),
    ("31st", "2026-12-31", "2026-10-31"),
    ("lundi", "2026-12-07", "2026-11-30"),
    ("mon", "2026-12-07", "2026-11-30"),
    ("fri", "2026-12-04", "2026-11-27"),
    ("Ven.", "2026-12-04", "2026-11-27"),
    ("on sunday", "2026-12-06", "2026-11-29"),
    ("dim", "2026-12-06", "2026-11-29"),
    ("this monday", "2026-11-30", "2026-11-30"),
    ("ce vendredi", "2026-12-04", "2026-11-27"),
    ("fin juin", "2027-06-30", "2026-06-30"),
    ("end of february", "2027-02-28", "2026-02-28"),
)
MOMENTS = (
    ("15/6 18h", "2027-06-15 18:00"),
    ("15/6 18h30", "2027-06-15 18:30"),
    ("15/6 18 h 30", "2027-06-15 18:30"),
    ("15/6 18:30", "2027-06-15 18:30"),
    ("15/6 18.30", "2027-06-15 18:30"),
    ("15.6 18.30", "2027-06-15 18:30"),
    ("15/6 1830", "2027-06-15 18:30"),
    ("15/6 2030", "2027-06-15 20:30"),
    ("15/6, 18h", "2027-06-15 18:00"),
    ("15/6/27 6pm", "2027-06-15 18:00"),
    ("15/6/27 18hCEST", "2027-06-15 18:00"),
    ("15/6/27 6 p.m.UTC+02", "2027-06-15 18:00"),
    ("15/6/27 4pmZ", "2027-06-15 18:00"),
    ("15/6/27 18heures", "2027-06-15 18:00"),
    ("15/6/27 6:30 pm", "2027-06-15 18:30"),
    ("15/6/27 6.30 p.m.", "2027-06-15 18:30"),
    ("15/6/27 12am", "2027-06-15 00:00"),
    ("15/6/27 12pm", "2027-06-15 12:00"),
    ("15 juin 1830", "2027-06-15 18:30"),
    ("15 juin 2027 à 18h30", "2027-06-15 18:30"),
    ("Tuesday 15 June 2027, 18:30", "2027-06-15 18:30"),
    ("2027-06-15T18:30", "2027-06-15 18:30"),
    ("2027-06-15T16:30:00Z", "2027-06-15 18:30"),
    ("demain 18h", "2026-12-01 18:00"),
    ("DEMAIN 18H", "2026-12-01 18:00"),
    ("tomorrow at 6pm", "2026-12-01 18:00"),
    ("tomorrow @ 18:30", "2026-12-01 18:30"),
    ("18h demain", "2026-12-01 18:00"),
    ("6pm tomorrow", "2026-12-01 18:00"),
    ("demain midi", "2026-12-01 12:00"),
    ("noon tomorrow", "2026-12-01 12:00"),
    ("demain minuit", "2026-12-01 00:00"),
    ("demain 24h", "2026-12-02 00:00"),
    ("demain matin 9h", "2026-12-01 09:00"),
    ("demain soir 8h", "2026-12-01 20:00"),
    ("tonight at 8", "2026-11-30 20:00"),
    ("last night at 8", "2026-11-29 20:00"),
    ("friday night at 9", "2026-12-04 21:00"),
    ("ce vendredi soir 20h", "2026-12-04 20:00"),
    ("ce soir à minuit", "2026-12-01 00:00"),
    ("lundi 14h30", "2026-12-07 14:30"),
    ("fri 9am", "2026-12-04 09:00"),
    ("vendredi 9h", "2026-12-04 09:00"),
    ("18:30 on friday", "2026-12-04 18:30"),
    ("lundi 7 18h", "2026-12-07 18:00"),
    ("le 15 à 18h", "2026-12-15 18:00"),
    ("+3 18h", "2026-12-03 18:00"),
    ("in 3 days at 6pm", "2026-12-03 18:00"),
    ("dans 2 semaines 9h", "2026-12-14 09:00"),
    ("now", "2026-11-30 10:00"),
    ("maintenant", "2026-11-30 10:00"),
    ("in 2 hours", "2026-11-30 12:00"),
    ("dans 1h30", "2026-11-30 11:30"),
    ("dans une heure", "2026-11-30 11:00"),
    ("2 hours ago", "2026-11-30 08:00"),
    ("in half an hour", "2026-11-30 10:30"),
    ("dans une demi-heure", "2026-11-30 10:30"),
    ("dans un quart d'heure", "2026-11-30 10:15"),
    ("dans une heure et demie", "2026-11-30 11:30"),
    ("+90 min", "2026-11-30 11:30"),
)
ENDS = (
    ("20h", "2027-06-12 20:00"),
    ("23:00", "2027-06-12 23:00"),
    ("18.30", "2027-06-12 18:30"),
    ("1830", "2027-06-12 18:30"),
    ("8pm", "2027-06-12 20:00"),
    ("8 in the evening", "2027-06-12 20:00"),
    ("18h", "2027-06-13 18:00"),
    ("2h", "2027-06-13 02:00"),
    ("à 2h", "2027-06-13 02:00"),
    ("midi", "2027-06-13 12:00"),
    ("minuit", "2027-06-13 00:00"),
    ("24:00", "2027-06-13 00:00"),
    ("+3h", "2027-06-12 21:00"),
    ("+1h30", "2027-06-12 19:30"),
    ("samedi 23h", "2027-06-12 23:00"),
    ("dimanche 2h", "2027-06-13 02:00"),
    ("13/6 2h", "2027-06-13 02:00"),
    ("le 13 à 2h", "2027-06-13 02:00"),
    ("demain 18h", "2026-12-01 18:00"),
    ("15/6/27 18:30", "2027-06-15 18:30"),
)
DEPENDS_ON_LANGUAGE = (
    ("fr", "mar", "2026-12-01"),
    ("fr", "mar.", "2026-12-01"),
    ("fr", "mar 1", "2026-12-01"),
    ("en", "mar 1", "2027-03-01"),
    ("en_US", "6/5", "2027-06-05"),
    ("en_US", "15/6", "2027-06-15"),
    ("en_US", "5.6.27", "2027-05-06"),
    ("en_GB", "6/5", "2027-05-06"),
    ("fr_CA", "6/5", "2027-05-06"),
)
NOT_A_DATE = "This is not a date"
NO_SUCH_DAY = "There is no such day in the calendar"
NO_SINGLE_DAY = "This names no single day"
OTHER_WEEKDAY = "The weekday does not fit"
NO_DAYS = (
    ("", NOT_A_DATE),
    ("15", "This is not a date; write it like 15/12/2026."),
    ("1", "This is not a date; write it like 01/12/2026."),
    ("32", NO_SUCH_DAY),
    ("150", NOT_A_DATE),
    ("noon", NOT_A_DATE),
    ("+", NOT_A_DATE),
    ("--2", NOT_A_DATE),
    ("3 days", NOT_A_DATE),
    ("in 3", NOT_A_DATE),
    ("15//6", NOT_A_DATE),
    ("15/6-27", NOT_A_DATE),
    ("lundi mardi", NOT_A_DATE),
    ("mañana", NOT_A_DATE),
    ("dans huit jours", ""),
    ("a" * 61, NOT_A_DATE),
    ("demain " * 100_000, NOT_A_DATE),
    ("31/4", NO_SUCH_DAY),
    ("30/2", NO_SUCH_DAY),
    ("15/15", NO_SUCH_DAY),
    ("29/2/2027", NO_SUCH_DAY),
    ("32 janvier", NO_SUCH_DAY),
    ("the 32nd", NO_SUCH_DAY),
    ("+99999999", NO_SUCH_DAY),
    ("-99999999", NO_SUCH_DAY),
    ("+9999 ans", NO_SUCH_DAY),
    ("+" + "9" * 59, NO_SUCH_DAY),
    ("juin", NO_SINGLE_DAY),
    ("june 2027", NO_SINGLE_DAY),
    ("6/2027", NO_SINGLE_DAY),
    ("2027", NO_SINGLE_DAY),
    ("next week", NO_SINGLE_DAY),
    ("mi-juin", NO_SINGLE_DAY),
    ("early june 2027", NO_SINGLE_DAY),
    ("la semaine prochaine", NO_SINGLE_DAY),
    ("this month", NO_SINGLE_DAY),
    ("week-end", NO_SINGLE_DAY),
    ("fri 9", OTHER_WEEKDAY),
    ("lundi 15 juin", OTHER_WEEKDAY),
    ("monday 15/6/27", OTHER_WEEKDAY),
    ("demain 18h", "without a time; write it like 01/12/2026"),
    ("15/06/2027 18:30", "without a time; write it like 15/06/2027"),
)
NOT_A_MOMENT = "This is not a date and time"
NO_MOMENTS = (
    ("", NOT_A_MOMENT),
    ("25h", NOT_A_MOMENT),
    ("demain 25:00", NOT_A_MOMENT),
    ("demain 18:60", NOT_A_MOMENT),
    ("demain 13pm", NOT_A_MOMENT),
    ("demain matin 18h", NOT_A_MOMENT),
    ("demain 18", "like 01/12/2026 18:00"),
    ("demain à 9", "like 01/12/2026 09:00"),
    ("fri 9", "could be a day or a time; write it like 04/12/2026 09:00"),
    ("18h", "Add the day, like 30/11/2026 18:00"),
    ("18.30", "Add the day, like 30/11/2026 18:30"),
    ("9h", "Add the day, like 01/12/2026 09:00"),
    ("midi", "Add the day, like 30/11/2026 12:00"),
    ("demain", "Add the time, like 01/12/2026 18:30"),
    ("demain soir", "Add the time, like 01/12/2026 18:30"),
    ("15/6", "Add the time, like 15/06/2027 18:30"),
    ("15 juin 2030", "Add the time, like 15/06/2030 18:30"),
    ("next week 18h", NO_SINGLE_DAY),
    ("31/4 18h", NO_SUCH_DAY),
    ("lundi 15 juin 18h", OTHER_WEEKDAY),
    ("+9999999999h", NO_SUCH_DAY),
    ("1/1/0001 00:00", NOT_A_MOMENT),
    ("demain 18h EDT", "Times are typed in CET"),
    ("28/3 2h30", "an hour later it is 28/03/2027 03:30"),
    ("28 mars 2027 02.30", "an hour later it is 28/03/2027 03:30"),
)


def local(text: str) -> datetime:
    """The first moment at which the local clocks show this."""
    return datetime.fromisoformat(text).astimezone(UTC)


def refusal(parse: Callable[..., Any], typed: str, reference: Reference) -> str:
    with pytest.raises(Invalid) as refused:
        parse(typed, "start", reference)
    (problem,) = refused.value.field_problems()
    assert problem.field == "start"
    return problem.message()


def test_the_table_is_long_enough() -> None:
    rows: Sequence[Sequence[object]] = (*SAME_DAY_EITHER_WAY, *FORWARD_AND_BACK, *MOMENTS, *ENDS)
    assert len({row[0] for row in rows}) >= 160


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("looks_back", [False, True])
@pytest.mark.parametrize(("typed", "day"), SAME_DAY_EITHER_WAY)
def test_a_day_is_read(typed: str, day: str, looks_back: bool, language: str) -> None:
    with speaking(language):
        assert formats.parse_date(typed, "day", Reference(NOW, looks_back)) == date.fromisoformat(day)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("typed", "ahead", "behind"), FORWARD_AND_BACK)
def test_a_day_without_a_year_lies_ahead_or_behind(
    typed: str, ahead: str, behind: str, language: str
) -> None:
    with speaking(language):
        assert formats.parse_date(typed, "day", Reference(NOW)) == date.fromisoformat(ahead)
        assert formats.parse_date(typed, "day", Reference(NOW, looks_back=True)) == date.fromisoformat(behind)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("typed", "moment"), MOMENTS)
def test_a_moment_is_read(typed: str, moment: str, language: str) -> None:
    with speaking(language):
        assert formats.parse_datetime(typed, "start", Reference(NOW)) == local(moment)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("typed", "moment"), ENDS)
def test_an_end_follows_its_start(typed: str, moment: str, language: str) -> None:
    with speaking(language):
        assert formats.parse_datetime(typed, "end", Reference(NOW, start=START)) == local(moment)


@pytest.mark.parametrize(("locale_name", "typed", "day"), DEPENDS_ON_LANGUAGE)
def test_the_language_decides_where_two_readings_are_possible(locale_name: str, typed: str, day: str) -> None:
    with speaking(locale_name):
        assert formats.parse_date(typed, "day", Reference(NOW)) == date.fromisoformat(day)


def test_a_word_of_two_languages_is_refused_where_its_own_meaning_is_no_day() -> None:
    with speaking("en_GB"):
        assert NO_SINGLE_DAY in refusal(formats.parse_date, "mar", Reference(NOW))


@pytest.mark.parametrize(("typed", "says"), NO_DAYS)
def test_what_is_no_day_is_refused_and_says_why(typed: str, says: str) -> None:
    with speaking("en_GB"):
        assert says in refusal(formats.parse_date, typed, Reference(NOW))


@pytest.mark.parametrize(("typed", "says"), NO_MOMENTS)
def test_what_is_no_moment_is_refused_and_says_why(typed: str, says: str) -> None:
    with speaking("en_GB"):
        assert says in refusal(formats.parse_datetime, typed, Reference(NOW))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("parse", "typed"),
    [
        *((formats.parse_date, typed) for typed, _says in NO_DAYS),
        *((formats.parse_datetime, typed) for typed, _says in NO_MOMENTS),
    ],
)
def test_the_example_of_a_refusal_is_accepted(parse: Callable[..., Any], typed: str, language: str) -> None:
    with speaking(language):
        with pytest.raises(Invalid) as refused:
            parse(typed, "start", Reference(NOW))
        (problem,) = refused.value.field_problems()
        if "{example}" in str(problem.template):
            right = str(problem.params["example"])
            assert right in problem.message()
            assert parse(right, "start", Reference(NOW)) is not None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("America/New_York", "2026-12-01T04:59:00Z", "2026-11-30"),
        ("Asia/Tokyo", "2026-11-30T14:59:00Z", "2026-11-30"),
        ("Asia/Tokyo", "2026-11-30T15:00:00Z", "2026-12-01"),
        ("Europe/Paris", "2026-11-30T22:59:00Z", "2026-11-30"),
        ("Europe/Paris", "2026-11-30T23:00:00Z", "2026-12-01"),
    ],
)
def test_today_is_the_day_of_the_local_clock(zone: str, now: str, today: str, language: str) -> None:
    day = date.fromisoformat(today)
    reference = Reference(datetime.fromisoformat(now))
    with speaking(language, zone):
        assert formats.parse_date("today", "day", reference) == day
        assert formats.parse_date("demain", "day", reference) == day + timedelta(days=1)
        assert formats.parse_date(f"{day.day}/{day.month}", "day", reference) == day
        moment = formats.parse_datetime("demain 18h", "start", reference)
        assert moment.astimezone().isoformat()[:16] == f"{day + timedelta(days=1)}T18:00"


@pytest.mark.parametrize("language", LANGUAGES)
def test_relative_times_hold_where_the_clocks_change(language: str) -> None:
    with speaking(language):
        autumn = Reference(datetime(2027, 10, 30, 22, 30, tzinfo=UTC))  # 00:30 on the day of the change
        assert formats.parse_datetime("today 2h30", "start", autumn) == datetime(
            2027, 10, 31, 0, 30, tzinfo=UTC
        )
        second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
        assert formats.parse_datetime("aujourd'hui 2h30 cet", "start", autumn) == second
        assert formats.parse_datetime("in 3 hours", "start", autumn) == second
        assert (
            "CET for the second" in formats.say_typed_datetime("today 2h30", "start", autumn)
            or language == "fr"
        )
        spring = Reference(datetime(2027, 3, 27, 12, 0, tzinfo=UTC))
        assert "28/03/2027 03:30" in refusal(formats.parse_datetime, "demain 2h30", spring)
        assert formats.parse_datetime("dans 24 heures", "start", spring) == datetime(
            2027, 3, 28, 12, 0, tzinfo=UTC
        )


@pytest.mark.parametrize(
    ("start", "typed", "end"),
    [
        ("2027-10-31T00:30:00Z", "02:45", "2027-10-31T00:45:00Z"),  # both in the first 2 o'clock hour
        ("2027-10-31T01:30:00Z", "02:45", "2027-10-31T01:45:00Z"),  # both in the second one
        ("2027-10-31T00:45:00Z", "02:30", "2027-10-31T01:30:00Z"),  # the second is the first after the start
        ("2027-10-31T00:30:00Z", "02:45 CET", "2027-10-31T01:45:00Z"),
        ("2027-10-31T01:45:00Z", "02:30", "2027-11-01T01:30:00Z"),
        ("2027-03-28T08:00:00Z", "02:30", "2027-03-29T00:30:00Z"),
    ],
)
def test_an_end_is_the_first_such_time_after_the_start(start: str, typed: str, end: str) -> None:
    with speaking("en_GB"):
        reference = Reference(NOW, start=datetime.fromisoformat(start))
        assert formats.parse_datetime(typed, "end", reference) == datetime.fromisoformat(end)


def test_an_end_that_the_clocks_skip_is_refused() -> None:
    reference = Reference(NOW, start=datetime(2027, 3, 27, 20, 0, tzinfo=UTC))
    with speaking("en_GB"):
        assert "28/03/2027 03:30" in refusal(formats.parse_datetime, "2h30", reference)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed", [*(row[0] for row in SAME_DAY_EITHER_WAY), *(row[0] for row in FORWARD_AND_BACK)]
)
def test_the_lasting_text_of_a_day_is_read_alike_a_year_later(typed: str, language: str) -> None:
    with speaking(language):
        now, later = Reference(NOW), Reference(NOW + timedelta(days=400))
        lasting = formats.lasting_date(typed, "day", now)
        assert formats.parse_date(lasting, "day", later) == formats.parse_date(typed, "day", now)
        assert (
            lasting == typed
            or formats.parse_date(typed, "day", later) != formats.parse_date(typed, "day", now)
            or (typed in ("29/2", "29 février"))
        )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", [row[0] for row in (*MOMENTS, *ENDS) if row[0] != "lundi 7 18h"])
def test_the_lasting_text_of_an_end_is_read_alike_a_year_later(typed: str, language: str) -> None:
    with speaking(language):
        now, later = Reference(NOW, start=START), Reference(NOW + timedelta(days=400), start=START)
        lasting = formats.lasting_datetime(typed, "end", now)
        assert formats.parse_datetime(lasting, "end", later) == formats.parse_datetime(typed, "end", now)


def test_a_text_with_a_year_is_kept_as_it_was_typed() -> None:
    with speaking("fr"):
        assert formats.lasting_date("15 juin 27", "day", Reference(NOW)) == "15 juin 27"
        assert formats.lasting_date("15 juin", "day", Reference(NOW)) == "15/06/2027"
        assert formats.lasting_datetime("15/6/27 18h", "start", Reference(NOW)) == "15/6/27 18h"
        assert formats.lasting_datetime("demain 18h", "start", Reference(NOW)) == "01/12/2026 18:00"
        assert formats.lasting_datetime("23h", "end", Reference(NOW, start=START)) == "23h"


EVERY_DAY = st.dates()
EVERY_MOMENT = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)
ALL_LOCALES = (*LOCALES, "en_US", "en_AU", "fr_BE")


@given(day=EVERY_DAY, locale_name=st.sampled_from(ALL_LOCALES), reading=st.sampled_from(ALL_LOCALES))
@example(day=date.min, locale_name="en", reading="fr")
@example(day=date.max, locale_name="en_US", reading="fr")
@example(day=date(27, 3, 1), locale_name="fr", reading="en_US")
def test_a_day_that_is_shown_reads_back(day: date, locale_name: str, reading: str) -> None:
    with speaking(locale_name):
        said = formats.say_date(day)
        for text in (said, formats.show_date(day), formats.edit_date(day)):
            assert formats.parse_date(text, "day", Reference(NOW)) == day
    with speaking(reading):
        assert formats.parse_date(said, "day", Reference(NOW)) == day, "said in the other language"


@given(
    moment=EVERY_MOMENT,
    locale_name=st.sampled_from(ALL_LOCALES),
    zone=st.sampled_from((*ZONES, "Asia/Kathmandu", "America/New_York", "Africa/Casablanca")),
)
@example(moment=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), locale_name="fr", zone="Europe/Paris")
@example(moment=datetime(2027, 10, 31, 0, 30, tzinfo=UTC), locale_name="en", zone="Europe/Paris")
def test_a_moment_that_is_shown_reads_back(moment: datetime, locale_name: str, zone: str) -> None:
    with speaking(locale_name, zone):
        assert formats.parse_datetime(formats.edit_datetime(moment), "start", Reference(NOW)) == moment
        if moment.year > 1970:  # before, offsets had seconds and zones names of their own
            time_zones.use_crm_zone("Europe/London")
            for text in (formats.say_datetime(moment), formats.show_datetime(moment)):
                assert formats.parse_datetime(text, "start", Reference(NOW)) == moment


WORDS = sorted({phrase for each in date_words.LANGUAGES for phrase in date_words._codes_of(each)})
PARTS = (*WORDS, *"0123456789/-.:+@, ", "15", "6", "2027", "1830", "99999999", "z", "utc")
TYPED = st.text(max_size=30) | st.lists(st.sampled_from(PARTS), max_size=9).map(" ".join)


@given(
    typed=TYPED,
    locale_name=st.sampled_from(("en", "fr", "en_US")),
    looks_back=st.booleans(),
    now=st.datetimes(timezones=st.just(UTC)),
    start=st.none() | st.datetimes(timezones=st.just(UTC)),
    zone=st.sampled_from((*ZONES, "UTC", "Pacific/Kiritimati")),
)
@example("demain", "fr", False, datetime.max.replace(tzinfo=UTC), None, "Europe/Paris")
@example("2h", "fr", False, NOW, datetime.max.replace(tzinfo=UTC), "Europe/Paris")
@example("lundi", "fr", True, datetime.min.replace(tzinfo=UTC), None, "America/St_Johns")
@example("31/12/9999 23:30", "fr", False, NOW, None, "Europe/Paris")
@example("9999-12-31T23:30Z", "fr", False, NOW, None, "UTC")
@example("0001-01-01T00:30Z", "fr", False, NOW, None, "UTC")
def test_whatever_is_typed_is_read_or_refused_by_its_field(
    typed: str, locale_name: str, looks_back: bool, now: datetime, start: datetime | None, zone: str
) -> None:
    with speaking(locale_name, zone):
        time_zones.use_crm_zone("Asia/Tokyo")
        reference = Reference(now, looks_back, start)
        for read in (
            formats.parse_date, formats.parse_datetime, formats.say_typed_date, formats.say_typed_datetime,
            formats.lasting_date, formats.lasting_datetime,
        ):  # fmt: skip
            parsed_or_refused(lambda text, field, read=read: read(text, field, reference), typed, "start")  # type: ignore[misc]


def test_no_word_is_the_name_of_a_time_zone() -> None:
    words = set(WORDS)
    for zone in zoneinfo.available_timezones():
        for month in (1, 7):
            name = datetime(2027, month, 1, tzinfo=zoneinfo.ZoneInfo(zone)).tzname() or ""
            assert name.lower() not in words, f"{name} of {zone}"


def test_every_language_of_the_program_has_its_words() -> None:
    assert date_words.LANGUAGES == i18n.LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_and_weekday_of_the_language_is_known_however_it_is_written(language: str) -> None:
    from babel import Locale

    locale = Locale.parse(language)
    with speaking(language):
        for form in ("wide", "abbreviated"):
            for month, name in locale.months["format"][form].items():
                assert formats.parse_date(f"3 {name} 2027", "day") == date(2027, month, 3)
            for weekday, name in locale.days["format"][form].items():
                assert formats.parse_date(name.upper(), "day", Reference(NOW)).weekday() == weekday
