"""The actions of Today: those of every screen, and the way back through one's own changes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from models.enums import RecordKind
from services.actor import Actor
from tui.protocols import the_app
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.base.screen_actions import Refresh, ScreenActions
from tui.screens.base.section_undo import REDO, UNDO, StepsBack
from tui.screens.base.status_banners import StatusBanners

if TYPE_CHECKING:
    from services.crm import Crm


class TodayActions(ScreenActions):
    """The actions of Today, named after their keys.

    No record is in sight there: an undo is asked about, unless a notice names the record.
    """

    def __init__(
        self, screen: Screen[Any], banners: StatusBanners, awaited: AwaitedAnswers, refresh: Refresh
    ) -> None:
        super().__init__(screen, banners, awaited, refresh)
        self._steps_back = StepsBack(
            screen, awaited, self._perform, is_listed=lambda _kind, _record_id: False
        )

    def undo(self) -> None:
        """Take back one's own last change."""
        self._steps_back.take(UNDO)

    def redo(self) -> None:
        """Make the change again that one undid last."""
        self._steps_back.take(REDO)

    def _perform(
        self,
        work: "Callable[[Crm, Actor], object]",
        done: str | Callable[[Any], str],
        about: tuple[RecordKind, int] | None = None,
    ) -> None:
        app = the_app(self._screen)

        def told(result: object) -> None:
            text = done if isinstance(done, str) else done(result)
            app.say(text)
            self._steps_back.said(text, about)
            self._refresh(after_change=True)

        self._awaited.run(
            lambda: work(app.crm, app.actor),
            then=told,
            failed=lambda error: app.handle(error, lambda: self._perform(work, done, about)),
            group="perform",
            exclusive=False,
        )
