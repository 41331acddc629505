"""Screens that answer: once, whatever stands above them by then."""

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType


class AnswersOnce(Screen[ScreenResultType]):
    """Textual's ``dismiss`` takes whichever screen is on top: a second answer would close the screen beneath.

    A double click, or a key pressed again before the first had its effect, gives such a second answer; and
    a form that was saved may have a question or the help above it by the time it closes.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Answer and close, with all that stands above; nothing where that was done before."""
        if self not in self.app.screen_stack:
            nothing: AwaitComplete = AwaitComplete.nothing()  # type: ignore[no-untyped-call]
            return nothing
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)
