"""Addresses of databases have one form, which SQLAlchemy reads as we do, and show no password."""

from pathlib import Path

import pytest

from services.database_urls import canonical_url, identity, shown_url, sqlite_file, sqlite_url


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("sqlite:////var/crm.db", "sqlite:////var/crm.db"),
        ("sqlite:///crm.db", "sqlite:////base/crm.db"),
        ("sqlite:///my%20crm.db", "sqlite:////base/my crm.db"),
        ("sqlite:///../crm é.db", "sqlite:////crm é.db"),
        ("postgres://u@h/db", "postgresql+psycopg://u@h/db"),
        ("postgresql://u:p%40@h:5432/db", "postgresql+psycopg://u:p%40@h:5432/db"),
        ("postgresql+psycopg:///db?host=/run/pg", "postgresql+psycopg:///db?host=/run/pg"),
    ],
)
def test_an_address_of_a_database_has_one_form(written: str, read: str) -> None:
    assert canonical_url(written, folder=Path("/base")) == read
    assert canonical_url(read, folder=Path("/elsewhere")) == read


def test_sqlalchemy_reads_our_addresses_as_we_do() -> None:
    from sqlalchemy.engine import make_url

    url = canonical_url("postgresql://ada:p%40%3A%2F%3F%23%25@db.example:5433/crm")
    assert make_url(url).password == "p@:/?#%"
    assert make_url(url).host == "db.example"
    for path in ("/base/a b #é.db", "/base/100%25.db", "/base/why?.db", "/base/%.db"):
        url = canonical_url(sqlite_url(Path(path)), folder=Path("/elsewhere"))
        assert make_url(url).database == str(sqlite_file(url)) == path


def test_an_address_is_told_apart_by_everything_but_its_password() -> None:
    assert identity("postgresql+psycopg://a:x@h/db") == identity("postgresql+psycopg://a:y@h/db")
    assert identity("postgresql+psycopg://a:x@h/db") != identity("postgresql+psycopg://b:x@h/db")
    assert shown_url("sqlite:////a.db") == "sqlite:////a.db"
