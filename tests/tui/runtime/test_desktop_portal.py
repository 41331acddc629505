"""The desktop portal gets the link over the session bus, and whatever fails there is no opened link."""

import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest

from tui.runtime import desktop_portal
from tui.runtime.desktop_portal import bus_address
from tui.runtime.outside import has_desktop, map_link, open_outside

pytest.importorskip("jeepney", reason="the library is installed on Linux alone")

from tests.support.tiny_portal import TinyPortal, session_bus


def test_the_bus_of_the_runtime_folder_is_found(tmp_path: Path) -> None:
    environment = {"DISPLAY": ":0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert not has_desktop(environment, "linux")
    (tmp_path / "bus").touch()
    assert has_desktop(environment, "linux")
    assert bus_address(environment) == f"unix:path={tmp_path}/bus"


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("there is no dbus-daemon on this machine")
    with session_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address
        desktop_portal._end_the_last()


def test_the_portal_gets_the_link_whole_and_no_command_line_holds_it(bus: str) -> None:
    link = map_link("12 rue de l'Eau, é 37600 Loches " * 20)
    portal = TinyPortal(refused="tel:2")
    with portal.on(bus):
        assert open_outside(link)
        assert not open_outside("tel:2")
        assert not open_outside("file:///etc/passwd")
    place = "/org/freedesktop/portal/desktop"
    method = "org.freedesktop.portal.OpenURI.OpenURI"
    assert portal.calls == [(place, method, ("", each, {})) for each in (link, "tel:2")]
    assert any("dbus-daemon" in line for line in portal.seen)
    assert not any(link in line or "tel:2" in line for line in portal.seen)


@pytest.mark.parametrize("outcome", [1, 2])
def test_a_request_that_ends_without_success_is_not_opened(bus: str, outcome: int) -> None:
    with TinyPortal(outcome=outcome).on(bus):
        assert not open_outside("tel:1")


def test_a_window_that_asks_for_a_program_stays_open(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.runtime.desktop_portal._PATIENCE", 0.5)
    with TinyPortal(outcome=None).on(bus):
        assert open_outside("tel:1")
        (kept,) = desktop_portal._pending
        assert kept.getpeername(), "the portal closes its window when the caller leaves"
        assert open_outside("tel:1")
        assert kept.fileno() == -1
        assert len(desktop_portal._pending) == 1


def test_without_a_portal_nothing_is_opened(bus: str) -> None:
    assert not open_outside("tel:1")


@pytest.mark.parametrize("address", ["", "nonsense", "tcp:host=localhost,port=1", "unix:path=/nowhere/bus"])
def test_without_a_bus_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert not open_outside("tel:1")


@pytest.mark.parametrize("answer", [b"", b"OK 1234\r\n", b"REJECTED\r\n"])
def test_a_bus_that_hangs_or_turns_us_away_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr("tui.runtime.desktop_portal._PATIENCE", 0.2)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/bus")
        server.listen()
        answering = Thread(target=_answer_once, args=(server, answer))
        answering.start()
        begun = monotonic()
        assert not open_outside("tel:1")
        assert monotonic() - begun < 5
        answering.join()


def _answer_once(server: socket.socket, answer: bytes) -> None:
    connection, _address = server.accept()
    with connection:
        connection.sendall(answer)
        while connection.recv(4096):
            pass


def test_without_the_library_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jeepney", None)
    assert not open_outside("tel:1")
