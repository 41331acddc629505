"""The keys of every section and what they do; each asks first whether the person may."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from services import rights
from services.actor import Actor
from services.i18n import N_, _
from services.labels import record_label, undone_label
from services.lists.query import Preset
from services.rights import Action
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.base.section import ListScreen
from tui.screens.base.section_spec import RULED_KEYS, SECTION_BINDINGS, KeyRule, record_id
from tui.screens.base.trash_check import ask_to_trash
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.record_references import name_of
from tui.sections import section_named
from tui.widgets.detail.link_list import LinkGroup
from tui.widgets.detail.pane import DetailPane
from tui.widgets.form.field_spec import Choice
from tui.widgets.form.text_input import TextInput
from tui.widgets.record_table.data_source import Row

if TYPE_CHECKING:
    from services.crm import Crm
    from tui.screens.base.form import RecordForm

_FOUND = "as it is found"
"""The order of a search until one chooses another; no choice of the menu."""
OUTSIDE_RECORDS: Mapping[str, Action] = {
    "telemetry": Action.TELEMETRY_READ,
    "dismiss_alert": Action.SECURITY_READ,
    "settings": Action.SETTINGS_UPDATE,
}
"""The rights to keys that act on no record."""


def ruled(action: Callable[[Any], None]) -> Callable[[Any], None]:
    """An action that says why, instead of acting, where the person may not."""
    name = action.__name__.removeprefix("action_")

    @wraps(action)
    def asked_first(screen: "SectionScreen[Any]") -> None:
        reason = screen.refusal_for(name)
        if reason is None:
            action(screen)
        else:
            the_app(screen).refuse(reason)

    return asked_first


class SectionScreen(ListScreen[Row]):
    """A section: list, detail and keys. Fill the class variables and the hooks; see ``ClientsScreen``."""

    BINDINGS: ClassVar[list[BindingType]] = SECTION_BINDINGS

    RULES: ClassVar[Mapping[str, KeyRule]] = {}
    """The ruled keys that act in this section, by action."""
    RESTORED: ClassVar[str] = N_("{name} is back from the trash.")
    """What is said once ``r`` has brought ``{name}`` back, translatable."""
    LINKED_RULES: ClassVar[Mapping[str, KeyRule]] = {}
    """Who may create a linked record, by what its group of links ``creates``."""

    # Hooks

    def owner_id(self, record: Row) -> int | None:
        """The id of the collaborator who owns the record in the sense of the rights."""
        return None

    def obstacle(self, action: str, record: Row) -> str | None:
        """What in the record itself stands against an action, translated; rights are asked apart."""
        return None

    def new_form(self) -> "RecordForm[Any] | None":
        """The form for a new record."""
        return None

    def edit_form(self, record: Row) -> "RecordForm[Any] | None":
        """The form for a record."""
        return None

    def linked_form(self, creates: str, record: Row) -> "RecordForm[Any] | None":
        """The form for a new record linked to this one, by what the group of links ``creates``."""
        return None

    def payment_form(self, record: Row) -> "RecordForm[Any] | None":
        """The form for a payment of the record."""
        return None

    def assign_form(self, record: Row) -> "RecordForm[Any] | None":
        """The form that gives the record to somebody."""
        return None

    # Rights

    def is_at_home(self, action: str) -> bool:
        """Whether the key is shown here; ``r`` only in the trash, ``d`` only outside."""
        if action in ("trash", "restore"):
            return action in self.RULES and self.in_trash == (action == "restore")
        if action == "dismiss_alert":
            return self.banners.has_alert
        if action in ("filter", "sort"):
            return self._lacks(action) is None
        return action not in RULED_KEYS or action in self.RULES

    def _lacks(self, action: str) -> str | None:
        if action == "filter" and not self.presets():
            return _("There is no filter here.")
        if action == "dismiss_alert" and not self.is_at_home(action):
            return _("There is no alert now.")
        if action == "sort" and not any(column.sort for column in self.COLUMNS):
            return _("This list has one order only.")
        if action == "go_to" and self.is_mounted and not self.table.row_count:
            return _("There is no row to go to.")
        return None

    def refusal_for(self, action: str) -> str | None:
        """Why the action is refused to the person, on the record chosen, now."""
        if action.startswith("go("):
            section = section_named(action[4:-2])
            return section.refusal(the_app(self).viewer.department)
        if action in OUTSIDE_RECORDS:
            reason = rights.refusal(the_app(self).viewer.department, OUTSIDE_RECORDS[action])
            return _(reason) if reason else self._lacks(action)
        if action not in RULED_KEYS or not self.is_mounted:
            return self._lacks(action)
        group = self._creating_group() if action == "new" else None
        rule = self.LINKED_RULES[group.creates] if group else self.RULES.get(action)
        if rule is None:
            return _(RULED_KEYS[action])
        return self._ruled_out(rule, f"new {group.creates}" if group else action)

    def _ruled_out(self, rule: KeyRule, action: str) -> str | None:
        actor, record = the_app(self).viewer, self.record
        if not rule.needs_record:
            return rule.refusal(actor.department, owns=True)
        if record is None:
            return rule.refusal(actor.department, owns=True) or _("Choose a record first.")
        owns = self.owner_id(record) == actor.id
        return rule.refusal(actor.department, owns=owns) or self.obstacle(action, record)

    def _creating_group(self) -> LinkGroup | None:
        group = self.pane.current_group if isinstance(self.focused, DetailPane) else None
        return group if group is not None and group.creates in self.LINKED_RULES else None

    def offered(self, groups: list[LinkGroup]) -> list[LinkGroup]:
        """An empty group names its key only to those who may use it."""
        return [
            replace(group, empty=_("None yet."))
            if group.creates in self.LINKED_RULES and self._refuses_linked(group.creates)
            else group
            for group in groups
        ]

    def _refuses_linked(self, creates: str) -> bool:
        return self._ruled_out(self.LINKED_RULES[creates], f"new {creates}") is not None

    # Keys on records

    def _open(self, form: "RecordForm[Any] | None") -> None:
        if form is not None:
            self.app.push_screen(form, self.saved)

    def saved(self, record: Any) -> None:
        """A form has closed: show what was saved, wherever it now stands."""
        if record is None:
            return
        of_this_section = isinstance(self.record, type(record)) or self.record is None
        self.table.refresh_data(keep=record_id(record) if of_this_section else None)
        the_app(self).say(_("Saved."))

    @ruled
    def action_new(self) -> None:
        """A new record; on a group of links, one linked to the record."""
        group, record = self._creating_group(), self.record
        if group is not None and record is not None:
            self._open(self.linked_form(group.creates, record))
        else:
            self._open(self.new_form())

    @ruled
    def action_edit(self) -> None:
        """Change the record."""
        if self.record is not None:
            self._open(self.edit_form(self.record))

    @ruled
    def action_payment(self) -> None:
        """Record a payment."""
        if self.record is not None:
            self._open(self.payment_form(self.record))

    @ruled
    def action_assign(self) -> None:
        """Give the record to somebody."""
        if self.record is not None:
            self._open(self.assign_form(self.record))

    @ruled
    def action_cancel_payment(self) -> None:
        """Cancel a payment; the section of contracts overrides this."""

    @ruled
    def action_sign(self) -> None:
        """Mark the contract signed; sections of contracts say how."""

    @ruled
    def action_trash(self) -> None:
        """Put the record in the trash, once confirmed."""
        if self.record is not None and self.SERVICES.trash is not None:
            ask_to_trash(self, self.record, self.SERVICES.trash)

    @ruled
    def action_restore(self) -> None:
        """Take the record out of the trash."""
        record, service = self.record, self.SERVICES.restore
        if record is not None and service is not None:
            identity = record_id(record)
            done = _(self.RESTORED).format(name=self.title_of(record))
            self.perform(lambda crm, actor: service(crm, actor, identity), done)

    def ask(self, question: ConfirmScreen, work: "Callable[[Crm, Actor], object]", done: str) -> None:
        """Ask, and perform on yes."""
        self.app.push_screen(question, lambda yes: self.perform(work, done) if yes else None)

    def perform(self, work: "Callable[[Crm, Actor], object]", done: str | Callable[[Any], str]) -> None:
        """Call a service in a thread, then say ``done`` and read the list anew."""
        app = the_app(self)

        def told(result: object) -> None:
            app.say(done if isinstance(done, str) else done(result))
            self.refresh_all()

        run_in_background(
            self,
            lambda: work(app.crm, app.actor),
            then=told,
            failed=lambda error: app.handle(error, lambda: self.perform(work, done)),
            group="perform",
            exclusive=False,
        )

    def action_undo(self) -> None:
        """Take back one's own last change."""

        def work(crm: "Crm", actor: Actor) -> str:
            from services.undo import undo_last

            undone = undo_last(crm, actor)
            name = name_of(crm, actor, undone.kind, undone.record_id)
            return undone_label(
                undone.operation, undone.kind, record_label(undone.kind, undone.record_id, name)
            )

        self.perform(work, str)

    # Keys on the list

    def action_search(self) -> None:
        """To the search line."""
        self.query_one("#search", TextInput).focus()

    @ruled
    def action_filter(self) -> None:
        """Choose a filter by its name."""
        choices = [Choice(preset.key, _(preset.label)) for preset in self.presets()]

        def chosen(key: str | None) -> None:
            preset = next((preset for preset in self.presets() if preset.key == key), None)
            if preset is not None:
                self.origin, self.preset_key = None, preset.key
                self.narrow(filters=preset.filters, parent=None, **self._order_of(preset))
                self.refresh_bindings()

        self.app.push_screen(ChoiceScreen(_("Filter"), choices, self.preset_key), chosen)

    def _order_of(self, preset: Preset) -> dict[str, Any]:
        if not preset.sort and self.order_before is not None:
            return {}  # what is searched goes on coming as it is found
        sort, descending = (preset.sort, preset.descending) if preset.sort else self.DEFAULT_SORT
        return {"sort": sort, "descending": descending}

    @ruled
    def action_sort(self) -> None:
        """Choose the order."""
        mark = "▼" if self.query_shown.descending else "▲"
        columns = [column for column in self.COLUMNS if column.sort]
        choices = [
            Choice(column.sort, _(column.label), mark if column.sort == self.query_shown.sort else "")
            for column in columns
        ]
        choices.append(Choice("", _("Newest first")))

        def chosen(sort: str | None) -> None:
            if sort is not None:
                self.sort_by(sort)

        current = _FOUND if self.order_before is not None else self.query_shown.sort
        self.app.push_screen(ChoiceScreen(_("Sort"), choices, current), chosen)

    def sort_by(self, sort: str) -> None:
        """Order by a column; once more turns the order round."""
        same = sort == self.query_shown.sort and self.order_before is None
        self.narrow(sort=sort, descending=not self.query_shown.descending if same else not sort)

    @ruled
    def action_go_to(self) -> None:
        """Ask for a row, by its number or by how far down it is."""
        self.table.focus()
        self.table.prompt.open()

    def on_record_table_no_such_row(self) -> None:
        """What was typed names no row."""
        the_app(self).refuse(_("This is neither a row number nor a percentage: type 512 or 50%."))

    def on_record_table_header_clicked(self, message: Any) -> None:
        """A click on a label sorts by its column."""
        self.sort_by(message.sort)

    # Other keys

    def action_back(self) -> None:
        """Out of the search, out of the detail, out of the search result, back to where a link came from."""
        if not isinstance(self.focused, DetailPane) and self.query_shown.search:
            self.narrow(search="")
            self.table.focus()
        elif self.focused is not self.table:
            self.table.focus()
        elif not the_app(self).navigator.back():
            self.forget_origin()

    def action_reload(self) -> None:
        """Read everything again, or try again to reach the database."""
        self.banners.banner.clear()
        self.refresh_all()

    @ruled
    def action_telemetry(self) -> None:
        """To the telemetry; Esc there comes back."""
        from tui.screens.telemetry import TelemetryScreen

        self.app.push_screen(TelemetryScreen())

    @ruled
    def action_settings(self) -> None:
        """Change the currency, the phone region and the time zone of this CRM."""
        from services.shared_settings import read_settings
        from tui.screens.settings_form import SettingsForm

        app = the_app(self)

        def saved(changed: object) -> None:
            if changed is not None:
                app.say(_("The settings are changed."))
                self.refresh_all()

        run_in_background(
            self,
            lambda: read_settings(app.crm, app.actor),
            then=lambda settings: self.app.push_screen(SettingsForm(settings), saved),
            failed=lambda error: app.handle(error, self.action_settings),
            group="settings",
        )

    @ruled
    def action_dismiss_alert(self) -> None:
        """Hide the alert for the rest of this run."""
        self.banners.dismiss_alert()

    def action_password(self) -> None:
        """Change one's own password."""
        from tui.screens.account.change_password import ChangePasswordScreen

        self.app.push_screen(ChangePasswordScreen())

    def action_sign_out(self) -> None:
        """Sign out, once confirmed."""
        question = ConfirmScreen(
            _("Sign out?"), the_app(self).session.left_behind(), yes=_("Sign out"), no=_("Stay")
        )
        self.app.push_screen(question, lambda yes: the_app(self).session.sign_out() if yes else None)
