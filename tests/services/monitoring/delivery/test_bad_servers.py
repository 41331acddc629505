"""With every kind of bad server the process ends in time, prints nothing and loses nothing."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bad_servers import BAD_SERVERS, dsn_of, free_port, mute
from tests.support.envelopes import EnvelopeRecorder, Reply
from tests.support.forked_programs import WarmPrograms, warm_programs

GENEROUS = 5.0
"""Seconds: the one that the end may wait, and the time of a busy machine; an exchange lasts up to twelve."""
TAKEN_AWAY = {"400", "413"}  # answers after which the envelope is dropped


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmPrograms]:
    """Starts programs; the end of the fixture checks that none of them printed anything."""
    with warm_programs(tmp_path_factory.mktemp("warm")) as programs:
        yield programs


def waiting(folder: Path) -> list[Path]:
    return list(folder.glob("telemetry/*/*.envelope"))


@pytest.mark.parametrize("name", BAD_SERVERS)
def test_the_exit_does_not_wait_for_a_bad_server(name: str, programs: WarmPrograms, tmp_path: Path) -> None:
    with BAD_SERVERS[name]() as dsn:
        program = programs.start("capture_and_end", dsn, tmp_path)
        status, seconds = program.time_to_end()
    assert status == 0
    assert seconds < GENEROUS
    assert len(waiting(tmp_path)) == (0 if name in TAKEN_AWAY else 1)


def test_the_next_process_sends_the_waiting_envelopes(programs: WarmPrograms, tmp_path: Path) -> None:
    dsn = dsn_of(port := free_port())
    for _ in range(3):
        programs.start("capture_and_end", dsn, tmp_path).ended()
    recorder = EnvelopeRecorder(port=port)
    try:
        programs.start("send_what_waits", dsn, tmp_path).ended()
    finally:
        recorder.close()
    assert len({event["event_id"] for event in recorder.events}) == len(recorder.events) == 3
    assert waiting(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_a_process_killed_while_sending_loses_nothing(
    number: signal.Signals, programs: WarmPrograms, tmp_path: Path
) -> None:
    with mute() as dsn:
        program = programs.start("capture_and_stay", dsn, tmp_path)
        program.wait_for("captured")
        program.kill(number)
        assert program.ended().status == number
    assert len(waiting(tmp_path)) == 1


def test_ctrl_c_while_sending_ends_the_process_in_time(programs: WarmPrograms, tmp_path: Path) -> None:
    with mute() as dsn:
        program = programs.start("capture_and_stay", dsn, tmp_path)
        program.wait_for("captured")
        program.kill(signal.SIGINT)
        status, seconds = program.time_to_end()
    assert (status, seconds < GENEROUS) == (0, True)
    assert len(waiting(tmp_path)) == 1


def test_ctrl_c_during_the_exit_ends_the_process_at_once(programs: WarmPrograms, tmp_path: Path) -> None:
    with mute() as dsn:
        program = programs.start("capture_and_be_interrupted", dsn, tmp_path)
        status, seconds = program.time_to_end()
    assert (status, seconds < GENEROUS) == (0, True)
    assert len(waiting(tmp_path)) == 1


def test_a_forked_process_sends_each_event_once(programs: WarmPrograms, tmp_path: Path) -> None:
    recorder = EnvelopeRecorder([Reply(after=0.02)] * 50)
    try:
        program = programs.start("capture_and_fork", recorder.dsn, tmp_path)
        assert program.ended().status == 0
    finally:
        recorder.close()
    assert "taken from the child: True" in program.said
    ids = [event["event_id"] for event in recorder.events]
    assert len(ids) == len(set(ids)) == 3
    assert waiting(tmp_path) == []
