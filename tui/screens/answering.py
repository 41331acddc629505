"""What every screen of ours can stand: to be closed before it was built, and to be answered twice."""

from textual import events
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import Screen, ScreenResultType


class EpicScreen(Screen[ScreenResultType]):
    """A screen that may be closed in the moment in which it opens.

    Textual builds no parts of such a screen, and still tells it that it is mounted.
    """

    async def _dispatch_message(self, message: Message) -> None:
        if isinstance(message, events.Mount) and (self._closing or self._pruning):
            return
        await super()._dispatch_message(message)


class AnswersOnce(EpicScreen[ScreenResultType]):
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
