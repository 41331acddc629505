"""The detail of a section: the record under the cursor, its links, and the keys that are possible on it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Generic

from textual.content import Content

from services import rights
from services.i18n import _
from services.rights import Action
from tui.protocols import the_app
from tui.runtime.workers import run_in_background, stop_in_background
from tui.screens.base.list_controller import ListController
from tui.screens.base.section_copying import CopyActions
from tui.screens.base.section_spec import RULED_KEYS, KeyRule, record_id
from tui.screens.base.status_banners import StatusBanners
from tui.sections import has_section, section_named, section_of
from tui.widgets.detail.link_list import Link, LinkGroup
from tui.widgets.detail.pane import Detail, DetailPane
from tui.widgets.record_table.data_source import Row

if TYPE_CHECKING:
    from tui.screens.base.protocols import DetailedSection, RuledSection

OUTSIDE_RECORDS: Final[Mapping[str, Action]] = {
    "telemetry": Action.TELEMETRY_READ,
    "dismiss_alert": Action.SECURITY_READ,
    "settings": Action.SETTINGS_UPDATE,
}
"""The rights to keys that act on no record."""
_GROUP = "links"


class DetailController(Generic[Row]):
    """Shows a record in the detail pane of one section, and opens its links."""

    def __init__(
        self, section: "DetailedSection[Row]", refusals: "KeyRefusals", banners: StatusBanners
    ) -> None:
        self._section = section
        self._screen = section.screen
        self._refusals = refusals
        self._banners = banners
        self._shown: int | None = None

    def show(self, record: Row | None) -> None:
        """Show the facts of a record now, and its links as soon as they are read."""
        section = self._section
        title = "" if record is None else section.title_of(record)
        self._screen.query_one("#detail-pane").border_title = Content(title)
        if record is None:
            self._shown = None
            section.pane.show(None)
            return
        if record_id(record) != self._shown:
            self._shown = record_id(record)
            section.pane.reset()
            section.pane.show(Detail(title, section.facts(record)))
        app = the_app(self._screen)
        run_in_background(
            self._screen,
            lambda: section.links(app.crm, app.actor, record),
            then=lambda groups: section.pane.show(
                Detail(section.title_of(record), section.facts(record), self._refusals.offered(groups))
            ),
            failed=self._banners.trouble,
            group=_GROUP,
            only_reads=True,
        )

    def forget_links(self) -> None:
        """Stop reading the links of a record that the cursor has left."""
        stop_in_background(self._screen, _GROUP)

    def open(self, link: Link) -> None:
        """Go to a linked record, unless all of it is shown here."""
        section = self._section
        record = section.record
        if record is None or not self._screen.is_active:
            return  # the second click of a double click finds another section open
        # A kind without a section has no detail of its own: its line says all of it.
        is_shown = not has_section(link.kind) or link.id == record_id(record)
        if section_of(link.kind).name == section.NAME and is_shown:
            the_app(self._screen).say(_("Everything is already shown."))
        else:
            the_app(self._screen).navigator.open_record(link.kind, link.id, section.origin_of(record))


class KeyRefusals:
    """Asks the table of rights, the rules of one section, and the record under its cursor."""

    def __init__(
        self,
        section: "RuledSection[Any]",
        records: ListController[Any],
        banners: StatusBanners,
        copying: CopyActions,
    ) -> None:
        self._copying = copying
        self._section = section
        self._screen = section.screen
        self._records = records
        self._banners = banners

    def is_at_home(self, action: str) -> bool:
        """Whether the key is shown here; ``r`` only in the trash, ``d`` only outside."""
        rules = self._section.RULES
        if action in ("trash", "restore"):
            return action in rules and self._section.in_trash == (action == "restore")
        if action == "dismiss_alert":
            return self._banners.has_alert
        if action == "read_reminder":
            return self._lacks(action) is None
        if action == "sort":
            return self._lacks(action) is None
        return action not in RULED_KEYS or action in rules

    def _lacks(self, action: str) -> str | None:
        if action == "dismiss_alert" and not self._banners.has_alert:
            return _("There is no alert now.")
        if action == "read_reminder" and not the_app(self._screen).session.reminders.unread:
            return _("There is no reminder now.")
        if action == "sort" and not any(column.sort for column in self._section.COLUMNS):
            return _("This list has one order only.")
        if action in ("copy", "open_outside"):
            return self._copying.lacks(action)
        if action == "go_to" and self._screen.is_mounted and not self._records.table.row_count:
            return _("There is no row to go to.")
        return None

    def reason(self, action: str) -> str | None:
        """Why the action is refused to the person, on the record chosen, now."""
        department = the_app(self._screen).viewer.department
        if action.startswith("go("):
            return section_named(action[4:-2]).refusal(department)
        if action in OUTSIDE_RECORDS:
            reason = rights.refusal(department, OUTSIDE_RECORDS[action])
            return _(reason) if reason else self._lacks(action)
        if action not in RULED_KEYS or not self._screen.is_mounted:
            return self._lacks(action)
        if action == "new" and (creates := self.creates()):
            return self._of_linked(creates)
        rule = self._section.RULES.get(action)
        return _(RULED_KEYS[action]) if rule is None else self._ruled_out(rule, action)

    def _ruled_out(self, rule: KeyRule, action: str) -> str | None:
        actor, record = the_app(self._screen).viewer, self._section.record
        if not rule.needs_record:
            return rule.refusal(actor.department, owns=True)
        if record is None:
            return rule.refusal(actor.department, owns=True) or _("Choose a record first.")
        owns = self._section.owner_id(record) == actor.id
        return rule.refusal(actor.department, owns=owns) or self.obstacle(action, record)

    def obstacle(self, action: str, record: Any) -> str | None:
        """Why the state of a record forbids an action, translated: in the trash it can only be restored."""
        if action != "restore" and getattr(record, "deleted", None) is not None:
            return _("{name} is in the trash.").format(name=self._section.title_of(record))
        return self._section.obstacle(action, record)

    def of_new(self) -> str | None:
        """Why the person may create no record of this section, translated."""
        action = "new"
        rule = self._section.RULES.get(action)
        department = the_app(self._screen).viewer.department
        return _(RULED_KEYS[action]) if rule is None else rule.refusal(department, owns=True)

    def _of_linked(self, creates: str) -> str | None:
        return self._ruled_out(self._section.LINKED_RULES[creates], f"new {creates}")

    def creates(self) -> str:
        """The linked record that ``n`` creates on the group of links in focus, or an empty text."""
        in_detail = isinstance(self._screen.focused, DetailPane)
        group = self._section.pane.current_group if in_detail else None
        return group.creates if group is not None and group.creates in self._section.LINKED_RULES else ""

    def offered(self, groups: list[LinkGroup]) -> list[LinkGroup]:
        """Name the key of an empty group only to those who may use it."""
        return [
            replace(group, empty=_("None yet."))
            if group.creates in self._section.LINKED_RULES and self._of_linked(group.creates)
            else group
            for group in groups
        ]
