"""The spool: private files of bounded size that survive the process, each locked by one process at a time."""

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from services.monitoring.delivery.spool import Spool, category_of, event_id_in
from tests.support.isolation import ROOT

ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "state" / "server")


def body_of(spool: Spool, path: Path) -> bytes | None:
    with spool.locked(path) as body:
        return body


def test_an_envelope_is_a_complete_private_file(spool: Spool) -> None:
    path = spool.put(b"envelope", "error", ID)
    assert path.read_bytes() == b"envelope"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert (category_of(path), event_id_in(path)) == ("error", ID)
    assert os.listdir(path.parent) == [path.name]


def test_waiting_envelopes_are_sorted_by_capture_time(spool: Spool) -> None:
    bodies = [b"%d" % number for number in range(12)]
    for number, body in enumerate(bodies):
        spool.put(body, "session" if number % 2 else "error")
    assert [body_of(spool, path) for path in spool.waiting()] == bodies


def test_an_invalid_event_id_is_not_used_in_a_path(spool: Spool) -> None:
    path = spool.put(b"x", "error", "../../etc/passwd")
    assert path.parent == spool.folder
    assert spool.waiting() == [path]


def test_a_locked_envelope_is_unavailable_to_others(spool: Spool) -> None:
    path = spool.put(b"envelope")
    other = Spool(spool.folder)
    with spool.locked(path) as mine:
        assert mine == b"envelope"
        assert body_of(other, path) is None
    assert body_of(other, path) == b"envelope"


def test_an_envelope_sent_meanwhile_cannot_be_locked(spool: Spool) -> None:
    path = spool.put(b"envelope")
    seen = Spool(spool.folder).waiting()
    with spool.locked(path) as body:
        assert body is not None
        spool.done(path, body)
    assert seen == [path]
    assert body_of(Spool(spool.folder), path) is None


