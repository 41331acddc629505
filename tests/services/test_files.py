"""A private file takes the place of another only where one asks for it, with hard links or without."""

import errno
import os
import stat
from pathlib import Path

import pytest

from services.files import make_folders, write_private


@pytest.fixture(params=["hard links", "none"])
def _links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    if request.param == "none":
        monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("_links")
def test_what_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("old")
    with pytest.raises(FileExistsError):
        write_private(path, "new", replace=False)
    assert path.read_text() == "old"
    write_private(path, "new", replace=True)
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]
    assert path.read_text() == "new"


@pytest.mark.usefixtures("_links")
def test_a_new_file_is_its_owner_s_alone_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    before = os.umask(0)
    try:
        write_private(path, "new", replace=False)
    finally:
        os.umask(before)
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o600)
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]


def test_a_write_that_fails_leaves_the_old_file_and_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "kept"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_private(path, "new", replace=True)
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]
    assert path.read_text() == "old"


def test_folders_that_are_made_on_the_way_are_the_owner_s_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_folders(tmp_path / "a" / "b")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")} == {0o700}


@pytest.mark.parametrize("replace", [True, False])
def test_the_name_of_a_file_is_on_the_disk_after_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replace: bool
) -> None:
    path = tmp_path / "kept"
    synced: list[tuple[str, bool]] = []
    real = os.fsync

    def noted(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        synced.append((kind, path.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    write_private(path, "new", replace=replace)
    assert synced == [("file", False), ("folder", True)]
