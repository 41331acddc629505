"""A kill -9 at any moment loses no captured event, with a reachable or an unreachable server."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bad_servers import dsn_of, free_port
from tests.support.envelopes import EnvelopeRecorder
from tests.support.forked_programs import WarmPrograms, warm_programs

KILLS = 25
LONGEST_LIFE = 0.03
"""Seconds from the first event on; an event takes about one thousandth."""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmPrograms]:
    """Starts the programs to be killed."""
    with warm_programs(tmp_path_factory.mktemp("warm")) as programs:
        yield programs


def captured_and_killed(programs: WarmPrograms, dsn: str, folder: Path, seed: int) -> list[str]:
    """Kill each program at a random moment. Return the ids of the captured events."""
    moments = random.Random(seed)  # noqa: S311
    captured = []
    for _ in range(KILLS):
        program = programs.start("capture_without_end", dsn, folder)
        program.wait_for_any()
        time.sleep(moments.uniform(0, LONGEST_LIFE))
        program.kill()
        assert program.ended().status == 9
        captured += program.said
    assert len(captured) > KILLS
    return captured


def arrived(recorder: EnvelopeRecorder) -> Counter[str]:
    return Counter(event["event_id"] for event in recorder.events)


def test_events_of_killed_processes_arrive_exactly_once(programs: WarmPrograms, tmp_path: Path) -> None:
    dsn = dsn_of(port := free_port())
    captured = captured_and_killed(programs, dsn, tmp_path, seed=1)
    recorder = EnvelopeRecorder(port=port)
    try:
        programs.start("send_what_waits", dsn, tmp_path).ended()
    finally:
        recorder.close()
    times = arrived(recorder)
    assert set(captured) <= set(times)
    assert set(times.values()) == {1}
    # Each program may have been killed after a capture but before it reported the id of that event.
    assert len(times) <= len(captured) + KILLS


def test_events_of_processes_killed_while_sending_arrive_under_one_id(
    programs: WarmPrograms, tmp_path: Path
) -> None:
    recorder = EnvelopeRecorder()
    try:
        captured = captured_and_killed(programs, recorder.dsn, tmp_path, seed=2)
        programs.start("send_what_waits", recorder.dsn, tmp_path).ended()
    finally:
        recorder.close()
    times = arrived(recorder)
    assert set(captured) <= set(times)
    # A program that is killed after the server's answer leaves one envelope that is sent again. Sentry
    # ignores it, since the event has the same id.
    assert sum(times.values()) - len(times) <= KILLS
    assert list(tmp_path.glob("telemetry/*/*.envelope")) == []
