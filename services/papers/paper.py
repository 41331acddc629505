"""A paper in the client's language: titles, labelled facts, tables and texts, ready for a template.

All values are plain text. A template may show them in any way, and never reads them as markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from models.read_models import EventRead, PaymentRead, SharedSettingsRead
from models.text import clean_typed
from services import formats, i18n
from services.i18n import N_, _
from services.labels import STATUSES
from services.papers.kinds import PaperKind
from services.papers.records import PaperRecords
from services.time_zones import name_of, zone_named


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value. ``name`` is the same in every language, so that a template can pick it."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column of a table; numbers are set to the right."""

    name: str
    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper: facts, then a table, then lines of text; each may be missing."""

    name: str
    heading: str
    facts: Sequence[Fact] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """What the paper says of the agency; ``numbers`` are its legal numbers with their labels."""

    name: str
    address: Sequence[str]
    numbers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. ``language`` is its code, ``number`` that of the contract, ``made`` the day in words."""

    kind: str
    language: str
    title: str
    subtitle: str
    number: str
    agency: Agency
    sections: Sequence[Section] = field(default_factory=list)
    made: str = ""


def write_paper(records: PaperRecords) -> Paper:
    """Put the records into words, in the client's language or that of the settings."""
    language = records.client.language or records.settings.paper_language
    with i18n.speaking(language):
        is_sheet = records.event is not None
        return Paper(
            kind=records.kind.value,
            language=i18n.language(),
            title=_(_TITLES[records.kind]) if is_sheet or records.contract.signed_on else _("Quote"),
            subtitle=_line(records.contract.number if records.event is None else records.event.name),
            number=records.contract.number,
            agency=_agency(records.settings),
            sections=_sections_of_event(records) if is_sheet else _sections_of_contract(records),
            made=_("Made on {day}").format(day=_day_of(records)),
        )


_TITLES = {PaperKind.RUN_SHEET: N_("Run sheet"), PaperKind.CONTRACT_SUMMARY: N_("Contract")}


def _day_of(records: PaperRecords) -> str:
    return formats.say_date(records.now.astimezone(zone_named(records.settings.time_zone)).date())


def _agency(settings: SharedSettingsRead) -> Agency:
    numbers = [
        _("SIRET {number}").format(number=_grouped(settings.agency_siret)) if settings.agency_siret else "",
        _("VAT {number}").format(number=settings.agency_vat) if settings.agency_vat else "",
        _line(settings.agency_legal),
    ]
    return Agency(
        _line(settings.agency_name), _lines(settings.agency_address), [each for each in numbers if each]
    )


def _grouped(siret: str) -> str:
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"


# The parts of a run sheet


def _sections_of_event(records: PaperRecords) -> list[Section]:
    event = records.event
    assert event is not None  # noqa: S101 - a run sheet is about one
    zone, zone_name = zone_of(event, records.settings)
    times = [
        Fact("start", _("Start"), _moment(event.start, zone)),
        Fact("end", _("End"), _moment(event.end, zone)),
        Fact("time_zone", _("Time zone"), zone_name),
        Fact("location", _("Location"), _line(event.location) or _("not set yet")),
        Fact("attendees", _("Attendees"), formats.show_integer(event.attendees)),
    ]
    contacts = [
        Fact("support", _("Support"), _line(event.support_contact_name) or _("not assigned yet")),
        Fact("sales", _("Sales contact"), _line(records.contract.sales_contact_name)),
    ]
    return [
        Section("event", _("Time and place"), times),
        Section("client", _("Client"), _facts_of_client(records)),
        Section("contacts", _("Contacts of the agency"), contacts),
        Section("contract", _("Contract"), _facts_of_contract(records)),
        _payments(records),
        Section("notes", _("Notes"), lines=_lines(event.notes) or [_("None.")]),
    ]


def zone_of(event: EventRead, settings: SharedSettingsRead) -> tuple[tzinfo | None, str]:
    """The zone in which a paper shows the times of an event, and its name: its own, or that of the CRM.

    The zone is ``None``, which means that of this machine, if the machine has no data of it.
    """
    name = event.time_zone or settings.time_zone
    zone = zone_named(name)
    return zone, name if zone is not None else name_of(event.start.astimezone())


