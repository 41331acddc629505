"""What a signal does to a program that a test starts, whatever it does to the tests themselves.

A signal that is ignored stays so in every program that is started: SIGHUP under ``nohup``, SIGINT in a job in
the background. A test that sends a signal starts its program with ``preexec_fn=default_signals``.
"""

import signal
from typing import Final

# Not SIGPIPE: Python ignores it at its start, and ``subprocess`` gives other programs the default.
_SET_BY_OTHERS: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP)


def default_signals() -> None:
    """Let each of them do what the system does by default; in the child, before its program begins."""
    for number in _SET_BY_OTHERS:
        signal.signal(number, signal.SIG_DFL)
