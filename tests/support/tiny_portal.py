"""A session bus of a test, and a desktop portal on it that notes what it is asked for."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
REQUEST = "/org/freedesktop/portal/desktop/request/1"


@contextmanager
def session_bus(folder: Path) -> Iterator[str]:
    """A bus of its own. Yields its address."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:path={folder}/bus"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


@dataclass
class TinyPortal:
    """Takes every request but those for ``refused``, and answers it with the outcome."""

    refused: str = ""
    outcome: int | None = 0
    """What the signal at the end of a request says; None for a window that waits for the person."""
    calls: list[tuple[str, str, tuple[Any, ...]]] = field(default_factory=list)
    """Object path, interface with method, and arguments."""
    seen: list[str] = field(default_factory=list)
    """The command lines of all processes at the time of each call."""

    @contextmanager
    def on(self, address: str) -> Iterator[None]:
        """The portal at work on the bus of this address."""
        with open_dbus_connection(address) as bus:
            bus.send_and_get_reply(message_bus.RequestName(NAME), timeout=5)
            thread = Thread(target=self._serve, args=(bus,))
            thread.start()
            try:
                yield
            finally:
                with open_dbus_connection(address) as other:
                    other.send(new_method_call(DBusAddress("/", NAME, "test.Portal"), "End"))
                    thread.join(5)
                assert not thread.is_alive()

    def _serve(self, bus: DBusConnection) -> None:
        while True:
            call = bus.receive(timeout=10)
            if call.header.message_type is not MessageType.method_call:
                continue
            fields = call.header.fields
            if fields[HeaderFields.member] == "End":
                return
            self.seen += command_lines()
            method = f"{fields[HeaderFields.interface]}.{fields[HeaderFields.member]}"
            self.calls.append((fields[HeaderFields.path], method, call.body))
            self._answer(bus, call)

    def _answer(self, bus: DBusConnection, call: Message) -> None:
        if call.body[1] == self.refused:
            bus.send(new_error(call, "org.freedesktop.portal.Error.NotAllowed", "s", ("no",)))
            return
        bus.send(new_method_return(call, "o", (REQUEST,)))
        if self.outcome is not None:
            request = DBusAddress(REQUEST, interface="org.freedesktop.portal.Request")
            signal = new_signal(request, "Response", "ua{sv}", (self.outcome, {}))
            signal.header.fields[HeaderFields.destination] = call.header.fields[HeaderFields.sender]
            bus.send(signal)


def command_lines() -> list[str]:
    """The arguments of all processes, as every user of the machine may read them."""
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(file.read_text(errors="replace").replace("\0", " "))
    return lines
