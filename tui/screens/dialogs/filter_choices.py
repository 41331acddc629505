"""The menu of filters: presets and saved views; a view can be changed or put in the trash from here."""

from typing import ClassVar, Final

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from services.i18n import N_
from services.saved_views import PREFIX
from tui.screens.dialogs.menu import ChoiceScreen

NEW: Final = "new"
CHANGE: Final = "change"


class FilterChoices(ChoiceScreen):
    """Its result is the key of a choice; for a view ``show``, ``edit`` or ``trash`` before its key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "act('edit')", N_("Edit"), id="view.edit", tooltip=N_("Change this view")),
        Binding("d", "act('trash')", N_("Trash"), id="view.trash", tooltip=N_("Put this view in the trash")),
    ]

    def private_values(self) -> list[str]:
        """The names of the views besides."""
        views = [choice.label for choice in self.choices if choice.key.startswith(PREFIX)]
        return [*super().private_values(), *views]

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Answer; a view that is chosen is to be shown."""
        return super().dismiss(
            f"show {result}" if result is not None and result.startswith(PREFIX) else result
        )

    def on_option_list_option_highlighted(self) -> None:
        """The keys depend on the line."""
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only views are changed here."""
        return action != "act" or self._view() is not None

    def action_act(self, what: str) -> None:
        """Change the view under the cursor, or put it in the trash."""
        view = self._view()
        if view is not None:
            self.dismiss(f"{what} {view}")

    def _view(self) -> str | None:
        place = self.query_one(OptionList).highlighted if self.is_mounted else None
        key = self.choices[place].key if place is not None and place < len(self.choices) else ""
        return key if key.startswith(PREFIX) else None
