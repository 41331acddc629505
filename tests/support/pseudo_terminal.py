"""Runs the program in a pseudo-terminal, sends keys, and renders its output with pyte."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import pyte

from tests.support.dispositions import default_signals

PATIENCE: Final = 30.0
"""Seconds until what is waited for has to be there; a slow machine under load takes a few."""
_LULL: Final = 0.3
"""Seconds without a byte after which the program has nothing more to say."""


class PseudoTerminal:
    """A running program and its output."""

    def __init__(self, descriptor: int, process: subprocess.Popen[bytes], size: tuple[int, int]) -> None:
        self._descriptor = descriptor
        self._process = process
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.written = bytearray()

    def send(self, keys: str) -> None:
        """Type characters; ``\\x1b[B`` is the key Down."""
        self.send_bytes(keys.encode())

    def send_bytes(self, sent: bytes) -> None:
        """Send raw bytes."""
        os.write(self._descriptor, sent)

    def resize(self, width: int, height: int) -> None:
        """Resize the window, and send SIGWINCH to the program."""
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self._process.send_signal(signal.SIGWINCH)

    @property
    def is_raw(self) -> bool:
        """Whether the terminal is in raw mode, without echo."""
        return not termios.tcgetattr(self._descriptor)[3] & termios.ECHO

    @property
    def lines(self) -> list[list[str]]:
        """The cells of each line; the second cell of a wide character is empty."""
        buffer, width = self._screen.buffer, self._screen.columns
        return [[buffer[y][x].data for x in range(width)] for y in range(self._screen.lines)]

    @property
    def text(self) -> str:
        """The text of the screen."""
        return "\n".join("".join(cells) for cells in self.lines)

    def wait_for(self, *texts: str) -> None:
        """Wait until the screen shows all these texts and the output pauses."""
        self._read_until(lambda: all(text in self.text for text in texts), f"no {texts}")
        self.rest()

    def wait_for_any(self, *texts: str) -> None:
        """Wait until the screen shows one of these texts."""
        self._read_until(lambda: any(text in self.text for text in texts), f"none of {texts}")

    def rest(self) -> None:
        """Wait until the output pauses."""
        while self._read(_LULL):
            pass

    def wait_for_end(self) -> int:
        """Wait for the end of the program and its output. Return its exit code."""
        self._read_until(lambda: self._process.poll() is not None, "still running")
        self.rest()
        return self._process.returncode

    def _read_until(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self._read(0.1)
            if time.monotonic() > deadline:
                raise AssertionError(f"{complaint} on:\n{self.text}")

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        try:
            data = os.read(self._descriptor, 65536) if ready else b""
        except OSError:  # the program has closed the terminal
            data = b""
        self.written += data
        self._stream.feed(data)
        return data


@contextmanager
def pseudo_terminal(
    command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int]
) -> Iterator[PseudoTerminal]:
    """Run a program in a terminal of this size, and end it after the block."""
    width, height = size
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environment), start_new_session=True,
        preexec_fn=default_signals,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield PseudoTerminal(ours, process, size)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
