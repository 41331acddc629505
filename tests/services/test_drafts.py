"""A form that was open lies where only its author can read it, and only for a while."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import Department
from services import drafts, files, i18n
from services.actor import Actor
from services.draft_owner import Owner
from services.drafts import LONGEST_KEEP, Chosen, Draft, DraftFile
from services.settings import Settings, load_settings
from tests.support.isolation import ROOT

ANNA: Final = Actor(7, "anna_b", "Anna B.", Department.COMMERCIAL, "session")
BORIS: Final = Actor(8, "boris_c", "Boris C.", Department.COMMERCIAL, "session")
on_posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX")
anything = st.dictionaries(
    st.text(),
    st.none()
    | st.text(st.characters(codec=None))
    | st.builds(Chosen, st.integers() | st.sampled_from(["UTC", "Asia/Tokyo"]), st.text(), st.text()),
)


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings({}, home, home)


def a_draft(**changes: Any) -> Draft:
    values: drafts.Values = {"full_name": "Kévin", "sales_contact_id": Chosen(3, "Claire"), "phone": None}
    return replace(Draft("ClientForm", "New client", values, {"full_name": ""}, {}), **changes)


def folder() -> Path:
    return files.state_folder() / "drafts"


def test_a_draft_in_a_folder_for_itself_comes_back(settings: Settings) -> None:
    draft = a_draft(record_id=12, version=3, made="2026-11-01T10:00:00+00:00", saving=True)
    drafts.keep(settings, ANNA, draft)
    assert drafts.waiting(settings, ANNA) == [draft]


@given(values=anything, base=anything, stored=anything)
def test_a_draft_comes_back_as_it_was_kept(settings: Settings, values: Any, base: Any, stored: Any) -> None:
    draft = Draft("EventForm", "Zoë\ud800's", values, base, stored, 12, 3, saving=True)
    drafts.keep(settings, ANNA, draft)
    assert drafts.waiting(settings, ANNA) == [draft]
    drafts.discard(settings, ANNA, draft)


def test_each_person_and_database_has_its_own_and_the_newest_comes_first(settings: Settings) -> None:
    other = replace(settings, database_url="sqlite:////elsewhere.db")
    now = datetime.now(UTC)
    oldest, newest = a_draft(kept=now - timedelta(hours=2)), a_draft(kept=now)
    between, of_boris, elsewhere = a_draft(kept=now - timedelta(hours=1)), a_draft(), a_draft()
    for draft in (oldest, newest, between):
        drafts.keep(settings, ANNA, draft)
    drafts.keep(settings, BORIS, of_boris)
    drafts.keep(other, ANNA, elsewhere)
    assert drafts.waiting(settings, ANNA) == [newest, between, oldest]
    assert drafts.waiting(settings, BORIS) == [of_boris]
    assert drafts.waiting(other, ANNA) == [elsewhere]


def test_a_newer_state_replaces_the_older_of_its_form_alone(settings: Settings) -> None:
    first, other = a_draft(), a_draft(title="another form")
    drafts.keep(settings, ANNA, first)
    drafts.keep(settings, ANNA, other)
    changed = replace(first, values={"full_name": "Kévin C."}, kept=datetime.now(UTC))
    drafts.keep(settings, ANNA, changed)
    assert drafts.waiting(settings, ANNA) == [changed, other]


def test_discarding_deletes_the_draft_and_no_other(settings: Settings) -> None:
    one, other = a_draft(), a_draft()
    drafts.keep(settings, ANNA, one)
    drafts.keep(settings, ANNA, other)
    drafts.discard(settings, ANNA, one)
    assert drafts.waiting(settings, ANNA) == [other]
    drafts.discard(settings, ANNA, other)
    drafts.discard(settings, ANNA, other)
    assert not list(folder().iterdir())


def test_what_a_running_program_holds_is_offered_to_no_other_until_it_ends(settings: Settings) -> None:
    owner = Owner()
    file = DraftFile(settings, ANNA, owner)
    file.write(a_draft(), 1)
    assert drafts.waiting(settings, ANNA) == []
    assert len(list(folder().glob("*.json"))) == 1, "it was not deleted either"
    owner.release()
    assert len(drafts.waiting(settings, ANNA)) == 1


def test_of_two_programs_that_are_offered_a_draft_one_gets_it(settings: Settings) -> None:
    draft, quick, slow = a_draft(), Owner(), Owner()
    drafts.keep(settings, ANNA, draft)
    taken = drafts.claim(settings, ANNA, draft, quick)
    assert taken is not None
    assert (taken.id, taken.values) == (draft.id, draft.values)
    assert drafts.claim(settings, ANNA, draft, slow) is None
    assert drafts.waiting(settings, ANNA) == []
    drafts.discard(settings, ANNA, draft)
    assert drafts.path_of(settings, ANNA, taken).exists(), "who came too late throws nothing away"
    quick.release()
    slow.release()


def test_an_older_state_that_comes_late_changes_nothing_and_neither_does_one_after_the_end(
    settings: Settings,
) -> None:
    owner = Owner()
    file = DraftFile(settings, ANNA, owner)
    file.write(a_draft(title="second"), 2)
    file.write(a_draft(title="first"), 1)
    file.clear(1)
    file.delete()
    file.write(a_draft(title="third"), 3)
    owner.release()
    assert drafts.waiting(settings, ANNA) == []
    other = DraftFile(settings, ANNA, owner)
    other.write(a_draft(title="second"), 2)
    other.write(a_draft(title="first"), 1)
    owner.release()
    assert [draft.title for draft in drafts.waiting(settings, ANNA)] == ["second"]


def test_a_form_taken_back_to_its_start_can_be_changed_again(settings: Settings) -> None:
    owner = Owner()
    file = DraftFile(settings, ANNA, owner)
    file.write(a_draft(title="1"), 1)
    file.clear(2)
    assert not file.exists
    file.write(a_draft(title="3"), 3)
    owner.release()
    assert [draft.title for draft in drafts.waiting(settings, ANNA)] == ["3"]


def test_a_kill_in_the_middle_of_writing_leaves_the_old_state_whole_and_no_half(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = a_draft()
    drafts.keep(settings, ANNA, draft)
    half = drafts.path_of(settings, ANNA, draft)
    half.with_name(f".{half.name}.0123456789ab").write_text(half.read_text()[:40])
    assert drafts.waiting(settings, ANNA) == [draft]
    assert [path.name for path in folder().iterdir()] == [half.name]


def test_the_lock_of_a_killed_program_is_cleaned_up(settings: Settings) -> None:
    drafts.keep(settings, ANNA, a_draft())
    lock = files.state_folder() / "running" / "0123456789abcdef.lock"
    lock.parent.mkdir()
    lock.touch()
    assert drafts.waiting(settings, ANNA)
    assert not lock.exists()


def killed_while_it_holds(settings: Settings) -> subprocess.Popen[str]:
    program = (
        "import sys; from services.draft_owner import Owner\n"
        "print(Owner().take_id(), flush=True); sys.stdin.read()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def test_kill_9_frees_what_the_program_held(settings: Settings) -> None:
    with killed_while_it_holds(settings) as program:
        assert program.stdout is not None
        draft = a_draft(owner=program.stdout.readline().strip())
        drafts.keep(settings, ANNA, draft)
        assert drafts.waiting(settings, ANNA) == []
        program.kill()
        program.wait()
    assert drafts.waiting(settings, ANNA) == [draft]


@on_posix
def test_only_its_author_can_read_it_and_its_name_tells_nobody(settings: Settings) -> None:
    draft, before = a_draft(), os.umask(0)
    try:
        drafts.keep(settings, ANNA, draft)
    finally:
        os.umask(before)
    path = drafts.path_of(settings, ANNA, draft)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "anna" not in str(path)


def test_nothing_that_was_typed_is_in_the_text_of_a_draft_for_a_log() -> None:
    assert "Kévin" not in repr(a_draft(title="Kévin"))
    assert "ClientForm" in repr(a_draft())


def written(settings: Settings, **changes: object) -> Path:
    """The file of a draft of Anna's, with something in it changed."""
    draft = a_draft()
    drafts.keep(settings, ANNA, draft)
    path = drafts.path_of(settings, ANNA, draft)
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
        {"made": 3},
    ],
    ids=map(str, range(100)),
)
def test_a_draft_that_is_old_or_odd_is_ignored_and_deleted(
    settings: Settings, changes: dict[str, object]
) -> None:
    sound = written(settings)
    path = written(settings, **changes)
    assert len(drafts.waiting(settings, ANNA)) == 1
    assert sound.exists()
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[1]", b"\xff", b"[" * 100_000, b"{}"], ids=repr)
def test_a_damaged_file_is_ignored_and_deleted(settings: Settings, content: bytes) -> None:
    path = written(settings)
    path.write_bytes(content)
    assert not drafts.waiting(settings, ANNA)
    assert not path.exists()


@on_posix
def test_a_file_that_others_may_touch_and_a_link_are_deleted_and_what_it_leads_to_is_not(
    settings: Settings, home: Path
) -> None:
    path = written(settings)
    path.chmod(0o644)
    assert not drafts.waiting(settings, ANNA)
    assert not path.exists()
    elsewhere = home / "elsewhere.json"
    written(settings).rename(elsewhere)
    path.symlink_to(elsewhere)
    assert not drafts.waiting(settings, ANNA)
    assert not path.is_symlink()
    assert elsewhere.exists()


def test_what_others_left_too_long_ago_is_deleted_with_it(settings: Settings) -> None:
    drafts.keep(settings, BORIS, a_draft())
    drafts.keep(settings, ANNA, a_draft())
    theirs = next(folder().glob(f"{drafts.digest_of(settings, BORIS)}-*"))
    week_ago = (datetime.now(UTC) - LONGEST_KEEP - timedelta(hours=1)).timestamp()
    os.utime(theirs, (week_ago, week_ago))
    assert drafts.waiting(settings, ANNA)
    assert not theirs.exists()


def test_a_clock_that_was_ahead_costs_no_draft_and_makes_none_last_for_ever(settings: Settings) -> None:
    ahead = datetime.now(UTC) + timedelta(days=400)
    path = written(settings, kept=ahead.isoformat())
    os.utime(path, (ahead.timestamp(), ahead.timestamp()))
    drafts.keep(settings, ANNA, a_draft(title="older", kept=datetime.now(UTC) - timedelta(hours=1)))
    [first, second] = drafts.waiting(settings, ANNA)
    assert (first.title, second.title) == ("New client", "older")
    assert first.kept <= datetime.now(UTC), "a moment in the future counts as now"
    assert path.stat().st_mtime <= datetime.now(UTC).timestamp() + 1, "its week begins now"


def test_a_week_after_it_was_found_with_a_moment_ahead_it_is_gone(settings: Settings) -> None:
    ahead = datetime.now(UTC) + timedelta(days=400)
    path = written(settings, kept=ahead.isoformat())
    week_ago = (datetime.now(UTC) - LONGEST_KEEP - timedelta(hours=1)).timestamp()
    os.utime(path, (week_ago, week_ago))
    assert not drafts.waiting(settings, ANNA)
    assert not path.exists()


def test_what_is_held_by_a_program_that_runs_for_weeks_is_not_deleted(settings: Settings) -> None:
    owner = Owner()
    file = DraftFile(settings, ANNA, owner)
    file.write(a_draft(), 1)
    [path] = folder().glob("*.json")
    os.utime(path, (0, 0))
    drafts.waiting(settings, BORIS)
    assert path.exists()
    owner.release()


def test_a_draft_in_another_language_waits_until_that_is_spoken_again(settings: Settings) -> None:
    i18n.activate("en_US")
    draft = a_draft()
    drafts.keep(settings, ANNA, draft)
    i18n.activate("fr")
    assert not drafts.waiting(settings, ANNA)
    i18n.activate("en_US")
    assert drafts.waiting(settings, ANNA) == [draft]


def test_no_room_on_the_disk_and_no_end_of_a_text_are_said_to_the_caller(
    settings: Settings, home: Path
) -> None:
    with pytest.raises(ValueError, match="too long"):
        drafts.keep(settings, ANNA, a_draft(values={"notes": "x" * 5_000_000}))
    folder().parent.mkdir(parents=True)
    folder().write_text("a file in the place of the folder")
    with pytest.raises(OSError, match=r"exists|Not a directory"):
        drafts.keep(settings, ANNA, a_draft())
    assert not drafts.waiting(settings, ANNA)
