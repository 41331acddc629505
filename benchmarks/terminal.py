"""Runs a program in a real pseudo-terminal, sends keys, and records each output byte with its time.

The output is not interpreted during a measurement. After a moment without output, a terminal emulator replays
it frame by frame to find the frame with the expected content. Textual ends each frame with ``ESC[?2026l``,
since this terminal reports support for synchronised output.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pyte

ROOT: Final = Path(__file__).parent.parent
FRAME_BEGIN: Final = b"\x1b[?2026h"
FRAME_END: Final = b"\x1b[?2026l"
DOWN, UP, PAGE_DOWN, PAGE_UP = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[5~"
HOME, END, ESCAPE, ENTER, TAB = "\x1b[H", "\x1b[F", "\x1b", "\r", "\t"

_PAUSE: Final = 0.008
"""Seconds of silence that end the frame of a program which does not mark its frames."""
_ANSWERS: Final = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y"}
"""Frames are known and not open just now; a change of size is told by a signal."""

Cell = tuple[str, str, str, bool, bool]
Picture = tuple[tuple[Cell, ...], ...]
Area = tuple[slice, slice]
"""Lines and columns of the screen."""
EVERYWHERE: Final[Area] = (slice(None), slice(None))
Shows = Callable[["Terminal"], bool]


@dataclass(frozen=True)
class Answer:
    """The output after a key; times in milliseconds from the key."""

    shown: float
    """Time to the last byte of the first frame with the expected content."""
    settled: float
    """Time to the last byte of the last frame that changed the area."""
    frames: int
    """Number of frames that changed the area."""
    last: float
    """Time to the last byte."""
    size: int
    """Number of bytes written."""


class Terminal:
    """A running program and its screen. The program is killed at the end of the ``with`` block."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
        lull: float = 0.12,
    ) -> None:
        self.size = size
        self.lull = lull
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - the program under test
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environment), cwd=ROOT,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._ours)

    # Content

    @property
    def text(self) -> str:
        """The characters on the screen."""
        return "\n".join(self._screen.display)

    def shows(self, *texts: str) -> bool:
        """Whether the screen shows all these texts."""
        return all(text in self.text for text in texts)

    def picture(self, area: Area = EVERYWHERE) -> Picture:
        """The cells of an area with their colours, since a cursor in a list may differ only in colour."""
        buffer, (width, height) = self._screen.buffer, self.size
        return tuple(
            tuple(
                (cell.data, cell.fg, cell.bg, cell.bold, cell.reverse)
                for cell in (buffer[y][x] for x in range(width)[area[1]])
            )
            for y in range(height)[area[0]]
        )

    # Measuring

    def launch(self, *texts: str, patience: float = 60) -> float:
        """Milliseconds from the start of the program to the end of the frame that shows all these texts."""
        return self.wait(lambda here: here.shows(*texts), since=self.started, patience=patience).shown

    def press(self, keys: str, shows: Shows, area: Area = EVERYWHERE, patience: float = 60) -> Answer:
        """Send keys, and measure the time until ``shows`` accepts the screen."""
        self._write(keys.encode())
        return self.wait(shows, area, time.perf_counter(), patience)

    def press_for_change(self, keys: str, area: Area = EVERYWHERE, patience: float = 60) -> Answer:
        """Send keys, and measure the time until the area changes."""
        before = self.picture(area)
        return self.press(keys, lambda here: here.picture(area) != before, area, patience)

    def wait(
        self, shows: Shows, area: Area = EVERYWHERE, since: float | None = None, patience: float = 60
    ) -> Answer:
        """Wait until ``shows`` accepts the screen and the output pauses. Raises :class:`TimeoutError`."""
        began = time.perf_counter() if since is None else since
        deadline = time.perf_counter() + patience
        shown = settled = last = None
        frames = size = 0
        known = self.picture(area)
        while shown is None:
            if time.perf_counter() > deadline or self._process.poll() is not None:
                raise TimeoutError(f"what was awaited did not come; the screen:\n{self.text}")
            for last, frame in self._frames():
                self._stream.feed(frame)
                size += len(frame)
                now = self.picture(area)
                if now != known:
                    known, settled, frames = now, last, frames + 1
                if shown is None and shows(self):
                    shown = last
            if shown is None and shows(self):
                shown = began  # it was shown before
        shown_ms, settled_ms, last_ms = (
            (moment - began) * 1000 for moment in (shown, settled or shown, last or shown)
        )
        return Answer(shown_ms, settled_ms, frames, last_ms, size)

    def rest(self, seconds: float = 0.5) -> None:
        """Wait until there is no output for this long, but at most four times as long."""
        for _moment, frame in self._frames(seconds, 4 * seconds):
            self._stream.feed(frame)

    def type(self, keys: str) -> None:
        """Send keys without measuring anything."""
        self._write(keys.encode())
        self.rest()

    def memory(self) -> tuple[float, float]:
        """The current and the peak resident memory in MiB (Linux only)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        values = dict(line.split(":", 1) for line in status.splitlines())
        return tuple(int(values[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]

    # Bytes

    def _write(self, data: bytes) -> None:
        os.write(self._ours, data)

    def _frames(self, lull: float | None = None, patience: float = 10) -> list[tuple[float, bytes]]:
        """The output until it pauses, split into frames, each with the time of its last byte."""
        frames: list[tuple[float, bytes]] = []
        rest, last = b"", 0.0
        for moment, data in self._chunks(self.lull if lull is None else lull, patience):
            if rest and FRAME_BEGIN not in rest and moment - last > _PAUSE:
                frames.append((last, rest))
                rest = b""
            *whole, rest = (rest + data).split(FRAME_END)
            frames += [(moment, frame + FRAME_END) for frame in whole]
            last = moment
        if rest:
            frames.append((last, rest))
        return frames

    def _chunks(self, lull: float, patience: float) -> list[tuple[float, bytes]]:
        chunks = []
        deadline = time.perf_counter() + patience
        while time.perf_counter() < deadline and select.select([self._ours], [], [], lull)[0]:
            try:
                data = os.read(self._ours, 65536)
            except OSError:  # the program has ended
                break
            chunks.append((time.perf_counter(), data))
            for query, answer in _ANSWERS.items():
                if query in data:
                    self._write(answer)
        return chunks


def environment(home: str | Path, **more: str) -> dict[str, str]:
    """The environment of a program under test: its own home folder, and ``more``."""
    return {
        "HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "EPICEVENTS_LANGUAGE": "en",
        "EPICEVENTS_SECRET_KEY": "k" * 40, "EPICEVENTS_BCRYPT_COST": "4",
        "XDG_SESSION_ID": "7",  # one login for every terminal: a session is resumed in its own login only
        **more,
    }  # fmt: skip


def program(module: str, *arguments: str) -> list[str]:
    """The command that starts a module of the benchmarks."""
    return [sys.executable, "-m", f"benchmarks.{module}", *arguments]