def test_a_killed_process_releases_its_lock(spool: Spool) -> None:
    path = spool.put(b"envelope")
    program = """
import sys, time
from pathlib import Path
from services.monitoring.delivery.spool import Spool
path = Path(sys.argv[1])
with Spool(path.parent).locked(path) as body:
    print(body, flush=True)
    time.sleep(60)
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "b'envelope'\n"
        assert body_of(spool, path) is None
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert body_of(spool, path) == b"envelope"


def test_the_last_twenty_sent_envelopes_are_kept_unchanged(spool: Spool) -> None:
    for number in range(25):
        path = spool.put(b"captured %d" % number, "error", ID)
        spool.done(path, b"sent %d" % number)
    assert spool.waiting() == []
    assert spool.recent() == [b"sent %d" % number for number in reversed(range(5, 25))]
    assert Spool(spool.folder).recent() == spool.recent()
    assert spool.was_sent(ID)
    assert not spool.was_sent("ff" * 16)


def on_the_disk(folder: Path, body: bytes) -> int:
    """The disk space of a file with this content, in bytes."""
    file = folder / "measured"
    file.write_bytes(body)
    taken = max(file.stat().st_blocks * 512, len(body))
    file.unlink()
    return taken


def test_the_cap_counts_the_blocks_that_small_files_take(tmp_path: Path) -> None:
    taken = on_the_disk(tmp_path, b"x")
    if taken == 1:
        pytest.skip("this file system keeps small files in no block of their own")
    spool = Spool(tmp_path, max_bytes=3 * taken)
    for _ in range(5):
        spool.put(b"x", "error")
    spool.tidy()
    assert len(spool.waiting()) == 3


@pytest.mark.parametrize("refused", ["unlink", "open"], ids=["no file can be removed", "read-only"])
def test_an_envelope_in_a_read_only_folder_is_not_sent(
    refused: str, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = spool.put(b"envelope")
    opened = os.open

    def refuse(*arguments: Any, **options: Any) -> int:
        if refused == "open" and not arguments[1] & os.O_CREAT:
            return opened(*arguments, **options)
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.unlink" if refused == "unlink" else "os.open", refuse)
        for run in (spool, Spool(spool.folder)):
            with run.locked(path) as body:
                assert body is None
            assert run.waiting() == [path]
    assert body_of(spool, path) == b"envelope"


def test_the_size_cap_removes_the_oldest_first_and_errors_last(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=5 * on_the_disk(tmp_path, b"%010d" % 0))
    for number in range(10):
        spool.put(b"%010d" % number, "error" if number in (0, 1, 9) else "transaction")
    spool.tidy()
    kept = [body_of(spool, path) for path in spool.waiting()]
    assert kept == [b"%010d" % number for number in (0, 1, 7, 8, 9)]
    assert spool.take_lost() == ["transaction"] * 5
    assert spool.take_lost() == []


def test_old_envelopes_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    old = time.time_ns() - 31 * 24 * 3600 * 10**9
    with monkeypatch.context() as patched:
        patched.setattr(time, "time_ns", lambda: old)
        spool.put(b"old", "error")
    young = spool.put(b"young", "error")
    spool.tidy()
    assert spool.waiting() == [young]
    assert spool.take_lost() == ["error"]


def fill_the_disk(monkeypatch: pytest.MonkeyPatch, room: int = 0) -> None:
    write = os.write

    def full(handle: int, data: bytes) -> int:
        if handle <= 2:
            return write(handle, data)
        if room:
            write(handle, data[:room])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)


@pytest.mark.parametrize("room", [0, 3])
def test_with_a_full_disk_envelopes_wait_in_memory(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    before = spool.put(b"before")
    with monkeypatch.context() as patched:
        fill_the_disk(patched, room)
        path = spool.put(b"envelope", "error", ID)
        spool.tidy()
        assert os.listdir(spool.folder) == [before.name]
        assert spool.waiting() == [before, path]
        assert body_of(spool, path) == b"envelope"
    spool.tidy()
    assert path.read_bytes() == b"envelope"
    assert spool.waiting() == [before, path]


def test_a_file_size_limit_of_the_system_is_tolerated(tmp_path: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from services.monitoring.delivery.spool import Spool
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
spool = Spool(Path(sys.argv[1]))
path = spool.put(b"x" * 1000, "error")
with spool.locked(path) as body:
    assert len(body) == 1000, body
    spool.done(path, body)
assert spool.waiting() == [] and len(spool.recent()[0]) == 1000
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, cwd=ROOT, timeout=60)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_memory_is_bounded_if_the_folder_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    spool = Spool(tmp_path / "file" / "server")
    for number in range(5):
        spool.put(bytes([number]) * 700_000, "error")
    kept = [body_of(spool, path) for path in spool.waiting()]
    assert [body[:1] for body in kept if body] == [b"\3", b"\4"]
    assert spool.take_lost() == ["error"] * 3
    spool.done(spool.waiting()[0], b"sent")
    assert spool.recent() == [b"sent"]
    spool.drop(spool.waiting()[0])
    assert spool.waiting() == []


def test_a_sent_envelope_that_cannot_be_moved_is_not_sent_again(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = spool.put(b"envelope")

    def refused(*arguments: object, **options: object) -> None:
        raise PermissionError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refused)
        patched.setattr(Path, "unlink", refused)
        spool.done(path, b"sent")
    assert path.exists()
    assert spool.waiting() == []
    assert spool.recent() == [b"sent"]


def test_a_draft_of_a_killed_process_is_ignored_and_deleted_later(spool: Spool) -> None:
    path = spool.put(b"envelope")
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(b"env")
    spool.tidy()
    assert draft.exists()
    assert spool.waiting() == [path]
    os.utime(draft, (0, 0))
    spool.tidy()
    assert not draft.exists()


def test_a_deleted_folder_is_created_again(spool: Spool) -> None:
    spool.put(b"lost").unlink()
    spool.folder.rmdir()
    assert spool.waiting() == []
    assert spool.put(b"envelope").read_bytes() == b"envelope"


def test_many_processes_send_each_waiting_envelope_once(spool: Spool) -> None:
    for number in range(60):
        spool.put(b"%d" % number)
    context = multiprocessing.get_context("spawn")
    with context.Pool(3) as pool:
        taken = pool.map(_take_all, [spool.folder] * 3)
    assert sorted(int(body) for bodies in taken for body in bodies) == list(range(60))


def _take_all(folder: Path) -> list[bytes]:
    spool = Spool(folder)
    taken = []
    while waiting := spool.waiting():
        for path in waiting:
            with spool.locked(path) as body:
                if body is not None:
                    taken.append(body)
                    spool.done(path, body)
    return taken
