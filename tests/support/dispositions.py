"""Default signal dispositions for programs that tests start.

Child processes inherit ignored signals, such as SIGHUP under ``nohup`` and SIGINT in a background job. A test
that sends a signal starts its program with ``preexec_fn=default_signals``.
"""

import signal
from typing import Final

# Not SIGPIPE: Python ignores it at its start, and ``subprocess`` gives other programs the default.
_SET_BY_OTHERS: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP)


def default_signals() -> None:
    """Restore the default dispositions in a child process before its program starts."""
    for number in _SET_BY_OTHERS:
        signal.signal(number, signal.SIG_DFL)
