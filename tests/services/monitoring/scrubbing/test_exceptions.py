"""Quoted values in exception texts are masked, since they come from input."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from services.monitoring.scrubbing import REDACTED, scrub_exception_text
from tests.services.monitoring.scrubbing.corpus import MACHINE


def scrubbed(kind: str, text: str) -> str:
    return scrub_exception_text(kind, text, MACHINE)


@pytest.mark.parametrize(
    ("kind", "text", "masked"),
    [
        ("KeyError", "'Jean Dupont'", REDACTED),
        ("KeyError", "('Jean', 'Dupont')", f"({REDACTED}, {REDACTED})"),
        ("ValueError", "not a number: 'Jean'", f"not a number: {REDACTED}"),
        ("ValueError", "not a number: \"l'été\"", f"not a number: {REDACTED}"),
        ("ValueError", "time data 'Dupont' is not '%d'", f"time data {REDACTED} is not {REDACTED}"),
        ("ValueError", "« Dupont » n'est pas un nom", f"{REDACTED} n'est pas un nom"),
        ("ValueError", "“Dupont” and ‘Jean’ and `x`", f"{REDACTED} and {REDACTED} and {REDACTED}"),
        ("ValueError", "it's 'O\\'Brien' here", f"it's {REDACTED} here"),
        ("ValueError", "no 'Jean\\' Dupont' here", f"no {REDACTED} here"),
        ("OSError", "[Errno 2] No such file: 'C:\\\\Dupont.csv'", f"[Errno 2] No such file: {REDACTED}"),
        ("UnicodeError", "codec can't encode '\\udce9' in it", f"codec can't encode {REDACTED} in it"),
        ("ValidationError", "email [type=value_error, input_value='Dupont, Jean', input_type=str]",
         f"email [type=value_error, input_value={REDACTED}, input_type=str]"),
        ("ValidationError", "x [type=missing, input_value={'name': 'Jean'}, input_type=dict]",
         f"x [type=missing, input_value={REDACTED}, input_type=dict]"),
        ("AssertionError", "assert \"Dupont\" == b'Jean'", f"assert {REDACTED} == b{REDACTED}"),
        ("Failure", "42 clients, 3 contrats", "42 clients, 3 contrats"),
        ("RuntimeError", "jean.dupont@example.fr a été refusé", "je***@example.fr a été refusé"),
    ],
)  # fmt: skip
def test_quoted_values_are_masked(kind: str, text: str, masked: str) -> None:
    assert scrubbed(kind, text) == masked
    assert scrubbed(f"some.module.{kind}", text) == masked
    assert scrubbed(kind, masked) == masked


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("AttributeError", "'NoneType' object has no attribute 'full_name'"),
        ("NameError", "name 'cilent' is not defined"),
        ("ImportError", "cannot import name 'x' from 'services' (services/__init__.py)"),
        ("ModuleNotFoundError", "No module named 'textual'"),
        ("TypeError", "unsupported operand type(s) for +: 'int' and 'str'"),
        ("UnboundLocalError", "cannot access local variable 'x' where it is not associated with a value"),
        ("NoMatches", "No nodes match '#name' on ClientForm()"),
        ("RuntimeError", "Test Sentry - Cette erreur est volontaire"),
        ("RuntimeError", "Signature d'un contrat de l'utilisateur, aujourd'hui"),
        ("RuntimeError", "Signature d’un contrat de l’utilisateur, aujourd’hui"),
        ("RuntimeError", "rock 'n roll"),
        ("ZeroDivisionError", "division by zero"),
        ("IntegrityError", "UNIQUE constraint failed: client.email"),
        ("UniqueViolation", 'duplicate key value violates unique constraint "uq_client_email"'),
        (
            "NotNullViolation",
            'null value in column "email" of relation "client" violates not-null constraint',
        ),
        ("UniqueViolation", "rompt la contrainte unique « uq_client_email »"),
    ],
)
def test_names_of_the_program_are_kept(kind: str, text: str) -> None:
    assert scrubbed(kind, text) == text


def test_personal_data_are_masked_in_exceptions_about_code_too() -> None:
    assert scrubbed("TypeError", "bad operand: 'jean.dupont@example.fr'") == "bad operand: 'je***@example.fr'"


@pytest.mark.parametrize(
    "detail",
    [
        "DETAIL:  Key (email)=(Jean Dupont) already exists.",
        "DETAIL:  Failing row contains (1, Jean Dupont, null, 2026-03-01).",
        "DÉTAIL : La clé « (name)=(Jean Dupont) » existe déjà.",
        'LINE 1: INSERT INTO client VALUES (Jean Dupont)\n                      ^',
    ],
)  # fmt: skip
def test_the_values_that_postgresql_adds_are_masked(detail: str) -> None:
    text = f'duplicate key value violates unique constraint "uq_client_email"\n{detail}\nHINT: none'
    masked = scrubbed("UniqueViolation", text)
    assert "Dupont" not in masked
    assert "uq_client_email" in masked


def test_the_parameters_that_sqlalchemy_adds_are_masked() -> None:
    text = (
        "(sqlite3.IntegrityError) UNIQUE constraint failed: client.email\n"
        "[SQL: INSERT INTO client (name, email) VALUES (?, ?)]\n"
        "[parameters: (Jean Dupont, 42, [1], b'x')]\n"
        "(Background on this error at: https://sqlalche.me/e/20/gkpj)"
    )
    masked = scrubbed("IntegrityError", text)
    assert "Dupont" not in masked
    assert "42" not in masked
    assert "[SQL: INSERT INTO client (name, email) VALUES (?, ?)]" in masked
    assert "https://sqlalche.me/e/20/gkpj" in masked


def test_parameters_that_are_cut_off_are_masked_to_the_end() -> None:
    assert "Dupont" not in scrubbed("TypeError", "x\n[parameters: (1, Dupont, 'a'), (2, Dupont")


def test_a_quotation_that_is_cut_off_is_masked_to_the_end() -> None:
    text = "no such thing: '" + "Jean Dupont " * 2000
    assert "Dupont" not in scrubbed("LookupError", text)


def _raised(cause: Callable[[], object]) -> Exception:
    try:
        cause()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_values_in_messages_of_python_and_sqlite_are_masked() -> None:
    names: dict[str, int] = {}
    with closing(sqlite3.connect(":memory:")) as database:
        causes: list[Callable[[], object]] = [
            lambda: int("Dupont"),
            lambda: names["Dupont"],
            lambda: os.stat("/no/Dupont"),
            lambda: database.execute("'Dupont'"),
        ]
        errors = [_raised(cause) for cause in causes]
    assert all("Dupont" in str(error) for error in errors)
    assert not any("Dupont" in scrubbed(type(error).__name__, str(error)) for error in errors)


@pytest.mark.parametrize(
    "text",
    [
        "Failing row contains (7, Anna Nowak, null, Ropes and tents).",
        "new row violates a rule: failing row contains (7, Anna Nowak, null, Ropes and tents",
        "La ligne en échec contient (7, Anna Nowak, null, Ropes and tents).",
    ],
)
def test_a_quoted_row_without_its_label_is_masked_to_the_end(text: str) -> None:
    masked = scrub_exception_text("IntegrityError", text)
    assert REDACTED in masked
    assert not any(word in masked for word in ("7", "Nowak", "Ropes"))
