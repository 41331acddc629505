"""Ctrl+C at any moment of the process: a quiet end with the exit code of the shells."""

import os
import sys

INTERRUPTED = 130
"""As shells report a program that was ended by Ctrl+C: 128 and the signal's number."""


def leave_at_once() -> None:
    """Let Ctrl+C end the process without a word: while nothing has begun, and when all is done.

    An exception would not do: one that is raised while modules are loaded, or while the interpreter ends,
    may be swallowed by a callback, which prints a traceback and goes on.
    """
    import signal

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as for "nohup" and jobs in the background
        signal.signal(signal.SIGINT, _leave)


def interrupt_work() -> None:
    """Let Ctrl+C raise ``KeyboardInterrupt`` from now on, so that a transaction is rolled back."""
    import signal

    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = _leave_where_swallowed


def _leave(number: int, frame: object) -> None:
    os._exit(INTERRUPTED)


def _leave_where_swallowed(unraisable: "sys.UnraisableHookArgs") -> None:
    """Leave after all where a callback of the interpreter swallowed the interrupt."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        os._exit(INTERRUPTED)
    sys.__unraisablehook__(unraisable)
