"""The table of the telemetry contract, row by row."""

import sys

import pytest

from services.monitoring.scrubbing import REDACTED, is_sensitive_name, scrub, scrub_text
from services.monitoring.scrubbing.sensitive_keys import CONTRACT_TERMS, INNOCENT_WORDS
from tests.services.monitoring.scrubbing.corpus import MACHINE
from tests.support.loaded_modules import packages_loaded_by

CARD = "XXXX-XXXX-XXXX-XXXX"
ADDRESS = "XXX.XXX.XXX.XXX"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl"
HASH = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----"


def test_the_example_of_the_guide_is_masked_as_printed() -> None:
    before = {
        "username": "john",
        "password": "secret123",
        "email": "john@example.com",
        "credit_card": "4532-1234-5678-9010",
    }
    assert scrub(before) == {
        "username": "john",
        "password": REDACTED,
        "email": "jo***@example.com",
        "credit_card": CARD,
    }


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4532-1234-5678-9010", CARD),
        ("4242424242424242", CARD),
        ("4242424242424241", "4242424242424241"),  # a bare run whose check digit is wrong
        ("9999999999999995", "9999999999999995"),  # a number without an issuer's prefix
        ("john.doe@example.com", "jo***@example.com"),
        ("555-123-4567", "XXX-XXX-4567"),
        ("+33 6 12 34 56 78", "XXX-XXX-5678"),
        ("06.12.34.56.78", "XXX-XXX-5678"),
        ("+ 666 12345", "XXX-XXX-2345"),
        ("192.168.1.1", ADDRESS),
        ("2001:db8::8a2e:370:7334", ADDRESS),
        ("FR76 3000 6000 0112 3456 7890 189", REDACTED),
        ("1 85 05 78 006 084 91", REDACTED),
        ("078-05-1120", REDACTED),
        (JWT, REDACTED),
        ("Bearer abcdef0123456789", REDACTED),
        (HASH, REDACTED),
        (PEM, REDACTED),
        ("postgresql://epic:s3cr3t@db.example.fr/crm", f"postgresql://{REDACTED}@db.example.fr/crm"),
        ("user:password@host", f"{REDACTED}@host"),
        ("https://0123456789abcdef@o1.ingest.sentry.io/7", f"https://{REDACTED}@o1.ingest.sentry.io/7"),
        ("/home/adurand/crm.db", f"{REDACTED}/crm.db"),
        ("adurand sur poste-alice", f"{REDACTED} sur {REDACTED}"),
        ("C2026-00412", "C2026-00412"),
        ("1 234,50 €", "1 234,50 €"),
        ("2026-03-01", "2026-03-01"),
        ("732 829 320 00074", "732 829 320 00074"),
        ("8.2.8", "8.2.8"),
        ("1700000000", "1700000000"),
    ],
)
def test_a_text_is_masked_as_the_contract_says(text: str, masked: str) -> None:
    assert scrub_text(text, MACHINE) == masked
    assert scrub_text(f"avant {text} après", MACHINE) == f"avant {masked} après"


@pytest.mark.parametrize(
    "text",
    ["foo>1.2.3.4", "foo > 1.2.3.4", "foo>=1.2.3.4", "foo (>1.2.3.4,<2.0.0.0)", '"^1.2.3.4"', "~1.2.3.4",
     "Chrome/120.0.0.0", "version: 1.2.3.4", "v1.2.3.4"],
)  # fmt: skip
def test_a_version_of_four_numbers_is_no_address(text: str) -> None:
    assert scrub_text(text, MACHINE) == text


def _spellings(term: str) -> list[str]:
    words = term.split("_")
    camel = words[0] + "".join(word.capitalize() for word in words[1:])
    joined = [separator.join(words) for separator in ("_", "-", " ", "")]
    pascal = "".join(word.capitalize() for word in words)
    plain = [*joined, camel, pascal, term.upper(), term.upper().replace("_", "-")]
    held = [
        f"user_{term}",
        f"{term}_2",
        f"my {joined[2]} here",
        f"X-{joined[1].title()}",
        f"user{pascal}",
        f"{term}s",
    ]
    return plain + held


@pytest.mark.parametrize("term", CONTRACT_TERMS)
def test_a_name_that_holds_a_term_is_sensitive_in_every_spelling(term: str) -> None:
    assert [name for name in _spellings(term) if not is_sensitive_name(name)] == []


@pytest.mark.parametrize("term", CONTRACT_TERMS)
@pytest.mark.parametrize("value", ["plain", "", 12, 1.5, True, None, ["a"], {"a": "b"}, b"x", object()])
def test_every_value_of_a_sensitive_name_is_redacted(term: str, value: object) -> None:
    assert scrub({term: value, "nested": [{term: value}]}) == {term: REDACTED, "nested": [{term: REDACTED}]}


@pytest.mark.parametrize(
    "name",
    [
        *INNOCENT_WORDS, "Author", "author_name", "bookAuthor", "className", "class_name", "ClassName",
        "process_name", "businessName", "passNumber", "username", "email", "full_name", "screen",
        "department",
        "lineno", "event_id", "trace_id", "message", "key", "id", "assignee", "message_number", "apiVersion",
        "card", "publicName", "",
    ],
)  # fmt: skip
def test_a_similar_name_is_not_sensitive(name: str) -> None:
    assert not is_sensitive_name(name)


@pytest.mark.parametrize(
    "name", ["credit_card", "creditCard", "card_number", "Card Number", "customer_card_number"]
)
@pytest.mark.parametrize("value", ["4532-1234-5678-9010", "4532123456789010", 4532123456789010, CARD])
def test_a_card_number_in_a_card_field_gets_the_card_mask(name: str, value: object) -> None:
    assert scrub({name: value}) == {name: CARD}


@pytest.mark.parametrize("value", ["none", "12", "declined", 7, None, ["4532-1234-5678-9010"], {"n": "4242"}])
def test_another_value_in_a_card_field_is_redacted(value: object) -> None:
    assert scrub({"credit_card": value}) == {"credit_card": REDACTED}


def test_the_scrubber_uses_only_the_standard_library() -> None:
    loaded = packages_loaded_by("import services.monitoring.scrubbing")
    assert loaded - sys.stdlib_module_names == {"services"} | (loaded & {"__main__", "_distutils_hack"})
