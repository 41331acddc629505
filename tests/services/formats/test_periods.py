"""Days and periods of filters: what is typed in both languages is kept in one form, and said again."""

from datetime import UTC, date, datetime

import pytest

from services import formats, i18n
from services.errors import Invalid
from services.formats import periods

MONDAY = formats.Reference(datetime(2026, 11, 30, 12, tzinfo=UTC))

TYPED = (
    ("today", "today"), ("Tomorrow", "today+1"), ("hier", "today-1"), ("+3", "today+3"), ("-30", "today-30"),
    ("3 days ago", "today-3"), ("in 2 weeks", "today+14"), ("il y a 3 jours", "today-3"),
    ("this week", "this_week"), ("cette semaine", "this_week"), ("la semaine dernière", "last_week"),
    ("LAST MONTH", "last_month"), ("le mois prochain", "next_month"), ("l’année dernière", "last_year"),
    ("last 30 days", "last_30_days"), ("the next 2 weeks", "next_14_days"),
    ("30 derniers jours", "last_30_days"), ("les 7 prochains jours", "next_7_days"),
    ("2027", "2027"), ("June 2027", "2027-06"), ("juin", "2026-06"), ("06/2027", "2027-06"),
    ("2027-06", "2027-06"), ("15/06/2027", "2027-06-15"), ("2027-06-15", "2027-06-15"),
    ("15/6", "2027-06-15"), ("friday", "2026-12-04"), ("fin juin", "2027-06-30"), ("+2 months", "2027-01-30"),
)  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), TYPED)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_typed_is_kept_in_one_form_and_said_in_words_that_mean_the_same(
    typed: str, kept: str, language: str
) -> None:
    i18n.activate(language)
    assert periods.parse_period(typed, "value", MONDAY) == kept
    assert periods.parse_period(periods.edit_period(kept), "value", MONDAY) == kept
    assert periods.say_period(kept)


@pytest.mark.parametrize("typed", ["", "soon", "31/02/2027", "last 99999 days", "13/2027", "0000"])
def test_what_is_no_day_and_no_period_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        periods.parse_period(typed, "value", MONDAY)


@pytest.mark.parametrize("kept", ["", "someday", "today+99999", "last_0_days", "2027-13", "2027-02-30"])
def test_a_kept_text_that_is_none_raises(kept: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of any kind
        periods.bounds(kept, date(2026, 11, 30))


def test_the_ends_of_the_calendar_are_days() -> None:
    assert periods.bounds("9999-12-31", date(2026, 1, 1)) == (date.max, date.max)
    assert periods.bounds("this_week", date.min)[0] == date.min
