"""The time zone of the machine, for the length of a block."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def living_in(zone: str) -> Iterator[None]:
    """Let the clocks of this machine be those of a zone."""
    before, os.environ["TZ"] = os.environ["TZ"], zone
    time.tzset()
    try:
        yield
    finally:
        os.environ["TZ"] = before
        time.tzset()
