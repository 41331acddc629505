"""Builds a filter of conditions: each a field, a comparison and a value, chosen and typed by keys."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from models.enums import RecordKind
from models.read_models import SavedViewRead
from services import filter_people, formats, rights, saved_views
from services.errors import CrmError, Invalid
from services.i18n import N_, N_plural, _, counted
from services.list_reader import ListReader, list_of, own_order
from services.lists.condition_texts import say_condition
from services.lists.own_filters import Condition, OwnFilter, limited
from services.lists.query import COUNT_CAP, ListQuery, Preset
from services.rights import Action
from tui.key_labels import HELP_BY_SIGN, key_of
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.base.view_form import ViewForm
from tui.screens.dialogs.condition import ConditionDialogs
from tui.screens.dialogs.confirm import ConfirmScreen, Dialog
from tui.widgets.text_cells import drawable

if TYPE_CHECKING:
    from services.list_reader import ListReader as Reader

_MATCHES = N_plural("{count} record matches.", "{count} records match.")


class FilterBuilder(Dialog[Preset | None]):
    """Its result is the filter to show, or ``None`` if the person goes back.

    ``preset`` is what the list shows, with the conditions to change; ``view`` the saved view that it is, if
    any; ``within`` the name of the preset that holds besides.
    """

    BINDING_GROUP_TITLE = N_("Filter")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "apply", N_("Apply"), priority=True, id="builder.apply"),
        Binding("n,ctrl+n", "add", N_("Add"), id="builder.new"),
        Binding("enter", "edit", N_("Edit"), priority=True, id="builder.edit"),
        Binding("e", "edit", show=False),
        Binding("d,delete", "remove", N_("Remove"), id="builder.remove"),
        Binding("v", "save", N_("Save view"), id="builder.save", tooltip=N_("Keep it under a name")),
        Binding(
            "m", "match", N_("All or any"), id="builder.match",
            tooltip=N_("Whether all conditions hold, or any one is enough"),
        ),
        Binding("escape", "leave", N_("Back"), id="builder.back"),
        HELP_BY_SIGN,
        Binding("j", "move(1)", N_("Next"), show=False, id="builder.down"),
        Binding("k", "move(-1)", N_("Previous"), show=False, id="builder.up"),
    ]  # fmt: skip
    AUTO_FOCUS = "OptionList"

    def __init__(
        self, kind: RecordKind | None, preset: Preset, view: SavedViewRead | None = None, within: str = ""
    ) -> None:
        super().__init__(drawable(preset.label) if preset.own else _("New filter"))
        self.kind, self.preset, self.view, self._within = kind, preset, view, within
        self.own = preset.own
        self.fields = list_of(kind)[0].fields
        self._names: Mapping[str, str] = {}
        self._dialogs = ConditionDialogs(self, self.fields)

    def private_values(self) -> list[str]:
        """The conditions, which may name people."""
        return [*self._lines(), self.dialog_title]

    def body(self) -> ComposeResult:
        """The conditions, and how many records they leave."""
        yield Static("", id="builder-match", markup=False)
        yield OptionList(id="builder-conditions")
        yield Static("", id="builder-note", markup=False)

    def on_mount(self) -> None:
        """Show the conditions; begin the first one of a new filter."""
        self._show()
        if not self.own:
            self.action_add()

    # Keys

    def action_add(self) -> None:
        """Add a condition."""
        try:
            limited(OwnFilter((*self.own.conditions, *self.own.conditions[:1])))
        except Invalid as full:
            self._note(full.problems[0].message())
            return
        self._dialogs.ask(None, lambda condition: self._set((*self.own.conditions, condition)))

    def action_edit(self) -> None:
        """Change the condition under the cursor; without one, add one."""
        place = self._place
        if place is None:
            self.action_add()
            return

        def changed(condition: Condition) -> None:
            kept = list(self.own.conditions)
            kept[place] = condition
            self._set(tuple(kept), place)

        self._dialogs.ask(self.own.conditions[place], changed)

    def action_remove(self) -> None:
        """Remove the condition under the cursor."""
        place = self._place
        if place is not None:
            kept = self.own.conditions[:place] + self.own.conditions[place + 1 :]
            self._set(kept, max(0, min(place, len(kept) - 1)))

    def action_match(self) -> None:
        """Turn between all conditions and any one."""
        self.own = replace(self.own, any_of=not self.own.any_of)
        self._show(self._place or 0)

    def action_move(self, step: int) -> None:
        """Move the cursor by one line."""
        lines = self.query_one(OptionList)
        lines.action_cursor_down() if step > 0 else lines.action_cursor_up()

    def action_apply(self) -> None:
        """Show the list under this filter."""
        if not self.own:
            self._note(_("Add a condition first. {key}: add one.").format(key=key_of(self, "builder.new")))
            return
        saved = self.view is not None and self.own == self.preset.own
        self.dismiss(self.preset if saved else self._preset(_("Own filter")))

    def action_save(self) -> None:
        """Keep the filter under a name."""
        if not self.own:
            self.action_apply()
            return
        form = ViewForm(self.kind, self._preset(""), self.view if self._may_change() else None)
        self.app.push_screen(form, self._saved)

    def _may_change(self) -> bool:
        actor = the_app(self).actor
        owns = self.view is not None and self.view.owner_id == actor.id
        return rights.refusal(actor.department, Action.VIEW_UPDATE, owns=owns) is None

    def _saved(self, view: SavedViewRead | None) -> None:
        if view is not None:
            the_app(self).say(_("Saved."))
            self.dismiss(saved_views.as_preset(view))

    def action_leave(self) -> None:
        """Go back; ask first if conditions would be lost."""
        if self.own == self.preset.own:
            self.dismiss(None)
            return
        question = ConfirmScreen(
            _("Leave without applying?"),
            _("The list stays as it is."),
            yes=_("Discard"),
            no=_("Keep editing"),
        )

        def answered(leave: bool | None) -> None:
            if leave:
                self.dismiss(None)

        self.app.push_screen(question, answered)

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self.action_edit()

    # What is shown

    @property
    def _place(self) -> int | None:
        place = self.query_one(OptionList).highlighted
        return place if place is not None and place < len(self.own.conditions) else None

    def _set(self, conditions: tuple[Condition, ...], place: int | None = None) -> None:
        self.own = replace(self.own, conditions=conditions)
        self._show(len(conditions) - 1 if place is None else place)

    def _preset(self, label: str) -> Preset:
        """The filter, a new one in the order that an index serves, if there is one."""
        query = ListQuery(self.preset.filters, own=self.own)
        sort, descending = self.preset.sort, self.preset.descending
        served = "" if self.preset.own else own_order(self.kind, query, self.own)
        if served:
            sort, descending = served, False
        return Preset(
            saved_views.OWN, label, self.preset.filters, sort=sort, descending=descending, own=self.own
        )

    def _lines(self) -> list[str]:
        currency = the_app(self).crm.shared.currency
        return [say_condition(self.fields, each, currency, self._names) for each in self.own.conditions]

    def _show(self, place: int = 0) -> None:
        lines, match = self.query_one(OptionList), self.query_one("#builder-match", Static)
        lines.clear_options()
        lines.add_options(Option(Content(drawable(line))) for line in self._lines())
        lines.highlighted = place if self.own.conditions else None
        said = _("Any one of these is enough:") if self.own.any_of else _("All of these hold:")
        if not self.own:
            said = _("No condition yet. {key}: add one.").format(key=key_of(self, "builder.new"))
        within = _("Within “{filter}”. ").format(filter=self._within) if self._within else ""
        match.update(Content(within + said))
        self._count()

    def _count(self) -> None:
        """Count the records in a thread; a newer count stops an older one."""
        app, own, shown = the_app(self), self.own, self._preset("")
        if not own:
            self._note("")
            return
        query = ListQuery(shown.filters, sort=shown.sort, descending=shown.descending, own=own)
        reader: Reader[Any] = ListReader(app.crm, lambda: app.session.actor, self.kind, query)

        def look() -> tuple[Mapping[str, str], int, bool]:
            names = filter_people.names_of(app.crm, app.actor, own)
            return names, reader.count(), reader.reads_every_row

        self._note(_("Counting…"))
        run_in_background(self, look, then=self._counted, failed=self._failed, group="count", only_reads=True)

    def _counted(self, found: tuple[Mapping[str, str], int, bool]) -> None:
        names, count, reads_all = found
        if names != self._names:
            self._names = names
            for place, line in enumerate(self._lines()):
                self.query_one(OptionList).replace_option_prompt_at_index(place, Content(drawable(line)))
        most = COUNT_CAP - 1
        shown = formats.show_integer(min(count, most)) + ("+" if count > most else "")
        said = counted(_MATCHES, count).format(count=shown)
        if reads_all:
            said += " " + _("No index serves this filter: it reads every row.")
        self._note(said)

    def _failed(self, error: CrmError) -> None:
        problems = [each.message() for each in error.field_problems()]
        self._note(" ".join(problems) or error.message())

    def _note(self, text: str) -> None:
        self.query_one("#builder-note", Static).update(Content(drawable(text)))
