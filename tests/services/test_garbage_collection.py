"""Garbage that is collected at the wrong moment."""

import gc
import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest

from services import garbage_collection
from tests.support.envelopes import recording

# A collection is due at almost every object, and its garbage runs Python code, which other threads interrupt.
_SAMPLED_PROGRAM = """
import gc, sys, threading
from services import garbage_collection

class Garbage:
    def __init__(self):
        self.itself = self

    def __del__(self):
        for _number in range(100):
            pass

def sample():
    while not done.is_set():
        Garbage()
        sys._current_frames()

garbage_collection.pause_while_frames_are_read()
sys.setswitchinterval(1e-5)
gc.set_threshold(2, 5, 5)
done = threading.Event()
sampler = threading.Thread(target=sample, daemon=True)
sampler.start()
for _number in range(1000):
    threading.Thread(target=len, args=("",)).start()
done.set()
sampler.join()
print("collects" if gc.isenabled() else "paused")
"""


def test_a_program_that_is_sampled_while_it_starts_threads_comes_to_its_end() -> None:
    command = [sys.executable, "-c", _SAMPLED_PROGRAM]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout == "collects\n"


def test_with_profiles_sentry_samples_while_nothing_is_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collects: list[bool] = []

    def read() -> dict[int, FrameType]:
        collects.append(gc.isenabled())
        return {}

    monkeypatch.setattr(garbage_collection, "_read_frames", read)
    monkeypatch.setattr(sys, "_current_frames", sys._current_frames)
    with recording(tmp_path, SENTRY_PROFILES_SAMPLE_RATE="1"):
        sys._current_frames()
    assert collects == ([False] if sys.version_info < (3, 12) else [])
    assert gc.isenabled()
