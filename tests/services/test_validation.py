"""What is accepted comes back as it was; what is refused names its field. Typed from the brief."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from models.write_models import (
    ClientCreate,
    ClientUpdate,
    CollaboratorCreate,
    CollaboratorUpdate,
    Command,
    ContractCreate,
    EventCreate,
    EventUpdate,
    PaymentCreate,
)
from services.errors import Invalid
from services.validation import build, check_field
from tests.support.accounts import PASSWORD

CLIENT = {"full_name": "Kevin Casey", "email": "kevin@startup.io"}
CONTRACT = {"client_id": 1, "total_amount": "1200.50"}
START = datetime(2027, 6, 4, 13, 0, tzinfo=UTC)
EVENT = {"contract_id": 1, "name": "Ball", "start": START, "end": START + timedelta(hours=13)}
PERSON = {
    "username": "anna_n",
    "first_name": "Anna",
    "last_name": "Nowak",
    "email": "anna@epicevents.example",
    "department": "SUPPORT",
    "password": PASSWORD,
}

ACCEPTED = [
    (ClientCreate, CLIENT, "full_name", "Aliénor d'Aquitaine-Łódź", "Aliénor d'Aquitaine-Łódź"),
    (ClientCreate, CLIENT, "full_name", "  E\u0301lodie ", "Élodie"),
    (ClientCreate, CLIENT, "full_name", "أحمد בן 東京 👩‍🚀", "أحمد בן 東京 👩‍🚀"),
    (ClientCreate, CLIENT, "full_name", "[/bold]'; DROP TABLE client;--", "[/bold]'; DROP TABLE client;--"),
    (ClientCreate, CLIENT, "full_name", "x" * 200, "x" * 200),
    (ClientCreate, CLIENT, "email", "Kevin@Startup.IO", "kevin@startup.io"),
    (ClientCreate, CLIENT, "email", " kevin@startup.io ", "kevin@startup.io"),
    (ClientCreate, CLIENT, "email", "élodie@exämple.fr", "élodie@exämple.fr"),
    (ClientCreate, CLIENT, "phone", "+ 666 12345", "+ 666 12345"),
    (ClientCreate, CLIENT, "phone", "+678 123 456 78", "+678 123 456 78"),
    (ClientCreate, CLIENT, "phone", "(01) 23.45-67/89", "(01) 23.45-67/89"),
    (ClientCreate, CLIENT, "phone", "0123456789 poste 12", "0123456789 poste 12"),
    (ClientCreate, CLIENT, "phone", "", ""),
    (ClientCreate, CLIENT, "first_contact_date", "2021-04-18", date(2021, 4, 18)),
    (ClientCreate, CLIENT, "first_contact_date", date(1900, 1, 1), date(1900, 1, 1)),
    (ClientCreate, CLIENT, "last_contact_date", None, None),
    (ContractCreate, CONTRACT, "total_amount", "0.01", Decimal("0.01")),
    (ContractCreate, CONTRACT, "total_amount", Decimal("9999999999.99"), Decimal("9999999999.99")),
    (ContractCreate, CONTRACT, "total_amount", 5, Decimal("5.00")),
    (ContractCreate, CONTRACT, "total_amount", "12.500", Decimal("12.50")),
    (PaymentCreate, {"amount": "1"}, "received_on", date(2020, 2, 29), date(2020, 2, 29)),
    (EventCreate, EVENT, "attendees", 0, 0),
    (EventCreate, EVENT, "attendees", 1_000_000, 1_000_000),
    (EventCreate, EVENT, "notes", "one\r\ntwo\n\tthree", "one\ntwo\n\tthree"),
    (EventCreate, EVENT, "notes", "n" * 20_000, "n" * 20_000),
    (EventCreate, EVENT, "start", START.replace(second=59, microsecond=9), START),
    (EventCreate, EVENT, "start", datetime(2027, 6, 4, 15, 0, tzinfo=timezone(timedelta(hours=2))), START),
    (EventCreate, EVENT, "start", datetime(1950, 1, 1, tzinfo=UTC), datetime(1950, 1, 1, tzinfo=UTC)),
    (CollaboratorCreate, PERSON, "username", "Az_-", "Az_-"),
    (CollaboratorCreate, PERSON, "username", "u" * 50, "u" * 50),
    # Pasted: spaces that do not break, dashes of typography, marks that are not seen, digits of any script.
    (ClientCreate, CLIENT, "full_name", "Anna\u202e\u00a0No\u00adwak\u200b", "Anna Nowak"),
    (ClientCreate, CLIENT, "company", "\ufeffAcme\u202fSARL", "Acme SARL"),
    (ClientCreate, CLIENT, "phone", "06\u00a098\u202f76\t54\n32", "06 98 76 54 32"),
    (ClientCreate, CLIENT, "phone", "06\u201198\u201376\u221254-32", "06-98-76-54-32"),
    (ClientCreate, CLIENT, "phone", "\u202a+33 6 98 76 54 32\u202c", "+33 6 98 76 54 32"),
    (ClientCreate, CLIENT, "phone", "٠١٢٣٤٥٦٧", "01234567"),
    (ClientCreate, CLIENT, "phone", "＋３３（０）６", "+33(0)6"),
    (ClientCreate, CLIENT, "phone", "1-800-FLOWERS", "1-800-FLOWERS"),
    (ClientCreate, CLIENT, "email", "kevin\u200b@start\u2011up\u00ad.io\u00a0", "kevin@start-up.io"),
    (ClientCreate, CLIENT, "email", "ｋｅｖｉｎ＠startup．io", "kevin@startup.io"),
    (CollaboratorCreate, PERSON, "username", "\ufeffanna\u2011n\u00a0", "anna-n"),
    (CollaboratorCreate, PERSON, "employee_number", "EMP\u2011００4\u200b", "EMP-004"),
    (EventCreate, EVENT, "location", "Salle\u00a0A\u200b", "Salle A"),
    (EventCreate, EVENT, "notes", "12\u202f€ \u200eב\u200f", "12\u202f€ ב"),
]

REFUSED = [
    (ClientCreate, CLIENT, "full_name", ""),
    (ClientCreate, CLIENT, "full_name", " \u00a0 "),
    (ClientCreate, CLIENT, "full_name", "x" * 201),
    (ClientCreate, CLIENT, "full_name", "Anna\x00Nowak"),
    (ClientCreate, CLIENT, "full_name", "Anna\nNowak"),
    (ClientCreate, CLIENT, "full_name", "\x1b[31mAnna"),
    (ClientCreate, CLIENT, "full_name", "Anna\ud800Nowak"),
    (ClientCreate, CLIENT, "full_name", None),
    (ClientCreate, CLIENT, "full_name", 7),
    (ClientCreate, CLIENT, "email", ""),
    (ClientCreate, CLIENT, "email", "kevin"),
    (ClientCreate, CLIENT, "email", "kevin@"),
    (ClientCreate, CLIENT, "email", "kevin@@startup.io"),
    (ClientCreate, CLIENT, "email", "kevin@startup.io\x00"),
    (ClientCreate, CLIENT, "email", "ke\ud800vin@startup.io"),
    (ClientCreate, CLIENT, "email", f"{'k' * 250}@startup.io"),
    (ClientCreate, CLIENT, "phone", "12"),
    (ClientCreate, CLIENT, "phone", "call me"),
    (ClientCreate, CLIENT, "phone", "1" * 41),
    (ClientCreate, CLIENT, "phone", "0123\x07456"),
    (ClientCreate, CLIENT, "phone", "1-800-FLOWERS-AND-MORE-LETTERS"),
    (ClientCreate, CLIENT, "first_contact_date", "yesterday"),
    (ClientCreate, CLIENT, "first_contact_date", date(1899, 12, 31)),
    (ClientCreate, CLIENT, "first_contact_date", date(2200, 1, 1)),
    (ClientCreate, CLIENT, "sales_contact_id", "claire"),
    (ClientCreate, CLIENT, "surname", "Casey"),
    (ClientUpdate, {}, "sales_contact_id", None),
    (ContractCreate, CONTRACT, "total_amount", "0"),
    (ContractCreate, CONTRACT, "total_amount", "-5"),
    (ContractCreate, CONTRACT, "total_amount", "10000000000.00"),
    (ContractCreate, CONTRACT, "total_amount", "0.0001"),
    (ContractCreate, CONTRACT, "total_amount", "1e-400"),
    (ContractCreate, CONTRACT, "total_amount", "1e400"),
    (ContractCreate, CONTRACT, "total_amount", 12.5),
    (ContractCreate, CONTRACT, "total_amount", "NaN"),
    (ContractCreate, CONTRACT, "total_amount", Decimal("sNaN")),
    (ContractCreate, CONTRACT, "total_amount", "Infinity"),
    (ContractCreate, CONTRACT, "total_amount", "twelve"),
    (ContractCreate, CONTRACT, "total_amount", True),
    (ContractCreate, CONTRACT, "total_amount", None),
    (ContractCreate, CONTRACT, "client_id", "9" * 5_000),
    (PaymentCreate, {"amount": "1"}, "amount", "0.00"),
    (PaymentCreate, {"amount": "1"}, "received_on", "29/02/2021"),
    (EventCreate, EVENT, "attendees", -1),
    (EventCreate, EVENT, "attendees", 1_000_001),
    (EventCreate, EVENT, "attendees", 2.5),
    (EventCreate, EVENT, "attendees", "many"),
    (EventCreate, EVENT, "notes", "n" * 20_001),
    (EventCreate, EVENT, "notes", "escape \x1b[2J"),
    (EventCreate, EVENT, "location", "x" * 301),
    (EventCreate, EVENT, "start", datetime(2027, 6, 4, 13, 0)),  # noqa: DTZ001
    (EventCreate, EVENT, "start", datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=10)))),
    (EventCreate, EVENT, "start", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=10)))),
    (EventCreate, EVENT, "start", datetime(2300, 1, 1, tzinfo=UTC)),
    (EventCreate, EVENT, "end", START),
    (EventCreate, EVENT, "end", START + timedelta(seconds=59)),
    (EventUpdate, {}, "start", None),
    (EventUpdate, {}, "end", None),
    (EventUpdate, {"start": START}, "end", START - timedelta(minutes=1)),
    (CollaboratorCreate, PERSON, "username", "abc"),
    (CollaboratorCreate, PERSON, "username", "u" * 51),
    (CollaboratorCreate, PERSON, "username", "anna.n"),
    (CollaboratorCreate, PERSON, "username", "élodie"),
    (CollaboratorCreate, PERSON, "username", "anna n"),
    (CollaboratorCreate, PERSON, "department", "MARKETING"),
    (CollaboratorCreate, PERSON, "department", None),
    (CollaboratorCreate, PERSON, "password", None),
    (CollaboratorUpdate, {}, "department", None),
    (CollaboratorUpdate, {}, "employee_number", " "),
]

Row = tuple[type[Command], Mapping[str, object], str, object]


@pytest.mark.parametrize(("shape", "others", "field", "given", "kept"), ACCEPTED)
def test_a_value_that_the_brief_allows_is_kept_as_it_was(
    shape: type[Command], others: Mapping[str, object], field: str, given: object, kept: object
) -> None:
    assert getattr(build(shape, {**others, field: given}), field) == kept
    assert check_field(shape, field, given) is None


@pytest.mark.parametrize(("shape", "others", "field", "given"), REFUSED)
def test_a_value_that_breaks_a_rule_is_refused_by_its_field(
    shape: type[Command], others: Mapping[str, object], field: str, given: object
) -> None:
    with pytest.raises(Invalid) as refusal:
        build(shape, {**others, field: given})
    (problem,) = refusal.value.field_problems()
    assert problem.field == field
    assert problem.message().endswith(".")
    assert refusal.value.exit_code == 2


def test_every_field_at_fault_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        build(ClientCreate, {"full_name": "", "email": "kevin", "phone": "x", "company": "Cool Startup LLC"})
    assert [problem.field for problem in refusal.value.field_problems()] == ["full_name", "email", "phone"]


@pytest.mark.parametrize(
    ("shape", "required"),
    [
        (ClientCreate, {"full_name", "email"}),
        (ContractCreate, {"client_id", "total_amount"}),
        (PaymentCreate, {"amount"}),
        (EventCreate, {"contract_id", "name", "start", "end"}),
        (CollaboratorCreate, set(PERSON)),
        (ClientUpdate, set()),
        (EventUpdate, set()),
        (CollaboratorUpdate, set()),
    ],
)
def test_what_is_missing_is_asked_for(shape: type[Command], required: set[str]) -> None:
    problems = []
    try:
        build(shape, {})
    except Invalid as refusal:
        problems = list(refusal.field_problems())
    assert {problem.field for problem in problems} == required
    assert {problem.message() for problem in problems} <= {"This field is required."}


def test_a_field_is_checked_as_one_leaves_it_whatever_the_others_hold() -> None:
    problem = check_field(ClientCreate, "email", "kevin")
    assert problem is not None
    assert problem.field == "email"
    assert "name@example.com" in problem.message()


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(Invalid) as refusal:
        build(CollaboratorCreate, {**PERSON, "username": "my secret!", "password": None})
    texts = [str(refusal.value), repr(refusal.value), repr(refusal.value.field_problems())]
    assert not any("my secret!" in text or PASSWORD in text for text in texts)
    assert refusal.value.__context__ is None
