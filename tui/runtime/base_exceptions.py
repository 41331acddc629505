"""Exceptions that are no ``Exception``, such as a panic of an extension in Rust, end the app like any other.

Textual handles ``Exception`` alone: anything else ends the task of a widget, of a screen or of a worker in
silence, and that part of the app answers no more.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from textual.app import App

ASKED_TO_END: Final = (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt, SystemExit)
"""How code is asked to end: nothing went wrong."""


def is_failure(error: BaseException | None) -> bool:
    """Whether Textual does not handle this: it is no ``Exception``, and no request to end."""
    return error is not None and not isinstance(error, (Exception, *ASKED_TO_END))


def watch_tasks(app: App[Any]) -> None:
    """Hand the exception of every later task to the app. To be called on its event loop."""
    loop = asyncio.get_running_loop()
    factory: Any = loop.get_task_factory() or _make_task

    def make(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **options: Any) -> Any:
        task = factory(loop, work, **options)
        task.add_done_callback(ended)
        return task

    def ended(task: "asyncio.Task[Any]") -> None:
        # Not task.exception(): that would keep asyncio from reporting exceptions that were never retrieved.
        error: Any = None if task.cancelled() else getattr(task, "_exception", None)
        if is_failure(error):
            app._handle_exception(error)

    loop.set_task_factory(make)  # type: ignore[arg-type]  # it takes whatever options Python adds


def _make_task(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> "asyncio.Task[Any]":
    return asyncio.Task(work, loop=loop, **options)
