"""Identifies the login session of the operating system, since two people may share one OS account.

A session stored in one login is not resumed in another. The identity of a login may hold an IP address, so
only its digest is stored; see :mod:`services.auth.token_store`.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

# The SSH connection and the systemd session; session numbers start at 1 again after each boot.
_CONNECTION: Final = "SSH_CONNECTION"
_SEAT: Final = "XDG_SESSION_ID"
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_START_TIME: Final = 19
"""The index of the start time in ``/proc/PID/stat``, counted from the field after the process name."""


def login_name() -> str:
    """The identity of this login among those of the account; empty if the platform reports none.

    It is the first of: the SSH connection or desktop session, the terminal multiplexer such as tmux, the
    leader of the terminal's process session.
    """
    if sys.platform == "win32":
        return f"windows {_windows_session()}"
    connection, seat = os.environ.get(_CONNECTION, ""), os.environ.get(_SEAT, "")
    if connection or seat:
        return "\n".join(("login", connection, seat, _boot() if seat else ""))
    return _of_panes() or _of_process("leader", os.getsid(0))


def _of_panes() -> str:
    # Each pane has its own session leader, but all panes name the same server in the environment.
    _socket, _, rest = os.environ.get("TMUX", "").rpartition("/")
    fields = rest.split(",")
    tmux = fields[1] if len(fields) == 3 else ""
    screen = os.environ.get("STY", "").partition(".")[0]
    server = tmux or screen
    return _of_process("panes", int(server)) if server.isascii() and server.isdigit() else ""


def _of_process(kind: str, number: int) -> str:
    # A process id is reused, so it is combined with the start time of the process.
    started = _started(number)
    return f"{kind} {number} {started} {_boot()}" if started or kind == "leader" else ""


def _started(number: int) -> str:
    with suppress(OSError, IndexError):
        status = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
        return status.rpartition(")")[2].split()[_START_TIME]
    return "" if _BOOT.exists() else _asked_of_ps(number)


def _asked_of_ps(number: int) -> str:
    import subprocess

    with suppress(OSError, subprocess.SubprocessError):
        asked = ("ps", "-o", "lstart=", "-p", str(number))
        found = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603
        return found.stdout.strip()
    return ""


def _boot() -> str:
    with suppress(OSError):
        return _BOOT.read_text(encoding="ascii").strip()
    return ""


def _windows_session() -> int:
    import ctypes

    number = ctypes.c_ulong()
    kernel: object = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.ProcessIdToSessionId(os.getpid(), ctypes.byref(number))  # type: ignore[attr-defined]
    return number.value
