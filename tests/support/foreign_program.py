"""Textual's own demo with Sentry, as another project would set it up.

python -m tests.support.foreign_program DSN [PART]

``PART`` makes a part of the terminal driver fail when the terminal is resized: ``writer`` the writer thread,
``resize`` the signal handler itself.
"""

import sys
from typing import Any

import sentry_sdk
from textual.demo.demo_app import DemoApp
from textual.drivers.linux_driver import LinuxDriver

from tui.textual_sentry import TextualIntegration

GZIP: Any = "gzip"
"""The only compression that the recorder of the tests reads."""


class BrokenByTest(Exception):
    """The exception that crashes this program."""


def _break(driver: Any) -> tuple[int, int]:
    if "writer" not in sys.argv:
        raise BrokenByTest
    driver._writer_thread._queue.put(BrokenByTest)
    return 80, 24


class Demo(DemoApp):
    def on_mount(self) -> None:
        if sys.argv[2:]:
            setattr(LinuxDriver, "_get_terminal_size", _break)  # noqa: B010


if __name__ == "__main__":
    sentry_sdk.init(
        sys.argv[1],
        auto_enabling_integrations=False,
        integrations=[TextualIntegration()],
        _experiments={"transport_compression_algo": GZIP},
    )
    Demo().run()
