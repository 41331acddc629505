"""The name of a saved view, and whether it is shared."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from models.enums import RecordKind
from models.read_models import SavedViewRead
from services import saved_views
from services.actor import Actor
from services.i18n import N_, _
from services.lists.query import Preset
from services.record_fields import FieldKind
from tui.screens.base.form import RecordForm
from tui.widgets.form.field_spec import YES, FieldSpec, FieldValue

if TYPE_CHECKING:
    from services.crm import Crm


class ViewForm(RecordForm[SavedViewRead]):
    """Saves a filter under a name: as a new view, or as the one that it was."""

    def __init__(self, kind: RecordKind | None, preset: Preset, view: SavedViewRead | None) -> None:
        super().__init__()
        self._kind, self._preset, self._view = kind, preset, view

    def title_text(self) -> str:
        """New or changed."""
        return _("Save as a view") if self._view is None else _("Save this view")

    def fields(self) -> Sequence[FieldSpec]:
        """Name and sharing."""
        return (
            FieldSpec("name", N_("Name"), required=True, help=N_("At most 80 characters")),
            FieldSpec(
                "shared", N_("Shared"), FieldKind.CHECKBOX,
                help=N_("The whole department reads it"),
            ),
        )  # fmt: skip

    def start_values(self) -> Mapping[str, FieldValue]:
        """Those of the view."""
        if self._view is None:
            return {}
        return {"name": self._view.name, "shared": YES if self._view.department is not None else ""}

    def save(self, crm: "Crm", actor: Actor, command: Any, version: int | None) -> SavedViewRead:
        """Create or change the view."""
        from models.write_models import ViewCreate, ViewUpdate
        from services.validation import build

        values = {
            "name": command.get("name", ""), "shared": bool(command.get("shared")),
            "conditions": self._preset.own.to_json(), "filters": saved_views.names_of(self._preset.filters),
            "sort": self._preset.sort, "descending": self._preset.descending,
        }  # fmt: skip
        if self._view is not None:
            changed = build(ViewUpdate, values)
            return saved_views.update_view(crm, actor, self._view.id, changed, self._view.version)
        values["listed"] = saved_views.name_of_list(self._kind)
        return saved_views.create_view(crm, actor, build(ViewCreate, values))
