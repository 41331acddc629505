"""The answers of services that the next keys of a screen are to wait for."""

from collections.abc import Callable
from typing import Any, TypeVar

from textual.screen import Screen

from services.errors import CrmError
from tui.protocols import the_app
from tui.runtime.workers import run_in_background

T = TypeVar("T")


class AwaitedAnswers:
    """Runs service calls of a screen in threads. The screen holds keys while one :attr:`is_due`.

    The keys that waited are dropped at a refusal: they were meant for what does not come.
    """

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._due: dict[object, object] = {}

    @property
    def is_due(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._due)

    def run(
        self,
        work: Callable[[], T],
        *,
        then: Callable[[T], object],
        failed: Callable[[CrmError], object],
        group: str,
        exclusive: bool = True,
    ) -> None:
        """As :func:`run_in_background`."""
        call = object()
        place = group if exclusive else call  # the answer of an older call of an exclusive group is dropped
        self._due[place] = call

        def over() -> None:
            if self._due.get(place) is call:
                del self._due[place]

        def answered(answer: T) -> None:
            then(answer)
            over()

        def refused(error: CrmError) -> None:
            the_app(self._screen).forget_keys()
            failed(error)
            over()

        run_in_background(self._screen, work, then=answered, failed=refused, group=group, exclusive=exclusive)
