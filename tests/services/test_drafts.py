"""A form that was open lies where only its author can read it, and only for a while."""

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import Department
from services import drafts, i18n, paths
from services.announcements import Actor
from services.drafts import LONGEST_KEEP, Chosen, Draft
from services.settings import Settings, load_settings

ANNA: Final = Actor(7, "anna_b", "Anna B.", Department.COMMERCIAL, "session")
BORIS: Final = Actor(8, "boris_c", "Boris C.", Department.COMMERCIAL, "session")
on_posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX")
anything = st.dictionaries(
    st.text(),
    st.none() | st.text(st.characters(codec=None)) | st.builds(Chosen, st.integers(), st.text(), st.text()),
)


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings({}, home, home)


def a_draft(**changes: Any) -> Draft:
    values: drafts.Values = {"full_name": "Kévin", "sales_contact_id": Chosen(3, "Claire"), "phone": None}
    return replace(Draft("ClientForm", "New client", values, {"full_name": ""}, {}), **changes)


def folder() -> Path:
    return paths.state_folder() / "drafts"


@given(values=anything, base=anything, stored=anything)
def test_a_draft_comes_back_as_it_was_kept(settings: Settings, values: Any, base: Any, stored: Any) -> None:
    draft = Draft("EventForm", "Zoë\ud800's", values, base, stored, 12, 3, saving=True)
    drafts.keep(settings, ANNA, draft)
    assert drafts.load(settings, ANNA) == draft


def test_the_newest_wins_and_each_person_and_database_has_its_own(settings: Settings) -> None:
    other = replace(settings, database_url="sqlite:////elsewhere.db")
    newest, of_boris, elsewhere = a_draft(title="2"), a_draft(title="3"), a_draft(title="4")
    drafts.keep(settings, ANNA, a_draft(title="1"))
    drafts.keep(settings, ANNA, newest)
    drafts.keep(settings, BORIS, of_boris)
    drafts.keep(other, ANNA, elsewhere)
    assert drafts.load(settings, ANNA) == newest
    assert drafts.load(settings, BORIS) == of_boris
    assert drafts.load(other, ANNA) == elsewhere
    assert len(list(folder().iterdir())) == 3


def test_discarding_deletes_the_draft_but_not_a_newer_one(settings: Settings) -> None:
    old, new = a_draft(), a_draft()
    drafts.keep(settings, ANNA, old)
    drafts.keep(settings, ANNA, new)
    drafts.discard(settings, ANNA, old)
    assert drafts.load(settings, ANNA) == new
    drafts.discard(settings, ANNA, new)
    drafts.discard(settings, ANNA, new)
    assert drafts.load(settings, ANNA) is None
    assert not list(folder().iterdir())


@on_posix
def test_only_its_author_can_read_it_and_its_name_tells_nobody(settings: Settings) -> None:
    before = os.umask(0)
    try:
        drafts.keep(settings, ANNA, a_draft())
    finally:
        os.umask(before)
    path = drafts.path_of(settings, ANNA)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "anna" not in str(path)


def test_nothing_that_was_typed_is_in_the_text_of_a_draft_for_a_log() -> None:
    assert "Kévin" not in repr(a_draft(title="Kévin"))
    assert "ClientForm" in repr(a_draft())


def written(settings: Settings, **changes: object) -> Path:
    """The file of a draft of Anna's, with something in it changed."""
    drafts.keep(settings, ANNA, a_draft())
    path = drafts.path_of(settings, ANNA)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"format": None},
        {"collaborator": 8},
        {"kept": (datetime.now(UTC) - LONGEST_KEEP - timedelta(minutes=1)).isoformat()},
        {"kept": "yesterday"},
        {"kept": "2026-01-01T00:00:00"},
        {"values": []},
        {"values": {"full_name": 3}},
        {"values": {"full_name": {"id": "x"}}},
        {"version": "1"},
        {"record_id": True},
        {"title": None},
        {"id": 3},
    ],
    ids=map(str, range(100)),
)
def test_a_draft_that_is_old_or_odd_is_ignored_and_deleted(
    settings: Settings, changes: dict[str, object]
) -> None:
    assert drafts.load(settings, ANNA) is None
    path = written(settings)
    assert drafts.load(settings, ANNA) is not None
    written(settings, **changes)
    assert drafts.load(settings, ANNA) is None
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[1]", b"\xff", b"[" * 100_000, b"{}"], ids=repr)
def test_a_damaged_file_is_ignored_and_deleted(settings: Settings, content: bytes) -> None:
    path = written(settings)
    path.write_bytes(content)
    assert drafts.load(settings, ANNA) is None
    assert not path.exists()


@on_posix
def test_a_file_that_others_may_touch_and_a_link_are_deleted_and_what_it_leads_to_is_not(
    settings: Settings, home: Path
) -> None:
    path = written(settings)
    path.chmod(0o644)
    assert drafts.load(settings, ANNA) is None
    assert not path.exists()
    elsewhere = home / "elsewhere.json"
    written(settings).rename(elsewhere)
    path.symlink_to(elsewhere)
    assert drafts.load(settings, ANNA) is None
    assert not path.is_symlink()
    assert elsewhere.exists()


def test_what_others_left_too_long_ago_is_deleted_with_it(settings: Settings) -> None:
    drafts.keep(settings, BORIS, a_draft())
    drafts.keep(settings, ANNA, a_draft())
    theirs = drafts.path_of(settings, BORIS)
    week_ago = (datetime.now(UTC) - LONGEST_KEEP - timedelta(hours=1)).timestamp()
    os.utime(theirs, (week_ago, week_ago))
    assert drafts.load(settings, ANNA) is not None
    assert not theirs.exists()


def test_a_draft_in_another_language_waits_until_that_is_spoken_again(settings: Settings) -> None:
    i18n.activate("en_US")
    draft = a_draft()
    drafts.keep(settings, ANNA, draft)
    i18n.activate("fr")
    assert drafts.load(settings, ANNA) is None
    i18n.activate("en_US")
    assert drafts.load(settings, ANNA) == draft


def test_no_room_on_the_disk_and_no_end_of_a_text_are_said_to_the_caller(
    settings: Settings, home: Path
) -> None:
    with pytest.raises(ValueError, match="too long"):
        drafts.keep(settings, ANNA, a_draft(values={"notes": "x" * 5_000_000}))
    folder().parent.mkdir(parents=True)
    folder().write_text("a file in the place of the folder")
    with pytest.raises(OSError, match="exists"):
        drafts.keep(settings, ANNA, a_draft())
    assert drafts.load(settings, ANNA) is None
