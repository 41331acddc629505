"""What people type is read as they mean it, and what is shown in an input reads back as it was."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import pytest
from babel.localedata import locale_identifiers
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from services import formats, i18n, time_zones
from services.errors import FieldProblem, Invalid
from services.formats.locale_rules import month_first, terminal_spaces
from services.iso_codes import CURRENCIES, currency_digits

Value = TypeVar("Value")
LOCALES = ("fr", "fr_CA", "fr_CH", "en", "en_GB", "en_IN", "en_ZA")
ZONES = ("Europe/Paris", "America/St_Johns")
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


@contextmanager
def speaking(locale_name: str, zone: str = "Europe/Paris") -> Iterator[None]:
    """The language and the time zone, for Hypothesis too, which runs a test many times."""
    before = i18n.locale_name(), os.environ.get("TZ")
    i18n.activate(locale_name)
    time_zones.use_crm_zone("")  # of no CRM
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        i18n.activate(before[0])
        if before[1] is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before[1]
        time.tzset()


def parsed_or_refused(parse: Callable[[str, str], Value], typed: str, field: str) -> Value | None:
    """What was parsed; ``None`` for a refusal, which must name the field."""
    problems: Sequence[FieldProblem] = ()
    value = None
    try:
        value = parse(typed, field)
    except Invalid as refusal:
        problems = refusal.field_problems()
    assert [problem.field for problem in problems] == ([field] if value is None else [])
    return value


@pytest.mark.parametrize(
    ("locale_name", "typed", "amount"),
    [
        ("fr", "1 234,50", "1234.50"),
        ("fr", "1234,5", "1234.50"),
        ("fr", "1234.5", "1234.50"),
        ("fr", "1\u00a0234,50 €", "1234.50"),
        ("fr", "1\u202f234\u202f567,00\u00a0€", "1234567.00"),
        ("fr", "1234,50EUR", "1234.50"),
        ("fr", "1 234.50 eur", "1234.50"),
        ("fr", "\u200e1\t234,50\u200b", "1234.50"),
        ("fr", "１２３４，５０", "1234.50"),
        ("fr", "\u0661\u0662", "12.00"),
        ("fr", "1.234,50", "1234.50"),
        ("fr", "1,234.50", "1234.50"),
        ("fr", "1.234.567", "1234567.00"),
        ("fr", "0,05", "0.05"),
        ("fr", ",5", "0.50"),
        ("fr", "12", "12.00"),
        ("fr", "1'234,50", "1234.50"),
        ("en", "1,234.50", "1234.50"),
        ("en", "1,234", "1234.00"),
        ("en", "1234.5", "1234.50"),
        ("en", "1234,5", "1234.50"),
        ("en", "€1,234.50", "1234.50"),
        ("en", "EUR 1,234.50", "1234.50"),
        ("en", "1.234,50", "1234.50"),
        ("en", "-5", "-5.00"),
        ("en", "\u22125.10", "-5.10"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(locale_name: str, typed: str, amount: str) -> None:
    with speaking(locale_name):
        parsed = formats.parse_money(typed, "total_amount")
    assert str(parsed) == amount


@pytest.mark.parametrize(
    ("locale_name", "typed"),
    [
        ("fr", "1.234"),
        ("fr", "1,234"),
        ("en", "1.234"),
        ("en", "0,123"),
        ("en", "12,34,567.00"),
        ("fr", "12 34"),
        ("fr", "1 234 56,00"),
        ("fr", "1 234,567"),
        ("fr", "1,234,50"),
        ("fr", "1.234.50"),
        ("fr", "5,"),
        ("fr", "."),
        ("fr", ""),
        ("fr", "€"),
        ("fr", "--5"),
        ("fr", "1e5"),
        ("fr", "1_000"),
        ("fr", "NaN"),
        ("fr", "Infinity"),
        ("fr", "100 USD"),
        ("fr", "$100"),
        ("fr", "12 [bold]"),
        ("fr", "1" * 200),
    ],
)
def test_an_amount_that_is_malformed_or_ambiguous_is_refused_by_its_field(
    locale_name: str, typed: str
) -> None:
    with speaking(locale_name), pytest.raises(Invalid) as refusal:
        formats.parse_money(typed, "total_amount")
    (problem,) = refusal.value.field_problems()
    assert problem.field == "total_amount"
    assert problem.message()


def test_an_amount_may_bear_the_configured_currency_and_no_other() -> None:
    with speaking("en"):
        assert formats.parse_money("$100", "amount", "USD") == 100
        with pytest.raises(Invalid, match="correcting") as refusal:
            formats.parse_money("100 €", "amount", "USD")
    assert "USD" in refusal.value.field_problems()[0].message()


@given(amount=AMOUNTS, locale_name=st.sampled_from(LOCALES))
def test_an_amount_in_an_input_reads_back_as_it_was(amount: Decimal, locale_name: str) -> None:
    with speaking(locale_name):
        assert formats.parse_money(formats.edit_money(amount), "amount") == amount


@given(
    amount=AMOUNTS,
    locale_name=st.sampled_from(("fr", "en", "en_GB")),
    currency=st.sampled_from(("EUR", "USD", "JPY", "KWD")),
)
def test_an_amount_copied_from_a_list_reads_back_as_it_was(
    amount: Decimal, locale_name: str, currency: str
) -> None:
    rounded = amount.quantize(Decimal(1).scaleb(-currency_digits(currency)))
    with speaking(locale_name):
        assert formats.parse_money(formats.show_money(rounded, currency), "amount", currency) == rounded


@given(
    typed=st.text(max_size=30) | st.text("0123456789.,' -€\u00a0", max_size=14),
    locale_name=st.sampled_from(LOCALES),
)
def test_whatever_is_typed_is_an_amount_or_refused_by_its_field(typed: str, locale_name: str) -> None:
    with speaking(locale_name):
        amount = parsed_or_refused(formats.parse_money, typed, "amount")
    assert amount is None or amount.as_tuple().exponent == -2


def test_an_amount_of_more_digits_than_a_decimal_keeps_is_read_whole() -> None:
    typed = "1234567890" * 4
    assert formats.parse_money(typed, "amount") == Decimal(typed)
    assert formats.parse_money(f"-{typed}", "amount") == Decimal(f"-{typed}")


@pytest.mark.parametrize(
    ("locale_name", "currency", "typed", "amount"),
    [
        ("en", "EUR", "5000 euros", "5000.00"),
        ("fr", "EUR", "1 euro", "1.00"),
        ("fr", "EUR", "5 000 EUROS", "5000.00"),
        ("en", "USD", "5000 dollars", "5000.00"),
        ("en", "USD", "100 US dollars", "100.00"),
        ("fr", "USD", "100 dollars", "100.00"),
        ("fr", "CHF", "12,50 francs", "12.50"),
        ("en", "GBP", "£5", "5.00"),
        ("fr", "CAD", "$5", "5.00"),
        ("en", "JPY", "¥1,234", "1234"),
        ("fr", "JPY", "1 234", "1234"),
        ("fr", "JPY", "1.234", "1234"),
        ("en", "KWD", "1.234", "1.234"),
        ("en", "KWD", "1,234", "1234.000"),
        ("fr", "KWD", "1,2", "1.200"),
    ],
)
def test_an_amount_of_any_currency_is_read_with_its_names_and_its_digits(
    locale_name: str, currency: str, typed: str, amount: str
) -> None:
    with speaking(locale_name):
        assert str(formats.parse_money(typed, "amount", currency)) == amount


@pytest.mark.parametrize(
    ("locale_name", "currency", "typed", "says"),
    [
        ("en", "EUR", "12k", "in full: 12000."),
        ("fr", "EUR", "12 k€", ": 12000."),
        ("fr", "EUR", "1,5 k", ": 1500."),
        ("en", "EUR", "2M", "in full: 2000000."),
        ("en", "EUR", "1.25 million euros", "in full: 1250000."),
        ("fr", "EUR", "2 millions d'euros", ": 2000000."),
        ("fr", "EUR", "1,2345k", ": 1234,50."),
        ("fr", "EUR", "1,234k", ": 1234."),
        ("en", "EUR", "1.234k", "in full: 1234."),
        ("en", "EUR", "1,234k", "in full: 1234000."),
        ("fr", "EUR", "1.234k", "deux façons"),
        ("fr", "EUR", "1k5", ": 1500."),
        ("en", "EUR", "12k500", "in full: 12500."),
        ("fr", "EUR", "12 keur", ": 12000."),
        ("fr", "EUR", "1 million", ": 1000000."),
        ("fr", "EUR", "2 Md€", ": 2000000000."),
        ("en", "EUR", "0.0005k", "in full: 0.50."),
        ("en", "EUR", "1.000001k", "2 decimals"),
        ("en", "JPY", "1.5k", "in full: 1500."),
        ("en", "JPY", "1.0005k", "no decimals"),
        ("en", "EUR", "12kusd", "not in usd"),
        ("en", "EUR", "1k50", "not an amount"),
        ("en", "EUR", "9" * 50 + " bn", "in full: " + "9" * 50 + "000000000."),
        ("en", "EUR", "5000 dollars", "not in dollars"),
        ("en", "EUR", "£100", "not in £"),
        ("en", "EUR", "100 CHF", "not in CHF"),
        ("fr", "EUR", "100 francs suisses", "francs suisses"),
        ("en", "EUR", "100 apples", "not an amount"),
        ("en", "EUR", "12 [bold]", "not an amount"),
        ("en", "JPY", "1234.56", "no decimals"),
        ("fr", "JPY", "1,5", "décimales"),
        ("en", "KWD", "1.2345", "3 decimals"),
        ("en", "EUR", "1.234", "2 decimals"),
    ],
)
def test_an_amount_that_is_refused_says_what_would_be_right_for_it(
    locale_name: str, currency: str, typed: str, says: str
) -> None:
    with speaking(locale_name):
        with pytest.raises(Invalid) as refusal:
            formats.parse_money(typed, "amount", currency)
        assert says in refusal.value.field_problems()[0].message()


@pytest.mark.parametrize("typed", ["12k", "5000 dollars", "1.2.3", "x", "1,234.", "12 k€", "3 M"])
@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@pytest.mark.parametrize("locale_name", LOCALES)
def test_every_example_of_an_amount_is_itself_accepted(locale_name: str, currency: str, typed: str) -> None:
    with speaking(locale_name):
        with pytest.raises(Invalid) as refusal:
            formats.parse_money(typed, "amount", currency)
        example = refusal.value.field_problems()[0].params["example"]
        assert formats.parse_money(str(example), "amount", currency) > 0
        assert formats.parse_money(formats.example_money(currency), "amount", currency) > 0


def test_money_is_shown_as_the_language_writes_it() -> None:
    with speaking("fr"):
        assert formats.show_money(Decimal("1234.50"), "EUR") == "1\u00a0234,50\u00a0€"
    with speaking("en"):
        assert formats.show_money(Decimal("1234.50"), "EUR") == "€1,234.50"
        assert formats.show_money(Decimal("9999999999.99"), "EUR") == "€9,999,999,999.99"
        assert formats.show_money(Decimal(1234), "JPY") == "¥1,234"
        assert formats.show_money(Decimal("5.25"), "JPY") == "¥5.25"  # kept by an older version
        assert formats.show_money(Decimal("1.5"), "KWD").endswith("1.500")
        assert formats.show_amount(Decimal(1234)) == "1,234"
    with speaking("en_XX"):
        assert formats.show_money(Decimal(5), "EUR") == "€5.00"


def test_every_currency_that_settings_accept_can_be_shown() -> None:
    with speaking("fr"):
        assert all(formats.show_money(Decimal("1.25"), code) for code in CURRENCIES)


@pytest.mark.parametrize(
    ("locale_name", "typed", "day"),
    [
        ("fr", "15/06/2027", date(2027, 6, 15)),
        ("fr", "5/6/2027", date(2027, 6, 5)),
        ("fr", "15.06.2027", date(2027, 6, 15)),
        ("fr", " 2027-06-15 ", date(2027, 6, 15)),
        ("fr", "\u200e15\u201106\u20132027\u00a0", date(2027, 6, 15)),
        ("fr", "１５／０６／２０２７", date(2027, 6, 15)),
        ("fr", "١٥/٠٦/٢٠٢٧", date(2027, 6, 15)),
        ("fr", "2027-6-5", date(2027, 6, 5)),
        ("fr", "06/15/2027", date(2027, 6, 15)),
        ("en_GB", "5/6/2027", date(2027, 6, 5)),
        ("en", "05/06/2023", date(2023, 6, 5)),
        ("C.UTF-8", "05/06/2023", date(2023, 6, 5)),
        ("en_US", "05/06/2023", date(2023, 5, 6)),
        ("en_US", "06/15/2027", date(2027, 6, 15)),
        ("fr", "15/6/27", date(2027, 6, 15)),
        ("en_US", "6/15/27", date(2027, 6, 15)),
        ("en_GB", "18.04.98", date(1998, 4, 18)),
        ("en", "01/01/68", date(2068, 1, 1)),
        ("en", "01/01/69", date(1969, 1, 1)),
        ("en", "15/06/2027", date(2027, 6, 15)),
        ("en", "29-02-2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_in_the_order_of_the_language(locale_name: str, typed: str, day: date) -> None:
    with speaking(locale_name):
        assert formats.parse_date(typed, "received_on") == day


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("31/06/27", "no such day"),
        ("15/06/127", "not a date"),
        ("29/02/2027", "no such day"),
        ("31/04/2027", "no such day"),
        ("32/01/2027", "no such day"),
        ("2027-13-01", "no such day"),
        ("15/06-2027", "not a date"),
        ("15062027", "not a date"),
        ("0000-01-01", "no such day"),
        ("manana", "not a date"),
        ("", "not a date"),
        ("15/06/2027" + " " * 60 + "x", "not a date"),
    ],
)
def test_what_is_no_day_is_refused_and_says_why(typed: str, says: str) -> None:
    with speaking("en_GB"), pytest.raises(Invalid) as refusal:
        formats.parse_date(typed, "received_on")
    (problem,) = refusal.value.field_problems()
    assert problem.field == "received_on"
    assert says in problem.message()


@given(day=DAYS, locale_name=st.sampled_from(LOCALES))
def test_a_day_in_an_input_reads_back_as_it_was(day: date, locale_name: str) -> None:
    with speaking(locale_name):
        text = formats.edit_date(day)
        assert formats.parse_date(text, "received_on") == day
        assert len(formats.show_date(day)) == 10


def test_a_day_reads_back_in_every_variety_of_our_languages() -> None:
    from babel import Locale
    from babel.localedata import locale_identifiers

    names = [name for name in locale_identifiers() if name.split("_")[0] in i18n.LANGUAGES and len(name) <= 5]
    assert len(names) > 100
    for name in names:
        with speaking(name):
            assert formats.parse_date(formats.edit_date(date(2027, 6, 5)), "day") == date(2027, 6, 5), name
            if name == "en":  # also where a system names no language
                continue
            assert month_first() == Locale.parse(name).date_formats["short"].pattern.startswith("M"), name


@pytest.mark.parametrize(
    ("locale_name", "typed"),
    [
        ("fr", "15/06/2027 18:30"),
        ("fr", "15/06/2027 18h30"),
        ("fr", "15/06/2027 à 18h30"),
        ("fr", "2027-06-15 18:30"),
        ("fr", "2027-06-15T18:30"),
        ("fr", "2027-06-15T18:30:00"),
        ("fr", "2027-06-15T16:30:00Z"),
        ("fr", "2027-06-15T12:30:00.000-04:00"),
        ("fr", "15.06.2027  18:30"),
        ("fr", "15/6/27 18:30"),
        ("fr", "15/06/2027 18:30 CEST"),
        ("fr", "15/06/2027 19:30 UTC+03"),
        ("en_US", "6/15/27 6:30 pm"),
        ("fr", "\u202a15\u201106\u20112027\u202f18:30\u202c"),
        ("fr", "15/06/2027\t18\u00adh30"),
        ("en", "06/15/2027 6:30 PM"),
        ("en", "06/15/2027, 6:30pm"),
        ("en_GB", "15/06/2027 at 18:30"),
    ],
)
def test_a_moment_is_read_in_the_local_zone_and_kept_in_utc(locale_name: str, typed: str) -> None:
    with speaking(locale_name):
        moment = formats.parse_datetime(typed, "start")
    assert moment == datetime(2027, 6, 15, 16, 30, tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("15/06/2027", "Add the time"),
        ("18:30", "Add the day"),
        ("15/06/2027 25:00", "not a date and time"),
        ("15/06/2027 18:60", "not a date and time"),
        ("15/06/2027 18", "not a date and time"),
        ("15/06/2027 13 pm", "not a date and time"),
        ("15/06/2027 18:30 +99:00", "not a date and time"),
        ("15/06/127 18:30", "like 15/06/2027 18:30"),
        ("15/06/27", "like 15/06/2027 18:30"),
        ("31/06/2027 18:30", "no such day"),
        ("31/06/2027 18:30", "like 15/06/2027 18:30"),
        ("28/03/2027 02:30", "an hour later it is 28/03/2027 03:30"),
        ("15/06/2027 18:30 EDT", "typed in CEST"),
        ("", "not a date and time"),
    ],
)
def test_what_is_no_moment_is_refused_and_says_why(typed: str, says: str) -> None:
    with speaking("en_GB"), pytest.raises(Invalid) as refusal:
        formats.parse_datetime(typed, "start")
    (problem,) = refusal.value.field_problems()
    assert problem.field == "start"
    assert says in problem.message()


def test_of_a_time_that_the_clocks_show_twice_the_first_is_meant() -> None:
    with speaking("fr"):
        first = formats.parse_datetime("31/10/2027 02:30", "start")
        second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
        assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
        assert formats.edit_datetime(first) == "31/10/2027 02:30"
        assert formats.edit_datetime(second) == "31/10/2027 02:30+0100"


@given(moment=MOMENTS, locale_name=st.sampled_from(LOCALES), zone=st.sampled_from(ZONES))
@example(moment=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), locale_name="fr", zone="Europe/Paris")
@example(moment=datetime(2027, 10, 31, 0, 30, tzinfo=UTC), locale_name="fr", zone="Europe/Paris")
@example(moment=datetime(2027, 11, 7, 4, 45, tzinfo=UTC), locale_name="en", zone="America/St_Johns")
def test_a_moment_in_an_input_reads_back_as_it_was(moment: datetime, locale_name: str, zone: str) -> None:
    with speaking(locale_name, zone):
        assert formats.parse_datetime(formats.edit_datetime(moment), "start") == moment
        assert len(formats.list_datetime(moment)) <= (16 if zone == "Europe/Paris" else 18)


@pytest.mark.parametrize("locale_name", [*LOCALES, "en_US"])
@pytest.mark.parametrize(
    ("parse", "typed"),
    [
        *((formats.parse_date, typed) for typed in ("manana", "31/02/2027", "15/06/127", "", "2027-13-01")),
        *(
            (formats.parse_datetime, typed)
            for typed in (
                "demain",
                "15/6/27",
                "31/02/2027 18:30",
                "28/03/2027 02:30",
                "15/6/27 25:00",
                "18:30",
            )
        ),
        (formats.parse_datetime, "15/06/2027 18:30 EDT"),
        (formats.parse_integer, "douze"),
    ],
)
def test_every_example_of_a_message_is_itself_accepted(
    locale_name: str, parse: Callable[[str, str], object], typed: str
) -> None:
    with speaking(locale_name):
        with pytest.raises(Invalid) as refusal:
            parse(typed, "field")
        (problem,) = refusal.value.field_problems()
        example = str(problem.params["example"])
        assert example in problem.message()
        assert parse(example, "field") is not None


@pytest.mark.parametrize(
    ("locale_name", "words", "first"),
    [
        ("en", "Saturday 5 June 2027", "Saturday 1 May 2027"),
        ("en_GB", "Saturday 5 June 2027", "Saturday 1 May 2027"),
        ("en_US", "Saturday, June 5, 2027", "Saturday, May 1, 2027"),
        ("fr", "samedi 5 juin 2027", "samedi 1er mai 2027"),
    ],
)
def test_a_day_is_said_in_words(locale_name: str, words: str, first: str) -> None:
    with speaking(locale_name):
        assert formats.say_date(date(2027, 6, 5)) == words
        assert formats.say_date(date(2027, 5, 1)) == first
        assert formats.say_typed_datetime("2027-06-05 18:30", "start") == f"{words}, 18:30"


def test_the_hour_that_comes_twice_names_its_zone_both_times() -> None:
    first, second = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 15, tzinfo=UTC)
    with speaking("en_GB"):
        assert formats.show_datetime(first) == "31/10/2027 02:30 CEST"
        assert formats.show_datetime(second) == "31/10/2027 02:15 CET"
        assert formats.list_datetime(first) == "31/10/27 02:30+2"
        assert formats.list_datetime(second) == "31/10/27 02:15+1"
        hour_before, hour_after = first - timedelta(hours=1), second + timedelta(hours=1)
        assert formats.show_datetime(hour_before) == "31/10/2027 01:30"
        assert formats.show_datetime(hour_after) == "31/10/2027 03:15"
        said = formats.say_typed_datetime("31/10/2027 02:30", "start")
        assert said.startswith("Sunday 31 October 2027, 02:30 CEST (")
        assert "CET for the second" in said
        assert formats.parse_datetime("31/10/2027 02:15 CET", "start") == second
        assert formats.parse_datetime("31/10/2027 02:30 CEST", "start") == first


def test_a_reader_in_another_zone_than_the_crm_sees_the_zone() -> None:
    moment = datetime(2027, 6, 16, 0, 30, tzinfo=UTC)
    with speaking("en_GB", "America/New_York"):
        time_zones.use_crm_zone("Europe/Paris")
        assert formats.show_datetime(moment) == "15/06/2027 20:30 EDT"
        assert formats.say_datetime(moment) == "Tuesday 15 June 2027, 20:30 EDT"
        assert formats.list_datetime(moment) == "15/06/2027 20:30 EDT"
        assert time_zones.zone_width() == 4
    with speaking("en_GB", "Europe/Brussels"):  # another zone whose clocks show the same
        time_zones.use_crm_zone("Europe/Paris")
        assert formats.show_datetime(moment) == "16/06/2027 02:30"
        assert time_zones.zone_width() == 0
    with speaking("en_GB", "Asia/Dubai"):  # a zone that has but a number
        time_zones.use_crm_zone("Europe/Paris")
        assert formats.show_datetime(moment) == "16/06/2027 04:30 UTC+04"
        assert formats.parse_datetime("16/06/2027 04:30 UTC+04", "start") == moment
    with speaking("en_GB", "Africa/Tunis"):  # the same clocks as Paris in winter alone
        time_zones.use_crm_zone("Europe/Paris")
        assert formats.show_datetime(datetime(2027, 1, 5, 12, 0, tzinfo=UTC)) == "05/01/2027 13:00"
        assert formats.show_datetime(moment) == "16/06/2027 01:30 CET"


@given(moment=MOMENTS, zone=st.sampled_from(("America/New_York", "Asia/Dubai", "Australia/Lord_Howe")))
def test_a_moment_shown_with_its_zone_reads_back_as_it_was(moment: datetime, zone: str) -> None:
    whole = moment.replace(second=0)
    with speaking("fr", zone):
        time_zones.use_crm_zone("Europe/Paris")
        if whole.year > 1970:  # before, some zones had names of their own
            assert formats.parse_datetime(formats.show_datetime(whole), "start") == whole


@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_a_moment_printed_for_scripts_reads_back_as_it_was(moment: datetime, zone: str) -> None:
    with speaking("fr", zone):
        assert formats.parse_datetime(moment.isoformat().replace("+00:00", "Z"), "start") == moment


@given(typed=st.text(max_size=30) | st.text("0123456789/-.:hTZ +", max_size=24))
def test_whatever_is_typed_is_a_moment_or_refused_by_its_field(typed: str) -> None:
    with speaking("fr"):
        moment = parsed_or_refused(formats.parse_datetime, typed, "start")
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("75", 75),
        ("1 200", 1200),
        ("1\u202f200", 1200),
        ("-3", -3),
        ("\u22123", -3),
        ("007", 7),
        ("７５\u200b", 75),
    ],
)
def test_a_whole_number_is_read(typed: str, number: int) -> None:
    with speaking("fr"):
        assert formats.parse_integer(typed, "attendees") == number


@pytest.mark.parametrize("typed", ["", "1,5", "1.5", "12 34", "1,200", "douze", "1e3", "9" * 30])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with speaking("fr"), pytest.raises(Invalid):
        formats.parse_integer(typed, "attendees")


def test_english_divides_thousands_by_commas() -> None:
    with speaking("en"):
        assert formats.parse_integer("1,200", "attendees") == 1200
        assert formats.show_integer(10_000) == "10,000"
    with speaking("fr"):
        assert formats.show_integer(10_000) == "10\u00a0000"


def test_a_number_below_a_thousand_is_written_as_babel_writes_it() -> None:
    names = [name for name in locale_identifiers() if name.split("_")[0] in i18n.LANGUAGES]
    assert len(names) > 100
    for name in names:
        with speaking(name):
            for number in (-1, 0, 9, 10, 999, 1_000):
                expected = terminal_spaces(format_decimal(number, locale=name))
                assert formats.show_integer(number) == expected, name
