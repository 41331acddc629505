"""The traceback of a refusal shows no error below it: that one quotes what somebody typed."""

from collections.abc import Callable
from pathlib import Path
from traceback import format_exception

import pytest

from models.write_models import ClientUpdate, CollaboratorUpdate
from services import clients, collaborators
from services.auth import tokens
from services.crm import Crm
from services.errors import CrmError, Duplicate, Invalid, NotSignedIn
from services.formats import parse_date, parse_datetime
from services.validation import build
from tests.support.accounts import People
from tests.support.crm import SECRET_KEY
from tests.support.records import Records

EMAIL = "kevin.casey@client.example"


def shown(refusal: pytest.ExceptionInfo[CrmError]) -> str:
    return "".join(format_exception(refusal.value))


def test_a_taken_email_is_in_no_traceback(crm: Crm, records: Records, people: People) -> None:
    records.client(email=EMAIL)
    other = records.client()
    with pytest.raises(Duplicate) as refusal:
        records.client(email=EMAIL)
    assert EMAIL not in shown(refusal)
    assert "IntegrityError" not in shown(refusal)
    change = build(ClientUpdate, {"email": EMAIL})
    with pytest.raises(Duplicate) as refusal:
        clients.update_client(crm, people.commercial, other.id, change)
    assert EMAIL not in shown(refusal)
    assert "IntegrityError" not in shown(refusal)


def test_a_taken_username_is_in_no_traceback(crm: Crm, people: People) -> None:
    change = build(CollaboratorUpdate, {"username": "claire_d"})
    with pytest.raises(Duplicate) as refusal:
        collaborators.update_collaborator(crm, people.gestion, people.support.id, change)
    assert "IntegrityError" not in shown(refusal)


@pytest.mark.parametrize("token", ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "not a token at all", "é.é.é"])
def test_a_refused_token_is_in_no_traceback(token: str) -> None:
    with pytest.raises(NotSignedIn) as refusal:
        tokens.read(SECRET_KEY, token)
    assert shown(refusal).count("Traceback") == 1
    assert not token or token not in shown(refusal)


@pytest.mark.parametrize("parse", [parse_date, parse_datetime])
@pytest.mark.parametrize("typed", ["31/02/2027", "31/02/2027 18:30", "32/01/2027 10:00"])
def test_a_refused_date_shows_no_error_below_it(parse: Callable[[str, str], object], typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(typed, "start")
    assert shown(refusal).count("Traceback") == 1


def test_a_file_that_cannot_be_read_as_settings_is_in_no_traceback(tmp_path: Path) -> None:
    from services.errors import SettingsError
    from services.settings import load_settings

    (tmp_path / ".env").write_bytes(b"EPICEVENTS_SECRET_KEY=\xff\xfe-a-secret-of-many-letters\n")
    with pytest.raises(SettingsError) as refusal:
        load_settings({}, tmp_path, tmp_path)
    assert "secret-of-many" not in shown(refusal)
    assert "UnicodeDecodeError" not in shown(refusal)
