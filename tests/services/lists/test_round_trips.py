"""Whatever is typed into any field is kept as it was or refused by its field, on both engines."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.text import normalise, plain_number, plain_signs, plain_spaces
from models.write_models import (
    ClientCreate,
    ClientUpdate,
    CollaboratorCreate,
    CollaboratorUpdate,
    Command,
    ContractCreate,
    ContractUpdate,
    EventCreate,
    EventUpdate,
    PaymentCreate,
)
from services import clients, collaborators, contracts, events
from services.crm import Crm
from services.errors import CrmError
from services.validation import build
from tests.support.accounts import People
from tests.support.records import Records, everything

SHAPES: Final[tuple[type[Command], ...]] = (
    ClientCreate, ClientUpdate, ContractCreate, ContractUpdate, PaymentCreate, EventCreate, EventUpdate,
    CollaboratorCreate, CollaboratorUpdate,
)  # fmt: skip
ANYTHING: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.decimals()
    | st.dates() | st.datetimes() | st.datetimes(timezones=st.timezones()) | st.timedeltas(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)  # fmt: skip

# As people and keyboards type names: spaces around, accents composed or not.
NAMES: Final = st.text("aéßœ 'ñÅ-", min_size=1, max_size=12).map(
    lambda name: f" {unicodedata.normalize('NFD', name)} "
)
# Letters of many scripts, marks that combine, joiners, emoji, and what must not get in.
WILD: Final = (
    NAMES
    | st.text(max_size=40)
    | st.text("aé́œß 'ñأש東👩‍🚀\u200d[]/\\%_;\n\t\x00\x1b\u202e\ud800", max_size=20)
)
PHONES: Final = st.text("+0123456789 ()./-x", max_size=42) | WILD
EMAILS: Final = st.emails() | st.builds("{}@{}".format, WILD, st.sampled_from(["a.fr", "É.fr", "x"])) | WILD
DAYS: Final = st.none() | st.dates() | st.dates(date(1900, 1, 1), date(2199, 12, 31))
AMOUNTS: Final = st.decimals(0, Decimal("1e11"), places=2) | st.decimals() | st.integers(-5, 10**11)
MOMENTS: Final = st.datetimes(datetime(1899, 1, 1), datetime(2201, 1, 1), timezones=st.timezones())  # noqa: DTZ001


@dataclass(frozen=True)
class Place:
    """Where a field is kept: a shape to write it by, and how to write and read back one record."""

    shape: type[Command]
    fields: Mapping[str, st.SearchStrategy[Any]]
    write: Callable[[Crm, People, int, Any], Any]
    read: Callable[[Crm, People, int], Any]


PLACES: Final = {
    "client": Place(
        ClientUpdate,
        {
            "full_name": WILD, "company": WILD, "contact_person": WILD, "phone": PHONES, "email": EMAILS,
            "first_contact_date": DAYS, "last_contact_date": DAYS,
        },
        lambda crm, people, key, command: clients.update_client(crm, people.commercial, key, command),
        lambda crm, people, key: clients.get_client(crm, people.support, key),
    ),
    "contract": Place(
        ContractUpdate,
        {"total_amount": AMOUNTS},
        lambda crm, people, key, command: contracts.update_contract(crm, people.gestion, key, command),
        lambda crm, people, key: contracts.get_contract(crm, people.support, key),
    ),
    "event": Place(
        EventUpdate,
        {
            "name": WILD, "location": WILD, "notes": WILD, "attendees": st.integers(-2, 2_000_000),
            "start": MOMENTS, "end": MOMENTS,
        },
        lambda crm, people, key, command: events.update_event(crm, people.support, key, command),
        lambda crm, people, key: events.get_event(crm, people.gestion, key),
    ),
    "collaborator": Place(
        CollaboratorUpdate,
        {
            "username": st.from_regex("[A-Za-z0-9_-]{4,50}", fullmatch=True) | WILD, "first_name": WILD,
            "last_name": WILD, "phone": PHONES, "email": EMAILS, "employee_number": WILD,
        },
        lambda crm, people, *change: collaborators.update_collaborator(crm, people.gestion, *change),
        lambda crm, people, key: collaborators.get_collaborator(crm, people.gestion, key),
    ),
}  # fmt: skip


@pytest.fixture
def keys(records: Records, people: People) -> Mapping[str, int]:
    """A record of each kind, to be written over and over."""
    event = records.event(support=people.support)
    hired = records.collaborator()
    return {
        "client": event.client, "contract": event.contract, "event": event.id, "collaborator": hired.id,
    }  # fmt: skip


def _is_plain(email: str) -> bool:
    # A domain in another script is kept in that script, however it was encoded.
    return email.isascii() and "xn--" not in email.lower()


_PLAIN: Final[Mapping[str, Callable[[str], str]]] = {
    "notes": lambda text: text.replace("\r\n", "\n"),
    "phone": plain_number,
    "employee_number": plain_number,
    "username": plain_number,
    "email": plain_signs,
}


def _kept(field: str, given: object) -> object:
    """What a field holds after it was given this: composed, trimmed, on one line with plain spaces.

    Numbers and usernames have its other signs too; otherwise a text is kept as it was.
    """
    if isinstance(given, str):
        text = normalise(_PLAIN.get(field, plain_spaces)(given))
        return text.lower() if field == "email" and text.isascii() else text
    if isinstance(given, datetime):
        return given.astimezone(UTC).replace(second=0, microsecond=0)
    return given


def _refusal(attempt: Callable[[], object]) -> CrmError | None:
    try:
        attempt()
    except CrmError as refusal:
        return refusal
    return None


def _refused_fields(shape: type[Command], values: Mapping[str, object]) -> set[str]:
    refusal = _refusal(lambda: build(shape, values))
    problems = refusal.field_problems() if refusal else ()
    assert all(problem.message() for problem in problems)
    return {problem.field for problem in problems}


@pytest.mark.parametrize("kind", PLACES)
@given(data=st.data())
def test_what_is_accepted_comes_back_as_it_was_and_what_is_refused_names_its_field(
    crm: Crm, people: People, keys: Mapping[str, int], kind: str, data: st.DataObject
) -> None:
    place = PLACES[kind]
    chosen = data.draw(st.sets(st.sampled_from(sorted(place.fields)), min_size=1))
    values = {field: data.draw(place.fields[field], label=field) for field in sorted(chosen)}
    refusal = _refusal(lambda: place.write(crm, people, keys[kind], build(place.shape, values)))
    if refusal is not None:
        refused = {problem.field for problem in refusal.field_problems()}
        assert refused
        assert refused <= chosen | {"end"}
        assert all(problem.message() for problem in refusal.field_problems())
        return
    command = build(place.shape, values)
    read = place.read(crm, people, keys[kind])
    for field in chosen:
        kept = getattr(read, field)
        assert kept == getattr(command, field)
        if field != "email" or _is_plain(str(values[field])):
            assert kept == _kept(field, values[field])
    again = {field: getattr(read, field) for field in chosen}
    assert build(place.shape, again).changes() == again


@given(shape=st.sampled_from(SHAPES), data=st.data())
def test_no_value_of_any_kind_does_more_than_be_refused(shape: type[Command], data: st.DataObject) -> None:
    fields = sorted(shape.model_fields)
    values = data.draw(st.dictionaries(st.sampled_from(fields), ANYTHING, max_size=len(fields)))
    assert _refused_fields(shape, values) <= set(fields)


@given(amount=st.decimals(Decimal("0.01"), Decimal("9999999999.99"), places=2))
@example(Decimal("9999999999.99"))
@example(Decimal("0.01"))
@example(Decimal("0.30"))
def test_every_amount_of_the_brief_is_exact_to_the_cent(
    crm: Crm, people: People, keys: Mapping[str, int], amount: Decimal
) -> None:
    command = build(ContractUpdate, {"total_amount": amount})
    written = contracts.update_contract(crm, people.gestion, keys["contract"], command)
    assert str(written.total_amount) == str(written.amount_remaining) == f"{amount:.2f}"


@given(moment=MOMENTS)
@example(datetime(2027, 10, 31, 2, 30, tzinfo=UTC))
def test_every_moment_is_kept_to_the_minute_whatever_its_zone(
    crm: Crm, people: People, keys: Mapping[str, int], moment: datetime
) -> None:
    start = moment.astimezone(UTC)
    values = {"start": moment, "end": start + timedelta(minutes=1)}
    if _refused_fields(EventUpdate, values):
        return
    written = events.update_event(crm, people.support, keys["event"], build(EventUpdate, values))
    assert written.start == start.replace(second=0, microsecond=0)
    assert written.end - written.start == timedelta(minutes=1)
    assert written.start.tzinfo is UTC


STRANGE: Final = {
    "10,000 letters": "x" * 10_000,
    "10,000 emoji": "👩‍🚀" * 2_500,
    "10,000 marks": "a" + "\u0301" * 9_999,
    "200 letters that fold to many": "\ufdfa" * 200,
    "NUL": "Anna\x00Nowak",
    "escape": "\x1b]0;title\x07\x1b[2J",
    "C1": "\x9b31m",
    "right to left": "\u202eannA\u202c",
    "a lone surrogate": "Anna\ud800",
    "a surrogate pair": "\ud83d\ude00",
    "emoji": "🎉👩‍👩‍👧‍👦🇫🇷",
    "markup": "[/bold][red]x[/][@click=app.quit]y[/]",
    "SQL": "Robert'); DROP TABLE client;--",
    "patterns": "%_\\/*?",
    "placeholders": "{who} %s %(id)s :id $1 ?",
    "Hebrew and Arabic": "שלום أحمد",
    "not in Unicode": "\ufffe\uffff\U0010ffff",
    "private": "\ue000",
    "invisible": "\u200b\ufeff\u00ad",
    "spaces": "\u3000\u00a0 \t",
    "JSON": '{"a": [null]}',
}


@pytest.mark.parametrize("what", STRANGE)
def test_strange_text_in_any_field_is_kept_or_refused_and_nothing_else_changes(
    crm: Crm, people: People, keys: Mapping[str, int], what: str
) -> None:
    tables = {name: len(rows) for name, rows in everything(crm).items() if name != "audit_entry"}
    for kind, place in PLACES.items():
        for field in place.fields:
            _write_one(crm, people, place, keys[kind], field, STRANGE[what])
    assert {name: len(rows) for name, rows in everything(crm).items() if name != "audit_entry"} == tables


def _write_one(crm: Crm, people: People, place: Place, key: int, field: str, text: str) -> None:
    refusal = _refusal(lambda: place.write(crm, people, key, build(place.shape, {field: text})))
    if refusal is None:
        assert getattr(place.read(crm, people, key), field) == normalise(text)
    else:
        assert [problem.field for problem in refusal.field_problems()] == [field]
        assert text not in str(refusal)


@given(email=EMAILS)
def test_an_email_that_is_accepted_is_accepted_again_as_it_was_kept(email: str) -> None:
    if _refused_fields(ClientUpdate, {"email": email}):
        return
    kept = build(ClientUpdate, {"email": email}).changes()
    assert build(ClientUpdate, kept).changes() == kept
    shouted = kept["email"].upper()
    if shouted.lower() == kept["email"]:  # not so for ligatures, which have no capital
        assert build(ClientUpdate, {"email": shouted}).changes() == kept
