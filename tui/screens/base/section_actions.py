"""The keys of a section, each with a form, a question, a service call or a move; the screen asks first."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from models.enums import RecordKind
from services.actor import Actor
from services.errors import CrmError, Forbidden, InUse
from services.i18n import _
from tui.key_labels import key_of
from tui.protocols import the_app
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.base.list_controller import ListController
from tui.screens.base.screen_actions import ScreenActions
from tui.screens.base.section_detail import KeyRefusals
from tui.screens.base.section_spec import record_id
from tui.screens.base.section_undo import REDO, UNDO, StepsBack
from tui.screens.base.status_banners import StatusBanners
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.widgets.detail.pane import DetailPane

if TYPE_CHECKING:
    from services.crm import Crm
    from tui.screens.base.protocols import ActiveSection


class RecordActions:
    """The actions of one section on its records, named after their keys."""

    def __init__(
        self, section: "ActiveSection[Any]", records: ListController[Any], refusals: KeyRefusals
    ) -> None:
        self.section = section
        self.screen = section.screen
        self._records = records
        self._refusals = refusals
        self._steps_back = StepsBack(self.screen, section.awaited, self.perform, is_listed=self._is_listed)

    # Forms

    def new(self) -> None:
        """Create a record; on a group of links, one linked to the record."""
        creates = self._refusals.creates()
        self._open(f"new {creates}" if creates else "new")

    def create(self) -> None:
        """Create a record of this section, wherever the focus is; or say why the person may not."""
        reason = self._refusals.of_new()
        self._open("new") if reason is None else the_app(self.screen).refuse(reason)

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

    def chain(self) -> None:
        """Show the steps of the deal, from the client to the notes of the event."""
        record, kind = self.section.record, self.section.KIND
        if record is not None and kind is not None:
            the_app(self.screen).navigator.show_chain(kind, record_id(record), self._seen)

    def _seen(self, is_changed: bool | None) -> None:
        if is_changed:
            self._records.refresh(after_change=True)

    def note(self) -> None:
        """Write a note on the record."""
        self._open_on_record(self.section.NOTE_FORM)

    def task(self) -> None:
        """Create a task on the record."""
        self._open_on_record(self.section.TASK_FORM)

    def _open_on_record(self, form: type[Any] | None) -> None:
        record = self.section.record
        if record is not None and form is not None:
            self.screen.app.push_screen(form(record), self.saved)

    def _open(self, action: str) -> None:
        record = self.section.record
        form = self.section.form_for(action, record) if record is not None or action == "new" else None
        if form is not None:
            self.screen.app.push_screen(form, self.saved)

    def saved(self, record: Any) -> None:
        """Show the record that a form has saved, at its new place in the list."""
        if record is None:
            return
        of_this_section = isinstance(self.section.record, type(record)) or self.section.record is None
        keep = record_id(record) if of_this_section else None
        self._records.refresh(keep=keep, after_change=True)
        the_app(self.screen).say(_("Saved."))

    # Services

    def trash(self) -> None:
        """Put the record in the trash, once confirmed."""
        record, service = self.section.record, self.section.SERVICES.trash
        if record is not None and service is not None:
            self._ask_to_trash(record, service)

    def _ask_to_trash(self, record: Any, trash: "Callable[[Crm, Actor, int], object]") -> None:
        """Ask about a record and put it in the trash on yes; if the service would refuse, say why instead."""
        kind, identity, name = self.section.KIND, record_id(record), self.section.title_of(record)
        assert kind is not None, "a section whose records go to the trash has a kind"

        def look(crm: "Crm", actor: Actor) -> None:
            from services.trash import require_free

            require_free(crm, actor, kind, identity)

        def ask() -> None:
            done = _("{name} moved to the trash. {key}: undo.").format(
                name=name, key=key_of(self.screen, "record.undo")
            )
            self.ask(
                self._question(name),
                lambda crm, actor: trash(crm, actor, identity),
                done,
                about=(kind, identity),
            )

        self.ask_where_possible(look, ask)

    def _question(self, name: str) -> ConfirmScreen:
        text = _("{name} will move to the trash. To restore it: filter “In the trash”, then {key}.")
        shown = text.format(name=name, key=key_of(self.screen, "record.restore"))
        return ConfirmScreen(_("Put in the trash?"), shown, yes=_("Put in the trash"), no=_("Keep"))

    def restore(self) -> None:
        """Take the record out of the trash."""
        record, service = self.section.record, self.section.SERVICES.restore
        if record is not None and service is not None:
            identity = record_id(record)
            done = _(self.section.RESTORED).format(name=self.section.title_of(record))
            self.perform(lambda crm, actor: service(crm, actor, identity), done, about=self._place(record))

    def _place(self, record: Any) -> tuple[RecordKind, int] | None:
        return None if self.section.KIND is None else (self.section.KIND, record_id(record))

    def _is_listed(self, kind: RecordKind, record_id: int) -> bool:
        return kind is self.section.KIND and record_id in self._records.table.keys_in_sight()

    def undo(self) -> None:
        """Take back one's own last change."""
        self._steps_back.take(UNDO)

    def redo(self) -> None:
        """Make the change again that one undid last."""
        self._steps_back.take(REDO)

    def ask_where_possible(self, look: "Callable[[Crm, Actor], object]", ask: Callable[[], object]) -> None:
        """Call ``ask``, unless ``look`` raises in a thread what the service would raise after a yes."""
        app = the_app(self.screen)

        def refused(error: CrmError) -> None:
            if isinstance(error, InUse | Forbidden):
                app.refuse(error.message())
            else:
                app.handle(error, lambda: self.ask_where_possible(look, ask))

        self.section.awaited.run(
            lambda: look(app.crm, app.actor), then=lambda _none: ask(), failed=refused, group="ask"
        )

    def ask(
        self,
        question: ConfirmScreen,
        work: "Callable[[Crm, Actor], object]",
        done: str,
        about: tuple[RecordKind, int] | None = None,
    ) -> None:
        """Ask, and perform on yes."""
        self.screen.app.push_screen(question, lambda yes: self.perform(work, done, about) if yes else None)

    def perform(
        self,
        work: "Callable[[Crm, Actor], object]",
        done: str | Callable[[Any], str],
        about: tuple[RecordKind, int] | None = None,
    ) -> None:
        """Call a service in a thread, then say ``done`` of the record ``about``, and read the list again."""
        app = the_app(self.screen)

        def told(result: object) -> None:
            text = done if isinstance(done, str) else done(result)
            app.say(text)
            self._steps_back.said(text, about)
            self._records.refresh(after_change=True)

        self.section.awaited.run(
            lambda: work(app.crm, app.actor),
            then=told,
            failed=lambda error: app.handle(error, lambda: self.perform(work, done, about)),
            group="perform",
            exclusive=False,
        )


class PaperActions(RecordActions):
    """The actions on records that papers are about: those of every section, and the paper."""

    def paper(self) -> None:
        """Show or save the paper about the record."""
        record, kind = self.section.record, self.section.KIND
        if record is not None and kind is not None:
            the_app(self.screen).navigator.offer_paper(kind, record)


class GeneralActions(ScreenActions):
    """The actions of one section that concern no record."""

    def __init__(
        self,
        screen: Screen[Any],
        records: ListController[Any],
        banners: StatusBanners,
        awaited: AwaitedAnswers,
    ) -> None:
        super().__init__(screen, banners, awaited, records.refresh)
        self._records = records

    def back(self) -> None:
        """Leave the search, the detail, the search result, then the list that a link opened."""
        screen, records = self._screen, self._records
        if not isinstance(screen.focused, DetailPane) and records.state.query.search:
            records.narrow(search="")
            records.table.focus()
        elif screen.focused is not records.table:
            records.table.focus()
        elif not the_app(screen).navigator.back():
            records.forget_origin()
