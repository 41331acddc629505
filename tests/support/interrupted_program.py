"""Runs the program with a Ctrl+C at the import of its n-th module.

``python -m tests.support.interrupted_program N COMMAND ...``.
"""

import os
import signal
import sys

from cli.main import main

_moment = int(sys.argv.pop(1))
_imports = 0


def _interrupt(event: str, _arguments: object) -> None:
    global _imports
    if event == "import":
        _imports += 1
        if _imports == _moment:
            os.kill(os.getpid(), signal.SIGINT)


sys.addaudithook(_interrupt)
main()
