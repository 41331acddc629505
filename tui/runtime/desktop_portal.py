"""Asks the portal of a Linux desktop to open a link, over the session bus.

The arguments of a program can be read by every user of the machine while it runs. What is sent over the
session bus reaches the portal alone.

jeepney is loaded at the first link. Its own connection greets the bus without a time limit, so a bus that
hangs would hold the thread. Only its sign-in and its messages are used here, on a socket with a deadline.
"""

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jeepney import Message

_PATIENCE: Final = 3.0
"""Seconds for the whole conversation."""
_GREETING, _CALL = 1, 2
"""Numbers of our two messages; an answer names the one it belongs to."""
_RESPONSE: Final = "Response"
"""The signal in which the portal says how the request ended; 0 is success."""

_pending: list[socket.socket] = []
"""The newest connection whose request has not ended. The portal drops a request when its caller leaves the
bus, and would close the window in which the person chooses a program."""


def bus_address(environment: Mapping[str, str]) -> str:
    """The address of the session bus in the notation of D-Bus; empty if there is none."""
    if address := environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    folder = environment.get("XDG_RUNTIME_DIR")
    return f"unix:path={folder}/bus" if folder and Path(folder, "bus").exists() else ""


def open_by_portal(link: str, environment: Mapping[str, str]) -> bool:
    """Have the portal open a link. Return whether it took it. Blocks, for 3 seconds at most: for threads."""
    try:
        _end_the_last()
        return _asked(link, bus_address(environment))
    except Exception:
        # No bus, no library, an address or an answer that cannot be read. Nothing of it is passed on: the
        # link is in these frames.
        return False


def _asked(link: str, address: str) -> bool:
    from jeepney import DBusAddress, message_bus, new_method_call
    from jeepney.bus import get_bus
    from jeepney.io.blocking import prep_socket

    portal = DBusAddress(
        "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Desktop", "org.freedesktop.portal.OpenURI"
    )
    until = monotonic() + _PATIENCE
    bus = prep_socket(get_bus(address), timeout=_PATIENCE)
    try:
        bus.settimeout(_PATIENCE)
        bus.sendall(message_bus.Hello().serialise(_GREETING))
        # No parent window, no options.
        bus.sendall(new_method_call(portal, "OpenURI", "ssa{sv}", ("", link, {})).serialise(_CALL))
        ended = _end_of_request(_messages(bus, until))
    except BaseException:
        bus.close()
        raise
    if ended is None:
        _pending.append(bus)
        return True
    bus.close()
    return ended


def _end_of_request(messages: "Iterator[Message]") -> bool | None:
    """Whether the link was opened; None if the portal has taken the request and not said yet how it ended."""
    from jeepney import HeaderFields, MessageType

    taken = False
    for message in messages:
        kind, fields = message.header.message_type, message.header.fields
        if kind is MessageType.error:
            return False
        if kind is MessageType.signal and fields.get(HeaderFields.member) == _RESPONSE:
            return bool(message.body[0] == 0)
        taken = taken or fields.get(HeaderFields.reply_serial) == _CALL
    return None if taken else False


def _messages(bus: socket.socket, until: float) -> "Iterator[Message]":
    """What the bus sends, up to the deadline."""
    from jeepney import Parser

    parser = Parser()
    while (left := until - monotonic()) > 0:
        bus.settimeout(left)
        try:
            received = bus.recv(4096)
        except TimeoutError:
            return
        if not received:
            raise ConnectionResetError
        yield from parser.feed(received)


def _end_the_last() -> None:
    while _pending:
        _pending.pop().close()