# The parts of a contract summary


def _sections_of_contract(records: PaperRecords) -> list[Section]:
    seller = Fact("sales", _("Sales contact"), _line(records.contract.sales_contact_name))
    agency = Fact("agency", _("Agency"), _line(records.settings.agency_name))
    own = [each for each in (agency, seller) if each.value]
    return [
        Section("parties", _("Parties"), [*own, *_facts_of_client(records)]),
        Section("contract", _("Contract"), _facts_of_contract(records)),
        _payments(records),
        _events(records),
    ]


def _events(records: PaperRecords) -> Section:
    columns = [
        Column("name", _("Event")), Column("start", _("Start")),
        Column("location", _("Location")), Column("attendees", _("Attendees"), numeric=True),
    ]  # fmt: skip
    rows = [_row_of(event, records.settings) for event in records.events]
    return _table("events", _("Events"), columns, rows)


def _row_of(event: EventRead, settings: SharedSettingsRead) -> list[str]:
    zone, _zone_name = zone_of(event, settings)
    return [
        _line(event.name), _short_moment(event.start, zone), _line(event.location),
        formats.show_integer(event.attendees),
    ]  # fmt: skip


# The parts of both


def _facts_of_client(records: PaperRecords) -> list[Fact]:
    client = records.client
    found = [
        Fact("client", _("Client"), _line(client.full_name)),
        Fact("company", _("Company"), _line(client.company)),
        Fact("contact_person", _("Contact person"), _line(client.contact_person)),
        Fact("email", _("Email"), _line(client.email)),
        Fact("phone", _("Phone"), _line(client.phone)),
    ]
    return [each for each in found if each.value]


def _facts_of_contract(records: PaperRecords) -> list[Fact]:
    contract, currency = records.contract, records.settings.currency
    zone = zone_named(records.settings.time_zone)
    paid = contract.total_amount - contract.amount_remaining
    found = [
        Fact("number", _("Number"), contract.number),
        Fact("created", _("Created"), formats.show_date(contract.created.astimezone(zone).date())),
        Fact("status", _("Status"), _(STATUSES[contract.status])),
        Fact("signed_on", _("Signed on"), formats.show_value(contract.signed_on)),
        Fact("total", _("Total"), formats.show_money(contract.total_amount, currency)),
        Fact("paid", _("Paid"), formats.show_money(paid, currency)),
        Fact("due", _("Due"), formats.show_money(contract.amount_remaining, currency)),
    ]
    return [each for each in found if each.value]


def _payments(records: PaperRecords) -> Section:
    columns = [Column("received_on", _("Received on")), Column("amount", _("Amount"), numeric=True)]
    rows = [_row_of_payment(payment, records.settings.currency) for payment in records.payments]
    return _table("payments", _("Payments"), columns, rows)


def _row_of_payment(payment: PaymentRead, currency: str) -> list[str]:
    return [formats.show_date(payment.received_on), formats.show_money(payment.amount, currency)]


def _table(name: str, heading: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Section:
    if not rows:
        return Section(name, heading, lines=[_("None yet.")])
    return Section(name, heading, columns=columns, rows=rows)


# Texts


def _moment(moment: datetime, zone: tzinfo | None) -> str:
    """The moment in words, with the abbreviation of its zone: an hour of autumn occurs twice."""
    local = moment.astimezone(zone)
    return f"{formats.say_date(local.date())}, {local:%H:%M} {name_of(local)}"


def _short_moment(moment: datetime, zone: tzinfo | None) -> str:
    local = moment.astimezone(zone)
    return f"{formats.show_date(local.date())} {local:%H:%M} {name_of(local)}"


def _line(text: str) -> str:
    return clean_typed(text).strip()


def _lines(text: str) -> list[str]:
    kept = clean_typed(text, multiline=True).expandtabs(4).strip()
    return [line.rstrip() for line in kept.split("\n")] if kept else []
