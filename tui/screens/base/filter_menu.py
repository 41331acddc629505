"""The menu of filters of a section: its presets, the saved views, and the conditions of one's own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from models.read_models import SavedViewRead
from services import rights, saved_views
from services.errors import CrmError, Invalid
from services.i18n import _
from services.lists.query import Preset
from services.rights import Action
from tui.key_labels import key_of
from tui.protocols import the_app
from tui.screens.base.filter_builder import FilterBuilder
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.screens.dialogs.filter_choices import CHANGE, NEW, FilterChoices
from tui.widgets.form.field_spec import Choice
from tui.widgets.text_cells import drawable

if TYPE_CHECKING:
    from tui.screens.base.protocols import ListedSection


class FilteredList(Protocol):
    """The list of the section, as the menu changes it."""

    state: Any

    def presets(self) -> list[Preset]: ...
    def show_preset(self, preset: Preset, *, whole: bool = True) -> None: ...


class FilterMenu:
    """Opens the menu once the views are read, and does what is chosen in it."""

    def __init__(self, section: "ListedSection", records: FilteredList) -> None:
        self._section = section
        self._records = records
        self._screen = section.screen
        self._views: dict[str, SavedViewRead] = {}

    def open(self) -> None:
        """Read the views and show the menu."""
        app, kind = the_app(self._screen), self._section.KIND
        self._run(lambda: saved_views.list_views(app.crm, app.actor, kind), self._show, self.open)

    def _show(self, views: Sequence[SavedViewRead]) -> None:
        presets = {preset.key: preset for preset in self._records.presets()}
        self._views = {f"{saved_views.PREFIX}{view.id}": view for view in views}
        actor, state = the_app(self._screen).actor, self._records.state
        choices = [Choice(preset.key, _(preset.label)) for preset in presets.values()]
        choices += [
            Choice(key, drawable(view.name), drawable(saved_views.shared_note(view, actor)) or _("view"))
            for key, view in self._views.items()
        ]
        if saved_views.has_fields(self._section.KIND):
            choices.append(Choice(NEW, _("New filter…")))
        if not choices:
            the_app(self._screen).refuse(_("There is no filter here."))
            return
        if state.query.own:
            choices.append(Choice(CHANGE, _("Change this filter…")))

        def chosen(answer: str | None) -> None:
            action, _space, key = (answer or "").partition(" ")
            if key in self._views:
                self._on_view(action, key)
            elif action in presets:
                self._records.show_preset(presets[action], whole=False)
            elif action in (NEW, CHANGE):
                self._build_from_list(changed=action == CHANGE)

        self._screen.app.push_screen(FilterChoices(_("Filter"), choices, state.preset_key), chosen)

    def _on_view(self, action: str, key: str) -> None:
        view = self._views[key]
        if action == "show":
            self._open(view, lambda preset: self._records.show_preset(preset, whole=False))
        elif action == "edit":
            self._edit(view)
        else:
            self._ask_to_trash(view)

    def _open(self, view: SavedViewRead, then: Callable[[Preset], object]) -> None:
        app = the_app(self._screen)
        self._run(
            lambda: saved_views.open_view(app.crm, app.actor, view), then, lambda: self._open(view, then)
        )

    def _edit(self, view: SavedViewRead) -> None:
        try:
            self._build(saved_views.as_preset(view), view)
        except Invalid as damaged:
            self._say_refused(damaged)

    def _build_from_list(self, *, changed: bool) -> None:
        """Build on what the list shows: its filter, and its conditions if these are to be changed."""
        state = self._records.state
        query, view = state.query, self._views.get(state.preset_key) if changed else None
        key = state.preset_key if changed else saved_views.OWN
        preset = Preset(key, state.own_label, query.filters, sort=query.sort, descending=query.descending)
        self._build(replace(preset, own=query.own) if changed else replace(preset, label=""), view)

    def _build(self, preset: Preset, view: SavedViewRead | None) -> None:
        titles = {each.filters: _(each.label) for each in reversed(self._records.presets())}
        within = titles.get(preset.filters, "") if preset.filters else ""
        builder = FilterBuilder(self._section.KIND, preset, view, within)
        self._screen.app.push_screen(builder, self._built)

    def _built(self, preset: Preset | None) -> None:
        if preset is not None:
            self._records.show_preset(preset, whole=False)

    def _ask_to_trash(self, view: SavedViewRead) -> None:
        app = the_app(self._screen)
        owns = view.owner_id == app.actor.id
        reason = rights.refusal(app.actor.department, Action.VIEW_TRASH, owns=owns)
        if reason is not None:
            app.refuse(_(reason))
            return
        text = _("{name} will move to the trash.").format(name=view.name)
        question = ConfirmScreen(_("Put in the trash?"), text, yes=_("Put in the trash"), no=_("Keep"))
        self._screen.app.push_screen(question, lambda yes: self._trash(view) if yes else None)

    def _trash(self, view: SavedViewRead) -> None:
        app = the_app(self._screen)

        def done(_none: object) -> None:
            undo = key_of(self._screen, "record.undo")
            app.say(_("{name} moved to the trash. {key}: undo.").format(name=view.name, key=undo))
            state, key = self._records.state, f"{saved_views.PREFIX}{view.id}"
            state.forget(key)
            if state.preset_key == key:
                self._records.show_preset(state.home, whole=True)

        self._run(
            lambda: saved_views.trash_view(app.crm, app.actor, view.id), done, lambda: self._trash(view)
        )

    def _run(
        self, work: Callable[[], Any], then: Callable[[Any], object], again: Callable[[], object]
    ) -> None:
        def failed(error: CrmError) -> None:
            if error.field_problems():
                self._say_refused(error)
            else:
                the_app(self._screen).handle(error, again)

        self._section.awaited.run(work, then=then, failed=failed, group="views")

    def _say_refused(self, error: CrmError) -> None:
        the_app(self._screen).refuse(" ".join(each.message() for each in error.field_problems()))
