"""Runs service calls off the event loop, and reports every task that fails.

Everything that may take longer than a frame runs in a thread worker. A refusal (:class:`CrmError`) comes
back to the caller; anything else ends in ``App._handle_exception``. Textual hands it an ``Exception`` alone:
any other, such as a panic of an extension in Rust, would end the task of a widget or a worker in silence.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from textual.app import App
from textual.dom import DOMNode
from textual.worker import Worker, get_current_worker

from services.errors import CrmError

if TYPE_CHECKING:
    from services.persistence.cancellation import Cancellation

T = TypeVar("T")

ASKED_TO_END: Final = (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt, SystemExit)
"""How code is asked to end: nothing went wrong."""


def run_in_background(
    node: DOMNode,
    work: Callable[[], T],
    *,
    then: Callable[[T], object],
    failed: Callable[[CrmError], object],
    group: str,
    exclusive: bool = True,
    only_reads: bool = False,
) -> Worker[None]:
    """Run ``work`` in a thread; call ``then`` with its result, or ``failed`` with its refusal, on the loop.

    Within one node and group the newest call wins: the answers of older ones are dropped. Work that
    ``only_reads`` is stopped as well, in the middle of its query, once its answer is no longer needed.
    """
    cancellation = _cancellation() if only_reads else None

    def body() -> None:
        worker: Worker[None] = get_current_worker()
        try:
            with cancellation.covering() if cancellation else nullcontext():
                outcome: Callable[[], object] = partial(then, work())
        except CrmError as error:
            outcome = partial(failed, error)
        if not worker.is_cancelled:
            node.call_later(_unless_over, node, worker, outcome)

    worker = node.run_worker(body, group=group, exclusive=exclusive, thread=True, exit_on_error=True)
    if cancellation is not None:
        _stop_with(worker, cancellation)
    return worker


def stop_in_background(node: DOMNode, group: str) -> None:
    """Drop the answers of this group that are still to come."""
    node.workers.cancel_group(node, group)


def _cancellation() -> "Cancellation":
    # Not at the top: it brings a driver with it, which the first screen does not need.
    from services.persistence.cancellation import Cancellation

    return Cancellation()


def _stop_with(worker: Worker[None], cancellation: "Cancellation") -> None:
    # The thread goes on when its worker is cancelled; the task that waits for it ends at once.
    def ended(_task: "asyncio.Task[Any]") -> None:
        if worker.is_cancelled:
            cancellation.cancel()

    if worker._task is not None:
        worker._task.add_done_callback(ended)


def _unless_over(node: DOMNode, worker: Worker[None], outcome: Callable[[], object]) -> None:
    # While the answer waited, a newer call may have been made, or the screen that asked been closed.
    if not worker.is_cancelled and node.is_attached and not node._pruning:
        outcome()


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
