"""Another person saved the record in the meantime: the form goes on from both versions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.errors import Conflict
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.dialogs.conflict import ConflictScreen, sides_of
from tui.widgets.form.field_spec import FieldValue

if TYPE_CHECKING:
    from tui.screens.base.form import RecordForm


class FormConflict:
    """One conflict of a form that was to be saved."""

    def __init__(self, form: "RecordForm[Any]", conflict: Conflict) -> None:
        self._form = form
        self._conflict = conflict

    def settle(self) -> None:
        """Read the record again, ask for each field which value to keep, and save."""
        form, app = self._form, the_app(self._form)
        run_in_background(
            form,
            lambda: form.read_again(app.crm, app.actor),
            then=self._compare,
            failed=form.saving.refused,
            group="save",
        )

    def _compare(self, theirs: Any) -> None:
        form = self._form
        shown = form.values.as_shown(form.values_of(theirs))
        sides = sides_of(form.values.fields, form.values.base, shown)

        def chosen(values: Mapping[str, FieldValue] | None) -> None:
            if values is not None:
                self._go_on(theirs, {**sides.mine, **values})

        form.app.push_screen(ConflictScreen(self._conflict, sides), chosen)

    def _go_on(self, theirs: Any, chosen: Mapping[str, FieldValue]) -> None:
        form = self._form
        form.values.rebase(form.values_of(theirs), chosen)
        form.record = theirs
        if form.values.are_changed:
            form.saving.start()
        else:
            form.dismiss(theirs)
