"""Addresses of databases have one form, which SQLAlchemy reads as we do, and show no password."""

from pathlib import Path

import pytest

from services.errors import SettingsError
from services.settings.database_options import OPTIONS
from services.settings.database_urls import canonical_url, identity, shown_url, sqlite_file, sqlite_url

_NOT_FOR_US = {"replication", "sslkeylogfile", "min_protocol_version", "max_protocol_version"}


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


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("sqlite://///var/crm.db", "sqlite:////home/me/crm.db"),
        ("sqlite://////var/crm.db", "sqlite:////home/me/crm.db"),
        ("sqlite:///%2F%2Fvar/crm.db", "sqlite:////home/me/crm.db"),
        ("sqlite://var/crm.db", "must name a file"),
        ("sqlite:/var/crm.db", "must name a file"),
        ("sqlite:////var/", "names a folder"),
        ("sqlite:////", "names a folder"),
        ("sqlite:////var/crm%00.db", "must name a file"),
        ("sqlite:////var/crm.db?mode=ro", "has no options"),
        ("sqlite:///C:\\crm.db", "Windows drive"),
        ("sqlite:////c:/crm.db", "Windows drive"),
        ("sqlite:///~nobody-of-this-name/crm.db", "must name a file"),
        ("/var/crm.db", "is not the address of a database"),
        ("postgresql://anna@db/crm?hots=x", "hots. Did you mean host?"),
        ("postgresql://anna@db/crm?ssl_mode=require", "ssl_mode. Did you mean sslmode?"),
        ("postgresql://anna@db/crm?charset=utf8", "charset"),
        ("postgresql://anna@db/crm?sslmode=required", "Choose one of: allow, disable"),
        ("postgresql://anna@db/crm?sslmode=", "sslmode=value"),
        ("postgresql://anna@db/crm?sslmode", "sslmode=value"),
        ("postgresql://anna@db/crm?sslmode=allow&sslmode=require", "sslmode. Write it once"),
        ("postgresql://anna@db/crm?connect_timeout=soon", "connect_timeout. It must be a whole number"),
        ("postgresql://anna@db/crm?client_encoding=latin1", "client_encoding"),
        ("postgresql://anna@db:port/crm", "from 1 to 65535"),
        ("postgresql://anna@db:99999/crm", "from 1 to 65535"),
        ("postgresql://anna@db:0/crm", "from 1 to 65535"),
        ("postgresql://anna@one:1,two:2/crm", "?host=one:5432&host=two:5432"),
        ("postgresql://anna@db/", "cannot be read"),
        ("postgresql://anna@db/crm%00", "cannot be read"),
        ("postgresql://an na@db/crm", "cannot be read"),
        ("mysql://anna@db/crm", "is not the address of a database"),
    ],
)
def test_what_cannot_be_an_address_is_refused_with_what_would_be_right(written: str, right: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        canonical_url(written, folder=Path("/base"))
    assert refusal.value.variable == "EPICEVENTS_DATABASE_URL"
    assert right in refusal.value.message()
    assert "anna" not in refusal.value.message()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SQLITE:////var/crm.db", "sqlite:////var/crm.db"),
        ("  sqlite:////var//crm.db ", "sqlite:////var/crm.db"),
        ("sqlite:///~/crm.db", "sqlite:///{home}/crm.db"),
        ("sqlite:///a:b/crm.db", "sqlite:////base/a:b/crm.db"),
        ("POSTGRES://u@h/db", "postgresql+psycopg://u@h/db"),
        ("postgresql://u@[::1]:5432/db?sslmode=verify-full", None),
        ("postgresql://u@/db?host=one:5432&host=two:5433&target_session_attrs=primary", None),
        ("postgresql://h/db?user=u&password=p%26w", None),
    ],
)
def test_other_ways_to_write_an_address_are_read(written: str, read: str | None) -> None:
    expected = (read or written.replace("postgresql:", "postgresql+psycopg:")).format(home=Path.home())
    assert canonical_url(written, folder=Path("/base")) == expected


def test_every_option_that_the_driver_knows_is_known_here() -> None:
    import psycopg

    of_the_driver = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    assert set(OPTIONS) <= of_the_driver
    forgotten = of_the_driver - set(OPTIONS)
    assert all(name.startswith(("oauth", "scram")) for name in forgotten - _NOT_FOR_US)
