"""Undo and redo from a screen: at once for a record in sight, after a question for any other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from textual.screen import Screen

from models.enums import RecordKind
from models.read_models import PastChange
from services.actor import Actor
from services.change_texts import past_change_text
from services.i18n import N_, _
from services.labels import redone_label, undone_label
from tui.protocols import the_app
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.dialogs.confirm import ConfirmScreen

if TYPE_CHECKING:
    from services.crm import Crm


class Performs(Protocol):
    """Calls a service in a thread, then says what was done to the record ``about``."""

    def __call__(
        self,
        work: "Callable[[Crm, Actor], object]",
        done: str | Callable[[Any], str],
        about: tuple[RecordKind, int] | None = None,
    ) -> None:
        """As :meth:`RecordActions.perform`."""
        ...


@dataclass(frozen=True)
class _Step:
    """One of the two directions, with its services, and its words in the question."""

    look: "Callable[[Crm, Actor], PastChange]"
    go: "Callable[[Crm, Actor, str], PastChange]"
    label: Callable[[PastChange], str]
    title: str
    yes: str


def _look_at_undo(crm: "Crm", actor: Actor) -> PastChange:
    from services.undo import look_at_undo

    return look_at_undo(crm, actor)


def _undo(crm: "Crm", actor: Actor, batch: str) -> PastChange:
    from services.undo import undo_last

    return undo_last(crm, actor, batch)


def _look_at_redo(crm: "Crm", actor: Actor) -> PastChange:
    from services.undo import look_at_redo

    return look_at_redo(crm, actor)


def _redo(crm: "Crm", actor: Actor, batch: str) -> PastChange:
    from services.undo import redo_last

    return redo_last(crm, actor, batch)


UNDO = _Step(_look_at_undo, _undo, undone_label, N_("Undo this change?"), N_("Undo it"))
REDO = _Step(_look_at_redo, _redo, redone_label, N_("Redo this change?"), N_("Redo it"))


class StepsBack:
    """Looks at the change that comes next, and takes it back or makes it again.

    ``is_listed`` says whether a record is in sight in the list of the screen.
    """

    def __init__(
        self,
        screen: Screen[Any],
        awaited: AwaitedAnswers,
        perform: Performs,
        *,
        is_listed: Callable[[RecordKind, int], bool],
    ) -> None:
        self._screen = screen
        self._awaited = awaited
        self._perform = perform
        self._is_listed = is_listed
        self._said: tuple[str, tuple[RecordKind, int]] | None = None

    def said(self, text: str, about: tuple[RecordKind, int] | None) -> None:
        """Remember the record that a notice names: while it is shown, the record is in sight."""
        self._said = None if about is None else (text, about)

    def take(self, step: _Step) -> None:
        """Look at the next change; ask about it if its record is not in sight."""
        app = the_app(self._screen)
        self._awaited.run(
            lambda: step.look(app.crm, app.actor),
            then=lambda change: self._ask_first(step, change),
            failed=lambda error: app.handle(error, lambda: self.take(step)),
            group="ask",
        )

    def _ask_first(self, step: _Step, change: PastChange) -> None:
        def go() -> None:
            self._perform(
                lambda crm, actor: step.go(crm, actor, change.batch), step.label, about=change.shown
            )

        if self._is_in_sight(change):
            go()
            return
        question = ConfirmScreen(
            _(step.title), past_change_text(change), yes=_(step.yes), no=_("Leave it as it is")
        )
        self._screen.app.push_screen(question, lambda yes: go() if yes else None)

    def _is_in_sight(self, change: PastChange) -> bool:
        if self._is_listed(*change.shown):
            return True
        if self._said is None or self._said[1] != change.shown:
            return False
        return the_app(self._screen).notices.is_shown(self._said[0])
