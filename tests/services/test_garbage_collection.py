"""Garbage that is collected at the wrong moment."""

import subprocess
import sys

# A collection is due at almost every object, and its garbage runs Python code, which other threads interrupt.
_PROFILED_PROGRAM = """
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


def test_a_program_whose_threads_are_sampled_never_stands_still() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _PROFILED_PROGRAM], capture_output=True, text=True, timeout=30, check=True
    )
    assert ended.stdout == "collects\n"
