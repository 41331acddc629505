"""Process-wide settings of every command: Ctrl+C and language."""

import os
import sys

INTERRUPTED = 130
"""The exit code that shells report for a program ended by Ctrl+C: 128 plus the number of the signal."""


def leave_at_once() -> None:
    """Let Ctrl+C end the process silently. Used before the work begins and after it has ended.

    ``KeyboardInterrupt`` does not suffice there. If it is raised while modules load or while the interpreter
    shuts down, a callback may swallow it, print a traceback and go on.
    """
    import signal

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # "nohup" and background jobs ignore it
        signal.signal(signal.SIGINT, _leave)


def interrupt_work() -> None:
    """Let Ctrl+C raise ``KeyboardInterrupt`` from now on, so that a transaction is rolled back."""
    import signal

    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = _leave_if_swallowed


def _leave(number: int, frame: object) -> None:
    os._exit(INTERRUPTED)


def _leave_if_swallowed(unraisable: "sys.UnraisableHookArgs") -> None:
    """Leave if a callback of the interpreter swallowed the interrupt."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        os._exit(INTERRUPTED)
    sys.__unraisablehook__(unraisable)


def activate_language() -> None:
    """Activate the configured language, or that of the environment.

    The command that needs an unreadable setting reports it; ``--help`` still answers.
    """
    from services import i18n

    try:
        from services.settings import load_settings

        i18n.activate(load_settings().language)
    except Exception:  # help must be given, whatever is wrong with the settings
        i18n.activate(os.environ.get("EPICEVENTS_LANGUAGE") or i18n.system_locale())
