"""The drafts of the signed-in person: those of the open forms, and those that earlier programs left."""

from typing import Any

from textual.app import App

from tui.form_recovery.draft_files import DraftFiles
from tui.form_recovery.offers import DraftOffers
from tui.form_recovery.shutdown import FormsAtShutdown


class Drafts(DraftFiles):
    """The files of the open forms.

    ``offers`` brings back the forms of earlier programs, ``shutdown`` keeps those that are open at the end.
    """

    def __init__(self, app: App[Any]) -> None:
        super().__init__(app)
        self.offers = DraftOffers(app, self)
        self.shutdown = FormsAtShutdown(app, self)
