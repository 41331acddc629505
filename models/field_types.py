"""Validation rules of single values, as annotated types for the write models.

A value that breaks a rule raises ``PydanticCustomError``. Its message is translatable English with named
placeholders; the service layer names the field and translates it. An accepted value is kept as typed, except
for composed form (NFC), surrounding white space and invisible characters. In addresses and numbers,
typographic spaces and dashes become plain ones.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, PlainValidator
from pydantic_core import PydanticCustomError

from models.text import has_unsafe, is_blank, normalise, plain_number, plain_signs, plain_spaces

NAME_LENGTH: Final = 200
EMAIL_LENGTH: Final = 254
PHONE_LENGTH: Final = 40
LOCATION_LENGTH: Final = 300
VIEW_NAME_LENGTH: Final = 80
NOTES_LENGTH: Final = 20_000
MAX_MINUTES: Final = 10_080
"""A week, the longest way between two events."""
MAX_AMOUNT: Final = Decimal("9999999999.99")
_SMALLEST: Final = Decimal("0.001")  # no currency has more decimals; services check those of the currency
MAX_ATTENDEES: Final = 1_000_000
USERNAME_PATTERN: Final = re.compile(r"[A-Za-z0-9_-]{4,50}")
_PHONE_PATTERN = re.compile(r"[0-9+() ./-]+(?: ?(?:x|ext\.?|poste) ?[0-9]+)?", re.IGNORECASE)
# 1-800-FLOWERS: letters of a phone keypad after at least three digits.
_VANITY_PATTERN = re.compile(r"[+(]?[0-9][0-9() .-]*[0-9][)]?(?:[ .-]?[A-Z0-9]){3,12}")
# The range excludes typing errors such as the year 20027; both databases hold more.
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def problem(code: str, template: str, **params: object) -> PydanticCustomError:
    """The error of one value; its context holds ``template``, which is translatable English."""
    return PydanticCustomError(code, "{template}", {"template": template, **params})


def _line(length: int, *, required: bool) -> AfterValidator:
    def check(value: str) -> str:
        text = normalise(plain_spaces(value))
        if required and is_blank(text):
            raise problem("required", "This field is required.")
        if has_unsafe(text):
            raise problem("unsafe", "Line breaks and control characters are not allowed here.")
        if len(text) > length:
            raise problem(
                "too_long", "At most {max} characters; this has {length}.", max=length, length=len(text)
            )
        return text

    return AfterValidator(check)


def _notes(value: str) -> str:
    text = normalise(value.replace("\r\n", "\n"))
    if has_unsafe(text, multiline=True):
        raise problem("unsafe", "Control characters are not allowed here.")
    if len(text) > NOTES_LENGTH:
        raise problem(
            "too_long", "At most {max} characters; this has {length}.", max=NOTES_LENGTH, length=len(text)
        )
    return text


def _text(value: str) -> str:
    text = _notes(value)
    if is_blank(text):
        raise problem("required", "This field is required.")
    return text


def _email(value: str) -> str:
    text = normalise(plain_signs(value))
    if not text:
        raise problem("required", "This field is required.")
    # Imported here, not at the top: building its character tables takes longer than reading a page of a list.
    from email_validator import EmailNotValidError, validate_email

    try:
        # No DNS look-up: a form must answer at once and work offline.
        address = validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise problem("email", "This is not an email address; write it like name@example.com.") from None
    if len(address) > EMAIL_LENGTH:
        raise problem(
            "too_long", "At most {max} characters; this has {length}.", max=EMAIL_LENGTH, length=len(address)
        )
    return address.lower()


def _phone(value: str) -> str:
    text = normalise(plain_number(value))
    if not text:
        return text
    if len(text) > PHONE_LENGTH:
        raise problem(
            "too_long", "At most {max} characters; this has {length}.", max=PHONE_LENGTH, length=len(text)
        )
    written = _PHONE_PATTERN.fullmatch(text) or _VANITY_PATTERN.fullmatch(text)
    if not written or sum(character.isdigit() for character in text) < 3:
        raise problem("phone", "This is not a phone number; write it like +33 6 12 34 56 78.")
    return text


def _username(value: str) -> str:
    name = plain_number(value).strip()
    if not USERNAME_PATTERN.fullmatch(name):
        raise problem("username", "4 to 50 letters (A-Z, a-z), digits, _ or -.")
    if not any(character.isalnum() for character in name):
        raise problem("username", "A username needs at least one letter or digit.")
    return name


def _plain(value: object) -> object:
    return plain_number(value) if isinstance(value, str) else value


def _no_float(value: object) -> object:
    # A binary float cannot hold cents exactly, so its value is already rounded.
    if isinstance(value, float):
        raise problem("float", "Give the amount as a decimal, not as a float.")
    return value


def _amount(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise problem("amount", "This is not an amount; write it like 1234.50.")
    if value <= 0:
        raise problem("positive", "The amount must be more than 0.")
    if value > MAX_AMOUNT:
        raise problem("too_large", "The amount must be at most {max}.", max=MAX_AMOUNT)
    if value != value.quantize(_SMALLEST):
        raise problem("decimals", "An amount has at most three decimals.")
    return value


def _day(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise problem("year", "The year must be between 1900 and 2199.")
    return value


def _moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise problem("zone", "The time needs a time zone.")
    _day(value.date())  # first, since astimezone overflows at the ends of the calendar
    moment = value.astimezone(UTC).replace(second=0, microsecond=0)
    _day(moment.date())
    return moment


def _due(value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return _day(value)
    raise problem("due", "This is neither a day nor a day with a time.")


def _attendees(value: int) -> int:
    if not 0 <= value <= MAX_ATTENDEES:
        raise problem("range", "A whole number from 0 to {max}.", max=MAX_ATTENDEES)
    return value


def _minutes(value: int) -> int:
    if not 0 <= value <= MAX_MINUTES:
        raise problem("range", "A whole number from 0 to {max}.", max=MAX_MINUTES)
    return value


RequiredLine = Annotated[str, _line(NAME_LENGTH, required=True)]
OptionalLine = Annotated[str, _line(NAME_LENGTH, required=False)]
ViewName = Annotated[str, _line(VIEW_NAME_LENGTH, required=True)]
Location = Annotated[str, _line(LOCATION_LENGTH, required=False)]
EmployeeNumber = Annotated[str, BeforeValidator(_plain), _line(PHONE_LENGTH, required=True)]
Notes = Annotated[str, AfterValidator(_notes)]
RequiredText = Annotated[str, AfterValidator(_text)]
"""A text of several lines."""
Email = Annotated[str, AfterValidator(_email)]
Phone = Annotated[str, AfterValidator(_phone)]
Username = Annotated[str, AfterValidator(_username)]
Amount = Annotated[Decimal, BeforeValidator(_no_float), AfterValidator(_amount)]
Day = Annotated[date, AfterValidator(_day)]
Moment = Annotated[datetime, AfterValidator(_moment)]
"""An aware datetime, kept in UTC to the minute."""
Due = Annotated[Any, PlainValidator(_due)]
"""A plain date, an aware datetime in UTC for a day with a time, or ``None``."""
Attendees = Annotated[int, AfterValidator(_attendees)]
Minutes = Annotated[int, AfterValidator(_minutes)]
