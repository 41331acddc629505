"""Service calls off the event loop.

Everything that may take longer than a frame runs in a thread worker. A refusal (:class:`CrmError`) comes
back to the caller; anything else ends in ``App._handle_exception`` like every other exception.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.dom import DOMNode
from textual.worker import Worker, get_current_worker

from services.errors import CrmError

T = TypeVar("T")


def run_in_background(
    node: DOMNode,
    work: Callable[[], T],
    *,
    then: Callable[[T], object],
    failed: Callable[[CrmError], object],
    group: str,
    exclusive: bool = True,
) -> Worker[None]:
    """Run ``work`` in a thread; call ``then`` with its result, or ``failed`` with its refusal, on the loop.

    Within one node and group the newest call wins: the answers of older ones are dropped.
    """

    def body() -> None:
        worker: Worker[None] = get_current_worker()
        try:
            outcome: Callable[[], object] = partial(then, work())
        except CrmError as error:
            outcome = partial(failed, error)
        if not worker.is_cancelled:
            node.call_later(_unless_cancelled, worker, outcome)

    return node.run_worker(body, group=group, exclusive=exclusive, thread=True, exit_on_error=True)


def _unless_cancelled(worker: Worker[None], outcome: Callable[[], object]) -> None:
    # A newer call may have been made while the answer waited in the queue.
    if not worker.is_cancelled:
        outcome()
