"""The login of the operating system in which the program runs: two people may share one account of it.

A session that was kept in one login is not taken up in another. The name of a login may hold an address, so
it is never written down: see :mod:`services.auth.token_store`.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

# A connection of SSH, and a session of systemd, which counts from 1 again after each start of the machine.
_CONNECTION: Final = "SSH_CONNECTION"
_SEAT: Final = "XDG_SESSION_ID"
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_START_TIME: Final = 19
"""The place of the start in ``/proc/PID/stat``, counted from what follows the name of the process."""


def login_name() -> str:
    """What tells this login from the others of the account; empty where the platform tells nothing.

    An SSH connection or a session of the desktop; without either, the program that holds several panes
    together, such as tmux; without that, the leader of the terminal's session.
    """
    if sys.platform == "win32":
        return f"windows {_windows_session()}"
    connection, seat = os.environ.get(_CONNECTION, ""), os.environ.get(_SEAT, "")
    if connection or seat:
        return "\n".join(("login", connection, seat, _boot() if seat else ""))
    return _of_panes() or _of_process("leader", os.getsid(0))


def _of_panes() -> str:
    # Each pane has a session leader of its own; the server of all of them is named in the environment.
    _socket, _, rest = os.environ.get("TMUX", "").rpartition("/")
    fields = rest.split(",")
    tmux = fields[1] if len(fields) == 3 else ""
    screen = os.environ.get("STY", "").partition(".")[0]
    server = tmux or screen
    return _of_process("panes", int(server)) if server.isascii() and server.isdigit() else ""


def _of_process(kind: str, number: int) -> str:
    # The number of a process is given again to another one; the two did not start at the same time.
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
