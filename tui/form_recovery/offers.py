"""Offers, at sign-in, the forms that an earlier program left, and opens the one that is chosen."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.app import App

from services import drafts, rights
from services.drafts import Draft
from services.errors import CrmError, Forbidden, NotFound
from services.i18n import _
from tui.form_recovery.draft_files import DraftFiles, run_draft_work
from tui.form_recovery.form_kinds import FORMS, FormKind, creation_of, form_of
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.sections import section_named

if TYPE_CHECKING:
    from services.actor import Actor
    from tui.screens.base.section import SectionScreen
    from tui.screens.dialogs.resume_draft import DraftAnswer


class DraftOffers:
    """Asks, for each form that waits, whether to go on with it; the newest first."""

    def __init__(self, app: App[Any], drafts: DraftFiles) -> None:
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
            _refuse(self._app, _("This program does not know the form."))
        else:
            Reopening(self._app, self._drafts, draft, kind, closed=self._offer_others).start()


class Reopening:
    """One draft on its way back to a form; ``closed`` is called once the person has closed that form."""

    def __init__(
        self,
        app: App[Any],
        drafts: DraftFiles,
        draft: Draft,
        kind: FormKind,
        *,
        closed: Callable[[], None],
    ) -> None:
        self._app = app
        self._services = the_app(app)
        self._drafts = drafts
        self._draft = draft
        self._kind = kind
        self._closed = closed

    def start(self) -> None:
        """Go to the section of the form and read its record."""
        reason = section_named(self._kind.section).refusal(self._services.actor.department)
        if reason is not None:
            self._refuse(reason)
            return
        self._services.navigator.go(self._kind.section)
        section = cast("SectionScreen[Any]", self._app.screen)
        if self._draft.record_id is None:
            self._open(section, None)
        else:
            self._read_record(section, self._draft.record_id)

    def _read_record(self, section: "SectionScreen[Any]", record_id: int) -> None:
        app, get = self._services, section.SERVICES.get
        assert get is not None, "the records of every form can be read one by one"
        run_in_background(
            section,
            lambda: get(app.crm, app.actor, record_id),
            then=lambda record: self._open(section, record),
            failed=self._not_read,
            group="draft",
        )

    def _not_read(self, error: CrmError) -> None:
        if isinstance(error, NotFound | Forbidden):
            self._refuse(error.message())
        else:
            self._services.handle(error, self.start)

    def _open(self, section: "SectionScreen[Any]", record: Any) -> None:
        reason = self._obstacle(section, record)
        if reason:
            self._refuse(reason)
            return

        def show_claimed(mine: Draft | str | None) -> None:
            if isinstance(mine, Draft):
                self._show(mine, section, record)
            else:
                self._refuse(mine or _("It is open in another terminal, or was discarded there."))

        self._drafts.claim(self._draft, show_claimed)

    def _show(self, draft: Draft, section: "SectionScreen[Any]", record: Any) -> None:
        form = form_of(draft, self._kind, record)
        self._drafts.adopt(form, draft)

        def closed(saved: Any) -> None:
            section.actions.saved(saved)
            self._closed()

        self._app.push_screen(form, closed)

    def _obstacle(self, section: "SectionScreen[Any]", record: Any) -> str:
        """The translated reason why the person may not go on with the form; empty if they may."""
        actor, draft, kind = self._services.actor, self._draft, self._kind
        if draft.made and creation_of(record) != draft.made:
            return _("The database was replaced in the meantime: this number now belongs to another record.")
        action = kind.new if record is None else kind.change
        assert action is not None, "asked for before"
        owns = record is None or section.owner_id(record) == actor.id
        refusal = rights.refusal(actor.department, action, owns=owns)
        if refusal is not None:
            return _(refusal)
        return "" if record is None else section.refusals.obstacle(kind.step, record) or ""

    def _refuse(self, reason: str) -> None:
        _refuse(self._app, reason)


def _refuse(app: App[Any], reason: str) -> None:
    """Say why a form cannot be opened again."""
    from tui.screens.dialogs.confirm import MessageScreen

    kept = _("Your input stays kept and is offered again at the next sign-in.")
    app.push_screen(MessageScreen(_("This form cannot be opened again"), f"{reason} {kept}"))
