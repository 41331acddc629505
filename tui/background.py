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
            node.call_later(_unless_over, node, worker, outcome)

    return node.run_worker(body, group=group, exclusive=exclusive, thread=True, exit_on_error=True)


def _unless_over(node: DOMNode, worker: Worker[None], outcome: Callable[[], object]) -> None:
    # While the answer waited, a newer call may have been made, or the screen that asked been closed.
    if not worker.is_cancelled and node.is_attached and not node._pruning:
        outcome()
