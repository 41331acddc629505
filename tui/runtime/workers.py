"""Service calls off the event loop.

Everything that may take longer than a frame runs in a thread worker. A refusal (:class:`CrmError`) comes
back to the caller; anything else ends in ``App._handle_exception`` like every other exception.
"""

from asyncio import Task
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.dom import DOMNode
from textual.worker import Worker, get_current_worker

from services.errors import CrmError

if TYPE_CHECKING:
    from services.persistence.cancellation import Cancellation

T = TypeVar("T")


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
    def ended(_task: "Task[Any]") -> None:
        if worker.is_cancelled:
            cancellation.cancel()

    if worker._task is not None:
        worker._task.add_done_callback(ended)


def _unless_over(node: DOMNode, worker: Worker[None], outcome: Callable[[], object]) -> None:
    # While the answer waited, a newer call may have been made, or the screen that asked been closed.
    if not worker.is_cancelled and node.is_attached and not node._pruning:
        outcome()
