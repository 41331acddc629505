"""The keys of a section that act on records: each runs a form, a question or a service call."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from services.actor import Actor
from services.i18n import _
from services.labels import record_label, undone_label
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.base.section_spec import record_id
from tui.screens.base.trash_check import ask_to_trash
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.screens.record_references import name_of

if TYPE_CHECKING:
    from services.crm import Crm
    from tui.screens.base.section import SectionScreen


class RecordActions:
    """The actions of one section, named after their keys. The screen asks first whether they are refused."""

    def __init__(self, screen: "SectionScreen[Any]") -> None:
        self.screen = screen

    # Forms

    def new(self) -> None:
        """Create a record; on a group of links, one linked to the record."""
        creates = self.screen.refusals.creates()
        self._open(f"new {creates}" if creates else "new")

    def edit(self) -> None:
        """Change the record."""
        self._open("edit")

    def payment(self) -> None:
        """Record a payment."""
        self._open("payment")

    def cancel_payment(self) -> None:
        """Cancel a payment."""
        self._open("cancel_payment")

    def sign(self) -> None:
        """Mark the contract signed."""
        self._open("sign")

    def assign(self) -> None:
        """Assign the record to another person."""
        self._open("assign")

    def _open(self, action: str) -> None:
        record = self.screen.record
        form = self.screen.form_for(action, record) if record is not None or action == "new" else None
        if form is not None:
            self.screen.app.push_screen(form, self.saved)

    def saved(self, record: Any) -> None:
        """Show the record that a form has saved, at its new place in the list."""
        if record is None:
            return
        of_this_section = isinstance(self.screen.record, type(record)) or self.screen.record is None
        self.screen.table.refresh_data(keep=record_id(record) if of_this_section else None)
        the_app(self.screen).say(_("Saved."))

    # Services

    def trash(self) -> None:
        """Put the record in the trash, once confirmed."""
        record, service = self.screen.record, self.screen.SERVICES.trash
        if record is not None and service is not None:
            ask_to_trash(self.screen, record, service)

    def restore(self) -> None:
        """Take the record out of the trash."""
        record, service = self.screen.record, self.screen.SERVICES.restore
        if record is not None and service is not None:
            identity = record_id(record)
            done = _(self.screen.RESTORED).format(name=self.screen.title_of(record))
            self.perform(lambda crm, actor: service(crm, actor, identity), done)

    def undo(self) -> None:
        """Take back one's own last change."""
        self.perform(_undo, str)

    def ask(self, question: ConfirmScreen, work: "Callable[[Crm, Actor], object]", done: str) -> None:
        """Ask, and perform on yes."""
        self.screen.app.push_screen(question, lambda yes: self.perform(work, done) if yes else None)

    def perform(self, work: "Callable[[Crm, Actor], object]", done: str | Callable[[Any], str]) -> None:
        """Call a service in a thread, then say ``done`` and read the list anew."""
        app = the_app(self.screen)

        def told(result: object) -> None:
            app.say(done if isinstance(done, str) else done(result))
            self.screen.records.refresh()

        run_in_background(
            self.screen,
            lambda: work(app.crm, app.actor),
            then=told,
            failed=lambda error: app.handle(error, lambda: self.perform(work, done)),
            group="perform",
            exclusive=False,
        )


def _undo(crm: "Crm", actor: Actor) -> str:
    from services.undo import undo_last

    undone = undo_last(crm, actor)
    name = name_of(crm, actor, undone.kind, undone.record_id)
    return undone_label(undone.operation, undone.kind, record_label(undone.kind, undone.record_id, name))
