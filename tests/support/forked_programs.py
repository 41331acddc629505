"""Programs that capture through the spool, forked from a process with all modules loaded: 5 ms, not 500."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.support.bad_servers import dsn_of, free_port
from tests.support.dispositions import default_signals
from tests.support.isolation import ROOT


class Ended(NamedTuple):
    """The end of a program: its ``waitpid`` status, and its time by ``time.monotonic``."""

    status: int
    at: float


class Program:
    """A forked program, which reports its steps line by line."""

    def __init__(self, warm: "subprocess.Popen[str]") -> None:
        assert warm.stdout is not None
        self._lines = warm.stdout
        self._ended = False
        self.said: list[str] = []
        self.pid = int(self._next())

    def wait_for(self, line: str) -> None:
        """Read until the program prints this line."""
        while (said := self._next()) != line:
            assert not said.startswith("{"), f"it ended before it said {line!r}: {said}"
            self.said.append(said)

    def wait_for_any(self) -> None:
        """Read one line."""
        self.said.append(self._next())

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def ended(self) -> "Ended":
        """Wait for its end."""
        while not (said := self._next()).startswith("{"):
            self.said.append(said)
        return Ended(**json.loads(said))

    def time_to_end(self) -> tuple[int, float]:
        """The status, and the seconds from the end of its work to its exit."""
        self.wait_for("done")
        done = float(self._next())
        ended = self.ended()
        return ended.status, ended.at - done

    def _next(self) -> str:
        line = self._lines.readline()
        assert line, "the warm program died"
        return line.rstrip("\n")


class WarmPrograms:
    """Starts programs, one at a time."""

    def __init__(self, errors: Path) -> None:
        self._errors = errors.open("w+")
        code = "from tests.support.forked_programs import serve; serve()"
        self._warm = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
        )  # fmt: skip

    def start(self, task: str, dsn: str, folder: Path) -> Program:
        """Start a program with this task, one of the functions below."""
        assert self._warm.stdin is not None
        self._warm.stdin.write(json.dumps({"task": task, "dsn": dsn, "folder": str(folder)}) + "\n")
        self._warm.stdin.flush()
        return Program(self._warm)

    def close(self) -> None:
        """End the parent process, and check that no program wrote to standard error."""
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        self._warm.stdin.close()
        self._warm.wait(timeout=20)
        self._warm.stdout.close()
        self._errors.seek(0)
        printed = self._errors.read()
        self._errors.close()
        assert printed == "", printed


@contextmanager
def warm_programs(folder: Path) -> Iterator[WarmPrograms]:
    """Start programs within a block."""
    programs = WarmPrograms(folder / "errors")
    try:
        yield programs
    finally:
        programs.close()


def serve() -> None:
    """Fork a program for each input line, and report its end."""
    _warm_up()
    for line in sys.stdin:
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            _become(json.loads(line))
            return  # the child continues to the regular exit of the program
        _status = os.waitpid(pid, 0)[1]
        _say(json.dumps({"status": _status, "at": time.monotonic()}))


def _warm_up() -> None:
    """Load all modules of a first event."""
    with TemporaryDirectory() as folder:
        _start(dsn_of(free_port()), Path(folder))
        _capture()
        import sentry_sdk

        sentry_sdk.get_client().close(timeout=1)


def _become(order: dict[str, str]) -> None:
    default_signals()
    os.close(0)
    sys.stdin = None
    _say(str(os.getpid()))
    _start(order["dsn"], Path(order["folder"]))
    TASKS[order["task"]]()


def _start(dsn: str, folder: Path) -> None:
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.threading import ThreadingIntegration

    from services.monitoring.delivery.transport import spooling_in

    sentry_sdk.init(
        dsn=dsn,
        transport=spooling_in(folder),
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[AtexitIntegration(callback=lambda pending, timeout: None), ThreadingIntegration()],
        shutdown_timeout=1,
        release="epicevents@0.1.0",
        server_name="epicevents",
    )


def _say(line: str) -> None:
    # One write per line: the program may be killed at any time, and others write concurrently.
    os.write(1, f"{line}\n".encode())


def _done() -> None:
    _say(f"done\n{time.monotonic()}")


def _capture(number: int = 1) -> str:
    import sentry_sdk

    event: Any = {"message": f"number {number}", "event_id": f"{os.getpid():016x}{number:016x}"}
    return str(sentry_sdk.capture_event(event))


def capture_and_end() -> None:
    """Capture an event and end."""
    _capture()
    _done()


def capture_and_be_interrupted() -> None:
    """Capture an event, and press Ctrl+C shortly after the exit has begun."""
    import atexit

    signal.signal(signal.SIGALRM, signal.default_int_handler)
    _capture()
    # Callbacks run in reverse order, so this one runs before that of the SDK.
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0.15)
    _done()


def capture_and_stay() -> None:
    """Capture an event, and wait for Ctrl+C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _capture()
    try:
        _say("captured")
        time.sleep(60)
    except KeyboardInterrupt:
        _done()


def capture_without_end() -> None:
    """Capture events continuously, and print the id of each."""
    number = 0
    while True:
        number += 1
        _say(_capture(number))


def send_what_waits() -> None:
    """Send the queued events without capturing one."""
    import sentry_sdk

    sentry_sdk.flush(10)
    _done()


def capture_and_fork() -> None:
    """Capture an event, then one in a forked process while the parent's sender is idle, then another."""
    import sentry_sdk

    from services.monitoring.delivery.transport import SpoolTransport

    _capture(1)
    sentry_sdk.flush(5)
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        _capture(2)
        _done()
        return
    event_id = _capture(2)
    transport = sentry_sdk.get_client().transport
    assert isinstance(transport, SpoolTransport)
    _say(f"taken from the child: {transport.delivered(event_id, 5)}")


TASKS = {
    task.__name__: task
    for task in (
        capture_and_end, capture_and_be_interrupted, capture_and_stay, capture_without_end, send_what_waits,
        capture_and_fork,
    )
}  # fmt: skip
