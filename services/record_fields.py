"""The fields of records that people fill in, each described once.

Forms, details, command options, the output of commands and the labels of the journal read these descriptions.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.i18n import N_


class FieldKind(StrEnum):
    """The kind of a field, which selects its control and its parser."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    INTEGER = "integer"
    NOTES = "notes"
    CHOICE = "choice"
    PICKER = "picker"
    PASSWORD = "password"  # noqa: S105 - a kind of field
    CHECKBOX = "checkbox"
    DUE = "due"
    """A day, or a day with a time."""
    ZONE = "zone"
    """A time zone by its IANA name."""


@dataclass(frozen=True)
class RecordField:
    """A field of a record; its ``name`` is that of the read and write models.

    ``label``, ``help`` (of the command option) and ``hint`` (in the form) are translatable English. Lists of
    commands leave out the columns with the highest ``rank`` first; without a rank they never show the field.
    A day without a year is the latest one if the field ``looks_back``, else the next one. ``starts`` names
    the field with the start of what this field ends, ``zone`` the one with the time zone of typed times.
    """

    name: str
    label: str
    help: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    hint: str = ""
    rank: int | None = None
    looks_back: bool = False
    starts: str = ""
    zone: str = ""


CLIENT: Final = (
    RecordField("full_name", N_("Full name"), N_("First and last name."), required=True, rank=0),
    RecordField("company", N_("Company"), N_("The company's name."), rank=1),
    RecordField(
        "email", N_("Email"), N_("Email address; unique."), FieldKind.EMAIL, required=True, rank=0
    ),
    RecordField("phone", N_("Phone"), N_("Phone number, kept as typed."), FieldKind.PHONE, rank=3),
    RecordField(
        "contact_person", N_("Contact person"), N_("If different from the client."),
        hint=N_("If different from the client"),
    ),
    RecordField(
        "first_contact_date", N_("First contact"), N_("Day of the first contact."), FieldKind.DATE,
        looks_back=True,
    ),
    RecordField(
        "last_contact_date", N_("Last contact"), N_("Day of the last contact, as in 'yesterday'."),
        FieldKind.DATE, hint=N_("Such as yesterday, friday or -3"), rank=2, looks_back=True,
    ),
    RecordField(
        "language", N_("Language"), N_("Of the client's papers: en or fr; empty: as in the settings."),
        FieldKind.CHOICE, hint=N_("Of the client's papers"),
    ),
)  # fmt: skip
"""In the order of the form."""
CLIENT_WORDS: Final = ("full_name", "contact_person", "company")
"""The texts of a client by which a search finds it, in the order of their stored words."""

EVENT: Final = (
    RecordField("name", N_("Name"), N_("The event's name."), required=True, rank=0),
    RecordField(
        "start", N_("Start"),
        N_("Start, as in '2027-06-15 18:30' or 'tomorrow 6pm', in the event's time zone."),
        FieldKind.DATETIME, required=True, hint=N_("Such as 15/6 18:30, tomorrow 6pm or fri 14:00"), rank=0,
        zone="time_zone",
    ),
    RecordField(
        "end", N_("End"), N_("End, after the start; a time alone, as in '23:00', follows the start."),
        FieldKind.DATETIME, required=True, hint=N_("A time alone follows the start: 23:00 or +3h"), rank=4,
        starts="start", zone="time_zone",
    ),
    RecordField(
        "time_zone", N_("Time zone"),
        N_("Zone of the place, as in 'New York' or 'Europe/Paris'; given alone, it keeps the times of day."),
        FieldKind.ZONE, hint=N_("The start and the end are typed in it"),
    ),
    RecordField("location", N_("Location"), N_("Place of the event."), rank=2),
    RecordField("attendees", N_("Attendees"), N_("Number of attendees."), FieldKind.INTEGER, rank=4),
    RecordField("notes", N_("Notes"), N_("Notes, over several lines."), FieldKind.NOTES),
)  # fmt: skip

NOTE: Final = (
    RecordField("kind", N_("Kind"), N_("note, call or mail; note by default."), FieldKind.CHOICE, rank=1),
    RecordField(
        "at",
        N_("When"),
        N_("Time of a call or mail noted later, local time."),
        FieldKind.DATETIME,
        rank=0,
        looks_back=True,
    ),
    RecordField("text", N_("Text"), N_("Text, over several lines."), FieldKind.NOTES, required=True),
)

TASK: Final = (
    RecordField("title", N_("Title"), N_("What is to be done."), required=True, rank=0),
    RecordField(
        "due", N_("Due date"), N_("A day, as in '2027-06-15', or with a time, as in '2027-06-15 18:30'."),
        FieldKind.DUE, hint=N_("A day, or a day with a time"), rank=0,
    ),
    RecordField(
        "remind_at", N_("Reminder"), N_("When to remind the person it is assigned to."), FieldKind.DATETIME
    ),
)  # fmt: skip

PERSON: Final = (
    RecordField(
        "username", N_("Username"), N_("4 to 50 of A-Z a-z 0-9 _ -; unique."), required=True,
        hint=N_("4 to 50 letters, digits, _ or -"),
    ),
    RecordField("first_name", N_("First name"), N_("First name."), required=True),
    RecordField("last_name", N_("Last name"), N_("Last name."), required=True),
    RecordField("email", N_("Email"), N_("Email address; unique."), FieldKind.EMAIL, required=True),
    RecordField("phone", N_("Phone"), N_("Phone number, kept as typed."), FieldKind.PHONE),
)  # fmt: skip
"""The fields of a collaborator that the first account has too."""
EMPLOYEE_NUMBER: Final = RecordField(
    "employee_number", N_("Employee number"), N_("Automatic if omitted."),
    hint=N_("Assigned automatically if empty"),
)  # fmt: skip
