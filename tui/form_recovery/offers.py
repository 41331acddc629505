"""Offers, at sign-in, the forms that an earlier program left."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from services import drafts
from services.drafts import Draft
from services.i18n import _
from tui.form_recovery.draft_io import run_draft_work
from tui.form_recovery.form_kinds import FORMS
from tui.form_recovery.reopening import Reopening, refuse
from tui.protocols import the_app

if TYPE_CHECKING:
    from services.actor import Actor
    from tui.form_recovery.draft_files import DraftFiles
    from tui.screens.dialogs.resume_draft import DraftAnswer


class DraftOffers:
    """Asks, for each form that waits, whether to go on with it; the newest first."""

    def __init__(self, app: App[Any], drafts: "DraftFiles") -> None:
        self._app = app
        self._services = the_app(app)
        self._drafts = drafts
        self._found: Sequence[Draft] = ()
        self.left_for_later = False
        """Whether a form that the person left for later stays on this computer."""

    def look(self, actor: "Actor") -> None:
        """See which forms of the person's wait; in a thread."""
        self._found = drafts.waiting(self._services.settings, actor)

    def offer(self) -> None:
        """Ask whether to go on with a form that was found."""
        found, self._found = self._found, ()
        self.left_for_later = bool(found)
        if found:
            from tui.screens.dialogs.resume_draft import DraftQuestion

            self._app.push_screen(DraftQuestion(found), self._answered)

    def _offer_others(self) -> None:
        actor = self._services.session.actor
        if actor is not None:
            run_draft_work(self._app, partial(self.look, actor), lambda _none: self.offer())

    def _answered(self, answer: "DraftAnswer | None") -> None:
        if answer is None or answer.what == "later":
            return
        if answer.what == "resume":
            self._resume(answer.draft)
        else:
            work = partial(drafts.discard, self._services.settings, self._services.actor, answer.draft)
            run_draft_work(self._app, work, lambda _none: self._offer_others())

    def _resume(self, draft: Draft) -> None:
        kind = FORMS.get(draft.form)
        if kind is None or (draft.record_id is None and kind.new is None):
            refuse(self._app, _("This program does not know the form."))
        else:
            Reopening(self._app, self._drafts, draft, kind, closed=self._offer_others).start()
