"""Programs that capture through the spool, forked from one that has loaded what it takes: 5 ms, not 500."""

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
    """How a program ended: the status as ``waitpid`` gives it, and when, as ``time.monotonic``."""

    status: int
    at: float


class Program:
    """One forked program, that does what it is told to and says what it did, line by line."""

    def __init__(self, warm: "subprocess.Popen[str]") -> None:
        assert warm.stdout is not None
        self._lines = warm.stdout
        self._ended = False
        self.said: list[str] = []
        self.pid = int(self._next())

    def wait_for(self, line: str) -> None:
        """Read until the program says so."""
        while (said := self._next()) != line:
            assert not said.startswith("{"), f"it ended before it said {line!r}: {said}"
            self.said.append(said)

    def wait_for_any(self) -> None:
        """Read one line."""
        self.said.append(self._next())

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def ended(self) -> "Ended":
        """Wait for its end."""
        while not (said := self._next()).startswith("{"):
            self.said.append(said)
        return Ended(**json.loads(said))

    def time_to_end(self) -> tuple[int, float]:
        """Its status, and the seconds from its being done until its end."""
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
        """A program with this task, one of the functions below."""
        assert self._warm.stdin is not None
        self._warm.stdin.write(json.dumps({"task": task, "dsn": dsn, "folder": str(folder)}) + "\n")
        self._warm.stdin.flush()
        return Program(self._warm)

    def close(self) -> None:
        """End the warm one; nothing may have been written to standard error by any of them."""
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
    """Programs, for the length of a block."""
    programs = WarmPrograms(folder / "errors")
    try:
        yield programs
    finally:
        programs.close()


def serve() -> None:
    """Fork a program for each line that comes in, and tell how it ended."""
    _warm_up()
    for line in sys.stdin:
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            _become(json.loads(line))
            return  # through the end of the program, with all that this does
        _status = os.waitpid(pid, 0)[1]
        _say(json.dumps({"status": _status, "at": time.monotonic()}))


def _warm_up() -> None:
    """Load all that a first event loads."""
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
    # Whole lines in one write: a program may be killed at any time, and another one write meanwhile.
    os.write(1, f"{line}\n".encode())


def _done() -> None:
    _say(f"done\n{time.monotonic()}")


def _capture(number: int = 1) -> str:
    import sentry_sdk

    event: Any = {"message": f"number {number}", "event_id": f"{os.getpid():016x}{number:016x}"}
    return str(sentry_sdk.capture_event(event))


def capture_and_end() -> None:
    """One event."""
    _capture()
    _done()


def capture_and_be_interrupted() -> None:
    """One event, and ctrl+c a little after the end of the program has begun."""
    import atexit

    signal.signal(signal.SIGALRM, signal.default_int_handler)
    _capture()
    # Callbacks run in the reverse order: this one before that of the SDK.
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0.15)
    _done()


def capture_and_stay() -> None:
    """One event, and then nothing until ctrl+c."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _capture()
    try:
        _say("captured")
        time.sleep(60)
    except KeyboardInterrupt:
        _done()


def capture_without_end() -> None:
    """Event after event; the id of each is said once it was captured."""
    number = 0
    while True:
        number += 1
        _say(_capture(number))


def send_what_waits() -> None:
    """No event of its own."""
    import sentry_sdk

    sentry_sdk.flush(10)
    _done()


def capture_and_fork() -> None:
    """An event, then one in a child process, while the parent's thread waits for more, then another."""
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
