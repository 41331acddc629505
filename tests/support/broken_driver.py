"""Runs the program with one failing part of the terminal driver, which the first argument names.

``input`` fails at Ctrl+T in the input thread, ``writer`` at Ctrl+T in the writer thread, and ``resize`` in
the signal handler after Ctrl+T was pressed.
"""

import sys
from collections.abc import Iterable
from typing import Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from cli.main import main
from tests.support.broken_program import HIDDEN, BrokenByTest
from tui.app import EpicEventsApp

_feed = XTermParser.feed


def _feed_or_fail(parser: XTermParser, data: str) -> Iterable[Message]:
    if "\x14" in data:
        raise BrokenByTest(HIDDEN)
    return _feed(parser, data)


def _write_no_text(app: EpicEventsApp) -> None:
    driver: Any = app._driver
    driver._writer_thread._queue.put(BrokenByTest)


def _break_resizing(_app: EpicEventsApp) -> None:
    size = LinuxDriver._get_terminal_size

    def fail(_driver: LinuxDriver) -> tuple[int, int]:
        setattr(LinuxDriver, "_get_terminal_size", size)  # noqa: B010  the crash screen asks for it too
        raise BrokenByTest(HIDDEN)

    setattr(LinuxDriver, "_get_terminal_size", fail)  # noqa: B010


if __name__ == "__main__":
    part = sys.argv.pop(1)
    if part == "input":
        setattr(XTermParser, "feed", _feed_or_fail)  # noqa: B010
    else:
        broken = _write_no_text if part == "writer" else _break_resizing
        setattr(EpicEventsApp, "action_contrast", broken)  # noqa: B010
    main()
